using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Inference;

/// <summary>How an outcome is predicted from covariates.</summary>
public sealed record CrossFittedPredictionOptions
{
    /// <summary>Parts of the units, at least 2; each is predicted by a model fitted on the others.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Most threads; null for all cores. The result does not depend on it.</summary>
    public int? Threads { get; init; }
}

/// <summary>Predictions of an outcome that no unit had a part in making for itself.</summary>
/// <param name="Values">One per unit, in the outcome's unit, around 0: a covariate, not a forecast of the level.</param>
/// <param name="Explained">Squared correlation of outcome and prediction within arms: about the share of variance that adjusting for it saves.</param>
/// <param name="Terms">Columns of the model.</param>
/// <param name="Penalties">Ridge penalty per unit of each fold's model, chosen inside the other folds.</param>
public sealed record CrossFittedPredictionResult(double[] Values, double Explained, int Terms, IReadOnlyList<double> Penalties);

/// <summary>Predicts an outcome from covariates known before the treatment, fold by fold, to be used as the covariate of a regression adjustment.</summary>
/// <remarks>
/// Sources: Guo et al. 2021, NeurIPS (predictions cross-fitted over the experiment's own units, then interacted regression: intervals stay right however bad
/// the predictions are); Tang et al. 2020 (predictions as the control covariate). The model is a ridge regression on numbers, hinges at their quintiles and
/// indicators: smooth enough to learn from few units, and its normal equations are sums, so that every model of the cross-fit comes from one pass over the
/// units. Arms are centred apart, hence no model learns the effect. The penalty is the one with the least error over the folds it is fitted on (Hoerl and
/// Kennard 1970).
/// </remarks>
public static class CrossFittedPrediction
{
    const long FewestRows = 40;
    static readonly double[] Penalties = [1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3];

    /// <param name="y">Outcome per unit, finite.</param>
    /// <param name="covariates">At least one column, as long as <paramref name="y"/>.</param>
    /// <param name="arm">Arm of each unit, 0 ..</param>
    /// <param name="fold">Fold of each unit, 0 .. Folds - 1, drawn without a look at outcomes, best by a hash of the unit.</param>
    /// <param name="options">Folds and threads; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 40 units, or a fold without units.</exception>
    /// <exception cref="NotEstimableException">No covariate varies, or the outcome does not vary within arms.</exception>
    public static CrossFittedPredictionResult Of(double[] y, IReadOnlyList<PredictorColumn> covariates, int[] arm, int[] fold, CrossFittedPredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(covariates);
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(fold);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Folds, 2);
        if (arm.Length != y.Length || fold.Length != y.Length || covariates.Any(c => c.Length != y.Length))
        {
            throw new ArgumentException("Outcome, covariates, arms and folds have one length.", nameof(y));
        }

        if (y.Length < FewestRows)
        {
            throw new TooFewRowsException("The experiment", y.Length, FewestRows);
        }

        var basis = new PredictorBasis(covariates);
        if (basis.Count == 0)
        {
            throw new NotEstimableException("No covariate varies.");
        }

        var outcome = Moments.MeanVariance(y);
        if (!(outcome.M2 > 0))
        {
            throw new NotEstimableException("The outcome does not vary.");
        }

        var scale = Math.Sqrt(outcome.M2 / y.Length);
        var arms = arm.Max() + 1;
        var rows = Rows(arm, fold, arms, options.Folds);
        var parts = rows.Select(byFold => byFold.Select(r => Part(r, y, outcome.Mean, scale, basis, options.Threads)).ToArray()).ToArray();
        var values = new double[y.Length];
        var penalties = new double[options.Folds];
        for (var k = 0; k < options.Folds; k++)
        {
            if (rows.All(byFold => byFold[k].Length == 0))
            {
                throw new TooFewRowsException($"Fold {k}", 0, 1);
            }

            int[] others = [.. Enumerable.Range(0, options.Folds).Where(f => f != k)];
            penalties[k] = others.Length > 1 ? Choose(parts, others, basis.Count) : Penalties[3];
            var train = Normal.Of(parts, others, basis.Count);
            var slopes = train.Solve(penalties[k]);
            foreach (var i in rows.SelectMany(byFold => byFold[k]))
            {
                var sum = 0.0;
                for (var j = 0; j < slopes.Length; j++)
                {
                    sum += slopes[j] * (basis.At(j, i) - train.Means[j]);
                }

                values[i] = sum * scale;
            }
        }

