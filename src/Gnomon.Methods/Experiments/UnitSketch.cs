namespace Gnomon.Methods.Experiments;

/// <summary>How two sets of units relate.</summary>
public enum UnitRelation
{
    /// <summary>Too few hashes were comparable to tell.</summary>
    Unknown,

    /// <summary>They share next to nothing.</summary>
    Different,

    /// <summary>They share a part: neither the same experiment grown, nor another.</summary>
    Overlapping,

    /// <summary>The later set holds the earlier one: looks at the same experiment.</summary>
    SameOrGrown,
}

/// <summary>How much of an earlier set of units a later one holds.</summary>
/// <param name="Containment">Estimated share of the earlier units found in the later set.</param>
/// <param name="Low">Lower end of its 99 % Wilson interval.</param>
/// <param name="High">Upper end of its 99 % Wilson interval.</param>
/// <param name="Compared">Hashes of the earlier set that could be looked up in the later one.</param>
/// <param name="Relation">The verdict: same or grown when the estimate is at least 0.9 and its lower end at least 0.6.</param>
public sealed record UnitContainment(double Containment, double Low, double High, int Compared, UnitRelation Relation);

/// <summary>A bottom-k sketch of a set of units: the k smallest of their 64-bit hashes.</summary>
/// <remarks>
/// Sources: Broder 1997 (resemblance and containment); Cohen and Kaplan 2007 (bottom-k). The state depends only on the set of hashes,
/// not on their order, repetition or how the data were split. Hashes must be uniform over 64 bits and made the same way each time.
/// </remarks>
public sealed class UnitSketch
{
    /// <summary>Default number of hashes kept.</summary>
    public const int DefaultSize = 256;

    const double SameShare = 0.9;
    const double SameLow = 0.6;
    const double DifferentHigh = 0.25;
    const int FewestCompared = 8;
    // 99 % two-sided normal quantile.
    const double Z = 2.5758293035489004;

    readonly SortedSet<ulong> _smallest = [];

    // Hashes from here on cannot enter: kept beside the set, since almost every unit ends at this comparison.
    ulong _ceiling = ulong.MaxValue;

    /// <param name="size">Hashes kept, at least 16.</param>
    public UnitSketch(int size = DefaultSize)
    {
        if (size < 16)
            throw new ArgumentOutOfRangeException(nameof(size), size, "A sketch keeps at least 16 hashes.");
        Size = size;
    }

    /// <summary>A sketch with the given hashes, as they were saved.</summary>
    public static UnitSketch Of(ReadOnlySpan<ulong> hashes, int size = DefaultSize)
    {
        var sketch = new UnitSketch(size);
        foreach (var hash in hashes)
            sketch.Add(hash);
        return sketch;
    }

    /// <summary>Most hashes that are kept.</summary>
    public int Size { get; }

    /// <summary>The kept hashes, ascending: the whole state.</summary>
    public IReadOnlyList<ulong> Hashes => [.. _smallest];

    /// <summary>True when units beyond the kept ones may exist.</summary>
    public bool IsFull => _smallest.Count == Size;

    /// <summary>Number of distinct units: exact while the sketch is not full, else (k - 1) / (k-th smallest hash as a share of the range).</summary>
    public double EstimatedUnits => IsFull ? (Size - 1) / ((_smallest.Max + 1.0) / 18446744073709551616.0) : _smallest.Count;

    /// <summary>Adds one unit.</summary>
    public void Add(ulong hash)
    {
        if (_smallest.Count < Size)
            _smallest.Add(hash);
        else if (hash < _ceiling && _smallest.Add(hash))
            _smallest.Remove(_smallest.Max);
        else
            return;
        if (_smallest.Count == Size)
            _ceiling = _smallest.Max;
    }

    /// <summary>Adds units; almost all of them end at one comparison.</summary>
    public void Add(ReadOnlySpan<ulong> hashes)
    {
        var ceiling = _ceiling;
        foreach (var hash in hashes)
        {
            if (hash < ceiling)
            {
                Add(hash);
                ceiling = _ceiling;
            }
        }
    }

    /// <summary>The sketch of both sets together; its size is the smaller of the two.</summary>
    public UnitSketch Merge(UnitSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var merged = new UnitSketch(Math.Min(Size, other.Size));
        foreach (var hash in _smallest)
            merged.Add(hash);
        foreach (var hash in other._smallest)
            merged.Add(hash);
        return merged;
    }

    /// <summary>Which share of this (earlier) set of units is in the <paramref name="later"/> one?</summary>
    public UnitContainment ContainedIn(UnitSketch later)
    {
        ArgumentNullException.ThrowIfNull(later);
        // A hash above the later sketch's largest kept one may have been dropped there: it cannot be looked up.
        var limit = later.IsFull ? later._smallest.Max : ulong.MaxValue;
        int compared = 0, found = 0;
        foreach (var hash in _smallest)
        {
            if (hash > limit)
                break;
            compared++;
            if (later._smallest.Contains(hash))
                found++;
        }
        if (compared == 0)
            return new(0, 0, 1, 0, UnitRelation.Unknown);
        var share = (double)found / compared;
        // Nothing was dropped on either side: the share is exact.
        var exact = !IsFull && !later.IsFull;
        var centre = (share + Z * Z / (2 * compared)) / (1 + Z * Z / compared);
        var half = Z / (1 + Z * Z / compared) * Math.Sqrt(share * (1 - share) / compared + Z * Z / (4.0 * compared * compared));
        var low = exact ? share : Math.Max(0, centre - half);
        var high = exact ? share : Math.Min(1, centre + half);
        return new(share, low, high, compared, Judge(share, low, high, compared, exact));
    }

    static UnitRelation Judge(double share, double low, double high, int compared, bool exact)
    {
        if (compared < FewestCompared && !exact)
            return UnitRelation.Unknown;
        if (share >= SameShare && low >= SameLow)
            return UnitRelation.SameOrGrown;
        if (high <= DifferentHigh)
            return UnitRelation.Different;
        return share >= SameShare ? UnitRelation.Unknown : UnitRelation.Overlapping;
    }
}
