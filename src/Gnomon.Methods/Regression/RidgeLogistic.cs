using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Regression;

/// <summary>Logistic regression with a penalty on the squared length of the slopes: an answer also where few rows, or rows that a line parts, leave the plain one without.</summary>
/// <remarks>
/// Source: le Cessie and van Houwelingen 1992. Minimises the sum of log losses plus penalty / 2 times the squared slopes; the intercept is free. Newton's method with halved steps; the objective is strictly
/// convex in the slopes, so its minimum is one. Agrees with scikit-learn's <c>LogisticRegression(C=1/penalty)</c> to 1e-8.
/// </remarks>
public static class RidgeLogistic
{
    const int MostIterations = 100;
    const int MostHalvings = 40;

    // The gradient of n log losses is at most n times the largest feature; this leaves eight digits and more of each coefficient.
    const double Tolerance = 1e-9;

    /// <param name="features">Row by row.</param>
    /// <param name="columns">Features of a row.</param>
    /// <param name="rows">Rows to learn from; a row named twice counts twice.</param>
    /// <param name="target">True or false for each row.</param>
    /// <param name="penalty">Above 0.</param>
    /// <returns>Coefficients, the intercept first. With one class only: slopes of 0 and the log odds of half a case of the other.</returns>
    /// <exception cref="TooFewRowsException">No row.</exception>
    /// <exception cref="NotEstimableException">The iteration does not converge.</exception>
    public static double[] Fit(double[] features, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<bool> target, double penalty = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (!(penalty > 0) || !double.IsFinite(penalty))
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty lies above 0.");
        if (rows.Length == 0)
            throw new TooFewRowsException("The sample", 0, 1);
        var cases = 0;
        foreach (var i in rows)
            cases += target[i] ? 1 : 0;
        var beta = new double[columns + 1];
        if (cases == 0 || cases == rows.Length)
        {
            beta[0] = Math.Log((cases + 0.5) / (rows.Length - cases + 0.5));
            return beta;
        }

        var small = Tolerance * rows.Length;
        var (gradient, hessian) = (new double[columns + 1], new double[(columns + 1) * (columns + 1)]);
        var value = At(features, columns, rows, target, penalty, beta, gradient, hessian);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            if (Array.TrueForAll(gradient, g => Math.Abs(g) <= small))
                return beta;
            var step = Solve(hessian, gradient);
            var trial = new double[beta.Length];
            double scale = 1, next = double.PositiveInfinity;
            for (var halving = 0; halving < MostHalvings && !(next <= value); halving++, scale /= 2)
            {
                for (var j = 0; j < beta.Length; j++)
                    trial[j] = beta[j] - scale * step[j];
                next = Value(features, columns, rows, target, penalty, trial);
            }

            // No step lowers the objective any more: rounding is reached.
            if (!(next < value))
                return beta;
            beta = trial;
            value = At(features, columns, rows, target, penalty, beta, gradient, hessian);
        }

        throw new NotEstimableException($"The logistic regression did not converge in {MostIterations} steps.");
    }

    /// <summary>Log odds of a row.</summary>
    public static double Score(double[] features, int columns, int row, ReadOnlySpan<double> beta)
    {
        ArgumentNullException.ThrowIfNull(features);
        var sum = beta[0];
        for (var j = 0; j < columns; j++)
            sum += beta[j + 1] * features[(row * columns) + j];
        return sum;
    }

    static double Value(double[] x, int d, ReadOnlySpan<int> rows, ReadOnlySpan<bool> target, double penalty, double[] beta)
    {
        double sum = 0;
        for (var j = 1; j <= d; j++)
            sum += 0.5 * penalty * beta[j] * beta[j];
        foreach (var i in rows)
        {
            var signed = Score(x, d, i, beta) * (target[i] ? -1 : 1);
            sum += Math.Max(0, signed) + Math.Log(1 + Math.Exp(-Math.Abs(signed)));
        }

        return sum;
    }

    static double At(double[] x, int d, ReadOnlySpan<int> rows, ReadOnlySpan<bool> target, double penalty, double[] beta, double[] gradient, double[] hessian)
    {
        var k = d + 1;
        Array.Clear(gradient);
        Array.Clear(hessian);
        var row = new double[k];
        row[0] = 1;
        foreach (var i in rows)
        {
            Array.Copy(x, i * d, row, 1, d);
            var p = 1 / (1 + Math.Exp(-Score(x, d, i, beta)));
            double off = p - (target[i] ? 1 : 0), weight = p * (1 - p);
            for (var a = 0; a < k; a++)
            {
                gradient[a] += off * row[a];
                var scaled = weight * row[a];
                for (var b = 0; b <= a; b++)
                    hessian[(a * k) + b] += scaled * row[b];
            }
        }

        for (var j = 1; j < k; j++)
        {
            gradient[j] += penalty * beta[j];
            hessian[(j * k) + j] += penalty;
        }

        return Value(x, d, rows, target, penalty, beta);
    }

    // Cholesky on the lower half, in place; a pivot that rounding ate is set apart by a hair.
    static double[] Solve(double[] h, double[] gradient)
    {
        var k = gradient.Length;
        for (var j = 0; j < k; j++)
        {
            for (var i = j; i < k; i++)
            {
                var sum = h[(i * k) + j];
                for (var c = 0; c < j; c++)
                    sum -= h[(i * k) + c] * h[(j * k) + c];
                h[(i * k) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / h[(j * k) + j];
            }
        }

        var step = (double[])gradient.Clone();
        for (var i = 0; i < k; i++)
        {
            for (var c = 0; c < i; c++)
                step[i] -= h[(i * k) + c] * step[c];
            step[i] /= h[(i * k) + i];
        }

        for (var i = k - 1; i >= 0; i--)
        {
            for (var c = i + 1; c < k; c++)
                step[i] -= h[(c * k) + i] * step[c];
            step[i] /= h[(i * k) + i];
        }

        return step;
    }
}