        return new(values, Explained(y, values, rows), basis.Count, penalties);
    }

    static int[][][] Rows(int[] arm, int[] fold, int arms, int folds)
    {
        var rows = new List<int>[arms][];
        for (var a = 0; a < arms; a++)
        {
            rows[a] = [.. Enumerable.Range(0, folds).Select(_ => new List<int>())];
        }

        for (var i = 0; i < arm.Length; i++)
        {
            rows[arm[i]][fold[i]].Add(i);
        }

        return [.. rows.Select(byFold => byFold.Select(r => r.ToArray()).ToArray())];
    }

    // Terms, then the outcome; all are centred and scaled over everybody, so that products about the part's own means lose no digits.
    static CoMoments Part(int[] rows, double[] y, double mean, double scale, PredictorBasis basis, int? threads)
    {
        var p = basis.Count + 1;
        if (rows.Length == 0)
        {
            return new CoMoments(0, new double[p], new double[CoMoments.PackedLength(p)]);
        }

        var gram = CrossProducts.Of(rows.Length, p, p, (start, count, block, sums) =>
        {
            for (var j = 0; j < p; j++)
            {
                var column = block.Slice(j * CrossProducts.BlockRows, count);
                for (var i = 0; i < count; i++)
                {
                    var row = rows[start + i];
                    column[i] = j < p - 1 ? basis.At(j, row) : (y[row] - mean) / scale;
                    sums[j] += column[i];
                }
            }
        }, threads, out var totals);
        double n = rows.Length;
        var products = new double[CoMoments.PackedLength(p)];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[CoMoments.PackedIndex(i, j)] = gram[i * p + j] - totals[i] * totals[j] / n;
            }
        }

        return new CoMoments(rows.Length, [.. totals.Select(t => t / n)], products);
    }

    static double Choose(CoMoments[][] parts, int[] folds, int p)
    {
        var errors = new double[Penalties.Length];
        foreach (var left in folds)
        {
            var train = Normal.Of(parts, [.. folds.Where(f => f != left)], p);
            var test = Normal.Of(parts, [left], p);
            for (var k = 0; k < errors.Length; k++)
            {
                errors[k] += test.ErrorOf(train.Solve(Penalties[k]));
            }
        }

        return Penalties[Array.IndexOf(errors, errors.Min())];
    }

    static double Explained(double[] y, double[] predicted, int[][][] rows)
    {
        double xx = 0, xy = 0, yy = 0;
        foreach (var byFold in rows)
        {
            int[] all = [.. byFold.SelectMany(r => r).Order()];
            if (all.Length == 0)
            {
                continue;
            }

            var joint = CoMoments.OfColumns([.. all.Select(i => predicted[i])], [.. all.Select(i => y[i])]);
            xx += joint.CrossProduct(0, 0);
            xy += joint.CrossProduct(0, 1);
            yy += joint.CrossProduct(1, 1);
        }

        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    }

    /// <summary>Normal equations within arms of a set of folds.</summary>
    sealed record Normal(double[] Means, double[] Matrix, double[] WithOutcome, double OutcomeSquares, double Count)
    {
        public static Normal Of(CoMoments[][] parts, int[] folds, int p)
        {
            var matrix = new double[p * p];
            var withOutcome = new double[p];
            var means = new double[p];
            double squares = 0, count = 0;
            foreach (var byFold in parts)
            {
                var arm = folds.Select(f => byFold[f]).Aggregate(CoMoments.Merge);
                for (var i = 0; i < p; i++)
                {
                    withOutcome[i] += arm.CrossProduct(i, p);
                    means[i] += arm.Count * arm.Mean(i);
                    for (var j = 0; j < p; j++)
                    {
                        matrix[i * p + j] += arm.CrossProduct(i, j);
                    }
                }

                squares += arm.CrossProduct(p, p);
                count += arm.Count;
            }

            return new([.. means.Select(m => m / Math.Max(1, count))], matrix, withOutcome, squares, count);
        }

        public double[] Solve(double penalty)
        {
            var p = WithOutcome.Length;
            var matrix = (double[])Matrix.Clone();
            for (var i = 0; i < p; i++)
            {
                matrix[i * p + i] += penalty * Count;
            }

            return PivotedCholesky.Factor(matrix, p).Solve(WithOutcome);
        }

        /// <summary>Sum of squared errors within arms of a model with these slopes.</summary>
        public double ErrorOf(double[] slopes)
        {
            var p = slopes.Length;
            var sum = OutcomeSquares;
            for (var i = 0; i < p; i++)
            {
                sum -= 2 * slopes[i] * WithOutcome[i];
                for (var j = 0; j < p; j++)
                {
                    sum += slopes[i] * slopes[j] * Matrix[i * p + j];
                }
            }

            return sum;
        }
    }
}
