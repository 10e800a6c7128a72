namespace Gnomon.Data.Ledger;

/// <summary>Do two sets of units belong to one growing experiment, judged from their bottom-k sketches alone?</summary>
/// <remarks>
/// A sketch holds the 256 smallest 64-bit hashes of the unit identifiers, ascending (all of them when there are fewer). Every unit below the
/// largest hash of a full sketch is in that sketch, so below that limit membership is known exactly, and hashes are a simple random sample of
/// units. An experiment that grows keeps its units: when the smaller set lies inside the larger one, all of its hashes below the larger one's
/// limit must appear in the larger sketch. The share that does estimates |smaller and larger| / |smaller| (the containment of Broder 1997,
/// "On the resemblance and containment of documents") with binomial error. 0.9 instead of 1 forgives units that were later erased or
/// filtered; two unrelated sets share none. Fewer than 3 comparable hashes say too little: a set more than about 85 times smaller is then
/// linked through the looks between them, or by a name.
/// </remarks>
public static class SketchContainment
{
    /// <summary>Hashes kept by a full sketch.</summary>
    public const int Capacity = 256;

    /// <summary>Smallest share of the smaller set's comparable hashes found in the other.</summary>
    public const double MinimumShare = 0.9;

    /// <summary>Fewest hashes that can be compared.</summary>
    public const int MinimumComparable = 3;

    /// <param name="first">Ascending hashes, at most 256; fewer than 256 means: all units.</param>
    /// <param name="firstCount">Units in the first set.</param>
    /// <param name="second">As <paramref name="first"/>.</param>
    /// <param name="secondCount">Units in the second set.</param>
    public static bool Linked(ReadOnlySpan<ulong> first, long firstCount, ReadOnlySpan<ulong> second, long secondCount) =>
        firstCount <= secondCount ? Contains(second, first) : Contains(first, second);

    private static bool Contains(ReadOnlySpan<ulong> larger, ReadOnlySpan<ulong> smaller)
    {
        if (larger.IsEmpty)
        {
            return false;
        }

        var limit = larger.Length >= Capacity ? larger[^1] : ulong.MaxValue;
        var forgiven = (int)((1 - MinimumShare) * smaller.Length) + 1;
        int comparable = 0, shared = 0, at = 0;
        foreach (var hash in smaller)
        {
            if (hash > limit)
            {
                break;
            }

            while (at < larger.Length && larger[at] < hash)
            {
                at++;
            }

            comparable++;
            shared += at < larger.Length && larger[at] == hash ? 1 : 0;
            if (comparable - shared > forgiven)
            {
                return false; // whatever follows, more than a tenth is missing: unrelated sets are told apart after some 27 hashes
            }
        }

        return comparable >= MinimumComparable && shared >= MinimumShare * comparable;
    }
}
