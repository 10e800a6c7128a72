using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Mixed;

/// <summary>Covariance of a mixed model's coefficients, with degrees of freedom that follow from how well its variance parameters are known.</summary>
/// <remarks>
/// Sources: Satterthwaite 1946; Giesbrecht and Burns 1985; Kuznetsova, Brockhoff and Christensen 2017, J. Stat. Softw. 82(13), for one combination; Fai and Cornelius 1996,
/// J. Stat. Comput. Simul. 54, for several at once. Agrees with R lmerTest, also in this: degrees of freedom of 2
/// or less in one direction of an F test make its denominator 2, and the directions depend on the units of the columns (its F does not).
/// </remarks>
public sealed class SatterthwaiteCovariance : CoefficientCovariance
{
    readonly MixedFit _fit;
    readonly double[][] _derivatives;
    readonly double[] _parameters;
    readonly double[] _steps;

    SatterthwaiteCovariance(MixedFit fit, double[] matrix, double[][] derivatives, double[] parameters, double[] steps, double[] degrees)
        : base(matrix, degrees, $"mixed model by {(fit.IsRestricted ? "REML" : "maximum likelihood")}, Satterthwaite degrees of freedom")
    {
        _fit = fit;
        _derivatives = derivatives;
        _parameters = parameters;
        _steps = steps;
        Clusters = fit.Problem.Shape.Groupings.Min(g => g.Levels);
    }

    /// <summary>Degrees of freedom of a weighted sum of coefficients.</summary>
    /// <param name="weights">One weight per coefficient.</param>
    public double Degrees(ReadOnlySpan<double> weights)
    {
        RegressionGuard.SameRows(Size, weights.Length, "weights");
        return Degrees(_fit, _derivatives, _parameters, weights, Matrix);
    }

    /// <inheritdoc/>
    public override CoefficientEstimate Contrast(RegressionFit fit, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        return Estimate(name, SmallMatrix.Dot(weights, fit.Estimates), Math.Sqrt(Math.Max(0.0, SmallMatrix.Quadratic(Matrix, weights))), Degrees(weights), level);
    }

    /// <inheritdoc/>
    public override WaldTest? Joint(RegressionFit fit, ReadOnlySpan<int> indexes)
    {
        var rows = new double[indexes.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[Size];
            rows[i][indexes[i]] = 1.0;
        }

        return Joint(rows);
    }

