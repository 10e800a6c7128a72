using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>A multinomial logistic model.</summary>
/// <param name="Coefficients">For each class but the first: log odds against the first class per unit of each column.</param>
/// <param name="LogLikelihood">Log-likelihood at the estimates.</param>
/// <param name="NullLogLikelihood">Log-likelihood of the class shares alone.</param>
/// <param name="SetAside">Columns that earlier ones determine.</param>
/// <param name="Iterations">Newton steps made.</param>
public sealed record MultinomialFit(
    IReadOnlyList<IReadOnlyList<CoefficientEstimate>> Coefficients, double LogLikelihood, double NullLogLikelihood, IReadOnlyList<string> SetAside, int Iterations)
{
    internal double[][] Beta { get; init; } = [];

    /// <summary>Covariance of each class's coefficients, in the order of <see cref="Coefficients"/>.</summary>
    public required IReadOnlyList<CoefficientCovariance> Covariances { get; init; }

    /// <summary>Probability of each class at given values of the columns that have coefficients.</summary>
    public double[] Probabilities(ReadOnlySpan<double> row)
    {
        var eta = new double[Beta.Length + 1];
        for (var c = 0; c < Beta.Length; c++)
        {
            eta[c + 1] = SmallMatrix.Dot(row, Beta[c]);
        }

        var total = Numerics.Special.Elementary.LogSumExp(eta);
        return Array.ConvertAll(eta, e => Math.Exp(e - total));
    }
}

/// <summary>Which of several classes, by Newton's method on the multinomial likelihood.</summary>
/// <remarks>Source: Agresti 2013, Categorical Data Analysis, section 8.1. Agrees with R nnet <c>multinom</c> and statsmodels <c>MNLogit</c>.</remarks>
public static class MultinomialLogit
{
    const int MostIterations = 100;
    const int MostHalvings = 40;

    // Fitted probabilities this near to certainty in every row of a class mean that its estimate runs off.
    const double LargestLogit = 25.0;

