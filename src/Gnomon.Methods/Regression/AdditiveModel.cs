using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Regression;

/// <summary>A linear model with smooth curves: cubic regression splines whose wiggliness is priced, the price chosen by restricted maximum likelihood.</summary>
/// <remarks>
/// Sources: Wood 2017, Generalized Additive Models, sections 5.3.1 (basis), 5.4.1 (centring), 6.2.6 (REML), 6.10 (Bayesian covariance; tests); Wahba 1983 and Nychka 1988 (coverage across the curve).
/// Knots at quantiles of the distinct values, 10 per smooth unless asked. Each smoothing parameter is searched on the log scale by Brent's method, one after the other until none moves.
/// Agrees with R mgcv <c>gam(y ~ s(x, bs = "cr", k = 10), method = "REML")</c>. The p-value of a smooth is Wald's on the leading directions of its curve, as many as its effective degrees rounded up; mgcv
/// interpolates between whole numbers of directions, so its p-values differ a little. Intervals do not know that the smoothing parameter was estimated.
/// </remarks>
public static class AdditiveModel
{
    const int MostRounds = 60;
    const double LeastLog = -12.0;
    const double MostLog = 24.0;

    /// <param name="design">Parametric columns with the column of ones.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="smooths">Columns that enter as curves.</param>
    /// <param name="names">Their names.</param>
    /// <param name="knots">Knots of each, at least 3; null for 10, or fewer where fewer values differ.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more rows than coefficients.</exception>
    /// <exception cref="NotEstimableException">A column has fewer than 4 different values, or the columns fit the outcome perfectly.</exception>
    public static AdditiveFit Fit(DesignMatrix design, ReadOnlySpan<double> y, IReadOnlyList<double[]> smooths, IReadOnlyList<string> names, IReadOnlyList<int?>? knots = null, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(smooths);
        ArgumentNullException.ThrowIfNull(names);
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(design.Rows, y.Length);
        if (smooths.Count == 0 || names.Count != smooths.Count)
        {
            throw new ArgumentException("There must be at least one smooth, and a name for each.", nameof(smooths));
        }

        var plain = LeastSquares.Fit(design, y);
        if (!(plain.ResidualSumOfSquares > 1e-20 * plain.TotalSumOfSquares))
        {
            throw new NotEstimableException("The straight columns fit the outcome perfectly: nothing is left for a curve.");
        }

        var splines = new List<PenalisedSpline>();
        for (var s = 0; s < smooths.Count; s++)
        {
            splines.Add(PenalisedSpline.For(smooths[s], knots?[s] ?? PenalisedSpline.UsualKnots));
        }

        var total = plain.Design.Columns + splines.Sum(s => s.Columns);
        if (y.Length <= total)
        {
            throw new TooFewRowsException("The additive model", y.Length, total + 1L);
        }

        return new Work(plain.Design, y.ToArray(), smooths, splines).Run(names, plain.SetAside, level);
    }

    sealed class Work
    {
        readonly DesignMatrix _design;
        readonly double[] _y;
        readonly IReadOnlyList<PenalisedSpline> _splines;
        readonly double[][] _columns;
        readonly StandardisedColumns _standard;
        readonly double _mean;
        readonly int _p;
        readonly int _parametric;
        readonly double[] _gram;
        readonly double[] _cross;
        readonly double _square;
        readonly int _nullSpace;

        public Work(DesignMatrix design, double[] y, IReadOnlyList<double[]> smooths, List<PenalisedSpline> splines)
        {
            (_design, _splines) = (design, splines);
            _parametric = design.Columns;

            // Columns of one size around their means, and an outcome around its own, keep the digits that products would lose.
            _standard = new StandardisedColumns(design);
            var parametric = new double[_parametric][];
            for (var j = 0; j < _parametric; j++)
            {
                parametric[j] = new double[y.Length];
                for (var i = 0; i < y.Length; i++)
                {
                    _standard.Copy(j, i, 1, parametric[j].AsSpan(i, 1));
                }
            }

            _mean = design.Intercept >= 0 ? Moments.MeanVariance(y).Mean : 0.0;
            _y = Array.ConvertAll(y, v => v - _mean);
            y = _y;
            _columns = [.. parametric, .. splines.SelectMany((s, i) => s.Basis(smooths[i]))];
            _p = _columns.Length;
            _gram = new double[_p * _p];
            _cross = new double[_p];
            for (var i = 0; i < _p; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    _gram[i * _p + j] = _gram[j * _p + i] = SmallMatrix.Dot(_columns[i], _columns[j]);
                }

                _cross[i] = SmallMatrix.Dot(_columns[i], y);
            }

            _square = SmallMatrix.Dot(y, y);
            _nullSpace = _parametric + splines.Count;
        }

        public AdditiveFit Run(IReadOnlyList<string> names, IReadOnlyList<string> setAside, double level)
        {
            var logs = new double[_splines.Count];
            var best = Negative(logs);
            var converged = false;
            for (var round = 0; round < MostRounds && !converged; round++)
            {
                var moved = 0.0;
                for (var s = 0; s < logs.Length; s++)
                {
                    var at = s;
                    var trial = (double[])logs.Clone();
                    double Along(double v)
                    {
                        trial[at] = v;
                        return Negative(trial);
                    }

                    // The profile is flat towards a straight line: look on a grid before Brent's method.
                    var (start, value) = (logs[s], best);
                    for (var v = LeastLog; v <= MostLog; v += 3.0)
                    {
                        var now = round < 2 ? Along(v) : double.PositiveInfinity;
                        (start, value) = now < value ? (v, now) : (start, value);
                    }

                    var found = Brent.Minimize(Along, Math.Max(LeastLog, start - 3.0), Math.Min(MostLog, start + 3.0), 1e-7);
                    if (found.Value < best)
                    {
                        moved = Math.Max(moved, Math.Abs(found.X - logs[s]));
                        (logs[s], best) = (found.X, found.Value);
                    }
                }

                converged = moved < 1e-5 || logs.Length == 1;
            }

            return Result(logs, best, names, setAside, converged, level);
        }

