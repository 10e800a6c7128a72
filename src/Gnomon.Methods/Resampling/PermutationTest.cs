using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>Settings of a permutation test.</summary>
public sealed record PermutationOptions
{
    /// <summary>Random relabellings, at least 99; where no more than these exist, all of them are run instead.</summary>
    public int Permutations { get; init; } = 9999;

    /// <summary>Seed: the same seed gives the same bits for any number of threads.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Outcome of a permutation test.</summary>
/// <param name="Difference">mean(x) - mean(y).</param>
/// <param name="Statistic">Welch's t of the data.</param>
/// <param name="PValue">Two-sided; never 0, since the data themselves count as one relabelling.</param>
/// <param name="Permutations">Relabellings run.</param>
/// <param name="IsExact">Whether these were all there are.</param>
public sealed record PermutationResult(double Difference, double Statistic, double PValue, int Permutations, bool IsExact);

/// <summary>Two-sample permutation test of Welch's t: exact when both samples come from one distribution, and asymptotically right for equal means with unequal spread.</summary>
/// <remarks>Sources: Janssen 1997, Statistics and Probability Letters 36; Chung and Romano 2013, Annals of Statistics 41; p-value after Phipson and Smyth 2010.</remarks>
public static class PermutationTest
{
    const int BlockLength = 64;
    const double TieTolerance = 1e-10;

    /// <param name="x">First sample, at least 2 finite values.</param>
    /// <param name="y">Second sample, at least 2 finite values.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">Neither sample varies.</exception>
    public static PermutationResult Welch(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PermutationOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Permutations, 99);
        var observed = WelchT.Test(x, y);
        var pool = Pool.Of(x, y);
        var bound = pool.AbsoluteT(pool.SumsOfFirst(pool.Values)) * (1.0 - TieTolerance);
        var all = pool.CountSplits(options.Permutations);
        if (all <= options.Permutations)
        {
            var extreme = pool.CountExtremeSplits(bound);
            return new(observed.Value, observed.Statistic, (double)extreme / all, (int)all, IsExact: true);
        }

        var asExtreme = CountRandom(pool, bound, options);
        return new(observed.Value, observed.Statistic, (asExtreme + 1.0) / (options.Permutations + 1.0), options.Permutations, IsExact: false);
    }

    static long CountRandom(Pool pool, double bound, PermutationOptions options)
    {
        var root = new Rng(options.Seed);
        var counts = new long[(options.Permutations + BlockLength - 1) / BlockLength];
        Parallel.For(0, counts.Length, block =>
        {
            var rng = root.Stream("permutation", block);
            var choice = new RandomSubset(pool.Values.Length, pool.First);
            var end = Math.Min(options.Permutations, (block + 1) * BlockLength);
            for (var i = block * BlockLength; i < end; i++)
            {
                choice.Draw(rng);
                counts[block] += pool.AbsoluteT(pool.SumsOf(choice)) >= bound ? 1 : 0;
            }
        });
        return counts.Sum();
    }

    /// <summary>Both samples centred at their common mean, the smaller one first: its sums and the totals determine t.</summary>
    sealed record Pool(double[] Values, int First, double TotalSum, double TotalSquares)
    {
        public static Pool Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            var smaller = x.Length <= y.Length ? x : y;
            var larger = x.Length <= y.Length ? y : x;
            var values = new double[x.Length + y.Length];
            smaller.CopyTo(values);
            larger.CopyTo(values.AsSpan(smaller.Length));
            var mean = Moments.MeanVariance(values).Mean;
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] -= mean;
                sum += values[i];
                squares += values[i] * values[i];
            }

            return new(values, smaller.Length, sum, squares);
        }

        public Split SumsOfFirst(double[] values)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < First; i++)
            {
                sum += values[i];
                squares += values[i] * values[i];
            }

            return new(sum, squares);
        }

        public Split SumsOf(RandomSubset choice)
        {
            var (sum, squares) = choice.Sums(Values);
            return new(sum, squares);
        }

        /// <summary>|t| of a split; infinite where neither part varies but the means differ, 0 where they do not.</summary>
        public double AbsoluteT(Split split)
        {
            double n = First;
            double m = Values.Length - First;
            var (sum, squares) = (TotalSum - split.Sum, TotalSquares - split.Squares);
            var gap = Math.Abs(split.Sum / n - sum / m);
            var variance = Math.Max(0.0, split.Squares - split.Sum * split.Sum / n) / (n * (n - 1.0))
                + Math.Max(0.0, squares - sum * sum / m) / (m * (m - 1.0));
            if (gap <= TieTolerance * Math.Sqrt(TotalSquares / Values.Length))
            {
                return 0.0;
            }

            return variance <= 1e-14 * gap * gap ? double.PositiveInfinity : gap / Math.Sqrt(variance);
        }

        /// <summary>Number of splits, or some number above the limit.</summary>
        public long CountSplits(long limit)
        {
            var count = 1.0;
            for (var i = 0; i < First && count <= limit; i++)
            {
                count = Math.Round(count * (Values.Length - i) / (i + 1.0));
            }

            return count > limit ? limit + 1 : (long)count;
        }

        public long CountExtremeSplits(double bound)
        {
            var chosen = new int[First];
            for (var i = 0; i < First; i++)
            {
                chosen[i] = i;
            }

            var count = 0L;
            do
            {
                var (sum, squares) = (0.0, 0.0);
                foreach (var i in chosen)
                {
                    sum += Values[i];
                    squares += Values[i] * Values[i];
                }

                count += AbsoluteT(new(sum, squares)) >= bound ? 1 : 0;
            }
            while (Advance(chosen));

            return count;
        }

        bool Advance(int[] chosen)
        {
            var i = First - 1;
            while (i >= 0 && chosen[i] == Values.Length - First + i)
            {
                i--;
            }

            if (i < 0)
            {
                return false;
            }

            chosen[i]++;
            for (var j = i + 1; j < First; j++)
            {
                chosen[j] = chosen[j - 1] + 1;
            }

            return true;
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    readonly record struct Split(double Sum, double Squares);
}
