using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>Is a mean of this sample safe for the normal approximation?</summary>
/// <param name="Skewness">Moment coefficient of skewness, g1.</param>
/// <param name="NeededUnits">355 * g1^2: units per arm that the rule of thumb asks for.</param>
/// <param name="SkewnessZ">D'Agostino's statistic.</param>
/// <param name="SkewnessPValue">Two-sided p-value of zero skewness.</param>
/// <param name="TooFewUnits">True when the sample is smaller than the rule asks for.</param>
public sealed record SkewGuardResult(double Skewness, double NeededUnits, double SkewnessZ, double SkewnessPValue, bool TooFewUnits);

/// <summary>Guards for means of heavy-tailed metrics.</summary>
/// <remarks>
/// Sources: Boos and Hughes-Oliver 2000 and Kohavi et al. 2014 (n at least 355 * skewness^2 per arm);
/// D'Agostino 1970, Biometrika 57 (skewness test; agrees with scipy.stats.skewtest).
/// </remarks>
public static class HeavyTail
{
    const double UnitsPerSquaredSkewness = 355;
    const int FewestForTest = 8;

    /// <param name="sample">Moments to the third order.</param>
    /// <returns>Null when the sample has fewer than 8 values, no spread, or no third powers: nothing can be said.</returns>
    public static SkewGuardResult? SkewGuard(Moments sample)
    {
        if (sample.Count < FewestForTest || !(sample.M2 > 0) || sample.M3 is not { } m3)
            return null;
        var n = (double)sample.Count;
        var skewness = Math.Sqrt(n) * m3 / Math.Pow(sample.M2, 1.5);
        var z = DAgostinoZ(skewness, n);
        var needed = UnitsPerSquaredSkewness * skewness * skewness;
        return new(skewness, needed, z, 2 * Normal.Sf(Math.Abs(z)), n < needed);
    }

    static double DAgostinoZ(double skewness, double n)
    {
        var y = skewness * Math.Sqrt((n + 1) * (n + 3) / (6 * (n - 2)));
        var beta2 = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
        var w2 = -1 + Math.Sqrt(2 * (beta2 - 1));
        var delta = 1 / Math.Sqrt(0.5 * Math.Log(w2));
        var alpha = Math.Sqrt(2 / (w2 - 1));
        return delta * Math.Asinh(y / alpha);
    }
}
