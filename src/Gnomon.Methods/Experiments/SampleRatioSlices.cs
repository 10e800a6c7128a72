using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Experiments;

/// <summary>One slice of the units: how far its split is from the plan.</summary>
/// <param name="Name">The slice.</param>
/// <param name="Observed">Units per arm.</param>
/// <param name="Statistic">Chi-square of the slice against the plan.</param>
/// <param name="PValue">Its p-value.</param>
/// <param name="AdjustedPValue">The same over all slices looked at (Bonferroni).</param>
/// <param name="RestPValue">p-value of the split of all other units: large when the imbalance goes away without this slice. Absent when no other units are left.</param>
public sealed record SampleRatioSlice(string Name, IReadOnlyList<long> Observed, double Statistic, double PValue, double AdjustedPValue, double? RestPValue);

/// <summary>Which units tilt the split: slices ranked by what they add to the imbalance.</summary>
/// <remarks>Source: Fabijan et al., KDD 2019, section 5 (segment analysis as the first step of a diagnosis); Bonferroni over the slices.</remarks>
public static class SampleRatioSlices
{
    /// <param name="slices">Name and units per arm of each slice; slices of one column, or of several columns.</param>
    /// <param name="shares">Planned weight per arm.</param>
    /// <param name="total">Units per arm over everything, from which the rest of a slice is taken.</param>
    /// <returns>The slices whose split can be judged, the strongest departure first; ties in the order given.</returns>
    public static IReadOnlyList<SampleRatioSlice> Rank(IReadOnlyList<(string Name, IReadOnlyList<long> Observed)> slices, ReadOnlySpan<double> shares, ReadOnlySpan<long> total)
    {
        ArgumentNullException.ThrowIfNull(slices);
        var weights = shares.ToArray();
        var all = total.ToArray();
        var found = new List<SampleRatioSlice>(slices.Count);
        foreach (var (name, observed) in slices)
        {
            if (observed.Count != weights.Length)
                throw new ArgumentException($"Slice {name} has {observed.Count} arms where {weights.Length} are planned.", nameof(slices));
            if (InPlan(observed, weights) == 0)
                continue;
            var test = SampleRatio.ChiSquare([.. observed], weights);
            long[] rest = [.. all.Select((n, i) => Math.Max(0, n - observed[i]))];
            double? restP = InPlan(rest, weights) == 0 ? null : SampleRatio.ChiSquare(rest, weights).PValue;
            found.Add(new(name, observed, test.Statistic, test.PValue, test.PValue, restP));
        }
        return [.. found.Select(s => s with { AdjustedPValue = Math.Min(1, s.PValue * found.Count) }).OrderBy(s => s.PValue).ThenByDescending(s => s.Statistic)];
    }

    static long InPlan(IReadOnlyList<long> observed, double[] shares) => observed.Where((_, i) => shares[i] > 0).Sum();
}
