using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Experiments;

/// <summary>A difference of means with and without its most extreme units.</summary>
/// <param name="All">First minus second arm, every unit.</param>
/// <param name="Changed">The same after the change that <paramref name="Method"/> names.</param>
/// <param name="ShiftInStandardErrors">(changed - all) in standard errors of the full comparison.</param>
/// <param name="SignChanged">True when the two differences have opposite signs.</param>
/// <param name="SignificanceChanged">True when exactly one of the two intervals excludes zero.</param>
/// <param name="RemovedFirst">Units taken out (or capped) in the first arm.</param>
/// <param name="RemovedSecond">Units taken out (or capped) in the second arm.</param>
/// <param name="Method">What was changed.</param>
public sealed record InfluenceResult(
    ContrastResult All, ContrastResult Changed, double ShiftInStandardErrors, bool SignChanged, bool SignificanceChanged,
    long RemovedFirst, long RemovedSecond, string Method);

/// <summary>Does a handful of units carry the result?</summary>
/// <remarks>
/// Units are taken out of the moments by the reverse of Chan's merge, so no second pass over the data is needed. The downdate is exact in real
/// arithmetic; it loses about log10(old M2 / new M2) digits, and refuses when fewer than 4 would remain.
/// </remarks>
public static class OutlierInfluence
{
    const double SmallestRemainder = 1e-12;

    /// <summary>Takes the <paramref name="k"/> largest values out of each arm.</summary>
    /// <param name="first">Moments of the first arm.</param>
    /// <param name="firstTop">Its largest values, largest first, at least <paramref name="k"/> of them.</param>
    /// <param name="k">Units to remove per arm, at least 1.</param>
    /// <param name="second">Moments of the second arm.</param>
    /// <param name="secondTop">Its largest values, largest first.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static InfluenceResult RemoveTop(
        Moments first, ReadOnlySpan<double> firstTop, Moments second, ReadOnlySpan<double> secondTop, int k, double level = 0.95)
    {
        var all = WelchT.Test(first, second, level);
        var changed = WelchT.Test(Without(first, firstTop, k), Without(second, secondTop, k), level);
        return Compare(all, changed, k, k, $"without the top {k} of each arm");
    }

    /// <summary>Compares capped values with the raw ones.</summary>
    /// <param name="firstCapped">Moments of the first arm after capping.</param>
    /// <param name="firstAtCap">Units of the first arm that the cap changed.</param>
    /// <param name="first">Moments of the first arm.</param>
    /// <param name="second">Moments of the second arm.</param>
    /// <param name="secondCapped">Moments of the second arm after capping.</param>
    /// <param name="secondAtCap">Units of the second arm that the cap changed.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static InfluenceResult Winsorised(
        Moments first, Moments firstCapped, long firstAtCap, Moments second, Moments secondCapped, long secondAtCap, double level = 0.95)
    {
        if (first.Count != firstCapped.Count || second.Count != secondCapped.Count)
            throw new ArgumentException("Capping keeps every unit: the counts must agree.", nameof(firstCapped));
        return Compare(WelchT.Test(first, second, level), WelchT.Test(firstCapped, secondCapped, level), firstAtCap, secondAtCap, "winsorised");
    }

    /// <summary>Moments after the <paramref name="k"/> largest values are taken out.</summary>
    /// <param name="top">Largest values, largest first; when it holds more than <paramref name="k"/> the new maximum is exact, else it is the smallest value removed.</param>
    /// <param name="all">Moments of the whole sample.</param>
    /// <param name="k">How many values to take out.</param>
    public static Moments Without(Moments all, ReadOnlySpan<double> top, int k)
    {
        if (k < 1 || top.Length < k)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"k must lie between 1 and the {top.Length} top values given.");
        if (all.Count - k < 2)
            throw new TooFewRowsException($"The arm without its top {k}", all.Count - k, 2);
        for (var i = 1; i < top.Length; i++)
        {
            if (top[i] > top[i - 1])
                throw new ArgumentException("The top values must be sorted, largest first.", nameof(top));
        }
        if (top[0] != all.Max)
            throw new ArgumentException($"The largest top value is {top[0]}, the arm's maximum {all.Max}.", nameof(top));
        return Downdate(all, Moments.Of(top[..k]), top.Length > k ? top[k] : top[k - 1]);
    }

    static Moments Downdate(Moments all, Moments gone, double newMax)
    {
        double n = all.Count, b = gone.Count, a = n - b;
        var mean = all.Mean + b / a * (all.Mean - gone.Mean);
        var delta = gone.Mean - mean;
        var m2 = all.M2 - gone.M2 - delta * delta * a * b / n;
        if (m2 < SmallestRemainder * all.M2)
            throw new NotEstimableException("Nearly all of the spread lies in the removed values; recompute the rest from its rows.");
        var m3 = all.M3 - gone.M3 - delta * delta * delta * a * b * (a - b) / (n * n) - 3 * delta * (a * gone.M2 - b * m2) / n;
        var m4 = all.M4 - gone.M4 - Math.Pow(delta, 4) * a * b * (a * a - a * b + b * b) / (n * n * n)
            - 6 * delta * delta * (a * a * gone.M2 + b * b * m2) / (n * n) - 4 * delta * (a * gone.M3 - b * m3) / n;
        return new Moments(all.Count - gone.Count, mean, m2, m3, m4, all.Min, newMax);
    }

    static InfluenceResult Compare(ContrastResult all, ContrastResult changed, long removedFirst, long removedSecond, string method) =>
        new(all, changed, (changed.Value - all.Value) / all.StandardError, all.Value * changed.Value < 0,
            ExcludesZero(all) != ExcludesZero(changed), removedFirst, removedSecond, method);

    static bool ExcludesZero(ContrastResult r) => r.Low > 0 || r.High < 0;
}
