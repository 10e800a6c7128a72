namespace Gnomon.Data.Ledger;

/// <summary>The experiments of one verb: each a family of looks, known by its names and by a few of its sketches.</summary>
/// <remarks>
/// Comparing new data with every look ever recorded would read every sketch on every run. A family is therefore represented by its newest
/// look and by anchors, one for about each doubling of its size; sets nearer in size than that compare equally well. Early looks too small to
/// be compared with today's data are reached through the family all the same.
/// </remarks>
internal sealed class SketchFamilies
{
    private readonly List<SketchFamily> families = [];

    public IReadOnlyList<SketchFamily> All => families;

    /// <summary>The families the look belongs to, oldest first.</summary>
    /// <param name="look">The look at hand.</param>
    /// <param name="sameData">Families with a look at the same data by the same column of arms.</param>
    public IReadOnlyList<SketchFamily> Linked(Sighting look, IReadOnlySet<long> sameData) =>
        [.. families.Where(f => sameData.Contains(f.Id) || (look.Name is not null && f.Names.Contains(look.Name)) || f.Tells(look) is FamilyLink.Same)];

    /// <summary>Families on the same units of which nothing tells whether they are the look's experiment: their arms were not recorded and names differ.</summary>
    public IReadOnlyList<SketchFamily> Unsettled(Sighting look, IReadOnlySet<long> sameData) =>
        [.. families.Except(Linked(look, sameData)).Where(f => f.Tells(look) is FamilyLink.Unsettled)];

    /// <summary>Where a new look belongs: the oldest family it is linked to, or one of its own. The look is then part of it.</summary>
    public FamilyPlace Join(Sighting look, IReadOnlySet<long> sameData)
    {
        var linked = Linked(look, sameData);
        var family = linked.Count > 0 ? linked[0] : Begin(look.Entry);
        var isAnchor = look.Units.Length > 0 && family.NeedsAnchor(look.Count);
        family.Add(look, isAnchor);
        return new FamilyPlace(family.Id, isAnchor);
    }

    /// <summary>A new, empty family; families begin in the order of their first entries.</summary>
    public SketchFamily Begin(long entry)
    {
        var family = new SketchFamily(entry);
        families.Add(family);
        return family;
    }
}

/// <summary>What the units say of a look and a family.</summary>
internal enum FamilyLink
{
    /// <summary>Other units, or the same ones assigned anew.</summary>
    Other,

    /// <summary>The same units under another name, and no arms to compare.</summary>
    Unsettled,

    /// <summary>One experiment.</summary>
    Same,
}

/// <summary>One experiment as its names and sketches know it.</summary>
/// <param name="id">Its first entry.</param>
internal sealed class SketchFamily(long id)
{
    // Sets nearer in size than this compare equally well.
    private const double SizeStep = 2;

    private readonly List<Sighting> anchors = [];

    public long Id => id;

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The newest look with units; null while the family has none.</summary>
    public Sighting? Newest { get; private set; }

    /// <summary>Units decide, then arms where both sides know them; without arms, names must not differ.</summary>
    public FamilyLink Tells(Sighting look)
    {
        if (look.Units.Length == 0)
        {
            return FamilyLink.Other;
        }

        bool isUnsettled = false, isOther = false;
        foreach (var known in Newest is { } newest ? anchors.Prepend(newest) : anchors)
        {
            if (!SketchContainment.Linked(known.Units, known.Count, look.Units, look.Count))
            {
                continue;
            }

            switch (SketchArms.SameAssigned(known.Units, known.Arms, look.Units, look.Arms))
            {
                case true:
                    return FamilyLink.Same;
                case false:
                    isOther = true;
                    break;
                default:
                    isUnsettled = true;
                    break;
            }
        }

        return isOther || !isUnsettled ? FamilyLink.Other
            : Names.Count == 0 && look.Name is null ? FamilyLink.Same
            : FamilyLink.Unsettled;
    }

    /// <summary>True when no anchor is near this size.</summary>
    public bool NeedsAnchor(long count)
    {
        foreach (var anchor in anchors)
        {
            if (count * SizeStep > anchor.Count && count < anchor.Count * SizeStep)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Looks come in the order they were recorded.</summary>
    public void Add(Sighting look, bool isAnchor)
    {
        if (look.Name is { } name)
        {
            Names.Add(name);
        }

        if (look.Units.Length == 0)
        {
            return;
        }

        Newest = look;
        if (isAnchor)
        {
            anchors.Add(look);
        }
    }
}

/// <summary>A look as far as it tells which experiment it belongs to.</summary>
/// <param name="Arms">A byte for each unit; empty when not known.</param>
internal sealed record Sighting(long Entry, string? Name, ulong[] Units, long Count, byte[] Arms);

/// <param name="Family">First entry of the family.</param>
/// <param name="IsAnchor">True when the look represents its size in the family.</param>
internal readonly record struct FamilyPlace(long Family, bool IsAnchor);
