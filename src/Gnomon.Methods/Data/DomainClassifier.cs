using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>How well the columns tell two sets of rows apart.</summary>
/// <param name="Auc">Chance that a row of the first set has the higher score; 0.5 when they cannot be told apart.</param>
/// <param name="Low">Lower limit (DeLong, logit scale).</param>
/// <param name="High">Upper limit.</param>
/// <param name="PValue">Share of random labellings, with the data's own counted as one, that are told apart at least as well.</param>
/// <param name="NullHigh">95 % quantile of the area under the curve over these labellings.</param>
/// <param name="Scores">Score of each row from a model that did not see it.</param>
public sealed record DomainResult(double Auc, double Low, double High, double PValue, double NullHigh, double[] Scores);

/// <summary>Can a model tell rows of one set from rows of another? Cross-fitted linear discriminant with a ridge penalty.</summary>
/// <remarks>
/// Sources: Lopez-Paz and Oquab 2017 for the two-sample question; Fisher 1936 for the discriminant, computed as least squares on the label, which orders rows alike.
/// Features are brought to mean 0 and spread 1 over all rows; the penalty (1 by default) is that of scikit-learn's <c>Ridge</c>. Squares of numbers let a change of spread be seen.
/// The null distribution refits every labelling: the cross products of the features are shared, so one costs no more than a pass over the rows.
/// </remarks>
public static class DomainClassifier
{
    /// <param name="features">Row by row, <paramref name="columns"/> to a row; finite.</param>
    /// <param name="columns">Features of a row, at least 1.</param>
    /// <param name="isFirst">True for rows of the first set; at least 10 rows of either kind.</param>
    /// <param name="folds">Fold of each row, 0 up; see <see cref="Folds"/>.</param>
    /// <param name="permutations">Random labellings of the null distribution.</param>
    /// <param name="seed">Seed of these.</param>
    /// <param name="penalty">Ridge penalty on standardised features, above 0.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 10 rows of a kind.</exception>
    public static DomainResult Compare(double[] features, int columns, bool[] isFirst, int[] folds, int permutations = 199, ulong seed = 1, double penalty = 1, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(isFirst);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        InferenceGuard.Level(level);
        var n = isFirst.Length;
        if (features.Length != n * columns || folds.Length != n)
            throw new ArgumentException("Features, labels and folds have one number of rows.", nameof(features));
        if (!(penalty > 0))
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty lies above 0.");
        var first = 0;
        foreach (var is1 in isFirst)
            first += is1 ? 1 : 0;
        if (Math.Min(first, n - first) < 10)
            throw new TooFewRowsException("The smaller set", Math.Min(first, n - first), 10);
        var model = new Ridge(features, columns, folds, penalty);
        var scores = model.Scores(isFirst);
        var auc = AreaUnderCurve.Of(Of(scores, isFirst, true), Of(scores, isFirst, false), level);
        var rng = new Rng(seed).Stream("domain-labels");
        var labels = (bool[])isFirst.Clone();
        var drawn = new double[permutations];
        var atLeast = 1;
        for (var k = 0; k < permutations; k++)
        {
            ShuffleWithin(folds, labels, rng);
            drawn[k] = Auc(model.Scores(labels), labels);
            atLeast += drawn[k] >= auc.Auc ? 1 : 0;
        }
        Array.Sort(drawn);
        return new(auc.Auc, auc.Low, auc.High, atLeast / (permutations + 1.0), permutations > 0 ? drawn[(int)Math.Ceiling(0.95 * permutations) - 1] : 0.5, scores);
    }

    /// <summary>Random folds with the same share of both sets in each.</summary>
    public static int[] Folds(ReadOnlySpan<bool> isFirst, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var order = new int[isFirst.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        new Rng(seed).Stream("domain-folds").Shuffle<int>(order);
        var folds = new int[order.Length];
        Span<int> next = stackalloc int[2];
        foreach (var i in order)
        {
            var set = isFirst[i] ? 1 : 0;
            folds[i] = next[set]++ % count;
        }
        return folds;
    }

    // Within folds, so that every labelling has as many rows of the first set in each fold as the data: pooled scores of folds of unlike make-up would run low.
    static void ShuffleWithin(int[] folds, bool[] labels, Rng rng)
    {
        var order = new int[folds.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var keys = (int[])folds.Clone();
        Array.Sort(keys, order);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && keys[end] == keys[start])
                end++;
            for (var i = end - 1; i > start; i--)
            {
                var j = start + rng.NextInt(i - start + 1);
                (labels[order[i]], labels[order[j]]) = (labels[order[j]], labels[order[i]]);
            }
            start = end;
        }
    }

