namespace Gnomon.Methods.Data;

/// <summary>Fences beyond which a value is unusual for its column.</summary>
/// <param name="Low">Lower fence.</param>
/// <param name="High">Upper fence.</param>
/// <param name="Below">Values under the lower fence.</param>
/// <param name="Above">Values over the upper fence.</param>
/// <param name="Method">Which rule.</param>
public sealed record OutlierFences(double Low, double High, long Below, long Above, string Method);

/// <summary>Outlier rules that the outliers themselves do not move.</summary>
/// <remarks>
/// Sources: Iglewicz and Hoaglin 1993 (median and MAD, 3.5); Tukey 1977; Hubert and Vandervieren 2008 (adjusted boxplot, exponents -4 and 3).
/// Quartiles by linear interpolation (R type 7), as numpy and R's default.
/// </remarks>
public static class RobustOutliers
{
    // Makes the MAD estimate the standard deviation of a normal sample: 1 / Phi^-1(3/4).
    const double MadToDeviation = 1.4826022185056018;

    /// <summary>Median plus and minus <paramref name="cut"/> scaled median absolute deviations.</summary>
    /// <param name="sorted">Finite values, ascending.</param>
    /// <param name="cut">3.5 by convention.</param>
    /// <returns>Null when the sample is empty or more than half of it is one value (no MAD).</returns>
    public static OutlierFences? MedianMad(ReadOnlySpan<double> sorted, double cut = 3.5)
    {
        if (sorted.IsEmpty)
            return null;
        var median = Quantile(sorted, 0.5);
        var mad = MadToDeviation * MedianAbsoluteDeviation(sorted, median);
        return mad > 0 ? Count(sorted, median - cut * mad, median + cut * mad, "median and MAD") : null;
    }

    /// <summary>The boxplot rule with whiskers adjusted for skewness by the medcouple.</summary>
    /// <param name="sorted">Finite values, ascending, at least 3.</param>
    /// <returns>Null when there are fewer than 3 values or the quartiles coincide.</returns>
    public static OutlierFences? AdjustedBoxplot(ReadOnlySpan<double> sorted)
    {
        if (sorted.Length < 3)
            return null;
        var q1 = Quantile(sorted, 0.25);
        var q3 = Quantile(sorted, 0.75);
        var width = q3 - q1;
        if (!(width > 0))
            return null;
        var mc = Medcouple.Of(sorted);
        var (low, high) = mc >= 0 ? (-4 * mc, 3 * mc) : (-3 * mc, 4 * mc);
        return Count(sorted, q1 - 1.5 * Math.Exp(low) * width, q3 + 1.5 * Math.Exp(high) * width, "adjusted boxplot");
    }

    /// <summary>Quantile by linear interpolation between order statistics (R type 7).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty)
            throw new TooFewRowsException("The sample", 0, 1);
        var at = Math.Clamp(probability, 0, 1) * (sorted.Length - 1);
        var below = (int)at;
        var part = at - below;
        return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
    }

    // Distances from the median ascend on both sides of it, so the middle distances come from a merge.
    static double MedianAbsoluteDeviation(ReadOnlySpan<double> sorted, double median)
    {
        var n = sorted.Length;
        var right = LowerBound(sorted, median);
        var left = right - 1;
        double previous = 0, current = 0;
        for (var i = 0; i <= n / 2; i++)
        {
            previous = current;
            var takeRight = left < 0 || (right < n && sorted[right] - median <= median - sorted[left]);
            current = takeRight ? sorted[right++] - median : median - sorted[left--];
        }
        return n % 2 == 1 ? current : 0.5 * (previous + current);
    }

    static OutlierFences Count(ReadOnlySpan<double> sorted, double low, double high, string method)
    {
        var below = LowerBound(sorted, low);
        var above = sorted.Length;
        while (above > 0 && sorted[above - 1] > high)
            above--;
        return new(low, high, below, sorted.Length - above, method);
    }

    static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
