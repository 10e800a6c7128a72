using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>How a test behaves on data of one's own when nothing distinguishes the arms.</summary>
/// <param name="Relabellings">Random assignments that were tested.</param>
/// <param name="Rejected">Those with p below the size.</param>
/// <param name="Alpha">The size.</param>
/// <param name="Share">Rejected over relabellings: the test's true size on these data.</param>
/// <param name="Interval">Wilson's 95 % interval of it.</param>
/// <param name="Deciles">Share of p-values in each tenth of (0, 1): 0.1 each when the p-value is honest.</param>
public sealed record NullCalibrationResult(int Relabellings, long Rejected, double Alpha, double Share, Interval Interval, IReadOnlyList<double> Deciles);

/// <summary>Re-randomises the arms on the values at hand and tests each assignment: the size of Welch's test on these very data.</summary>
/// <remarks>
/// Every unit draws its arm anew and on its own, as a hashed split does. Source: Kohavi, Tang and Xu 2020, chapter 19 (A/A tests by replay). Sums over a random half of the units come from tables of all 256 subset sums of eight
/// neighbours (the method of Arlazarov, Dinic, Kronrod and Faradzev 1970), so an assignment costs one look-up for eight units. The random bits of an assignment belong to it and to the place of the block,
/// so the answer does not depend on the number of threads.
/// </remarks>
public static class NullCalibration
{
    const int Eight = 8;
    const int Subsets = 256;

    // Tables of a block: 64 groups x 256 subsets x 16 bytes stay in the second cache.
    const int GroupsPerBlock = 64;

    // Random words whose comparison with the share fixes a bit of probability to 2^-16.
    const int ShareBits = 16;

    /// <param name="values">One finite value per unit, at least 4.</param>
    /// <param name="share">Share of the second arm, in (0, 1).</param>
    /// <param name="relabellings">Assignments, at least 100.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="threads">Most threads; null for all cores.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 units.</exception>
    /// <exception cref="NotEstimableException">All values are alike.</exception>
    public static NullCalibrationResult Welch(
        ReadOnlySpan<double> values, double share = 0.5, int relabellings = 1_000, double alpha = 0.05, ulong seed = 1, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(relabellings, 100);
        Share(share);
        if (values.Length < 4)
        {
            throw new TooFewRowsException("Units", values.Length, 4);
        }

        var moments = Moments.MeanVariance(values);
        if (!(moments.M2 > 0))
        {
            throw new NotEstimableException("all values are alike, so no assignment differs from another.");
        }

        var (drawn, units) = (Draw(values, moments.Mean, share, relabellings, seed, threads, cancellation), values.Length);
        return Judge(drawn, alpha, d => WelchP(d, units, moments.M2));
    }

    /// <summary>The same for yes/no outcomes and the test of two proportions that the product uses by default.</summary>
    /// <param name="successes">Units with the outcome.</param>
    /// <param name="units">All units, at least 4.</param>
    /// <param name="share">Share of the second arm, in (0, 1).</param>
    /// <param name="relabellings">Assignments, at least 100.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <param name="seed">Seed.</param>
    /// <remarks>Of n units each goes to the second arm on its own, so its size is binomial, and so is its number of outcomes among those that have it: no unit need be visited.</remarks>
    /// <exception cref="TooFewRowsException">Fewer than 4 units.</exception>
    /// <exception cref="NotEstimableException">No unit, or every unit, has the outcome.</exception>
    public static NullCalibrationResult Proportions(long successes, long units, double share = 0.5, int relabellings = 1_000, double alpha = 0.05, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(relabellings, 100);
        Share(share);
        if (units < 4)
        {
            throw new TooFewRowsException("Units", (int)units, 4);
        }

        if (successes <= 0 || successes >= units)
        {
            throw new NotEstimableException("all values are alike, so no assignment differs from another.");
        }

        var root = new Rng(seed);
        var drawn = new (double, double)[relabellings];
        for (var r = 0; r < relabellings; r++)
        {
            var rng = root.Stream("relabel", r);
            drawn[r] = (rng.NextBinomial(successes, share), rng.NextBinomial(units - successes, share));
        }

        // Small tables come up again and again, and their exact test is not cheap.
        var known = new Dictionary<(double, double), double>();
        return Judge(drawn, alpha, d =>
        {
            if (!known.TryGetValue(d, out var p))
            {
                var (hits, second) = ((long)d.Item1, (long)(d.Item1 + d.Item2));
                known[d] = p = second == 0 || second == units ? 1.0 : TwoProportions.Compare(hits, second, successes - hits, units - second).PValue;
            }

            return p;
        });
    }

    static NullCalibrationResult Judge<T>(T[] drawn, double alpha, Func<T, double> test)
    {
        var deciles = new double[10];
        var rejected = 0L;
        foreach (var d in drawn)
        {
            var p = test(d);
            rejected += p < alpha ? 1 : 0;
            deciles[Math.Min(9, (int)(p * 10))] += 1.0 / drawn.Length;
        }

        return new NullCalibrationResult(drawn.Length, rejected, alpha, (double)rejected / drawn.Length, OneProportion.Wilson(rejected, drawn.Length), deciles);
    }

