using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Planning;

/// <summary>Power and sample size of the difference of restricted mean survival times: time without the event, up to a horizon.</summary>
/// <remarks>
/// Source: Royston and Parmar 2013, BMC Medical Research Methodology 13; variance of the area under Kaplan and Meier's curve by Greenwood's integral, for exponential times to
/// the event and to being lost. Unlike the log-rank test it needs no proportional hazards to be read, and says days.
/// </remarks>
public static class PowerRestrictedMean
{
    static readonly GaussLegendre Rule = new(64);

    /// <summary>Mean time without the event up to the horizon, in units of the horizon, when a share of units has had it by then.</summary>
    /// <param name="share">Share with the event by the horizon, in (0, 1).</param>
    public static double Mean(double share)
    {
        var rate = Hazard(share, nameof(share));
        return -Elementary.Expm1(-rate) / rate;
    }

    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="n">Units of the first arm, positive.</param>
    /// <param name="firstShare">Share of the first arm with the event by the horizon, in (0, 1).</param>
    /// <param name="secondShare">The same of the second arm.</param>
    /// <param name="lost">Share of units lost to follow-up by the horizon, whatever their event, in [0, 1).</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    public static double Power(double n, double firstShare, double secondShare, double lost = 0, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Units(n, 0);
        return Normal.Cdf(Math.Sqrt(n) * Standardised(firstShare, secondShare, lost, o) - Normal.UpperQuantile(o.Alpha / o.Sides));
    }

    /// <summary>Units of both arms for the wanted power, not rounded.</summary>
    public static SampleSizeResult SampleSize(double firstShare, double secondShare, double power, double lost = 0, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        PowerTwoProportions.Target(power, o);
        SizeSearch.Effect(secondShare - firstShare, nameof(secondShare));
        var n = SizeSearch.NormalUnits(Standardised(firstShare, secondShare, lost, o), power, o);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>The signed difference of the shares nearest to 0 that is detected with the wanted power; null when none of that side is.</summary>
    public static double? MinimumDetectableDifference(double n, double firstShare, double power, bool rise, double lost = 0, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        Hazard(firstShare, nameof(firstShare));
        var sign = rise ? 1 : -1;
        var furthest = (rise ? 1 - firstShare : firstShare) * (1 - 1e-9);
        return sign * SizeSearch.Effect(d => Power(n, firstShare, firstShare + sign * d, lost, o), power, furthest, furthest);
    }

    static double Standardised(double first, double second, double lost, PowerOptions o)
    {
        if (!(lost >= 0 && lost < 1))
            throw new ArgumentOutOfRangeException(nameof(lost), lost, "The share lost lies in 0 to below 1.");
        return Math.Abs(Mean(second) - Mean(first)) / Math.Sqrt(Variance(first, lost) + Variance(second, lost) / o.AllocationRatio);
    }

    // Times n: the integral of (area left)^2 hazard / (still without event and still seen).
    static double Variance(double share, double lost)
    {
        var rate = Hazard(share, nameof(share));
        var leaving = -Elementary.Log1p(-lost);
        return Rule.Integrate(
            t =>
            {
                var left = Math.Exp(-rate * t) * -Elementary.Expm1(-rate * (1 - t)) / rate;
                return left * left * rate * Math.Exp((rate + leaving) * t);
            },
            0,
            1);
    }

    static double Hazard(double share, string name)
    {
        SizeSearch.Share(share, name);
        return -Elementary.Log1p(-share);
    }
}
