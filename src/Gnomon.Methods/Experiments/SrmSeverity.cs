using Gnomon.Numerics;

namespace Gnomon.Methods.Experiments;

/// <summary>How far a sample-ratio mismatch could move a difference of means in the worst case.</summary>
/// <param name="MissingShare">Share of the emptier arm's planned units that never arrived, the fuller arm taken as complete; in [0, 1).</param>
/// <param name="FullerArm">0 when the first arm received more than its plan relative to the second, else 1.</param>
/// <param name="Difference">Observed mean of the first arm minus that of the second, in the metric's unit.</param>
/// <param name="Low">Smallest difference that the missing units allow.</param>
/// <param name="High">Largest difference that the missing units allow.</param>
/// <param name="WorstBias">The larger distance from <paramref name="Difference"/> to a bound.</param>
/// <param name="Method">Which bound was computed.</param>
public sealed record SrmSeverityResult(
    double MissingShare, int FullerArm, double Difference, double Low, double High, double WorstBias, string Method);

/// <summary>Bounds on a difference of means when one arm lost units: is a certain fault also a harmful one?</summary>
/// <remarks>
/// The units lost from one arm are taken to have a counterpart in the other (monotone selection, Lee 2009, Review of Economic Studies 76).
/// The bounds cover selection only, not sampling error, and do not hold if both arms lose different units.
/// </remarks>
public static class SrmSeverity
{
    /// <summary>Lee's trimming bounds: the missing share is cut from the top, then from the bottom, of the fuller arm.</summary>
    /// <param name="observed">Units seen in the two arms.</param>
    /// <param name="shares">Planned shares of the two arms, positive.</param>
    /// <param name="sortedFirst">Metric of the first arm's units, ascending.</param>
    /// <param name="sortedSecond">Metric of the second arm's units, ascending.</param>
    public static SrmSeverityResult LeeBounds(
        ReadOnlySpan<long> observed, ReadOnlySpan<double> shares, ReadOnlySpan<double> sortedFirst, ReadOnlySpan<double> sortedSecond)
    {
        if (sortedFirst.IsEmpty || sortedSecond.IsEmpty)
            throw new ArgumentException("Each arm needs at least one value.", nameof(sortedFirst));
        var (missing, fuller) = Imbalance(observed, shares);
        var sorted = fuller == 0 ? sortedFirst : sortedSecond;
        var lowest = MeanOfLowest(sorted, 1 - missing);
        var highest = MeanOfHighest(sorted, 1 - missing);
        return Result(missing, fuller, MeanOfLowest(sortedFirst, 1), MeanOfLowest(sortedSecond, 1), lowest, highest, "Lee trimming bounds");
    }

    /// <summary>Bounds for a metric that lies in a known range: the missing units sit at one of its ends.</summary>
    /// <param name="low">Smallest possible value of the metric.</param>
    /// <param name="high">Largest possible value of the metric.</param>
    /// <param name="observed">Units seen in the two arms.</param>
    /// <param name="shares">Planned shares of the two arms, positive.</param>
    /// <param name="first">Moments of the first arm.</param>
    /// <param name="second">Moments of the second arm.</param>
    /// <remarks>Worst-case bounds for a bounded outcome, Horowitz and Manski 1995, Econometrica 63, applied to the fuller arm.</remarks>
    public static SrmSeverityResult RangeBounds(
        ReadOnlySpan<long> observed, ReadOnlySpan<double> shares, Moments first, Moments second, double low, double high)
    {
        if (!(low < high))
            throw new ArgumentException($"The range must have low < high; got {low} and {high}.", nameof(low));
        var (missing, fuller) = Imbalance(observed, shares);
        var mean = fuller == 0 ? first.Mean : second.Mean;
        var lowest = Math.Clamp((mean - missing * high) / (1 - missing), low, mean);
        var highest = Math.Clamp((mean - missing * low) / (1 - missing), mean, high);
        return Result(missing, fuller, first.Mean, second.Mean, lowest, highest, "bounded-range bounds");
    }

    /// <summary>Bounds from mean and spread alone: removing a share q of units moves a mean by at most sd * sqrt(q / (1 - q)).</summary>
    /// <remarks>
    /// sd has divisor n. Follows from Cauchy-Schwarz (the share's own mean lies within sd * sqrt((1 - q) / q) of the mean: one-sided Chebyshev, Cantelli 1928);
    /// reached by a two-point distribution, so it is never better than trimming.
    /// </remarks>
    public static SrmSeverityResult MomentBounds(ReadOnlySpan<long> observed, ReadOnlySpan<double> shares, Moments first, Moments second)
    {
        var (missing, fuller) = Imbalance(observed, shares);
        var arm = fuller == 0 ? first : second;
        var shift = arm.Count == 0 ? 0 : Math.Sqrt(Math.Max(0, arm.M2) / arm.Count * missing / (1 - missing));
        return Result(missing, fuller, first.Mean, second.Mean, arm.Mean - shift, arm.Mean + shift, "moment bounds");
    }

    static SrmSeverityResult Result(double missing, int fuller, double first, double second, double lowest, double highest, string method)
    {
        var difference = first - second;
        var low = fuller == 0 ? lowest - second : first - highest;
        var high = fuller == 0 ? highest - second : first - lowest;
        var worst = Math.Max(Math.Abs(difference - low), Math.Abs(high - difference));
        return new(missing, fuller, difference, low, high, worst, method);
    }

    static (double Missing, int Fuller) Imbalance(ReadOnlySpan<long> observed, ReadOnlySpan<double> shares)
    {
        if (observed.Length != 2 || shares.Length != 2)
            throw new ArgumentException("The bounds compare two arms; pass two counts and two shares.", nameof(observed));
        if (!(shares[0] > 0) || !(shares[1] > 0))
            throw new ArgumentException("Both planned shares must be positive.", nameof(shares));
        if (observed[0] <= 0 || observed[1] <= 0)
            throw new ArgumentException("Both arms need at least one unit; with an empty arm no bound exists.", nameof(observed));
        var first = observed[0] / shares[0];
        var second = observed[1] / shares[1];
        return first >= second ? (1 - second / first, 0) : (1 - first / second, 1);
    }

    // The unit on the edge of the kept share counts in part, so the bounds are continuous in the share.
    static double MeanOfLowest(ReadOnlySpan<double> sorted, double keep)
    {
        var size = keep * sorted.Length;
        var whole = Math.Min(sorted.Length, (int)size);
        var part = size - whole;
        var sum = 0.0;
        for (var i = 0; i < whole; i++)
            sum += sorted[i];
        if (whole < sorted.Length && part > 0)
            sum += part * sorted[whole];
        return sum / size;
    }

    static double MeanOfHighest(ReadOnlySpan<double> sorted, double keep)
    {
        var size = keep * sorted.Length;
        var whole = Math.Min(sorted.Length, (int)size);
        var part = size - whole;
        var sum = 0.0;
        for (var i = 0; i < whole; i++)
            sum += sorted[sorted.Length - 1 - i];
        if (whole < sorted.Length && part > 0)
            sum += part * sorted[sorted.Length - 1 - whole];
        return sum / size;
    }
}
