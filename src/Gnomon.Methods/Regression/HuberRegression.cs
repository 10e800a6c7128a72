namespace Gnomon.Methods.Regression;

/// <summary>A robust linear model.</summary>
/// <param name="Coefficients">Estimates with errors and intervals.</param>
/// <param name="Scale">Residual scale: median absolute residual over 0.6745.</param>
/// <param name="Weights">Weight of each row, 1 for those within the limit.</param>
/// <param name="SetAside">Columns that earlier ones determine.</param>
/// <param name="Converged">True when the weights stood still.</param>
public sealed record HuberFit(IReadOnlyList<CoefficientEstimate> Coefficients, double Scale, IReadOnlyList<double> Weights, IReadOnlyList<string> SetAside, bool Converged)
{
    /// <summary>Covariance of the coefficients, which also tests sums of them.</summary>
    public required ScoreTestedCovariance Covariance { get; init; }

    /// <summary>Covariance under equal spread, in Huber's closed form, as MASS <c>rlm</c> prints it.</summary>
    public required CoefficientCovariance EqualSpread { get; init; }
}

/// <summary>Huber's M-estimate: least squares for rows near the line, least absolute distance for those far from it.</summary>
/// <remarks>
/// Sources: Huber and Ronchetti 2009, chapter 7 (errors under equal spread with the correction K of their 7.81); limit 1.345 scales for 95 % efficiency; scale by the median absolute
/// residual at each step. Rows that are far out in the columns still pull. Agrees with MASS <c>rlm</c>. The errors in use allow
/// rows to spread unequally: the sandwich of the estimating equation (Huber 1967; Croux, Dhaene and Hoorelbeke 2004, KU Leuven DPS 03.16), each row's part divided by 1 - its leverage
/// among the rows within the limit (as HC3, MacKinnon and White 1985). Where the rows within the limit do not span all columns, the closed form stands in. Tests and intervals of up to
/// 5,000 rows are those of the score (see <see cref="HuberScores"/>): over 10,000 samples of each of five laws of the errors (normal, exponential, outliers, two spreads that follow a
/// column) they reject 3.9 to 5.5 % of true nulls at 5 % for 20 to 300 rows, where estimate over error rejects up to 6.6 %.
/// </remarks>
public static class HuberRegression
{
    const int MostIterations = 500;
    const double FullLeverage = 1.0 - 1e-8;

    /// <param name="design">Columns of the model.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="limit">Limit in scales.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="NotEstimableException">At least half of the rows lie exactly on the line, so that there is no scale.</exception>
    public static HuberFit Fit(DesignMatrix design, ReadOnlySpan<double> y, double limit = 1.345, double level = 0.95)
    {
        var state = Prepare(design, y, limit, level);
        var kept = state.Fit.Design;
        var table = new CoefficientEstimate[kept.Columns];
        var unit = new double[table.Length];
        for (var j = 0; j < table.Length; j++)
        {
            unit[j] = 1.0;
            table[j] = state.Covariance.Contrast(state.Fit.Estimates, unit, kept.Names[j], level);
            unit[j] = 0.0;
        }

        return new HuberFit(table, state.Scale, state.Weights, state.SetAside, state.Converged) { Covariance = state.Covariance, EqualSpread = EqualSpread(state.Fit, kept, limit) };
    }

    /// <summary>The p-value of one coefficient alone, without any interval: for simulations.</summary>
    /// <param name="design">Columns of the model.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="term">Name of the coefficient.</param>
    /// <param name="limit">Limit in scales.</param>
    /// <returns>Null when the column is determined by earlier ones, or has no error.</returns>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="NotEstimableException">At least half of the rows lie exactly on the line, so that there is no scale.</exception>
    public static double? PValue(DesignMatrix design, ReadOnlySpan<double> y, string term, double limit = 1.345)
    {
        var state = Prepare(design, y, limit, 0.95);
        var unit = new double[state.Covariance.Size];
        var at = Array.IndexOf([.. state.Fit.Design.Names], term);
        if (at < 0)
        {
            return null;
        }

        unit[at] = 1.0;
        return state.Covariance.PValue(state.Fit.Estimates, unit);
    }

    static State Prepare(DesignMatrix design, ReadOnlySpan<double> y, double limit, double level)
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

        var covariance = new ScoreTestedCovariance(
            Sandwich(fit, kept, scale, limit) ?? EqualSpread(fit, kept, limit), LeastSquares.Fit(kept, y), new HuberScores(y.ToArray(), limit * scale),
            "sign-flip score test of Huber's M-estimate, robust to unequal spread");
        return new State(fit, covariance, scale, weights, setAside, converged);
    }

    sealed record State(LinearFit Fit, ScoreTestedCovariance Covariance, double Scale, double[] Weights, IReadOnlyList<string> SetAside, bool Converged);

    // (X'X)^-1 times K^2 sum psi^2 / (n - p) / (mean psi')^2, K = 1 + p / n var(psi') / mean(psi')^2.
    static CoefficientCovariance EqualSpread(LinearFit fit, DesignMatrix design, double limit)
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
        return CoefficientCovariance.Of(Array.ConvertAll(plain.Bread, b => factor * b), p, n - p, "Huber's M-estimate, equal spread");
    }

    // (X'DX)^-1 X' psi^2 / (1 - h)^2 X (X'DX)^-1, D = 1 within the limit; null when the rows within do not span the columns.
    static CoefficientCovariance? Sandwich(LinearFit fit, DesignMatrix design, double scale, double limit)
    {
        var (n, p) = (fit.Rows, design.Columns);
        var within = new bool[n];
        for (var i = 0; i < n; i++)
        {
            within[i] = Math.Abs(fit.Residuals[i]) <= limit * scale;
        }

        var inside = within.Count(w => w);
        if (inside <= p)
        {
            return null;
        }

        var columns = new double[p][];
        var outcome = new double[inside];
        for (var j = 0; j < p; j++)
        {
            columns[j] = Within(design.Column(j), within, inside);
        }

        var core = LeastSquares.Fit(new DesignMatrix(columns, design.Names), outcome);
        if (core.SetAside.Count > 0)
        {
            return null;
        }

        var bread = core.Bread;
        var (row, parts) = (new double[p], new double[p * p]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++)
            {
                row[j] = design.Column(j)[i];
            }

            var pull = SmallMatrix.Times(bread, row);
            var leverage = within[i] ? Math.Min(SmallMatrix.Dot(row, pull), FullLeverage) : 0.0;
            var psi = Math.Clamp(fit.Residuals[i], -limit * scale, limit * scale) / (1.0 - leverage);
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++)
                {
                    parts[a * p + b] += psi * psi * pull[a] * pull[b];
                }
            }
        }

        return CoefficientCovariance.Of(parts, p, n - p, "Huber's M-estimate, robust to unequal spread");
    }

    static double[] Within(ReadOnlySpan<double> column, bool[] within, int count)
    {
        var kept = new double[count];
        var next = 0;
        for (var i = 0; i < within.Length; i++)
        {
            if (within[i])
            {
                kept[next++] = column[i];
            }
        }

        return kept;
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
