namespace Gnomon.Methods.Regression;

/// <summary>HC2 errors, each coefficient with its own degrees of freedom: right for few rows and for rows far out.</summary>
/// <remarks>
/// Sources: MacKinnon and White 1985 (HC2); Bell and McCaffrey 2002, Survey Methodology 28; Imbens and Kolesar 2016, Review of Economics and Statistics 98. The degrees of freedom are
/// Satterthwaite's under equal, independent normal errors: (tr G)^2 / tr(G G), where the variance estimate is the quadratic form e'Ge. The same as CR2 with every row its own cluster
/// (clubSandwich), at a cost of n k^2 per coefficient. A row of leverage 1 has no residual and adds nothing.
/// </remarks>
public static class BellMcCaffrey
{
    const double FullLeverage = 1.0 - 1e-10;

    /// <param name="fit">A fitted model; weighted and generalised ones enter by their working weights.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    public static CoefficientCovariance Errors(RegressionFit fit, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var plain = RobustErrors.Heteroskedastic(fit, HcKind.Hc2, threads);
        return new CoefficientCovariance(plain.Matrix, Degrees(fit, fit.Basis(threads)), "HC2, robust to unequal spread, Bell-McCaffrey degrees of freedom");
    }

    // With q the whitened row (h_ij = q_i'q_j) and a_i the weight of residual i in the coefficient, G = (I - H) D (I - H), D = diag(a_i^2 / (1 - h_ii)):
    // tr G = sum d_i (1 - h_ii); tr GG = sum over i, j of d_i d_j M_ij^2, where M_ij = -h_ij off the diagonal, and sum of d_i d_j h_ij^2 is the squared length of sum d_i q_i q_i'.
    static double[] Degrees(RegressionFit fit, WorkingBasis basis)
    {
        var (n, k) = (fit.Rows, basis.Count);
        var contrasts = new double[k][];
        var products = new double[k][];
        var trace = new double[k];
        var own = new double[k];
        for (var j = 0; j < k; j++)
        {
            contrasts[j] = basis.WhitenedCoefficient(j);
            products[j] = new double[k * k];
        }

        Span<double> row = new double[k];
        for (var i = 0; i < n; i++)
        {
            basis.Row(i, row);
            var q = basis.Whiten(row);
            var root = Math.Sqrt(fit.WorkingWeights?[i] ?? 1.0);
            for (var j = 0; j < k; j++)
            {
                q[j] *= root;
            }

            var leverage = SmallMatrix.Dot(q, q);
            if (leverage >= FullLeverage)
            {
                continue;
            }

            for (var j = 0; j < k; j++)
            {
                var a = SmallMatrix.Dot(q, contrasts[j]);
                var d = a * a / (1.0 - leverage);
                trace[j] += d * (1.0 - leverage);
                own[j] += d * d * ((1.0 - leverage) * (1.0 - leverage) - leverage * leverage);
                for (var r = 0; r < k; r++)
                {
                    Vectors.AddScaled(products[j].AsSpan(r * k, k), q, d * q[r]);
                }
            }
        }

        var degrees = new double[k];
        for (var j = 0; j < k; j++)
        {
            var squared = own[j] + SmallMatrix.Dot(products[j], products[j]);
            degrees[j] = squared > 0 ? Math.Clamp(trace[j] * trace[j] / squared, 1.0, fit.ResidualDegrees) : fit.ResidualDegrees;
        }

        return degrees;
    }
}