    /// <param name="design">Columns of the model, the column of ones included.</param>
    /// <param name="classes">Class of each row, 0 to <paramref name="count"/> - 1; 0 is what the others are compared with.</param>
    /// <param name="count">Number of classes, at least 2; each occurs.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more rows than coefficients.</exception>
    /// <exception cref="NotEstimableException">A class does not occur, or the columns separate the classes.</exception>
    public static MultinomialFit Fit(DesignMatrix design, ReadOnlySpan<int> classes, int count, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        Inference.InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        RegressionGuard.SameRows(design.Rows, classes.Length);
        var sizes = new long[count];
        foreach (var c in classes)
        {
            if (c < 0 || c >= count)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), c, $"A class lies in 0 to {count - 1}.");
            }

            sizes[c]++;
        }

        var empty = Array.IndexOf(sizes, 0L);
        if (empty >= 0)
        {
            throw new NotEstimableException($"Class {empty} does not occur.");
        }

        var qr = HouseholderQr.Factor(design.Raw);
        var kept = design.Only(qr.Kept);
        var aside = new string[qr.SetAside.Length];
        for (var i = 0; i < aside.Length; i++)
        {
            aside[i] = design.Names[qr.SetAside[i]];
        }

        var k = kept.Columns;
        if (design.Rows <= k * (count - 1))
        {
            throw new TooFewRowsException("The multinomial regression", design.Rows, k * (count - 1) + 1L);
        }

        return new Newton(kept, classes.ToArray(), count).Run(sizes, aside, level);
    }

    sealed class Newton(DesignMatrix design, int[] classes, int count)
    {
        readonly StandardisedColumns _columns = new(design);
        readonly int _k = design.Columns;
        readonly int _size = design.Columns * (count - 1);

        public MultinomialFit Run(long[] sizes, string[] setAside, double level)
        {
            var gamma = new double[_size];
            var (likelihood, score, information) = Look(gamma);
            for (var iteration = 1; iteration <= MostIterations; iteration++)
            {
                var factor = SmallMatrix.Cholesky(information, _size, 1e-12) ?? throw Separated();
                var step = SmallMatrix.SolveCholesky(factor, score);
                var decrement = SmallMatrix.Dot(step, score);
                var scale = 1.0;
                for (var halving = 0; ; halving++)
                {
                    var next = GeneralisedLinearModel.Moved(gamma, step, scale);
                    var after = Look(next);
                    if (after.Likelihood >= likelihood - 1e-10 * Math.Abs(likelihood))
                    {
                        (gamma, (likelihood, score, information)) = (next, after);
                        break;
                    }

                    scale = halving < MostHalvings ? 0.5 * scale : throw Separated();
                }

                if (Array.Exists(gamma, g => Math.Abs(g) > LargestLogit))
                {
                    throw Separated();
                }

                if (decrement <= 1e-16)
                {
                    return Result(gamma, likelihood, information, sizes, setAside, level, iteration);
                }
            }

            throw Separated();
        }

        static NotEstimableException Separated() => new("The columns separate the classes, or nearly so: the estimate runs to infinity.");

        (double Likelihood, double[] Score, double[] Information) Look(double[] gamma)
        {
            var score = new double[_size];
            var information = new double[_size * _size];
            var likelihood = 0.0;
            Span<double> one = stackalloc double[1];
            var z = new double[_k];
            var eta = new double[count];
            for (var i = 0; i < classes.Length; i++)
            {
                for (var j = 0; j < _k; j++)
                {
                    _columns.Copy(j, i, 1, one);
                    z[j] = one[0];
                }

                for (var c = 1; c < count; c++)
                {
                    eta[c] = SmallMatrix.Dot(z, gamma.AsSpan((c - 1) * _k, _k));
                }

                var total = Numerics.Special.Elementary.LogSumExp(eta);
                likelihood += eta[classes[i]] - total;
                for (var c = 1; c < count; c++)
                {
                    var p = Math.Exp(eta[c] - total);
                    Vectors.AddScaled(score.AsSpan((c - 1) * _k, _k), z, (classes[i] == c ? 1.0 : 0.0) - p);
                    for (var d = 1; d < count; d++)
                    {
                        var w = p * ((c == d ? 1.0 : 0.0) - Math.Exp(eta[d] - total));
                        for (var j = 0; j < _k; j++)
                        {
                            Vectors.AddScaled(information.AsSpan(((c - 1) * _k + j) * _size + (d - 1) * _k, _k), z, w * z[j]);
                        }
                    }
                }
            }

            return (likelihood, score, information);
        }

        MultinomialFit Result(double[] gamma, double likelihood, double[] information, long[] sizes, string[] setAside, double level, int iterations)
        {
            var covariance = SmallMatrix.InverseCholesky(SmallMatrix.Cholesky(information, _size, 1e-13) ?? throw Separated(), _size);
            var beta = new double[count - 1][];
            var rows = new IReadOnlyList<CoefficientEstimate>[count - 1];
            var covariances = new CoefficientCovariance[count - 1];
            var nullLikelihood = 0.0;
            foreach (var size in sizes)
            {
                nullLikelihood += size * Math.Log((double)size / classes.Length);
            }

            for (var c = 0; c < beta.Length; c++)
            {
                var block = new double[_k * _k];
                for (var i = 0; i < _k; i++)
                {
                    covariance.AsSpan((c * _k + i) * _size + c * _k, _k).CopyTo(block.AsSpan(i * _k));
                }

                beta[c] = _columns.ToOriginal(gamma[(c * _k)..((c + 1) * _k)]);
                var own = _columns.ToOriginal(block, _k);
                covariances[c] = CoefficientCovariance.Of(own, _k, double.PositiveInfinity, "multinomial likelihood");
                var table = new CoefficientEstimate[_k];
                for (var j = 0; j < _k; j++)
                {
                    table[j] = CoefficientCovariance.Estimate(design.Names[j], beta[c][j], Math.Sqrt(own[j * _k + j]), double.PositiveInfinity, level);
                }

                rows[c] = table;
            }

            return new MultinomialFit(rows, likelihood, nullLikelihood, setAside, iterations) { Beta = beta, Covariances = covariances };
        }
    }
}
