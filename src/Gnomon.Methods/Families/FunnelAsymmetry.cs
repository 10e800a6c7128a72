using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Families;

/// <summary>Egger's regression.</summary>
/// <param name="Intercept">Intercept of effect/error on 1/error: about 0 when small and large tests agree; positive when imprecise tests report larger effects.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">Tests minus 2.</param>
/// <param name="PValue">Two-sided t test of a zero intercept.</param>
/// <param name="Slope">The effect that remains in a test without error.</param>
public sealed record FunnelAsymmetryResult(double Intercept, double StandardError, int DegreesOfFreedom, double PValue, double Slope);

/// <summary>Do imprecise tests report larger effects than precise ones, as they do when their small results went missing?</summary>
/// <remarks>Source: Egger, Davey Smith, Schneider and Minder 1997, BMJ 315. Agrees with statsmodels WLS of effect on error, weights 1/error squared. Low power below about ten tests.</remarks>
public static class FunnelAsymmetry
{
    const int Fewest = 5;

    // Below this relative spread of the precisions the intercept lies too far from the data to be read.
    const double LeastSpread = 0.05;

    /// <param name="estimates">Effects in one unit, finite.</param>
    /// <param name="standardErrors">Their standard errors, positive.</param>
    /// <exception cref="TooFewRowsException">Fewer than 5 tests.</exception>
    /// <exception cref="NotEstimableException">All tests are equally precise, or lie on one line.</exception>
    public static FunnelAsymmetryResult Egger(ReadOnlySpan<double> estimates, ReadOnlySpan<double> standardErrors)
    {
        if (estimates.Length != standardErrors.Length)
            throw new ArgumentException("There must be one standard error per estimate.", nameof(standardErrors));
        if (estimates.Length < Fewest)
            throw new TooFewRowsException("The set of tests", estimates.Length, Fewest);
        var n = estimates.Length;
        double meanX = 0, meanY = 0;
        for (var i = 0; i < n; i++)
        {
            if (!double.IsFinite(estimates[i]) || !(standardErrors[i] > 0) || !double.IsFinite(standardErrors[i]))
                throw new ArgumentOutOfRangeException(nameof(estimates), estimates[i], $"Estimate {i} or its standard error cannot be used.");
            meanX += 1 / standardErrors[i];
            meanY += estimates[i] / standardErrors[i];
        }
        meanX /= n;
        meanY /= n;
        double xx = 0, xy = 0;
        for (var i = 0; i < n; i++)
        {
            var dx = 1 / standardErrors[i] - meanX;
            xx += dx * dx;
            xy += dx * (estimates[i] / standardErrors[i] - meanY);
        }
        if (Math.Sqrt(xx / n) < LeastSpread * meanX)
            throw new NotEstimableException("All tests are about equally precise, so a funnel has no shape to read.");
        var slope = xy / xx;
        var intercept = meanY - slope * meanX;
        var residual = 0.0;
        for (var i = 0; i < n; i++)
        {
            var r = estimates[i] / standardErrors[i] - intercept - slope / standardErrors[i];
            residual += r * r;
        }
        var error = Math.Sqrt(residual / (n - 2) * (1.0 / n + meanX * meanX / xx));
        if (!(error > 1e-12 * (Math.Abs(intercept) + Math.Abs(meanY))))
            throw new NotEstimableException("The tests lie on one line, so the regression has no error to judge by.");
        return new(intercept, error, n - 2, StudentT.TwoSided(intercept / error, n - 2), slope);
    }
}