    static double[] Of(double[] scores, bool[] labels, bool wanted)
    {
        var found = new List<double>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            if (labels[i] == wanted)
                found.Add(scores[i]);
        }
        return [.. found];
    }

    static double Auc(double[] scores, bool[] labels)
    {
        var ranks = Midranks.Of(scores);
        double sum = 0, m = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            sum += labels[i] ? ranks[i] : 0;
            m += labels[i] ? 1 : 0;
        }
        return (sum - m * (m + 1) / 2) / (m * (ranks.Length - m));
    }

    /// <summary>Ridge regression on the label, without the rows of one fold at a time.</summary>
    sealed class Ridge
    {
        readonly double[] _x;
        readonly int _k;
        readonly int[] _folds;
        readonly double[]?[] _factors;
        readonly int _count;

        public Ridge(double[] features, int columns, int[] folds, double penalty)
        {
            _k = columns + 1;
            _folds = folds;
            _x = Standardised(features, columns);
            foreach (var fold in folds)
                _count = Math.Max(_count, fold + 1);
            var products = new double[_count][];
            for (var f = 0; f < _count; f++)
                products[f] = new double[_k * _k];
            for (var i = 0; i < folds.Length; i++)
                AddProducts(products[folds[i]], _x.AsSpan(i * _k, _k));
            var all = new double[_k * _k];
            foreach (var part in products)
                for (var j = 0; j < all.Length; j++)
                    all[j] += part[j];
            _factors = new double[_count][];
            for (var f = 0; f < _count; f++)
            {
                var left = new double[all.Length];
                for (var a = 0; a < _k; a++)
                    for (var b = 0; b < _k; b++)
                        left[a * _k + b] = all[Math.Min(a, b) * _k + Math.Max(a, b)] - products[f][Math.Min(a, b) * _k + Math.Max(a, b)] + (a == b && a > 0 ? penalty : 0);
                _factors[f] = SmallMatrix.Cholesky(left, _k, 1e-13);
            }
        }

        public double[] Scores(bool[] labels)
        {
            var sums = new double[_count * _k];
            var all = new double[_k];
            for (var i = 0; i < labels.Length; i++)
            {
                if (!labels[i])
                    continue;
                var row = _x.AsSpan(i * _k, _k);
                var sum = sums.AsSpan(_folds[i] * _k, _k);
                for (var j = 0; j < row.Length; j++)
                    sum[j] += row[j];
            }
            for (var f = 0; f < _count; f++)
                for (var j = 0; j < _k; j++)
                    all[j] += sums[f * _k + j];
            var beta = new double[_count][];
            for (var f = 0; f < _count; f++)
            {
                var right = new double[_k];
                for (var j = 0; j < _k; j++)
                    right[j] = all[j] - sums[f * _k + j];
                beta[f] = _factors[f] is { } factor ? SmallMatrix.SolveCholesky(factor, right) : new double[_k];
            }
            var scores = new double[labels.Length];
            for (var i = 0; i < scores.Length; i++)
                scores[i] = SmallMatrix.Dot(_x.AsSpan(i * _k, _k), beta[_folds[i]]);
            return scores;
        }

        // The upper triangle is enough.
        void AddProducts(double[] into, ReadOnlySpan<double> row)
        {
            for (var a = 0; a < _k; a++)
            {
                var value = row[a];
                if (value == 0)
                    continue;
                for (var b = a; b < _k; b++)
                    into[a * _k + b] += value * row[b];
            }
        }

        // With a leading one; a constant feature becomes 0 throughout.
        static double[] Standardised(double[] features, int columns)
        {
            var n = features.Length / columns;
            var x = new double[n * (columns + 1)];
            for (var i = 0; i < n; i++)
                x[i * (columns + 1)] = 1;
            for (var j = 0; j < columns; j++)
            {
                double mean = 0, squares = 0;
                for (var i = 0; i < n; i++)
                    mean += features[i * columns + j] / n;
                for (var i = 0; i < n; i++)
                    squares += (features[i * columns + j] - mean) * (features[i * columns + j] - mean);
                var sd = Math.Sqrt(squares / n);
                for (var i = 0; i < n; i++)
                    x[i * (columns + 1) + j + 1] = sd > 1e-12 * Math.Max(1, Math.Abs(mean)) ? (features[i * columns + j] - mean) / sd : 0;
            }
            return x;
        }
    }
}
