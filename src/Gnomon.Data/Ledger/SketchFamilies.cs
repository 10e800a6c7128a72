namespace Gnomon.Data.Ledger;

/// <summary>The experiments without a name that share their roles: each a family of looks, known by a few of its sketches.</summary>
/// <remarks>
/// Comparing new data with every look ever recorded would read every sketch on every run. A family is therefore represented by its newest
/// look and by anchors, one for about each doubling of its size; sets nearer in size than that compare equally well. Early looks too small to
/// be compared with today's data are reached through the family all the same.
/// </remarks>
internal sealed class SketchFamilies
{
    private const double SizeStep = 2;

    private readonly List<SketchFamily> families = [];

    public IReadOnlyList<SketchFamily> All => families;

    /// <summary>The families the units belong to, oldest first.</summary>
    public IReadOnlyList<SketchFamily> Linked(ReadOnlySpan<ulong> units, long count)
    {
        var linked = new List<SketchFamily>();
        foreach (var family in families)
        {
            if (family.Links(units, count))
            {
                linked.Add(family);
            }
        }

        return linked;
    }

    /// <summary>Where a new look belongs: the oldest family it is linked to, or one of its own. The look is then part of it.</summary>
    public FamilyPlace Join(long entry, ulong[] units, long count)
    {
        var linked = Linked(units, count);
        var family = linked.Count > 0 ? linked[0] : Begin(entry);
        var isAnchor = family.NeedsAnchor(count);
        family.Add(new SketchMember(entry, units, count), isAnchor);
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

/// <summary>One experiment as its sketches know it.</summary>
/// <param name="id">Its first entry.</param>
internal sealed class SketchFamily(long id)
{
    // Sets nearer in size than this compare equally well.
    private const double SizeStep = 2;

    private readonly List<SketchMember> anchors = [];

    public long Id => id;

    /// <summary>The newest look; null while the family is being read.</summary>
    public SketchMember? Newest { get; private set; }

    public bool Links(ReadOnlySpan<ulong> units, long count)
    {
        if (Newest is { } newest && SketchContainment.Linked(newest.Units, newest.Count, units, count))
        {
            return true;
        }

        foreach (var anchor in anchors)
        {
            if (SketchContainment.Linked(anchor.Units, anchor.Count, units, count))
            {
                return true;
            }
        }

        return false;
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
    public void Add(SketchMember member, bool isAnchor)
    {
        Newest = member;
        if (isAnchor)
        {
            anchors.Add(member);
        }
    }
}

internal sealed record SketchMember(long Entry, ulong[] Units, long Count);

/// <param name="Family">First entry of the family.</param>
/// <param name="IsAnchor">True when the look represents its size in the family.</param>
internal readonly record struct FamilyPlace(long Family, bool IsAnchor);
