using Gnomon.Methods.Inference;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Regression;

/// <summary>How errors of an autoregressive regression are estimated.</summary>
public enum AutoregressiveMethod
{
    /// <summary>Exact normal likelihood.</summary>
    MaximumLikelihood,

    /// <summary>Restricted likelihood: the columns' share of the memory is given back, which matters in short series.</summary>
    RestrictedLikelihood,

    /// <summary>Prais and Winsten's iteration: first-order only, the first row kept.</summary>
    PraisWinsten,
}

/// <summary>A linear model whose errors remember earlier errors.</summary>
/// <param name="Coefficients">Estimates with errors, t tests on n - k degrees of freedom and intervals.</param>
/// <param name="Autoregression">Coefficients of the errors on their predecessors, lag 1 first.</param>
/// <param name="Sigma">Standard deviation of the errors around the line: innovations and memory together.</param>
/// <param name="InnovationSigma">Standard deviation of what each row adds.</param>
/// <param name="LogLikelihood">Exact normal log-likelihood at the estimates.</param>
/// <param name="SetAside">Columns that earlier ones determine.</param>
/// <param name="Converged">True when the estimate stood still.</param>
public sealed record AutoregressiveFit(
    IReadOnlyList<CoefficientEstimate> Coefficients, IReadOnlyList<double> Autoregression, double Sigma, double InnovationSigma, double LogLikelihood, IReadOnlyList<string> SetAside, bool Converged)
{
    /// <summary>Covariance of the coefficients, given the autoregression.</summary>
    public required CoefficientCovariance Covariance { get; init; }

    /// <summary>Outcome less line, one per row.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>What is left of each row once its predecessors are known, in units of the innovation's standard deviation times its own; about independent when the order is right.</summary>
    public required IReadOnlyList<double> Innovations { get; init; }
}

/// <summary>Generalised least squares for rows in order of time whose errors follow an autoregression.</summary>
/// <remarks>
/// Sources: Prais and Winsten 1954; Box, Jenkins and Reinsel 1994, section 7.A5 (exact likelihood by one-step predictions); Durbin 1960 and Levinson 1947 (recursion); Jones 1980, Technometrics 22
/// (partial autocorrelations keep every step stationary). Coefficients and variance are concentrated out; errors take sigma squared over n - k. The uncertainty of the autoregression itself is
/// not in the errors, so tests of strongly trending columns in short series are somewhat too sure: see <see cref="HarErrors"/> for another view.
/// Agrees with R nlme <c>gls(correlation = corARMA(p), method = "ML" or "REML")</c>.
/// </remarks>
public static class AutoregressiveErrors
{
    const int MostOrder = 10;
    const int MostRounds = 200;

    // Partial autocorrelations stay inside; beyond, the series is a random walk and the line is not identified by levels.
    const double Furthest = 0.999;

    /// <param name="design">Columns of the model, rows in order of time and equally spaced.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="order">Order p of the autoregression, 1 to 10.</param>
    /// <param name="method">Maximum likelihood, or Prais and Winsten for order 1.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer rows than columns, order and two more.</exception>
    /// <exception cref="NotEstimableException">The columns fit the outcome perfectly.</exception>
    public static AutoregressiveFit Fit(DesignMatrix design, ReadOnlySpan<double> y, int order = 1, AutoregressiveMethod method = AutoregressiveMethod.MaximumLikelihood, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, MostOrder);
        if (method == AutoregressiveMethod.PraisWinsten && order != 1)
        {
            throw new ArgumentException("Prais and Winsten's iteration is of order 1.", nameof(order));
        }

        var plain = LeastSquares.Fit(design, y);
        if (!(plain.ResidualSumOfSquares > 1e-20 * plain.TotalSumOfSquares))
        {
            throw new NotEstimableException("The columns fit the outcome perfectly, so there are no errors to relate.");
        }

