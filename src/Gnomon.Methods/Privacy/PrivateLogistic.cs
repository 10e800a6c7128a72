using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Privacy;

/// <summary>A logistic regression before noise: coefficients, and how far one person's rows can move them.</summary>
public sealed class PrivateLogisticFit
{
    const double Step = 1.0 / (1 << 20);

    internal PrivateLogisticFit(double[] coefficients, double sensitivity, int rowsPerPerson, int iterations, double gradient) =>
        (Coefficients, Sensitivity, RowsPerPerson, Iterations, Gradient) = (coefficients, sensitivity, rowsPerPerson, iterations, gradient);

    /// <summary>Coefficients without noise, the intercept first, of features between -1 and 1. They are no release.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>Most that the coefficients move (Euclidean) when a person's rows are added or taken away; what the iteration left undone is counted.</summary>
    public double Sensitivity { get; }

    /// <summary>Most rows of one person.</summary>
    public int RowsPerPerson { get; }

    /// <summary>Steps of Newton's method.</summary>
    public int Iterations { get; }

    /// <summary>Length of the gradient at the end.</summary>
    public double Gradient { get; }

    /// <summary>Releases the coefficients: rounded to a grid, whole-number noise on each. The loss is <paramref name="epsilon"/>.</summary>
    /// <remarks>The sum of the moves of d coefficients is at most the root of d times the Euclidean one; rounding adds at most a step to each.</remarks>
    /// <param name="epsilon">Privacy loss, above 0.</param>
    /// <param name="source">Where the noise comes from.</param>
    public double[] Release(Epsilon epsilon, NoiseSource source)
    {
        var noise = Noise(epsilon);
        var released = new double[Coefficients.Count];
        for (var j = 0; j < released.Length; j++)
            released[j] = Step * ((long)Math.Round(Coefficients[j] / Step) + noise.Draw(source));
        return released;
    }

    /// <summary>Standard deviation of the noise on each coefficient.</summary>
    public double NoiseDeviation(Epsilon epsilon) => Step * Math.Sqrt(Noise(epsilon).Variance);

    DiscreteLaplace Noise(Epsilon epsilon)
    {
        var d = Coefficients.Count;
        return new(epsilon, (long)Math.Ceiling(Math.Sqrt(d) * Sensitivity / Step) + d);
    }
}

/// <summary>Logistic regression for release under differential privacy by output perturbation.</summary>
/// <remarks>
/// Source: Chaudhuri, Monteleoni and Sarwate 2011, Journal of Machine Learning Research 12, output perturbation, with the penalty on the sum of losses, so that the number of rows is no secret that the
/// bound leans on. A row of length at most 1 moves the gradient by at most 1, and the penalty curves the objective by its size: the minimiser moves by at most rows per person over the penalty. In place of
/// the gamma-length noise of that paper, whole-number noise on each coefficient of a grid: noise made of doubles can be seen through (Mironov 2012).
/// </remarks>
public static class PrivateLogistic
{
    const int MostIterations = 100;
    const double Tolerance = 1e-9;

