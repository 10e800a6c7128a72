using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Families;

/// <summary>Several metrics of the same units, compared between two arms.</summary>
/// <param name="Statistics">Welch's t per metric.</param>
/// <param name="PValues">Two-sided permutation p-value per metric, alone.</param>
/// <param name="Adjusted">Step-down maxT p-value per metric: reject where at most alpha.</param>
/// <param name="Permutations">Random relabellings run.</param>
public sealed record MaxTResult(IReadOnlyList<double> Statistics, IReadOnlyList<double> PValues, IReadOnlyList<double> Adjusted, int Permutations);

/// <summary>The step-down maxT procedure: corrects for many metrics and uses that they move together, where Holm must assume the worst.</summary>
/// <remarks>
/// Source: Westfall and Young 1993, algorithm 2.8 with maxT; studentised by Welch's error, so that unequal spread is no false alarm in large samples (Chung and Romano 2016). Whole
/// units are relabelled, which keeps their metrics together. p-values are never 0 (Phipson and Smyth 2010).
/// </remarks>
public static class MaxT
{
    const int BlockLength = 32;
    const double TieTolerance = 1e-10;

    /// <param name="x">First arm: one array per metric, all of the same units in the same order, at least 2.</param>
    /// <param name="y">Second arm likewise, the same metrics.</param>
    /// <param name="options">Relabellings and seed; null for the defaults.</param>
    public static MaxTResult Welch(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, PermutationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Permutations, 99);
        var (metrics, n, values) = Joined(x, y);
        var first = x[0].Length;
        var labels = new int[n];
        for (var i = 0; i < n; i++)
            labels[i] = i;
        var observed = new double[metrics];
        Statistics(values, labels, first, observed);
        if (Array.Exists(observed, t => !double.IsFinite(t)))
            throw new NotEstimableException("A metric does not vary in either arm.");
        var order = Enumerable.Range(0, metrics).OrderByDescending(m => Math.Abs(observed[m])).ThenBy(m => m).ToArray();
        var (alone, stepDown) = Count(values, first, observed, order, options);
        return Summary(observed, order, alone, stepDown, options.Permutations);
    }

    static (long[] Alone, long[] StepDown) Count(double[][] values, int first, double[] observed, int[] order, PermutationOptions options)
    {
        var metrics = values.Length;
        var root = new Rng(options.Seed);
        var blocks = new (long[] Alone, long[] StepDown)[(options.Permutations + BlockLength - 1) / BlockLength];
        Parallel.For(0, blocks.Length, block =>
        {
            var rng = root.Stream("max-t", block);
            var labels = Enumerable.Range(0, values[0].Length).ToArray();
            var statistics = new double[metrics];
            var (alone, stepDown) = (new long[metrics], new long[metrics]);
            var count = Math.Min(BlockLength, options.Permutations - block * BlockLength);
            for (var b = 0; b < count; b++)
            {
                rng.Shuffle<int>(labels);
                Statistics(values, labels, first, statistics);
                var largest = 0.0;
                for (var rank = metrics - 1; rank >= 0; rank--)
                {
                    var m = order[rank];
                    var bound = Math.Abs(observed[m]) * (1 - TieTolerance);
                    var size = double.IsNaN(statistics[m]) ? 0 : Math.Abs(statistics[m]);
                    largest = Math.Max(largest, size);
                    alone[m] += size >= bound ? 1 : 0;
                    stepDown[m] += largest >= bound ? 1 : 0;
                }
            }
            blocks[block] = (alone, stepDown);
        });
        var total = (Alone: new long[metrics], StepDown: new long[metrics]);
        foreach (var (alone, stepDown) in blocks)
        {
            for (var m = 0; m < metrics; m++)
            {
                total.Alone[m] += alone[m];
                total.StepDown[m] += stepDown[m];
            }
        }
        return total;
    }

    static MaxTResult Summary(double[] observed, int[] order, long[] alone, long[] stepDown, int permutations)
    {
        var adjusted = new double[observed.Length];
        var running = 0.0;
        foreach (var m in order)
            adjusted[m] = running = Math.Max(running, (stepDown[m] + 1.0) / (permutations + 1.0));
        return new(observed, [.. alone.Select(c => (c + 1.0) / (permutations + 1.0))], adjusted, permutations);
    }

    // Values are centred beforehand, so sums of squares lose no digits.
    static void Statistics(double[][] values, int[] labels, int first, double[] statistics)
    {
        for (var m = 0; m < values.Length; m++)
        {
            var metric = values[m];
            double sum1 = 0, square1 = 0, sum2 = 0, square2 = 0;
            for (var i = 0; i < first; i++)
            {
                var v = metric[labels[i]];
                sum1 += v;
                square1 += v * v;
            }
            for (var i = first; i < labels.Length; i++)
            {
                var v = metric[labels[i]];
                sum2 += v;
                square2 += v * v;
            }
            double n1 = first, n2 = labels.Length - first;
            var variance = (square1 - sum1 * sum1 / n1) / (n1 - 1) / n1 + (square2 - sum2 * sum2 / n2) / (n2 - 1) / n2;
            statistics[m] = variance > 0 ? (sum1 / n1 - sum2 / n2) / Math.Sqrt(variance) : double.NaN;
        }
    }

    static (int Metrics, int Units, double[][] Values) Joined(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        if (x.Count == 0 || x.Count != y.Count)
            throw new ArgumentException("Both arms need the same metrics, at least one.", nameof(y));
        if (x.Any(v => v.Length != x[0].Length) || y.Any(v => v.Length != y[0].Length))
            throw new ArgumentException("All metrics of an arm are of the same units.", nameof(x));
        if (Math.Min(x[0].Length, y[0].Length) < 2)
            throw new TooFewRowsException("The smaller arm", Math.Min(x[0].Length, y[0].Length), 2);
        var values = new double[x.Count][];
        for (var m = 0; m < values.Length; m++)
        {
            double[] both = [.. x[m], .. y[m]];
            if (Array.Exists(both, v => !double.IsFinite(v)))
                throw new ArgumentException($"Metric {m} holds a value that is not finite.", nameof(x));
            var centre = both.Average();
            values[m] = [.. both.Select(v => v - centre)];
        }
        return (values.Length, x[0].Length + y[0].Length, values);
    }
}
