namespace Gnomon.Methods.Regression;

/// <summary>A robust linear model.</summary>
/// <param name="Coefficients">Estimates with errors and intervals.</param>
/// <param name="Scale">Residual scale: median absolute residual over 0.6745.</param>
/// <param name="Weights">Weight of each row, 1 for those within the limit.</param>
/// <param name="SetAside">Columns that earlier ones determine.</param>
/// <param name="Converged">True when the weights stood still.</param>
public sealed record HuberFit(IReadOnlyList<CoefficientEstimate> Coefficients, double Scale, IReadOnlyList<double> Weights, IReadOnlyList<string> SetAside, bool Converged)
{
    /// <summary>Covariance of the coefficients.</summary>
    public required CoefficientCovariance Covariance { get; init; }
}

/// <summary>Huber's M-estimate: least squares for rows near the line, least absolute distance for those far from it.</summary>
/// <remarks>
/// Sources: Huber and Ronchetti 2009, chapter 7 (with the correction K of their 7.81); limit 1.345 scales for 95 % efficiency; scale by the median absolute residual at each step.
/// Rows that are far out in the columns still pull. Agrees with MASS <c>rlm</c>.
/// </remarks>
public static class HuberRegression
{
    const int MostIterations = 500;

    /// <param name="design">Columns of the model.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="limit">Limit in scales.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="NotEstimableException">At least half of the rows lie exactly on the line, so that there is no scale.</exception>
    public static HuberFit Fit(DesignMatrix design, ReadOnlySpan<double> y, double limit = 1.345, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        Inference.InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var fit = LeastSquares.Fit(design, y);
        var setAside = fit.SetAside;
        var kept = fit.Design;
        var weights = new double[y.Length];
        var scale = 0.0;
        var converged = false;
        for (var iteration = 0; iteration < MostIterations && !converged; iteration++)
        {
            scale = MedianAbsolute(fit.Residuals) / 0.6744897501960817;
            if (!(scale > 0))
            {
                throw new NotEstimableException("At least half of the rows lie exactly on the line, so the residuals have no scale.");
            }

            for (var i = 0; i < weights.Length; i++)
            {
                var u = Math.Abs(fit.Residuals[i]) / scale;
                weights[i] = u <= limit ? 1.0 : limit / u;
            }

            var next = LeastSquares.Fit(kept, y, weights);
            var moved = 0.0;
            var size = 0.0;
            for (var i = 0; i < weights.Length; i++)
            {
                var d = next.Residuals[i] - fit.Residuals[i];
                moved += d * d;
                size += fit.Residuals[i] * fit.Residuals[i];
            }

            converged = moved <= 1e-22 * size;
            fit = next;
        }

        var covariance = Covariance(fit, kept, limit);
        var table = new CoefficientEstimate[kept.Columns];
        for (var j = 0; j < table.Length; j++)
        {
            table[j] = CoefficientCovariance.Estimate(kept.Names[j], fit.Estimates[j], covariance.StandardError(j), covariance.DegreesOfFreedom[j], level);
        }

        return new HuberFit(table, scale, weights, setAside, converged) { Covariance = covariance };
    }

    // (X'X)^-1 times K^2 sum psi^2 / (n - p) / (mean psi')^2, K = 1 + p / n var(psi') / mean(psi')^2.
    static CoefficientCovariance Covariance(LinearFit fit, DesignMatrix design, double limit)
    {
        var n = fit.Rows;
        var p = fit.Coefficients.Count;
        var scale = MedianAbsolute(fit.Residuals) / 0.6744897501960817;
        double inside = 0.0, squares = 0.0;
        for (var i = 0; i < n; i++)
        {
            var u = fit.Residuals[i] / scale;
            inside += Math.Abs(u) <= limit ? 1.0 : 0.0;
            var psi = Math.Clamp(u, -limit, limit) * scale;
            squares += psi * psi;
        }

        var mean = inside / n;
        var variance = mean * (1.0 - mean) * n / (n - 1.0);
        var k = 1.0 + p * variance / (n * mean * mean);
        var factor = k * k * squares / (n - p) / (mean * mean);
        var plain = LeastSquares.Fit(design, fit.Response);
        return CoefficientCovariance.Of(Array.ConvertAll(plain.Bread, b => factor * b), p, n - p, "Huber's M-estimate");
    }

    static double MedianAbsolute(ReadOnlySpan<double> residuals)
    {
        var sorted = residuals.ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Math.Abs(sorted[i]);
        }

        Array.Sort(sorted);
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]);
    }
}