    /// <summary>Are several weighted sums of coefficients 0 together?</summary>
    /// <param name="contrasts">One row of weights per sum; sums that others determine do not count.</param>
    /// <returns>F with the degrees of freedom of Fai and Cornelius; null when no sum varies.</returns>
    public WaldTest? Joint(IReadOnlyList<double[]> contrasts)
    {
        ArgumentNullException.ThrowIfNull(contrasts);
        var q = contrasts.Count;
        var covariance = new double[q * q];
        var scale = new double[q];
        for (var i = 0; i < q; i++)
        {
            RegressionGuard.SameRows(Size, contrasts[i].Length, "contrasts");
            var half = SmallMatrix.Times(Matrix, contrasts[i]);
            for (var j = 0; j < q; j++)
            {
                covariance[j * q + i] = SmallMatrix.Dot(contrasts[j], half);
            }

            scale[i] = Math.Sqrt(covariance[i * q + i]);
        }

        if (q == 0 || scale.Any(s => !(s > 0.0)))
        {
            return null;
        }

        // The rank is found on the scale of the errors; directions are those of the sums as they stand, which is how the method is defined.
        var scaled = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                scaled[i * q + j] = covariance[i * q + j] / (scale[i] * scale[j]);
            }
        }

        var rank = SymmetricEigen.Decompose(scaled, q).Values.Count(v => v > 1e-10);
        var eigen = SymmetricEigen.Decompose(covariance, q);
        var f = 0.0;
        var degrees = new List<double>();
        for (var k = 0; k < rank; k++)
        {
            var weights = new double[Size];
            for (var i = 0; i < q; i++)
            {
                for (var c = 0; c < Size; c++)
                {
                    weights[c] += eigen.Vectors[i * q + k] * contrasts[i][c];
                }
            }

            var value = SmallMatrix.Dot(weights, _fit.Estimates);
            f += value * value / SmallMatrix.Quadratic(Matrix, weights);
            degrees.Add(Degrees(weights));
        }

        f /= rank;
        var denominator = Together(degrees);
        return new WaldTest(f, rank, double.IsPositiveInfinity(denominator) ? null : denominator, double.IsPositiveInfinity(denominator) ? ChiSquared.Sf(f * rank, rank) : FisherF.Sf(f, rank, denominator));
    }

    /// <summary>Outcome expected at given values of the columns for an average group, and one new outcome of a new group.</summary>
    /// <param name="row">One value per column of the fit's design.</param>
    /// <param name="random">For each random term, one value per effect; null takes 1 for intercepts and the column of the same name, or its mean over the rows.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public PredictedOutcome Predict(ReadOnlySpan<double> row, IReadOnlyList<double[]>? random = null, double level = 0.95)
    {
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(Size, row.Length, "row");
        var z = random ?? Guess(row);
        var mean = SmallMatrix.Dot(row, _fit.Estimates);
        var variance = Math.Max(0.0, SmallMatrix.Quadratic(Matrix, row));
        var half = StudentT.UpperQuantile(0.5 * (1.0 - level), Degrees(row)) * Math.Sqrt(variance);

        // The variance of a new outcome is a function of the same parameters, so its degrees of freedom follow the same way.
        var s2 = _fit.Dispersion;
        var total = variance + s2 * (1.0 + Random(_fit.Theta, z));
        var gradient = Gradient(_fit, _derivatives, row, variance);
        gradient[^1] = 2.0 * total / _fit.Sigma;
        var theta = (double[])_fit.Theta.Clone();
        for (var i = 0; i < theta.Length; i++)
        {
            var kept = theta[i];
            theta[i] = kept + _steps[i];
            var up = Random(theta, z);
            theta[i] = kept - _steps[i];
            gradient[i] += s2 * (up - Random(theta, z)) / (2.0 * _steps[i]);
            theta[i] = kept;
        }

        var wide = StudentT.UpperQuantile(0.5 * (1.0 - level), Degrees(total, gradient, _parameters)) * Math.Sqrt(total);
        return new PredictedOutcome(mean, Math.Sqrt(variance), new Interval(mean - half, mean + half), new Interval(mean - wide, mean + wide));
    }

    /// <summary>Intervals of standard deviations (on the scale of the logarithm) and correlations (on Fisher's scale) by the delta method, the residual standard deviation last.</summary>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>As <see cref="MixedProfile.Components"/>, and faster; components on the boundary are left out, because their logarithm has no error.</returns>
    public IReadOnlyList<ComponentInterval> WaldComponents(double level = 0.95)
    {
        InferenceGuard.Level(level);
        var z = Normal.UpperQuantile(0.5 * (1.0 - level));
        var result = new List<ComponentInterval>();
        for (var p = 0; p < _fit.Random.Count; p++)
        {
            var (part, random) = (p, _fit.Random[p]);
            var k = random.Names.Count;
            for (var j = 0; j < k; j++)
            {
                var at = j * k + j;
                if (!_fit.Singular.Any(s => s.Group == random.Group && s.IsZero && s.Effects.Contains(random.Names[at / k])) && Error(t => 0.5 * Math.Log(_fit.Problem.Shape.RawCovariance(t, part)[at]), 1.0 / _fit.Sigma) is { } error)
                {
                    var sd = random.StandardDeviation(j);
                    result.Add(new ComponentInterval(random.Group, random.Names[j], false, sd, sd * Math.Exp(-z * error), sd * Math.Exp(z * error)));
                }
            }

            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < j; i++)
                {
                    var (first, second) = (i, j);
                    if (random.Correlation(i, j) is { } r && Math.Abs(r) < 0.9999 && Error(t => Fisher(_fit.Problem.Shape.RawCovariance(t, part), first, second, k), 0.0) is { } error)
                    {
                        result.Add(new ComponentInterval(random.Group, $"{random.Names[i]}:{random.Names[j]}", true, r, Math.Tanh(Math.Atanh(r) - z * error), Math.Tanh(Math.Atanh(r) + z * error)));
                    }
                }
            }
        }

        var own = Error(_ => 0.0, 1.0 / _fit.Sigma) ?? 0.0;
        result.Add(new ComponentInterval(null, string.Empty, false, _fit.Sigma, _fit.Sigma * Math.Exp(-z * own), _fit.Sigma * Math.Exp(z * own)));
        return result;
    }

    static double Fisher(double[] covariance, int i, int j, int k) => Math.Atanh(covariance[i * k + j] / Math.Sqrt(covariance[i * k + i] * covariance[j * k + j]));

    // Standard error of a function of theta, with its derivative by sigma given; null where it has none.
    double? Error(Func<double[], double> function, double bySigma)
    {
        var gradient = new double[_steps.Length + 1];
        var steps = Array.ConvertAll(_steps, s => 0.1 * s);
        Derivatives.Gradient(function, (double[])_fit.Theta.Clone(), steps).CopyTo(gradient, 0);
        gradient[^1] = bySigma;
        var variance = SmallMatrix.Quadratic(_parameters, gradient);
        return variance > 0.0 && double.IsFinite(variance) ? Math.Sqrt(variance) : null;
    }

    internal static SatterthwaiteCovariance Of(MixedFit fit)
    {
        var problem = fit.Problem;
        var theta = (double[])fit.Theta.Clone();
        var s2 = fit.Dispersion;
        var m = theta.Length;
        double Twice(double[] t) => problem.Deviance(problem.Shape.Factors(t), fit.Sigma);
        double Penalised(double[] t) => problem.At(problem.Shape.Factors(t))?.Penalised ?? double.NaN;
        var steps = Derivatives.Steps(Twice, theta, Twice(theta));
        var upper = Derivatives.Hessian(Twice, theta, Twice(theta), steps);
        var slope = Derivatives.Gradient(Penalised, theta, steps);
        var hessian = new double[(m + 1) * (m + 1)];
        for (var i = 0; i < m; i++)
        {
            Array.Copy(upper, i * m, hessian, i * (m + 1), m);
            hessian[i * (m + 1) + m] = hessian[m * (m + 1) + i] = -2.0 * slope[i] / (s2 * fit.Sigma);
        }

        hessian[^1] = 4.0 * problem.Degrees / s2;
        var derivatives = new double[m][];
        for (var i = 0; i < m; i++)
        {
            derivatives[i] = VarianceParameters.Derivative(problem, theta, i, 0.5 * steps[i], s2);
        }

        var matrix = Array.ConvertAll(fit.Bread, v => v * s2);
        var parameters = VarianceParameters.Uncertainty(hessian, m + 1);
        var degrees = new double[fit.Estimates.Length];
        var unit = new double[degrees.Length];
        for (var j = 0; j < degrees.Length; j++)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            degrees[j] = Degrees(fit, derivatives, parameters, unit, matrix);
        }

        return new SatterthwaiteCovariance(fit, matrix, derivatives, parameters, steps, degrees);
    }

    static double Degrees(MixedFit fit, double[][] derivatives, double[] parameters, ReadOnlySpan<double> weights, double[] matrix)
    {
        var variance = SmallMatrix.Quadratic(matrix, weights);
        return Degrees(variance, Gradient(fit, derivatives, weights, variance), parameters);
    }

    static double Degrees(double variance, double[] gradient, double[] parameters)
    {
        var spread = SmallMatrix.Quadratic(parameters, gradient);
        return spread > 0.0 ? 2.0 * variance * variance / spread : double.PositiveInfinity;
    }

    static double[] Gradient(MixedFit fit, double[][] derivatives, ReadOnlySpan<double> weights, double variance)
    {
        var basis = fit.Problem.ToBasis(weights);
        var gradient = new double[derivatives.Length + 1];
        for (var i = 0; i < derivatives.Length; i++)
        {
            gradient[i] = SmallMatrix.Quadratic(derivatives[i], basis);
        }

        gradient[^1] = 2.0 * variance / fit.Sigma;
        return gradient;
    }

    // Fai and Cornelius: the denominator whose F has the mean that the sum of squared t's has.
    static double Together(List<double> degrees)
    {
        if (degrees.TrueForAll(d => Math.Abs(d - degrees[0]) < 1e-8) || degrees.Count == 1)
        {
            return degrees[0];
        }

        if (degrees.Exists(d => d <= 2.0))
        {
            return 2.0;
        }

        var expected = degrees.Sum(d => double.IsPositiveInfinity(d) ? 1.0 : d / (d - 2.0));
        return expected > degrees.Count ? 2.0 * expected / (expected - degrees.Count) : double.PositiveInfinity;
    }

    // Variance of the random part at one row in units of the residual variance.
    double Random(double[] theta, IReadOnlyList<double[]> z)
    {
        var shape = _fit.Problem.Shape;
        var sum = 0.0;
        for (var p = 0; p < shape.Parts.Count; p++)
        {
            var part = shape.Parts[p];
            var term = _fit.Terms.ToList().IndexOf(part.Term);
            double[] values = [.. part.Names.Select(n => z[term][part.Term.Names.ToList().IndexOf(n)])];
            sum += SmallMatrix.Quadratic(shape.RawCovariance(theta, p), values);
        }

        return sum;
    }

    double[][] Guess(ReadOnlySpan<double> row)
    {
        var result = new double[_fit.Terms.Count][];
        for (var t = 0; t < result.Length; t++)
        {
            var term = _fit.Terms[t];
            result[t] = new double[term.Names.Count];
            for (var j = 0; j < result[t].Length; j++)
            {
                var place = _fit.Design.Names.ToList().IndexOf(term.Names[j]);
                result[t][j] = term.Names[j] == RandomTerm.InterceptName ? 1.0 : place >= 0 ? row[place] : term.Columns[j].Average();
            }
        }

        return result;
    }
}
