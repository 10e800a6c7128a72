using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Groups;

/// <summary>Analysis of variance of one factor within units.</summary>
/// <param name="Sphericity">F with whole degrees of freedom, exact when all differences between conditions have one variance.</param>
/// <param name="GreenhouseGeisser">The same F with degrees of freedom multiplied by <paramref name="EpsilonGreenhouseGeisser"/>.</param>
/// <param name="HuynhFeldt">The same F with degrees of freedom multiplied by <paramref name="EpsilonHuynhFeldt"/>, at most 1.</param>
/// <param name="EpsilonGreenhouseGeisser">1 / (conditions - 1) for the worst departure from sphericity, 1 for none.</param>
/// <param name="EpsilonHuynhFeldt">Less biased downwards in small samples; may exceed 1.</param>
public sealed record RepeatedMeasuresResult(
    OmnibusResult Sphericity, OmnibusResult GreenhouseGeisser, OmnibusResult HuynhFeldt, double EpsilonGreenhouseGeisser, double EpsilonHuynhFeldt);

/// <summary>Do the means of several conditions differ, each measured once in every unit?</summary>
/// <remarks>
/// Sources: Greenhouse and Geisser 1959, Psychometrika 24; Huynh and Feldt 1976, J. Educ. Stat. 1. Agrees with R <c>anova(mlm, X = ~1, test = "Spherical")</c>. With a positive variance between
/// units the F is that of a mixed model with a random intercept.
/// </remarks>
public static class RepeatedMeasures
{
    /// <param name="conditions">At least 2 conditions of equal length: value u of each belongs to unit u. At least 2 units.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 conditions or units.</exception>
    /// <exception cref="NotEstimableException">The differences between conditions do not vary between units.</exception>
    public static RepeatedMeasuresResult Test(IReadOnlyList<double[]> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        var k = conditions.Count;
        if (k < 2)
        {
            throw new TooFewRowsException("The set of conditions", k, 2);
        }

        var n = conditions[0].Length;
        if (conditions.Any(c => c.Length != n))
        {
            throw new ArgumentException("Every condition needs one value in every unit.", nameof(conditions));
        }

        if (n < 2)
        {
            throw new TooFewRowsException("The set of units", n, 2);
        }

        // Orthonormal (Helmert) contrasts of each unit's values: the unit's own level is gone.
        var q = k - 1;
        var scores = new double[q][];
        for (var c = 0; c < q; c++)
        {
            scores[c] = new double[n];
            var scale = 1.0 / Math.Sqrt((c + 1.0) * (c + 2.0));
            for (var u = 0; u < n; u++)
            {
                var sum = 0.0;
                for (var j = 0; j <= c; j++)
                {
                    sum += conditions[c + 1][u] - conditions[j][u];
                }

                scores[c][u] = sum * scale;
            }
        }

        var means = Array.ConvertAll(scores, s => s.Average());
        var covariance = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                for (var u = 0; u < n; u++)
                {
                    covariance[i * q + j] += (scores[i][u] - means[i]) * (scores[j][u] - means[j]) / (n - 1.0);
                }
            }
        }

        double trace = 0.0, squares = 0.0, between = 0.0;
        for (var i = 0; i < q; i++)
        {
            trace += covariance[i * q + i];
            between += n * means[i] * means[i];
            for (var j = 0; j < q; j++)
            {
                squares += covariance[i * q + j] * covariance[i * q + j];
            }
        }

        if (!(trace > 1e-24 * between) || !(trace > 0.0))
        {
            throw new NotEstimableException("The differences between conditions are the same in every unit, so F is not finite.");
        }

        var f = between / trace;
        var gg = trace * trace / (q * squares);
        var hf = n - 1.0 > q * gg ? (n * q * gg - 2.0) / (q * (n - 1.0 - q * gg)) : 1.0;
        return new RepeatedMeasuresResult(
            Scaled(f, q, n, 1.0, "repeated measures ANOVA, sphericity assumed"), Scaled(f, q, n, gg, "repeated measures ANOVA, Greenhouse-Geisser"),
            Scaled(f, q, n, Math.Clamp(hf, gg, 1.0), "repeated measures ANOVA, Huynh-Feldt"), gg, hf);
    }

    static OmnibusResult Scaled(double f, int q, int n, double epsilon, string method)
    {
        var (first, second) = (epsilon * q, epsilon * q * (n - 1.0));
        return new OmnibusResult(f, first, second, FisherF.Sf(f, first, second), method);
    }
}
