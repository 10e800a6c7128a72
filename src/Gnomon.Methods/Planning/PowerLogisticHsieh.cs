using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable odds ratio of a logistic coefficient by Hsieh's formulas, with correlated columns allowed for by 1 / (1 - R2).</summary>
/// <remarks>
/// Source: Hsieh, Bloch and Larsen 1998, Statistics in Medicine 17, equations 1 (a normal column), 2 (a column of two values) and the variance inflation of their section 4. For a normal column the variance is that
/// without an effect, so strong effects get too small a sample: <see cref="PowerLogistic"/> takes the variance with the effect.
/// </remarks>
public static class PowerLogisticHsieh
{
    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="n">Units, positive.</param>
    /// <param name="oddsRatio">Odds ratio per standard deviation of a normal column, or between the two values of a binary one; positive.</param>
    /// <param name="baseline">Event rate at the column's mean (normal), or at its first value (binary), in (0, 1).</param>
    /// <param name="share">Share of units with the second value of a binary column; null when the column is normal.</param>
    /// <param name="overlap">R2 of the column on the other columns, in [0, 1).</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double n, double oddsRatio, double baseline, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = PowerLogistic.Check(oddsRatio, baseline, share, overlap, options);
        SizeSearch.Units(n, 0);
        return Core(n * (1 - overlap), oddsRatio, baseline, share, o);
    }

    /// <summary>Units for the wanted power, not rounded.</summary>
    public static double SampleSize(double oddsRatio, double baseline, double power, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = PowerLogistic.Check(oddsRatio, baseline, share, overlap, options);
        PowerTwoProportions.Target(power, o);
        SizeSearch.Effect(Math.Log(oddsRatio), nameof(oddsRatio));
        var (effect, none, with) = Parts(oddsRatio, baseline, share);
        var root = (Normal.UpperQuantile(o.Alpha / o.Sides) * none + Normal.Quantile(power) * with) / effect;
        return root * root / (1 - overlap);
    }

    /// <summary>The odds ratio nearest to 1 that is detected with the wanted power, above 1 or below it; null when none of that side is.</summary>
    public static double? DetectableOddsRatio(double n, double baseline, double power, bool above = true, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = PowerLogistic.Check(1, baseline, share, overlap, options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        var sign = above ? 1 : -1;
        return SizeSearch.Effect(b => Core(n * (1 - overlap), Math.Exp(sign * b), baseline, share, o), power, 0.02, 30) is { } slope ? Math.Exp(sign * slope) : null;
    }

    static double Core(double n, double oddsRatio, double baseline, double? share, PowerOptions o)
    {
        var (effect, none, with) = Parts(oddsRatio, baseline, share);
        return Normal.Cdf((Math.Sqrt(n) * effect - Normal.UpperQuantile(o.Alpha / o.Sides) * none) / with);
    }

    // The size of the effect and its deviations times the root of n, without and with the effect.
    static (double Effect, double None, double With) Parts(double oddsRatio, double baseline, double? share)
    {
        if (share is not { } second)
        {
            var deviation = 1 / Math.Sqrt(baseline * (1 - baseline));
            return (Math.Abs(Math.Log(oddsRatio)), deviation, deviation);
        }
        var odds = baseline / (1 - baseline) * oddsRatio;
        var other = odds / (1 + odds);
        var overall = (1 - second) * baseline + second * other;
        return (
            Math.Abs(other - baseline) * Math.Sqrt(1 - second), Math.Sqrt(overall * (1 - overall) / second),
            Math.Sqrt(baseline * (1 - baseline) + other * (1 - other) * (1 - second) / second));
    }
}
