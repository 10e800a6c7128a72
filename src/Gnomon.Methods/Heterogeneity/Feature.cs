namespace Gnomon.Methods.Heterogeneity;

/// <summary>A column known before assignment, cut into at most 64 bins: a number by its quantiles, a category by its commonest levels. Units without a value have a bin of their own, the last.</summary>
/// <param name="Name">The column.</param>
/// <param name="Edges">Of a number: the largest value of every bin but the last, ascending; bins are (edge before, edge]. Empty for a category.</param>
/// <param name="Levels">Of a category: the level of each bin. Empty for a number.</param>
/// <param name="Bins">Number of bins, the one of missing values included.</param>
/// <param name="HasMissing">Some unit has no value.</param>
public sealed record Feature(string Name, IReadOnlyList<double> Edges, IReadOnlyList<string> Levels, int Bins, bool HasMissing)
{
    /// <summary>Bins of any column.</summary>
    public const int MostBins = 64;

    /// <summary>Levels that were too rare for a bin of their own share this one.</summary>
    public const string OtherLevels = "other";

    /// <summary>Order of the bins means something.</summary>
    public bool IsNumber => Levels.Count == 0;

    /// <summary>Bin of units without a value; -1 where all have one.</summary>
    public int MissingBin => HasMissing ? Bins - 1 : -1;

    /// <summary>Cuts a column of numbers; NaN is no value.</summary>
    /// <param name="name">The column.</param>
    /// <param name="values">One per unit.</param>
    /// <param name="bins">Bins for values, 2 to 63; fewer where values repeat.</param>
    /// <param name="codes">Takes the bin of each unit.</param>
    public static Feature OfNumbers(string name, ReadOnlySpan<double> values, int bins, Span<byte> codes)
    {
        Check(values.Length, bins, codes.Length);
        var present = new double[values.Length];
        var n = 0;
        foreach (var v in values)
        {
            if (!double.IsNaN(v))
            {
                present[n++] = double.IsFinite(v) ? v : throw new ArgumentOutOfRangeException(nameof(values), v, $"{name} must be finite, or NaN for no value.");
            }
        }

        Numerics.Kernels.RadixSort.Sort(present.AsSpan(0, n));
        var edges = new List<double>(bins);
        for (var b = 1; b < bins && n > 0; b++)
        {
            var edge = present[(int)((long)b * n / bins) is var at && at > 0 ? at - 1 : 0];
            if (edge < present[n - 1] && (edges.Count == 0 || edge > edges[^1]))
            {
                edges.Add(edge);
            }
        }

        double[] cuts = [.. edges];
        var missing = n < values.Length;
        for (var i = 0; i < values.Length; i++)
        {
            codes[i] = (byte)(double.IsNaN(values[i]) ? cuts.Length + 1 : FirstAtLeast(cuts, values[i]));
        }

        return new(name, cuts, [], cuts.Length + (missing ? 2 : 1), missing);
    }

    /// <summary>Gives every level of a category a bin, the rarest sharing the last one.</summary>
    /// <param name="name">The column.</param>
    /// <param name="values">Index into <paramref name="levels"/> per unit; negative for no value.</param>
    /// <param name="levels">Names of the levels, each once.</param>
    /// <param name="bins">Bins for levels, 2 to 63.</param>
    /// <param name="codes">Takes the bin of each unit.</param>
    public static Feature OfCategories(string name, ReadOnlySpan<int> values, IReadOnlyList<string> levels, int bins, Span<byte> codes)
    {
        ArgumentNullException.ThrowIfNull(levels);
        Check(values.Length, bins, codes.Length);
        var counts = new long[levels.Count];
        var missing = false;
        foreach (var v in values)
        {
            if (v < 0)
            {
                missing = true;
            }
            else
            {
                counts[v]++;
            }
        }

        // By count, ties by name, so that the order in which levels were met changes nothing.
        int[] order = [.. Enumerable.Range(0, levels.Count).Where(l => counts[l] > 0).OrderByDescending(l => counts[l]).ThenBy(l => levels[l], StringComparer.Ordinal)];
        var own = order.Length <= bins ? order.Length : bins - 1;
        var used = Math.Min(order.Length, bins);
        var bin = new byte[levels.Count];
        for (var rank = 0; rank < order.Length; rank++)
        {
            bin[order[rank]] = (byte)Math.Min(rank, own);
        }

        for (var i = 0; i < values.Length; i++)
        {
            codes[i] = values[i] < 0 ? (byte)used : bin[values[i]];
        }

        string[] names = [.. order.Take(own).Select(l => levels[l]), .. own < order.Length ? new[] { OtherLevels } : []];
        return new(name, [], names.Length == 0 ? [OtherLevels] : names, used + (missing ? 1 : 0), missing);
    }

    static int FirstAtLeast(double[] cuts, double value)
    {
        int low = 0, high = cuts.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (cuts[middle] >= value)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    static void Check(int units, int bins, int codes)
    {
        if (bins is < 2 or >= MostBins)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "Between 2 and 63 bins hold values.");
        }

        if (codes < units)
        {
            throw new ArgumentException($"{codes} places for the bins of {units} units.", nameof(codes));
        }
    }
}
