using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Bayes;

/// <summary>One estimate pulled towards the others.</summary>
/// <param name="Estimate">Shrunken estimate.</param>
/// <param name="Deviation">Its standard deviation, the common mean's own uncertainty included.</param>
/// <param name="Weight">Share of its own estimate in it, 0 to 1.</param>
public sealed record ShrunkenEstimate(double Estimate, double Deviation, double Weight);

/// <summary>Many estimates of alike effects.</summary>
/// <param name="Mean">Their common mean.</param>
/// <param name="MeanError">Its standard error.</param>
/// <param name="Spread">Standard deviation of the true effects around it; 0 when the estimates differ by no more than their errors.</param>
/// <param name="Heterogeneity">Cochran's Q.</param>
/// <param name="HeterogeneityP">Its p-value: small when the effects differ.</param>
/// <param name="Estimates">One per estimate, in the order they came.</param>
public sealed record ShrinkageResult(double Mean, double MeanError, double Spread, double Heterogeneity, double HeterogeneityP, IReadOnlyList<ShrunkenEstimate> Estimates);

/// <summary>Empirical Bayes for normal estimates: past experiments, shops, segments. The noisier an estimate, the more it takes from the others.</summary>
/// <remarks>Spread by Paule and Mandel 1982, which solves the generalised Q equation and needs no normality of the effects; shrinkage: Morris 1983, Journal of the American Statistical Association 78.</remarks>
public static class NormalShrinkage
{
    /// <param name="estimates">Estimates in one unit, at least 3, finite.</param>
    /// <param name="standardErrors">Their standard errors, positive.</param>
    public static ShrinkageResult Fit(ReadOnlySpan<double> estimates, ReadOnlySpan<double> standardErrors)
    {
        if (estimates.Length != standardErrors.Length)
            throw new ArgumentException("There must be one standard error per estimate.", nameof(standardErrors));
        if (estimates.Length < 3)
            throw new TooFewRowsException("The set of estimates", estimates.Length, 3);
        for (var i = 0; i < estimates.Length; i++)
        {
            if (!double.IsFinite(estimates[i]) || !(standardErrors[i] > 0) || !double.IsFinite(standardErrors[i]))
                throw new ArgumentOutOfRangeException(nameof(estimates), estimates[i], $"Estimate {i} or its standard error cannot be used.");
        }
        var (y, se) = (estimates.ToArray(), standardErrors.ToArray());
        var df = y.Length - 1;
        var q = Q(y, se, 0);
        var variance = 0.0;
        if (q > df)
        {
            var high = y.Max() - y.Min();
            variance = Brent.Root(v => Q(y, se, v) - df, 0, high * high, 1e-14 * high * high).X;
        }
        var (mean, weight) = Mean(y, se, variance);
        var shrunken = new ShrunkenEstimate[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var own = variance / (variance + se[i] * se[i]);
            shrunken[i] = new(own * y[i] + (1 - own) * mean, Math.Sqrt(own * se[i] * se[i] + (1 - own) * (1 - own) / weight), own);
        }
        return new(mean, Math.Sqrt(1 / weight), Math.Sqrt(variance), q, ChiSquared.Sf(q, df), shrunken);
    }

    static double Q(double[] y, double[] se, double variance)
    {
        var (mean, _) = Mean(y, se, variance);
        var q = 0.0;
        for (var i = 0; i < y.Length; i++)
            q += (y[i] - mean) * (y[i] - mean) / (variance + se[i] * se[i]);
        return q;
    }

    static (double Mean, double Weight) Mean(double[] y, double[] se, double variance)
    {
        double sum = 0, weight = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var w = 1 / (variance + se[i] * se[i]);
            sum += w * y[i];
            weight += w;
        }
        return (sum / weight, weight);
    }
}
