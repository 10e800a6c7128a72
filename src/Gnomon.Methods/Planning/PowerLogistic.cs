using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable odds ratio of one coefficient of a logistic regression.</summary>
/// <remarks>
/// Source: Demidenko 2007, Statistics in Medicine 26: the Wald test, its variance from the expected information at the true coefficients, exact for a column of two values and
/// integrated over a normal one. Columns that overlap with it by R2 need 1 / (1 - R2) times the units (Hsieh, Bloch and Larsen 1998, Statistics in Medicine 17, whose simpler
/// formula is <see cref="HsiehSampleSize"/>).
/// </remarks>
public static class PowerLogistic
{
    static readonly GaussLegendre Rule = new(80);

    // A normal column beyond this many deviations changes nothing.
    const double Reach = 9;

    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="n">Units, positive.</param>
    /// <param name="oddsRatio">Odds ratio per standard deviation of a normal column, or of the two values of a binary one; positive.</param>
    /// <param name="baseline">Event rate at the column's mean (normal), or at its first value (binary), in (0, 1).</param>
    /// <param name="share">Share of units with the second value of a binary column; null when the column is normal.</param>
    /// <param name="overlap">R2 of the column on the other columns, in [0, 1).</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double n, double oddsRatio, double baseline, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = Check(oddsRatio, baseline, share, overlap, options);
        SizeSearch.Units(n, 0);
        return Core(n, Math.Log(oddsRatio), baseline, share, overlap, o);
    }

    /// <summary>Units for the wanted power, not rounded.</summary>
    public static double SampleSize(double oddsRatio, double baseline, double power, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = Check(oddsRatio, baseline, share, overlap, options);
        PowerTwoProportions.Target(power, o);
        var slope = Math.Log(oddsRatio);
        SizeSearch.Effect(slope, nameof(oddsRatio));
        return SizeSearch.NormalUnits(slope, power, o) * Variance(slope, baseline, share) / (1 - overlap);
    }

    /// <summary>The odds ratio nearest to 1 that is detected with the wanted power, above 1 or below it; null when none of that side is.</summary>
    public static double? DetectableOddsRatio(double n, double baseline, double power, bool above = true, double? share = null, double overlap = 0, PowerOptions? options = null)
    {
        var o = Check(1, baseline, share, overlap, options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        var sign = above ? 1 : -1;

        // Very strong effects leave one outcome hardly seen and the Wald test loses its power again, so steps are small and the first crossing counts.
        for (var slope = 0.02; slope < 12; slope *= 1.1)
        {
            if (Core(n, sign * slope, baseline, share, overlap, o) >= power)
                return Math.Exp(sign * Brent.Root(b => Core(n, sign * b, baseline, share, overlap, o) - power, 0, slope, 1e-14).X);
        }
        return null;
    }

    /// <summary>Units by Hsieh, Bloch and Larsen's formula, which takes the variance without an effect.</summary>
    /// <inheritdoc cref="SampleSize"/>
    public static double HsiehSampleSize(double oddsRatio, double baseline, double power, double overlap = 0, PowerOptions? options = null) =>
        PowerLogisticHsieh.SampleSize(oddsRatio, baseline, power, null, overlap, options);

    static double Core(double n, double slope, double baseline, double? share, double overlap, PowerOptions o) =>
        Normal.Cdf(Math.Sqrt(n * (1 - overlap) / Variance(slope, baseline, share)) * Math.Abs(slope) - Normal.UpperQuantile(o.Alpha / o.Sides));

    // Of the slope, times n: the corner of the inverse information.
    static double Variance(double slope, double baseline, double? share)
    {
        var intercept = Math.Log(baseline / (1 - baseline));
        if (share is { } second)
            return 1 / ((1 - second) * Weight(intercept)) + 1 / (second * Weight(intercept + slope));
        var zeroth = Rule.Integrate(x => Normal.Pdf(x) * Weight(intercept + slope * x), -Reach, Reach);
        var first = Rule.Integrate(x => x * Normal.Pdf(x) * Weight(intercept + slope * x), -Reach, Reach);
        var square = Rule.Integrate(x => x * x * Normal.Pdf(x) * Weight(intercept + slope * x), -Reach, Reach);
        return 1 / (square - first * first / zeroth);
    }

    static double Weight(double logit)
    {
        var odds = Math.Exp(-Math.Abs(logit));
        return odds / ((1 + odds) * (1 + odds));
    }

    internal static PowerOptions Check(double oddsRatio, double baseline, double? share, double overlap, PowerOptions? options)
    {
        SizeSearch.Share(baseline, nameof(baseline));
        if (share is { } s)
            SizeSearch.Share(s, nameof(share));
        if (!(oddsRatio > 0) || !double.IsFinite(oddsRatio))
            throw new ArgumentOutOfRangeException(nameof(oddsRatio), oddsRatio, "An odds ratio is finite and positive.");
        if (!(overlap >= 0 && overlap < 1))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "The overlap with other columns lies in 0 to below 1.");
        return SizeSearch.Validated(options);
    }
}
