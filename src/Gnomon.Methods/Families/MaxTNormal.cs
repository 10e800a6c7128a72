using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Families;

/// <summary>Corrects tests of several metrics for each other with their correlation, from the estimates alone: no unit is relabelled.</summary>
/// <remarks>
/// Source: Westfall and Young 1993, step-down; Hothorn, Bretz and Westfall 2008 (the estimates are jointly normal with a known correlation). The chance that
/// the largest of the remaining statistics is as large is counted over draws of that normal distribution, each of which serves all steps; its Monte Carlo
/// error is at most 0.0011 at 200,000 draws. It is never above Holm's p, which needs no correlation (Sidak 1967), and never below the plain one.
/// </remarks>
public static class MaxTNormal
{
    const int BlockLength = 4_096;

    /// <summary>Draws of the joint normal distribution.</summary>
    public const int Draws = 200_704;

    /// <param name="pValues">Plain two-sided p-values.</param>
    /// <param name="correlation">Their statistics' correlation row by row: symmetric, 1 on the diagonal, may be singular.</param>
    /// <param name="seed">Of the draws: the same seed, the same bits.</param>
    /// <returns>Adjusted p-values: reject where at most alpha.</returns>
    /// <exception cref="ArgumentException">The matrix is no correlation.</exception>
    public static double[] Adjust(ReadOnlySpan<double> pValues, ReadOnlySpan<double> correlation, ulong seed = 1)
    {
        var m = pValues.Length;
        var root = Root(correlation, m);
        double[] plain = [.. pValues];
        foreach (var p in plain)
        {
            if (!(p is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value lies between 0 and 1.");
            }
        }

        double[] sizes = [.. plain.Select(p => Normal.UpperQuantile(Math.Max(p, 1e-300) / 2))];
        int[] order = [.. Enumerable.Range(0, m).OrderByDescending(i => sizes[i]).ThenBy(i => i)];
        var exceeded = Count(root, sizes, order, seed);
        var holm = Inference.Multiplicity.Holm(plain);
        var adjusted = new double[m];
        var running = 0.0;
        foreach (var i in order)
        {
            running = Math.Max(running, Math.Max(plain[i], Math.Min(holm[i], (exceeded[i] + 1.0) / (Draws + 1.0))));
            adjusted[i] = running;
        }

        return adjusted;
    }

    /// <summary>The size that the largest of the statistics stays below with this confidence: estimate plus and minus so many errors holds for all of them together (single step).</summary>
    /// <param name="correlation">The statistics' correlation row by row: symmetric, 1 on the diagonal, may be singular.</param>
    /// <param name="statistics">How many there are, at least 1.</param>
    /// <param name="level">Confidence that all intervals hold at once, in (0, 1).</param>
    /// <param name="seed">Of the draws: the same seed, the same bits. Their Monte Carlo error moves the level by at most 0.0011 at 0.95.</param>
    /// <returns>Between the quantile for one statistic and Sidak's for independent ones.</returns>
    /// <exception cref="ArgumentException">The matrix is no correlation.</exception>
    public static double Critical(ReadOnlySpan<double> correlation, int statistics, double level = 0.95, ulong seed = 1)
    {
        Inference.InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(statistics, 1);
        var root = Root(correlation, statistics);
        var largest = Largest(root, statistics, seed);
        Array.Sort(largest);
        var found = largest[(int)Math.Ceiling(level * Draws) - 1];
        return Math.Clamp(found, Normal.UpperQuantile((1 - level) / 2), Normal.UpperQuantile(-0.5 * Math.Exp(Math.Log(level) / statistics) + 0.5));
    }

    static double[] Largest(double[] root, int m, ulong seed)
    {
        var source = new Rng(seed);
        var largest = new double[Draws];
        Parallel.For(0, Draws / BlockLength, block =>
        {
            var rng = source.Stream("max-t-normal", block);
            var normals = new double[m];
            for (var draw = 0; draw < BlockLength; draw++)
            {
                for (var i = 0; i < m; i++)
                {
                    normals[i] = rng.NextNormal();
                }

                var size = 0.0;
                for (var i = 0; i < m; i++)
                {
                    var z = 0.0;
                    for (var j = 0; j < m; j++)
                    {
                        z += root[i * m + j] * normals[j];
                    }

                    size = Math.Max(size, Math.Abs(z));
                }

                largest[block * BlockLength + draw] = size;
            }
        });
        return largest;
    }

    static double[] Root(ReadOnlySpan<double> correlation, int m)
    {
        if (correlation.Length != m * m)
        {
            throw new ArgumentException($"{m} tests need a correlation of {m * m} numbers; got {correlation.Length}.", nameof(correlation));
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                var r = correlation[i * m + j];
                if (!(Math.Abs(r) <= 1 + 1e-9) || Math.Abs(r - correlation[j * m + i]) > 1e-9 || (i == j && Math.Abs(r - 1) > 1e-9))
                {
                    throw new ArgumentException("The matrix is no correlation.", nameof(correlation));
                }
            }
        }

        return SymmetricEigen.Decompose(correlation, m).Map(v => Math.Sqrt(Math.Max(0, v)));
    }

    static long[] Count(double[] root, double[] sizes, int[] order, ulong seed)
    {
        var m = sizes.Length;
        var source = new Rng(seed);
        var blocks = new long[Draws / BlockLength][];
        Parallel.For(0, blocks.Length, block =>
        {
            var rng = source.Stream("max-t-normal", block);
            var normals = new double[m];
            var count = new long[m];
            for (var draw = 0; draw < BlockLength; draw++)
            {
                for (var i = 0; i < m; i++)
                {
                    normals[i] = rng.NextNormal();
                }

                var largest = 0.0;
                for (var rank = m - 1; rank >= 0; rank--)
                {
                    var i = order[rank];
                    var z = 0.0;
                    for (var j = 0; j < m; j++)
                    {
                        z += root[i * m + j] * normals[j];
                    }

                    largest = Math.Max(largest, Math.Abs(z));
                    count[i] += largest >= sizes[i] ? 1 : 0;
                }
            }

            blocks[block] = count;
        });
        var total = new long[m];
        foreach (var count in blocks)
        {
            for (var i = 0; i < m; i++)
            {
                total[i] += count[i];
            }
        }

        return total;
    }
}
