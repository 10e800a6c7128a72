using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The beta distribution on 0 to 1 with parameters a, b above 0. Points outside the interval count as its ends.</summary>
public static class BetaDistribution
{
    /// <summary>P(X at most x).</summary>
    public static double Cdf(double x, double a, double b) => Tails(x, a, b).Lower;

    /// <summary>P(X above x), relatively accurate when small.</summary>
    public static double Sf(double x, double a, double b) => Tails(x, a, b).Upper;

    /// <summary>log P(X above x), finite where the probability underflows.</summary>
    public static double LogSf(double x, double a, double b) => Tails(x, a, b).LogUpper;

    /// <summary>The x with P(X at most x) = p.</summary>
    public static double Quantile(double p, double a, double b) => Beta.Inverse(p, a, b);

    /// <summary>The x with P(X above x) = p.</summary>
    public static double UpperQuantile(double p, double a, double b) => Beta.InverseComplement(p, a, b);

    static TailValue Tails(double x, double a, double b)
    {
        Require.NotNaN(x);
        var point = Math.Clamp(x, 0.0, 1.0);
        return Beta.Incomplete(point, 1.0 - point, a, b);
    }
}
