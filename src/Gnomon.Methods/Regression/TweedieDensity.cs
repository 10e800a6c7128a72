using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Regression;

/// <summary>The law of a Poisson number of gamma amounts: exactly 0 with positive chance, else spread over positive amounts.</summary>
/// <remarks>
/// Source: Dunn and Smyth 2005, Statistics and Computing 15: the density is a series over the number of amounts, summed outwards from its largest term. Where that lies beyond 200,000 amounts the
/// saddlepoint approximation takes over, whose relative error is then below 1e-6 (Jorgensen 1997, section 4.4; Stirling's first correction, about 1 / (12 times the number)).
/// </remarks>
public static class TweedieDensity
{
    // Terms below e^-40 of the largest cannot change a double.
    const double Negligible = 40.0;
    const double MostAmounts = 200_000.0;

    /// <summary>Logarithm of the density (of the chance at 0).</summary>
    /// <param name="y">Outcome, not negative.</param>
    /// <param name="mean">Mean, above 0.</param>
    /// <param name="dispersion">Dispersion phi, above 0: the variance is phi mean^power.</param>
    /// <param name="power">Power, in (1, 2).</param>
    public static double Log(double y, double mean, double dispersion, double power)
    {
        if (!(power is > 1.0 and < 2.0))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power lies between 1 and 2.");
        }

        if (!(y >= 0 && double.IsFinite(y) && mean > 0 && double.IsFinite(mean) && dispersion > 0 && double.IsFinite(dispersion)))
        {
            throw new ArgumentOutOfRangeException(nameof(y), y, "The outcome is not negative, mean and dispersion are above 0, all finite.");
        }

        var kappa = Math.Pow(mean, 2.0 - power) / (2.0 - power);
        if (y == 0)
        {
            return -kappa / dispersion;
        }

        var theta = Math.Pow(mean, 1.0 - power) / (1.0 - power);
        var middle = Math.Pow(y, 2.0 - power) / (dispersion * (2.0 - power));
        if (middle > MostAmounts)
        {
            var deviance = 2.0 * (Math.Pow(y, 2.0 - power) / ((1.0 - power) * (2.0 - power)) - y * theta + kappa);
            return -0.5 * (Math.Log(2.0 * Math.PI * dispersion) + power * Math.Log(y)) - deviance / (2.0 * dispersion);
        }

        return (y * theta - kappa) / dispersion - Math.Log(y) + LogSeries(y, dispersion, power, middle);
    }

    // log of sum over j of z^j / (Gamma(1 + j) Gamma(a j)), a = (2 - p) / (p - 1).
    static double LogSeries(double y, double dispersion, double power, double middle)
    {
        var a = (2.0 - power) / (power - 1.0);
        var logZ = a * Math.Log(y) - a * Math.Log(power - 1.0) - (1.0 + a) * Math.Log(dispersion) - Math.Log(2.0 - power);
        var top = Math.Max(1.0, Math.Round(middle));
        var largest = Term(top, logZ, a);
        var sum = 1.0;
        for (var j = top + 1; ; j++)
        {
            var term = Term(j, logZ, a) - largest;
            sum += Math.Exp(term);
            if (term < -Negligible)
            {
                break;
            }
        }

        for (var j = top - 1; j >= 1; j--)
        {
            var term = Term(j, logZ, a) - largest;
            sum += Math.Exp(term);
            if (term < -Negligible)
            {
                break;
            }
        }

        return largest + Math.Log(sum);
    }

    static double Term(double j, double logZ, double a) => j * logZ - Gamma.Log(1.0 + j) - Gamma.Log(a * j);
}
