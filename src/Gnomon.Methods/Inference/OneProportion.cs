using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Intervals for one proportion.</summary>
/// <remarks>Sources: Wilson 1927, JASA 22; Clopper and Pearson 1934, Biometrika 26; Brown, Cai and DasGupta 2001, Statistical Science 16 (Jeffreys).</remarks>
public static class OneProportion
{
    /// <summary>Wilson's score interval: close to its level on average over rates. The default.</summary>
    /// <param name="successes">Successes, 0 to n.</param>
    /// <param name="n">Trials, at least 1.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static Interval Wilson(long successes, long n, double level = 0.95)
    {
        Check(successes, n, level);
        var wilson = Wilson((double)successes / n, (double)n, level);
        return new(successes == 0 ? 0.0 : wilson.Low, successes == n ? 1.0 : wilson.High);
    }

    /// <summary>The score interval of a share that was not counted but estimated: its error is that of so many trials.</summary>
    /// <param name="share">The share, in [0, 1].</param>
    /// <param name="trials">Effective trials: share (1 - share) / squared standard error.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static Interval Wilson(double share, double trials, double level)
    {
        InferenceGuard.Level(level);
        if (share is not (>= 0.0 and <= 1.0) || !(trials > 0.0))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in [0, 1], of more than no trials.");
        var z = Normal.UpperQuantile(0.5 * (1.0 - level));
        var width = z * z / trials;
        var centre = (share + 0.5 * width) / (1.0 + width);
        var reach = Math.Sqrt((share * (1.0 - share) + 0.25 * width) * width) / (1.0 + width);
        return new(Math.Max(0.0, centre - reach), Math.Min(1.0, centre + reach));
    }

    /// <summary>Clopper and Pearson's interval: covers with at least its level at every rate, often with more.</summary>
    /// <inheritdoc cref="Wilson(long, long, double)"/>
    public static Interval ClopperPearson(long successes, long n, double level = 0.95)
    {
        Check(successes, n, level);
        var tail = 0.5 * (1.0 - level);
        return new(
            successes == 0 ? 0.0 : BetaDistribution.Quantile(tail, successes, n - successes + 1.0),
            successes == n ? 1.0 : BetaDistribution.UpperQuantile(tail, successes + 1.0, n - successes));
    }

    /// <summary>Equal-tailed posterior interval under Jeffreys' prior, with its low end at 0 without successes and its high end at 1 without failures.</summary>
    /// <inheritdoc cref="Wilson(long, long, double)"/>
    public static Interval Jeffreys(long successes, long n, double level = 0.95)
    {
        Check(successes, n, level);
        var tail = 0.5 * (1.0 - level);
        return new(
            successes == 0 ? 0.0 : BetaDistribution.Quantile(tail, successes + 0.5, n - successes + 0.5),
            successes == n ? 1.0 : BetaDistribution.UpperQuantile(tail, successes + 0.5, n - successes + 0.5));
    }

    static void Check(long successes, long n, double level)
    {
        InferenceGuard.Successes(successes, n, "The sample");
        InferenceGuard.Level(level);
    }
}