        if (y.Length < plain.Design.Columns + order + 2)
        {
            throw new TooFewRowsException("The regression with autoregressive errors", y.Length, plain.Design.Columns + order + 2L);
        }

        var work = new Work(plain.Design, y.ToArray(), order);
        var (partials, converged) = method == AutoregressiveMethod.PraisWinsten ? work.PraisWinsten(plain) : work.Likelihood(plain, method == AutoregressiveMethod.RestrictedLikelihood);
        return work.Result(partials, plain.SetAside, converged, method, level);
    }

    sealed class Work(DesignMatrix design, double[] y, int order)
    {
        readonly int _n = y.Length;
        readonly int _k = design.Columns;
        bool _restricted;

        // Descent by coordinates from the sample's partial autocorrelations, each by Brent's method; the likelihood of a stationary autoregression is smooth in them.
        public (double[] Partials, bool Converged) Likelihood(LinearFit plain, bool restricted)
        {
            _restricted = restricted;
            var partials = Start(plain.Residuals);
            var best = Negative(partials);
            var converged = false;
            for (var round = 0; round < MostRounds && !converged; round++)
            {
                var before = best;
                var moved = 0.0;
                for (var j = 0; j < order; j++)
                {
                    var at = j;
                    var trial = (double[])partials.Clone();
                    var found = Brent.Minimize(
                        v =>
                        {
                            trial[at] = v;
                            return Negative(trial);
                        },
                        -Furthest, Furthest, 1e-11);
                    if (found.Value < best)
                    {
                        moved = Math.Max(moved, Math.Abs(found.X - partials[j]));
                        (partials[j], best) = (found.X, found.Value);
                    }
                }

                converged = moved < 1e-9 || before - best < 1e-12 * (1.0 + Math.Abs(best));
            }

            return (partials, converged);
        }

        public (double[] Partials, bool Converged) PraisWinsten(LinearFit plain)
        {
            var residuals = plain.Residuals.ToArray();
            var rho = 0.0;
            for (var round = 0; round < MostRounds; round++)
            {
                double cross = 0.0, square = 0.0;
                for (var t = 1; t < _n; t++)
                {
                    cross += residuals[t] * residuals[t - 1];
                    square += residuals[t - 1] * residuals[t - 1];
                }

                var next = Math.Clamp(cross / square, -Furthest, Furthest);
                var done = Math.Abs(next - rho) < 1e-12;
                rho = next;
                residuals = Around(Solve([rho], out _));
                if (done)
                {
                    return ([rho], true);
                }
            }

            return ([rho], false);
        }

        public AutoregressiveFit Result(double[] partials, IReadOnlyList<string> setAside, bool converged, AutoregressiveMethod method, double level)
        {
            var fit = Solve(partials, out var scales);
            var (phi, variance) = Recursion(partials);
            var rss = fit.ResidualSumOfSquares;
            var inner = Math.Sqrt(rss / (_n - _k));
            var marginal = inner / Math.Sqrt(variance[order]);
            var name = method == AutoregressiveMethod.PraisWinsten ? "Prais-Winsten, AR(1) errors" : $"AR({order}) errors, {(method == AutoregressiveMethod.RestrictedLikelihood ? "restricted" : "maximum")} likelihood";
            var covariance = CoefficientCovariance.Of(Array.ConvertAll(fit.Bread, b => b * fit.Dispersion), _k, _n - _k, name);
            var table = new CoefficientEstimate[_k];
            for (var j = 0; j < _k; j++)
            {
                table[j] = CoefficientCovariance.Estimate(design.Names[j], fit.Estimates[j], covariance.StandardError(j), _n - _k, level);
            }

            var logLikelihood = -0.5 * _n * (Math.Log(2.0 * Math.PI * rss / _n) + 1.0) - LogScales(scales);
            return new AutoregressiveFit(table, phi[order], marginal, inner, logLikelihood, setAside, converged)
            {
                Covariance = covariance, Residuals = Around(fit), Innovations = fit.Residuals.ToArray(),
            };
        }

        double[] Start(ReadOnlySpan<double> residuals)
        {
            var r = SerialCorrelation.Autocorrelations(residuals, order);
            var partials = new double[order];
            var phi = Array.Empty<double>();
            var variance = 1.0;
            for (var m = 0; m < order; m++)
            {
                var top = r[m];
                for (var j = 0; j < m; j++)
                {
                    top -= phi[j] * r[m - 1 - j];
                }

                partials[m] = Math.Clamp(top / variance, -0.95, 0.95);
                phi = Extended(phi, partials[m]);
                variance *= 1.0 - partials[m] * partials[m];
            }

            return partials;
        }

        double Negative(double[] partials)
        {
            var fit = Solve(partials, out var scales);
            if (!_restricted)
            {
                return 0.5 * _n * Math.Log(fit.ResidualSumOfSquares) + LogScales(scales);
            }

            if (fit.Bread.Length < _k * _k || SmallMatrix.Cholesky(fit.Bread, _k, 1e-15) is not { } factor)
            {
                return double.MaxValue;
            }

            var half = 0.0;
            for (var j = 0; j < _k; j++)
            {
                half += Math.Log(factor[j * _k + j]);
            }

            return 0.5 * (_n - _k) * Math.Log(fit.ResidualSumOfSquares) + LogScales(scales) - half;
        }

        // Row t less its prediction from the rows before, over the root of the prediction's variance (that of an innovation is 1).
        LinearFit Solve(double[] partials, out double[] scales)
        {
            var (phi, variance) = Recursion(partials);
            scales = new double[_n];
            for (var t = 0; t < _n; t++)
            {
                scales[t] = Math.Sqrt(variance[Math.Min(t, order)] / variance[order]);
            }

            var columns = new List<double[]>(_k);
            for (var j = 0; j < _k; j++)
            {
                columns.Add(Whitened(design.Raw[j], phi, scales));
            }

            return LeastSquares.Fit(new DesignMatrix(columns, design.Names), Whitened(y, phi, scales));
        }

        double[] Whitened(double[] series, double[][] phi, double[] scales)
        {
            var result = new double[_n];
            for (var t = 0; t < _n; t++)
            {
                var past = phi[Math.Min(t, order)];
                var value = series[t];
                for (var j = 0; j < past.Length; j++)
                {
                    value -= past[j] * series[t - 1 - j];
                }

                result[t] = value / scales[t];
            }

            return result;
        }

        // Prediction coefficients of every order up to p, and the share of the marginal variance that each leaves.
        static (double[][] Phi, double[] Variance) Recursion(double[] partials)
        {
            var phi = new double[partials.Length + 1][];
            var variance = new double[partials.Length + 1];
            (phi[0], variance[0]) = ([], 1.0);
            for (var m = 0; m < partials.Length; m++)
            {
                phi[m + 1] = Extended(phi[m], partials[m]);
                variance[m + 1] = variance[m] * (1.0 - partials[m] * partials[m]);
            }

            return (phi, variance);
        }

        static double[] Extended(double[] phi, double partial)
        {
            var next = new double[phi.Length + 1];
            for (var j = 0; j < phi.Length; j++)
            {
                next[j] = phi[j] - partial * phi[phi.Length - 1 - j];
            }

            next[^1] = partial;
            return next;
        }

        double[] Around(LinearFit fit)
        {
            var residuals = new double[_n];
            for (var t = 0; t < _n; t++)
            {
                residuals[t] = y[t];
                for (var j = 0; j < _k; j++)
                {
                    residuals[t] -= fit.Estimates[j] * design.Raw[j][t];
                }
            }

            return residuals;
        }

        static double LogScales(double[] scales)
        {
            var sum = 0.0;
            foreach (var s in scales)
            {
                sum += Math.Log(s);
            }

            return sum;
        }
    }
}
