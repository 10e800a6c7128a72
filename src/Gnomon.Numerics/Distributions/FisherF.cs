using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>Fisher's F distribution with any positive numerator and denominator degrees of freedom. Points below 0 have nothing below them.</summary>
/// <remarks>Through the incomplete beta function (Abramowitz and Stegun 26.6.2), both ends of whose argument are kept.</remarks>
public static class FisherF
{
    /// <summary>P(F at most f).</summary>
    public static double Cdf(double f, double numerator, double denominator) => Tails(f, numerator, denominator).Lower;

    /// <summary>P(F above f), relatively accurate when small.</summary>
    public static double Sf(double f, double numerator, double denominator) => Tails(f, numerator, denominator).Upper;

    /// <summary>log P(F above f), finite where the probability underflows.</summary>
    public static double LogSf(double f, double numerator, double denominator) => Tails(f, numerator, denominator).LogUpper;

    /// <summary>The f with P(F at most f) = p; 0 and plus infinity at 0 and 1.</summary>
    public static double Quantile(double p, double numerator, double denominator) => Solve(p, lower: true, numerator, denominator);

    /// <summary>The f with P(F above f) = p; plus infinity and 0 at 0 and 1.</summary>
    public static double UpperQuantile(double p, double numerator, double denominator) => Solve(p, lower: false, numerator, denominator);

    static double Solve(double p, bool lower, double numerator, double denominator)
    {
        Require.Probability(p);
        var point = Beta.InverseTail(p, lower, 0.5 * numerator, 0.5 * denominator);
        return denominator / numerator * (point.X / point.Y);
    }

    static TailValue Tails(double f, double numerator, double denominator)
    {
        Require.NotNaN(f);
        Require.Positive(numerator);
        Require.Positive(denominator);
        var ratio = Math.Max(f, 0.0) * (numerator / denominator);
        var x = double.IsPositiveInfinity(ratio) ? 1.0 : ratio / (1.0 + ratio);
        return Beta.Incomplete(x, 1.0 / (1.0 + ratio), 0.5 * numerator, 0.5 * denominator);
    }
}