        // Minus the restricted log-likelihood with the variance profiled out (Wood 2017, 6.2.6).
        double Negative(double[] logs)
        {
            var penalised = Penalised(logs);
            if (SmallMatrix.Cholesky(penalised, _p, 1e-15) is not { } factor)
            {
                return double.MaxValue;
            }

            var beta = SmallMatrix.SolveCholesky(factor, _cross);
            var objective = Math.Max(1e-300, _square - SmallMatrix.Dot(beta, _cross));
            var logDeterminant = 0.0;
            for (var j = 0; j < _p; j++)
            {
                logDeterminant += 2.0 * Math.Log(factor[j * _p + j]);
            }

            var logPenalty = 0.0;
            for (var s = 0; s < logs.Length; s++)
            {
                logPenalty += _splines[s].Rank * logs[s] + _splines[s].LogPenalty;
            }

            var free = _y.Length - _nullSpace;
            return 0.5 * (free * (Math.Log(2.0 * Math.PI * objective / free) + 1.0) + logDeterminant - logPenalty);
        }

        double[] Penalised(double[] logs)
        {
            var matrix = (double[])_gram.Clone();
            var from = _parametric;
            for (var s = 0; s < logs.Length; s++)
            {
                var spline = _splines[s];
                var lambda = Math.Exp(logs[s]);
                for (var i = 0; i < spline.Columns; i++)
                {
                    for (var j = 0; j < spline.Columns; j++)
                    {
                        matrix[(from + i) * _p + from + j] += lambda * spline.Penalty[i * spline.Columns + j];
                    }
                }

                from += spline.Columns;
            }

            return matrix;
        }

        AdditiveFit Result(double[] logs, double negative, IReadOnlyList<string> names, IReadOnlyList<string> setAside, bool converged, double level)
        {
            var factor = SmallMatrix.Cholesky(Penalised(logs), _p, 1e-15) ?? throw new NotEstimableException("The curves and the other columns say the same: leave one of them out.");
            var beta = SmallMatrix.SolveCholesky(factor, _cross);
            var inverse = SmallMatrix.InverseCholesky(factor, _p);
            var influence = SmallMatrix.Times(inverse, _gram, _p);
            var residuals = (double[])_y.Clone();
            for (var j = 0; j < _p; j++)
            {
                Vectors.AddScaled(residuals, _columns[j], -beta[j]);
            }

            var degrees = 0.0;
            for (var j = 0; j < _p; j++)
            {
                degrees += influence[j * _p + j];
            }

            var dispersion = SmallMatrix.Dot(residuals, residuals) / (_y.Length - degrees);
            var own = Original();
            var turned = SmallMatrix.Times(SmallMatrix.Times(own, Array.ConvertAll(inverse, v => v * dispersion), _p), Transposed(own), _p);
            beta = SmallMatrix.Times(own, beta);
            if (_design.Intercept >= 0)
            {
                beta[_design.Intercept] += _mean;
            }

            var covariance = CoefficientCovariance.Of(turned, _p, _y.Length - degrees, "Bayesian, smoothing by restricted maximum likelihood");
            var coefficients = new CoefficientEstimate[_parametric];
            for (var j = 0; j < _parametric; j++)
            {
                coefficients[j] = CoefficientCovariance.Estimate(_design.Names[j], beta[j], covariance.StandardError(j), _y.Length - degrees, level);
            }

            var terms = new SmoothTerm[_splines.Count];
            var from = _parametric;
            for (var s = 0; s < terms.Length; s++)
            {
                terms[s] = SmoothTest.Of(names[s], from, _splines[s].Columns, Math.Exp(logs[s]), beta, influence, _gram, covariance, _y.Length - degrees);
                from += _splines[s].Columns;
            }

            return new AdditiveFit(coefficients, terms, degrees, dispersion, -negative, converged)
            {
                Beta = beta, Splines = _splines, Parametric = _parametric, Covariance = covariance, Residuals = residuals, Design = _design, SetAside = setAside,
            };
        }

        // Coefficients of the columns as they were given, from those of the standardised ones; smooths stay as they are.
        double[] Original()
        {
            var map = new double[_p * _p];
            for (var j = 0; j < _p; j++)
            {
                map[j * _p + j] = 1.0;
            }

            var unit = new double[_parametric];
            for (var j = 0; j < _parametric; j++)
            {
                Array.Clear(unit);
                unit[j] = 1.0;
                var column = _standard.ToOriginal(unit);
                for (var i = 0; i < _parametric; i++)
                {
                    map[i * _p + j] = column[i];
                }
            }

            return map;
        }

        double[] Transposed(double[] m)
        {
            var t = new double[m.Length];
            for (var i = 0; i < _p; i++)
            {
                for (var j = 0; j < _p; j++)
                {
                    t[j * _p + i] = m[i * _p + j];
                }
            }

            return t;
        }
    }
}
