using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Inference;

/// <summary>A standardised effect with its interval.</summary>
/// <param name="Value">The estimate, without a unit.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">Confidence level.</param>
/// <param name="Method">Short phrase for people.</param>
public sealed record EffectSizeResult(double Value, double Low, double High, double Level, string Method)
{
    /// <summary>Low to high.</summary>
    public Interval Interval => new(Low, High);
}

/// <summary>Standardised mean differences, and shares of variance between groups.</summary>
/// <remarks>
/// Sources: Hedges 1981, Journal of Educational Statistics 6 (unbiased g, exact gamma factor); Steiger and Fouladi 1997 and Steiger 2004, Psychological Methods 9
/// (intervals by inverting the noncentral t and F). The intervals are exact for normal samples of equal spread.
/// </remarks>
public static class EffectSize
{
    const double Farthest = 1e6;

    /// <summary>Hedges' g of two independent samples: the difference of means in pooled standard deviations, without its small-sample bias.</summary>
    /// <param name="x">First sample, at least 2 values.</param>
    /// <param name="y">Second sample, at least 2 values.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">Neither sample varies.</exception>
    public static EffectSizeResult HedgesG(Moments x, Moments y, double level = 0.95)
    {
        InferenceGuard.Rows(x, 2, "The first sample");
        InferenceGuard.Rows(y, 2, "The second sample");
        InferenceGuard.Level(level);
        double degrees = x.Count + y.Count - 2;
        var deviation = Math.Sqrt((x.M2 + y.M2) / degrees);
        return Standardised(x.Mean - y.Mean, deviation, Math.Sqrt(1.0 / x.Count + 1.0 / y.Count), degrees, level, "Hedges g, noncentral t interval");
    }

    /// <summary>Hedges' g of paired differences: their mean in their own standard deviations.</summary>
    /// <param name="differences">At least 2 differences.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 differences.</exception>
    /// <exception cref="NotEstimableException">The differences do not vary.</exception>
    public static EffectSizeResult PairedG(Moments differences, double level = 0.95)
    {
        InferenceGuard.Rows(differences, 2, "The sample");
        InferenceGuard.Level(level);
        return Standardised(
            differences.Mean, differences.StandardDeviation, Math.Sqrt(1.0 / differences.Count), differences.Count - 1, level,
            "Hedges g of differences, noncentral t interval");
    }

    /// <summary>The factor that takes the bias out of Cohen's d: Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)) for m degrees of freedom, m above 1.</summary>
    public static double BiasFactor(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 1))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Must be above 1.");
        }

        // Beta(a, 1/2) = Gamma(a) sqrt(pi) / Gamma(a + 1/2) with a = (m - 1) / 2: no cancellation for many degrees of freedom.
        var logRatio = 0.5 * Math.Log(Math.PI) - Beta.Log(0.5 * (degreesOfFreedom - 1.0), 0.5);
        return Math.Exp(logRatio - 0.5 * Math.Log(0.5 * degreesOfFreedom));
    }

    /// <summary>Eta squared: the share of the total sum of squares that lies between the groups, with the interval of its population value.</summary>
    /// <param name="groups">At least 2 groups, together more values than groups.</param>
    /// <param name="level">Confidence level in (0, 1); 0.90 corresponds to the one-sided F test of size 0.05.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups, a group without a value, or no value to spare.</exception>
    /// <exception cref="NotEstimableException">No value differs from its group's mean.</exception>
    public static EffectSizeResult EtaSquared(IReadOnlyList<Moments> groups, double level = 0.95)
    {
        var table = Groups.SumsOfSquares.Of(groups);
        InferenceGuard.Level(level);
        return Share(table, table.Between / (table.Between + table.Within), level, "eta squared, noncentral F interval");
    }

    /// <summary>Omega squared: eta squared less what chance alone puts between the groups; 0 where that would be below it.</summary>
    /// <inheritdoc cref="EtaSquared"/>
    public static EffectSizeResult OmegaSquared(IReadOnlyList<Moments> groups, double level = 0.95)
    {
        var table = Groups.SumsOfSquares.Of(groups);
        InferenceGuard.Level(level);
        var error = table.Within / table.DegreesWithin;
        var omega = (table.Between - table.DegreesBetween * error) / (table.Between + table.Within + error);
        return Share(table, Math.Max(0.0, omega), level, "omega squared, noncentral F interval");
    }

    static EffectSizeResult Share(Groups.SumsOfSquares table, double value, double level, string method)
    {
        if (!(table.Within > 0))
        {
            throw new NotEstimableException("No value differs from the mean of its group, so the share between groups has no interval.");
        }

        var f = table.F;
        var tail = 0.5 * (1.0 - level);
        var low = Noncentrality(f, table, 1.0 - tail);
        var high = Noncentrality(f, table, tail);

        // lambda / (lambda + N) is the population's share; the estimate may lie just outside where the sample is tiny.
        return new(value, low / (low + table.Count), high / (high + table.Count), level, method);
    }

    // The lambda with P(F at most f) = target; 0 where even lambda = 0 gives less.
    static double Noncentrality(double f, Groups.SumsOfSquares table, double target)
    {
        double Gap(double lambda) => NoncentralF.Cdf(f, table.DegreesBetween, table.DegreesWithin, lambda) - target;
        if (!(f > 0) || Gap(0.0) <= 0)
        {
            return 0.0;
        }

        var high = Math.Max(10.0, 2.0 * f * table.DegreesBetween);
        for (var k = 0; k < 60 && Gap(high) > 0; k++)
        {
            high *= 2.0;
        }

        return Brent.Root(Gap, 0.0, high, 1e-10 * high).X;
    }

    static EffectSizeResult Standardised(double difference, double deviation, double rootWeight, double degrees, double level, string method)
    {
        if (!(deviation > 0))
        {
            throw new NotEstimableException("The values do not vary, so there is no standard deviation to measure the difference in.");
        }

        var factor = degrees > 1 ? BiasFactor(degrees) : double.NaN;
        if (double.IsNaN(factor))
        {
            throw new TooFewRowsException("The sample", (long)degrees + 1, 3);
        }

        var t = difference / deviation / rootWeight;
        var tail = 0.5 * (1.0 - level);
        var low = Delta(t, degrees, tail);
        var high = -Delta(-t, degrees, tail);
        return new(factor * difference / deviation, factor * low * rootWeight, factor * high * rootWeight, level, method);
    }

    // The noncentrality at which a t this large or larger has the given chance; rising in the noncentrality.
    internal static double Delta(double t, double degrees, double tail)
    {
        // Beyond the reach of the quadrature the distribution is normal in delta.
        if (Math.Abs(t) > Farthest)
        {
            throw new NotEstimableException("The difference is so many standard deviations wide that a standardised size has no use.");
        }

        // Seen in delta, t is nearly normal with this spread: a few of them bracket the root.
        var spread = Math.Sqrt(1.0 + t * t / (2.0 * degrees));
        var z = Normal.UpperQuantile(tail);
        double Gap(double delta) => NoncentralT.LogSf(t, degrees, delta) - Math.Log(tail);
        var low = t - (z + 1.0) * spread;
        var high = t - (z - 1.0) * spread;
        for (var k = 0; k < 60 && Gap(low) > 0; k++)
        {
            low -= 2.0 * spread;
        }

        for (var k = 0; k < 60 && Gap(high) < 0; k++)
        {
            high += 2.0 * spread;
        }

        return Brent.Root(Gap, low, high, 1e-11 * Math.Max(1.0, Math.Abs(t))).X;
    }
}