    /// <param name="features">Column by column, each value between -1 and 1 (others are cut): bounds must not come from the data. At most 1,000 columns.</param>
    /// <param name="target">True or false for each row.</param>
    /// <param name="penalty">Penalty on half the squared length of the coefficients, intercept included, against the sum of losses; above 0.</param>
    /// <param name="rowsPerPerson">Most rows of one person, at least 1.</param>
    /// <exception cref="NotEstimableException">The iteration does not converge.</exception>
    public static PrivateLogisticFit Fit(IReadOnlyList<double[]> features, ReadOnlySpan<bool> target, double penalty, int rowsPerPerson = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features.Count, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerPerson, 1);
        if (!(penalty > 0) || !double.IsFinite(penalty))
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty lies above 0: without it one row may move a coefficient without bound.");
        var k = features.Count + 1;
        var (x, y) = (Rows(features, target.Length), target.ToArray());
        var beta = new double[k];
        var state = At(x, y, k, beta, penalty);
        var iterations = 0;
        while (Length(state.Gradient) > Tolerance)
        {
            if (++iterations > MostIterations)
                throw new NotEstimableException($"The penalised logistic regression did not converge in {MostIterations} iterations.");
            var factor = SmallMatrix.Cholesky(Hessian(x, k, state.Chances, penalty), k, 1e-15) ?? throw new NotEstimableException("The penalised logistic regression has no curvature.");
            var step = SmallMatrix.SolveCholesky(factor, state.Gradient);
            var scale = 1.0;
            while (true)
            {
                var next = new double[k];
                for (var j = 0; j < k; j++)
                    next[j] = beta[j] - scale * step[j];
                var after = At(x, y, k, next, penalty);
                // Rounding ends the descent before it ends the iteration: a step that loses nothing is taken.
                if (after.Loss <= state.Loss + 1e-12 * Math.Abs(state.Loss) || scale < 1e-9)
                {
                    (beta, state) = (next, after);
                    break;
                }
                scale /= 2;
            }
        }
        var root = Math.Sqrt(k);
        var gradient = Length(state.Gradient);
        // Coefficients of rows of length 1 are those of the columns times the root of their number.
        var sensitivity = (rowsPerPerson + 2 * gradient) / penalty;
        for (var j = 0; j < k; j++)
            beta[j] /= root;
        return new(beta, sensitivity / root, rowsPerPerson, iterations, gradient);
    }

    // A leading one; divided by the root of the number of columns, so that no row is longer than 1.
    static double[] Rows(IReadOnlyList<double[]> features, int n)
    {
        var k = features.Count + 1;
        var root = 1 / Math.Sqrt(k);
        var x = new double[n * k];
        for (var i = 0; i < n; i++)
            x[i * k] = root;
        for (var j = 1; j < k; j++)
        {
            var column = features[j - 1];
            if (column.Length != n)
                throw new ArgumentException($"Column {j} has {column.Length} values for {n} rows.", nameof(features));
            for (var i = 0; i < n; i++)
            {
                InferenceGuard.Finite(column[i], nameof(features));
                x[i * k + j] = root * Math.Clamp(column[i], -1, 1);
            }
        }
        return x;
    }

    static (double Loss, double[] Gradient, double[] Chances) At(double[] x, bool[] y, int k, double[] beta, double penalty)
    {
        var gradient = new double[k];
        var chances = new double[y.Length];
        double loss = 0;
        for (var j = 0; j < k; j++)
        {
            gradient[j] = penalty * beta[j];
            loss += penalty / 2 * beta[j] * beta[j];
        }
        for (var i = 0; i < y.Length; i++)
        {
            var row = x.AsSpan(i * k, k);
            var eta = SmallMatrix.Dot(row, beta);
            var signed = y[i] ? -eta : eta;
            loss += Math.Max(0, signed) + Math.Log(1 + Math.Exp(-Math.Abs(signed)));
            var p = chances[i] = 1 / (1 + Math.Exp(-eta));
            var gap = p - (y[i] ? 1 : 0);
            for (var j = 0; j < k; j++)
                gradient[j] += gap * row[j];
        }
        return (loss, gradient, chances);
    }

    static double[] Hessian(double[] x, int k, double[] chances, double penalty)
    {
        var hessian = new double[k * k];
        for (var i = 0; i < chances.Length; i++)
        {
            var row = x.AsSpan(i * k, k);
            var w = chances[i] * (1 - chances[i]);
            for (var a = 0; a < k; a++)
            {
                var value = w * row[a];
                if (value == 0)
                    continue;
                for (var b = 0; b <= a; b++)
                    hessian[a * k + b] += value * row[b];
            }
        }
        for (var a = 0; a < k; a++)
        {
            hessian[a * k + a] += penalty;
            for (var b = 0; b < a; b++)
                hessian[b * k + a] = hessian[a * k + b];
        }
        return hessian;
    }

    static double Length(double[] v) => Math.Sqrt(SmallMatrix.Dot(v, v));
}
