using Gnomon.Methods.Experiments;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable difference of the one-sample t test, and so of the paired one: inverses of one another.</summary>
/// <remarks>
/// Exact by the noncentral t distribution; both tails count, as in R's power.t.test(strict = TRUE). For pairs the spread is that of the differences
/// within a pair: <see cref="PairedDeviation"/>. The allocation ratio of the options plays no part.
/// </remarks>
public static class PowerOneMean
{
    const double FewestUnits = 2;

    /// <param name="n">Units, or pairs, at least 2; need not be whole.</param>
    /// <param name="difference">True mean minus the value under test, in the metric's unit.</param>
    /// <param name="sd">Standard deviation of the metric, or of the differences within pairs.</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double n, double difference, double sd, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Spread(sd);
        SizeSearch.Units(n, FewestUnits);
        return Core(n, difference / sd, o);
    }

    /// <summary>Units, or pairs, for the wanted power; not rounded.</summary>
    public static double SampleSize(double difference, double sd, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Spread(sd);
        SizeSearch.Effect(difference, nameof(difference));
        PowerTwoProportions.Target(power, o);
        var effect = difference / sd;
        return SizeSearch.Units(n => Core(n, effect, o), power, FewestUnits, SizeSearch.NormalUnits(effect, power, o) + 3);
    }

    /// <summary>The smallest absolute difference that is detected with the wanted power, in the metric's unit.</summary>
    public static double MinimumDetectableDifference(double n, double sd, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Spread(sd);
        SizeSearch.Units(n, FewestUnits);
        PowerTwoProportions.Target(power, o);
        return sd * SizeSearch.Effect(d => Core(n, d, o), power, 8 / Math.Sqrt(n))!.Value;
    }

    /// <summary>Standard deviation of the difference within a pair, when both values vary by <paramref name="sd"/> and correlate.</summary>
    /// <param name="sd">Standard deviation of the metric on each occasion.</param>
    /// <param name="correlation">Correlation of the two values of a pair, in [-1, 1).</param>
    public static double PairedDeviation(double sd, double correlation)
    {
        SizeSearch.Spread(sd);
        if (!(correlation >= -1 && correlation < 1))
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation lies in -1 to below 1.");
        return sd * Math.Sqrt(2 * (1 - correlation));
    }

    static double Core(double n, double effect, PowerOptions o) => SizeSearch.StudentPower(n - 1, Math.Abs(effect) * Math.Sqrt(n), o);
}
