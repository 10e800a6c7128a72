using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>Labels that a model confidently contradicts.</summary>
/// <param name="Thresholds">Of each class: mean probability of the class among rows that carry its label; a row is confidently of a class from there on.</param>
/// <param name="Counts">Confident joint, row by row: rows with the label that are confidently of the class.</param>
/// <param name="Joint">The same as shares of all rows, each label's row brought to its share.</param>
/// <param name="Share">Off the diagonal of <paramref name="Joint"/>: share of rows whose label the model contradicts.</param>
/// <param name="Low">Lower limit of the share, rows resampled.</param>
/// <param name="High">Upper limit.</param>
/// <param name="ByChance">Mean share with right labels drawn from the model: what classes that overlap make.</param>
/// <param name="Limit">99 % quantile of the share over such draws.</param>
/// <param name="Suspects">Rows that are confidently of another class than their label, most contradicted first.</param>
/// <param name="ExpectedWrong">Share of these expected to be wrong: the part that chance does not make.</param>
public sealed record LabelContradictions(
    double[] Thresholds, long[] Counts, double[] Joint, double Share, double Low, double High, double ByChance, double Limit, int[] Suspects, double ExpectedWrong);

/// <summary>Which labels are likely wrong, from out-of-fold probabilities.</summary>
/// <remarks>
/// Source: Northcutt, Jiang and Chuang 2021, Journal of Artificial Intelligence Research 70: the confident joint, calibrated to the label counts, with ties between classes given to the
/// more probable. What classes that overlap make without any error is measured by drawing right labels from probabilities. O(rows times classes) a draw.
/// </remarks>
public static class ConfidentLearning
{
    // Rounding must not decide whether a row reaches its own mean.
    const double Hair = 1e-6;

    /// <param name="probabilities">Row by row, one probability per class; of models that did not see the row.</param>
    /// <param name="labels">Class of each row, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">At least 2; each occurs.</param>
    /// <param name="draws">Draws of labels, and resamples of rows.</param>
    /// <param name="seed">Seed of both.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="right">Probabilities that right labels are drawn from, as <see cref="LabelChannelFit.Clean"/>; <paramref name="probabilities"/> when left out.</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 rows.</exception>
    /// <exception cref="NotEstimableException">A class does not occur.</exception>
    public static LabelContradictions Of(double[] probabilities, int[] labels, int classes, int draws = 199, ulong seed = 1, double level = 0.95, double[]? right = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 19);
        InferenceGuard.Level(level);
        var n = labels.Length;
        if (probabilities.Length != n * classes)
            throw new ArgumentException("Every row has one probability per class.", nameof(probabilities));
        if (right is not null && right.Length != probabilities.Length)
            throw new ArgumentException("Right labels are drawn from as many probabilities.", nameof(right));
        if (n < 20)
            throw new TooFewRowsException("The sample", n, 20);
        var work = new Work(probabilities, classes);
        var rows = new int[n];
        for (var i = 0; i < n; i++)
            rows[i] = i;
        if (!work.Count(rows, labels))
            throw new NotEstimableException("A class does not occur.");
        var thresholds = (double[])work.Thresholds.Clone();
        var counts = (long[])work.Counts.Clone();
        var joint = work.Joint();
        var share = OffDiagonal(joint, classes);
        var suspects = Suspects(probabilities, labels, classes, thresholds);
        var rng = new Rng(seed).Stream("label-draws");
        var drawn = new List<double>(draws);
        var other = new int[n];
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < n; i++)
                other[i] = Draw((right ?? probabilities).AsSpan(i * classes, classes), rng);
            if (work.Count(rows, other))
                drawn.Add(OffDiagonal(work.Joint(), classes));
        }
        rng = new Rng(seed).Stream("label-rows");
        var resampled = new List<double>(draws);
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < n; i++)
                rows[i] = rng.NextInt(n);
            if (work.Count(rows, labels))
                resampled.Add(OffDiagonal(work.Joint(), classes));
        }
        drawn.Sort();
        resampled.Sort();
        var chance = Mean(drawn);
        return new(
            thresholds, counts, joint, share, Quantile(resampled, (1 - level) / 2, share), Quantile(resampled, (1 + level) / 2, share), chance, Quantile(drawn, 0.99, 1), suspects,
            share > 0 ? Math.Clamp(1 - chance / share, 0, 1) : 0);
    }

    static int[] Suspects(double[] probabilities, int[] labels, int classes, double[] thresholds)
    {
        var found = new List<(int Row, double Margin)>();
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            var confident = Confident(row, thresholds);
            if (confident >= 0 && confident != labels[i])
                found.Add((i, row[confident] - row[labels[i]]));
        }
        found.Sort(static (a, b) => b.Margin.CompareTo(a.Margin) is not 0 and var c ? c : a.Row.CompareTo(b.Row));
        var rows = new int[found.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = found[i].Row;
        return rows;
    }

    // The most probable of the classes whose threshold the row reaches; -1 for none.
    static int Confident(ReadOnlySpan<double> row, double[] thresholds)
    {
        var best = -1;
        for (var j = 0; j < row.Length; j++)
        {
            if (row[j] >= thresholds[j] - Hair && (best < 0 || row[j] > row[best]))
                best = j;
        }
        return best;
    }

    static int Draw(ReadOnlySpan<double> row, Rng rng)
    {
        var at = rng.NextDouble();
        for (var j = 0; j < row.Length - 1; j++)
        {
            at -= row[j];
            if (at < 0)
                return j;
        }
        return row.Length - 1;
    }

    static double OffDiagonal(double[] joint, int classes)
    {
        var sum = 0.0;
        for (var i = 0; i < joint.Length; i++)
            sum += i / classes == i % classes ? 0 : joint[i];
        return sum;
    }

    static double Mean(List<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return values.Count > 0 ? sum / values.Count : 0;
    }

    static double Quantile(List<double> sorted, double probability, double otherwise) =>
        sorted.Count == 0 ? otherwise : sorted[Math.Clamp((int)Math.Ceiling(probability * sorted.Count) - 1, 0, sorted.Count - 1)];

    sealed class Work(double[] probabilities, int classes)
    {
        readonly long[] _sizes = new long[classes];

        public double[] Thresholds { get; } = new double[classes];

        public long[] Counts { get; } = new long[classes * classes];

        /// <returns>False when a class has no row.</returns>
        public bool Count(int[] rows, int[] labels)
        {
            Array.Clear(_sizes);
            Array.Clear(Thresholds);
            Array.Clear(Counts);
            foreach (var i in rows)
            {
                _sizes[labels[i]]++;
                Thresholds[labels[i]] += probabilities[i * classes + labels[i]];
            }
            for (var j = 0; j < classes; j++)
            {
                if (_sizes[j] == 0)
                    return false;
                Thresholds[j] /= _sizes[j];
            }
            foreach (var i in rows)
            {
                var confident = Confident(probabilities.AsSpan(i * classes, classes), Thresholds);
                if (confident >= 0)
                    Counts[labels[i] * classes + confident]++;
            }
            return true;
        }

        // A label without a confident row is taken to be right throughout.
        public double[] Joint()
        {
            var joint = new double[Counts.Length];
            long n = 0;
            foreach (var size in _sizes)
                n += size;
            for (var a = 0; a < classes; a++)
            {
                long confident = 0;
                for (var b = 0; b < classes; b++)
                    confident += Counts[a * classes + b];
                var share = _sizes[a] / (double)n;
                for (var b = 0; b < classes; b++)
                    joint[a * classes + b] = confident > 0 ? share * Counts[a * classes + b] / confident : a == b ? share : 0;
            }
            return joint;
        }
    }
}
