using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>
/// Walks looks from new to old and keeps those that belong to one experiment, also when the early ones are too small to be compared with the
/// data at hand directly: each linked look of half the size (or twice) becomes a further point of comparison.
/// </summary>
internal sealed class SketchFamily
{
    // Sets nearer in size than this compare equally well; the factor keeps the points of comparison to about one per doubling.
    private const double SizeStep = 2;

    private readonly List<Anchor> anchors = [];

    public SketchFamily(ExperimentKey key) => anchors.Add(new Anchor([.. key.Units], key.UnitCount));

    public bool Takes(ReadOnlySpan<ulong> units, long count)
    {
        foreach (var anchor in anchors)
        {
            if (SketchContainment.Linked(anchor.Units, anchor.Count, units, count))
            {
                Remember(units, count);
                return true;
            }
        }

        return false;
    }

    private void Remember(ReadOnlySpan<ulong> units, long count)
    {
        foreach (var anchor in anchors)
        {
            if (count * SizeStep > anchor.Count && count < anchor.Count * SizeStep)
            {
                return;
            }
        }

        anchors.Add(new Anchor(units.ToArray(), count));
    }

    private readonly record struct Anchor(ulong[] Units, long Count);
}
