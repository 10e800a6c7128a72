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

    private readonly List<Family> families = [];

    public bool IsEmpty => families.Count == 0;

    /// <summary>Ids of the families the units belong to, smallest first.</summary>
    public IReadOnlyList<long> Linked(ReadOnlySpan<ulong> units, long count)
    {
        var ids = new List<long>();
        foreach (var family in families)
        {
            if (family.Links(units, count))
            {
                ids.Add(family.Id);
            }
        }

        ids.Sort();
        return ids;
    }

    /// <summary>Where a new look belongs: the oldest family it is linked to, or one of its own. The look is then part of it.</summary>
    public FamilyPlace Join(long entry, ulong[] units, long count)
    {
        var linked = Linked(units, count);
        if (linked.Count == 0)
        {
            Add(entry, entry, units, count, isAnchor: true);
            return new FamilyPlace(entry, true);
        }

        var family = families.First(f => f.Id == linked[0]);
        var isAnchor = !family.Anchors.Exists(a => count * SizeStep > a.Count && count < a.Count * SizeStep);
        Add(family.Id, entry, units, count, isAnchor);
        return new FamilyPlace(family.Id, isAnchor);
    }

    /// <summary>Puts a look where it was found to belong; looks come in the order they were recorded.</summary>
    public void Add(long family, long entry, ulong[] units, long count, bool isAnchor)
    {
        var home = families.Find(f => f.Id == family);
        if (home is null)
        {
            home = new Family(family);
            families.Add(home);
        }

        var member = new Member(units, count);
        home.Newest = member;
        if (isAnchor)
        {
            home.Anchors.Add(member);
        }
    }

    private sealed class Family(long id)
    {
        public long Id { get; } = id;

        public List<Member> Anchors { get; } = [];

        public Member Newest { get; set; }

        public bool Links(ReadOnlySpan<ulong> units, long count)
        {
            if (SketchContainment.Linked(Newest.Units, Newest.Count, units, count))
            {
                return true;
            }

            foreach (var anchor in Anchors)
            {
                if (SketchContainment.Linked(anchor.Units, anchor.Count, units, count))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private readonly record struct Member(ulong[] Units, long Count);
}

/// <param name="Family">First entry of the family.</param>
/// <param name="IsAnchor">True when the look represents its size in the family.</param>
internal readonly record struct FamilyPlace(long Family, bool IsAnchor);