    static void Share(double share)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        }
    }

    // Centred, so that sums of squares keep their digits; filled up with zeros to whole groups.
    static (int Count, double Sum, double Squares)[] Draw(ReadOnlySpan<double> values, double centre, double share, int relabellings, ulong seed, int? threads, CancellationToken cancellation)
    {
        var centred = new double[(values.Length + Eight - 1) / Eight * Eight];
        for (var i = 0; i < values.Length; i++)
        {
            centred[i] = values[i] - centre;
        }

        var n = values.Length;
        var drawn = new (int, double, double)[relabellings];
        var workers = Math.Max(1, Math.Min(threads ?? Environment.ProcessorCount, relabellings));
        var bits = (uint)Math.Clamp(Math.Round(share * (1 << ShareBits)), 1, (1 << ShareBits) - 1);
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, w =>
        {
            var (first, last) = ((int)((long)relabellings * w / workers), (int)((long)relabellings * (w + 1) / workers));
            Add(centred, n, drawn.AsSpan(first, last - first), first, bits, seed, cancellation);
        });
        return drawn;
    }

    static double WelchP((int Count, double Sum, double Squares) drawn, int n, double total) => PValue(drawn.Count, n, drawn.Sum, drawn.Squares, 0.0, total);

    static double PValue(int second, int n, double sum, double squares, double whole, double total)
    {
        var first = n - second;
        if (second < 2 || first < 2)
        {
            return 1.0;
        }

        var (m2, m1) = (sum / second, (whole - sum) / first);
        var v2 = Math.Max(0, squares - second * m2 * m2) / (second - 1.0) / second;
        var v1 = Math.Max(0, total - squares - first * m1 * m1) / (first - 1.0) / first;
        var variance = v1 + v2;
        if (!(variance > 0))
        {
            return m1 == m2 ? 1.0 : 0.0;
        }

        var degrees = variance * variance / (v1 * v1 / (first - 1.0) + v2 * v2 / (second - 1.0));
        return StudentT.TwoSided((m2 - m1) / Math.Sqrt(variance), degrees);
    }

    static void Add(double[] values, int units, Span<(int Count, double Sum, double Squares)> drawn, int first, uint bits, ulong seed, CancellationToken cancellation)
    {
        var tables = new Vector128<double>[GroupsPerBlock * Subsets];
        var root = new Rng(seed);
        var random = new Rng[drawn.Length];
        var sums = new Vector128<double>[drawn.Length];
        for (var r = 0; r < random.Length; r++)
        {
            random[r] = root.Stream("relabel", first + r);
        }

        var groups = values.Length / Eight;
        Span<ulong> words = stackalloc ulong[GroupsPerBlock / Eight];
        var masks = MemoryMarshal.AsBytes(words);
        for (var start = 0; start < groups; start += GroupsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            var here = Math.Min(GroupsPerBlock, groups - start);
            for (var g = 0; g < here; g++)
            {
                Fill(tables.AsSpan(g * Subsets, Subsets), values.AsSpan((start + g) * Eight, Eight));
            }

            // Places after the last unit are drawn and wiped out, so that every block takes as many numbers.
            var beyond = (start + here) * Eight - units;
            for (var r = 0; r < random.Length; r++)
            {
                var rng = random[r];
                for (var i = 0; i < words.Length; i++)
                {
                    words[i] = bits == 1u << (ShareBits - 1) ? rng.NextUInt64() : Biased(rng, bits);
                }

                if (here < GroupsPerBlock || beyond > 0)
                {
                    masks[here..].Clear();
                    masks[here - 1] &= (byte)(byte.MaxValue >> Math.Max(0, beyond));
                }

                sums[r] += Sum(ref MemoryMarshal.GetArrayDataReference(tables), masks[..here]);
                foreach (var word in words)
                {
                    drawn[r].Count += System.Numerics.BitOperations.PopCount(word);
                }
            }
        }

        for (var r = 0; r < drawn.Length; r++)
        {
            (drawn[r].Sum, drawn[r].Squares) = (sums[r][0], sums[r][1]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> Sum(ref Vector128<double> tables, ReadOnlySpan<byte> masks)
    {
        Vector128<double> a = Vector128<double>.Zero, b = Vector128<double>.Zero;
        var g = 0;
        for (; g + 1 < masks.Length; g += 2)
        {
            a += Unsafe.Add(ref tables, g * Subsets + masks[g]);
            b += Unsafe.Add(ref tables, (g + 1) * Subsets + masks[g + 1]);
        }

        if (g < masks.Length)
        {
            a += Unsafe.Add(ref tables, g * Subsets + masks[g]);
        }

        return a + b;
    }

    // (sum, sum of squares) of every subset of eight values: each adds its highest member to a smaller subset.
    static void Fill(Span<Vector128<double>> table, ReadOnlySpan<double> values)
    {
        table[0] = Vector128<double>.Zero;
        for (var i = 0; i < Eight; i++)
        {
            var one = Vector128.Create(values[i], values[i] * values[i]);
            for (var s = 0; s < 1 << i; s++)
            {
                table[(1 << i) + s] = table[s] + one;
            }
        }
    }

    // 64 bits, each 1 with probability bits / 2^16: compares a random binary fraction with the share from its lowest digit up (Knuth and Yao 1976).
    static ulong Biased(Rng rng, uint bits)
    {
        var result = 0UL;
        var low = System.Numerics.BitOperations.TrailingZeroCount(bits);
        for (var i = low; i < ShareBits; i++)
        {
            result = (bits >> i & 1) == 1 ? result | rng.NextUInt64() : result & rng.NextUInt64();
        }

        return result;
    }
}
