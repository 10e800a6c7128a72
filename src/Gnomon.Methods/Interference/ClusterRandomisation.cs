using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Settings of a re-randomisation.</summary>
public sealed record RerandomisationOptions
{
    /// <summary>Random assignments where they are too many to be run all; at least 99.</summary>
    public int Draws { get; init; } = 9_999;

    /// <summary>Most assignments that are all run.</summary>
    public int MostEnumerated { get; init; } = 200_000;

    /// <summary>Seed: the same seed gives the same bits for any number of threads.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A test by running the assignment again.</summary>
/// <param name="PValue">Two-sided; never 0, since the assignment that happened counts.</param>
/// <param name="Assignments">Assignments run.</param>
/// <param name="IsExact">Whether these were all there are.</param>
/// <param name="SmallestP">The smallest p that any data could have given under this design.</param>
public sealed record RerandomisationResult(double PValue, long Assignments, bool IsExact, double SmallestP);

/// <summary>Would another assignment of the same clusters have shown as much? Re-assigns whole clusters, keeping the number per arm, and compares CR2 t statistics.</summary>
/// <remarks>
/// Sources: Fisher 1935; Gail et al. 1996, Statistics in Medicine 15 (group-randomised trials); Ding and Dasgupta 2018, Biometrika 105 and Wu and Ding 2021, JASA 116 (the studentised statistic is
/// exact for no effect on anybody and asymptotically right for no effect on average). Intervals invert the test for an effect that is the same for every unit.
/// </remarks>
public static class ClusterRandomisation
{
    const int BlockLength = 64;
    const double TieTolerance = 1e-9;

    /// <param name="first">Clusters of the first arm, at least 1.</param>
    /// <param name="second">Clusters of the second arm, at least 1.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">An arm has no cluster, or there are fewer than 3 in all.</exception>
    public static RerandomisationResult Test(ClusterTotals first, ClusterTotals second, RerandomisationOptions? options = null)
    {
        var pool = Pool.Of(first, second, options ?? new());
        return new(pool.P(0.0), pool.Run, pool.IsExact, pool.SmallestP);
    }

    /// <summary>The effects, the same for every unit, that the test does not reject.</summary>
    /// <param name="first">Clusters of the first arm.</param>
    /// <param name="second">Clusters of the second arm.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The interval, widened to the outermost effect found; null where no assignment could ever reject at this level, so that no bounded interval exists.</returns>
    public static Interval? Invert(ClusterTotals first, ClusterTotals second, double level = 0.95, RerandomisationOptions? options = null)
    {
        Inference.InferenceGuard.Level(level);
        var pool = Pool.Of(first, second, options ?? new());
        var alpha = 1.0 - level;
        if (pool.SmallestP > alpha * (1.0 + TieTolerance))
            return null;
        var centre = first.Mean - second.Mean;
        var step = pool.Scale;
        return RandomisationInterval.Invert(pool.P, centre, step, alpha);
    }

    /// <summary>The smallest two-sided p that assigning so many clusters can give: 1 over the number of assignments, or 2 where each has its mirror image.</summary>
    /// <param name="firstCount">Clusters of the first arm.</param>
    /// <param name="secondCount">Clusters of the second arm.</param>
    public static double SmallestP(int firstCount, int secondCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(secondCount, 1);
        return Math.Min(1.0, (firstCount == secondCount ? 2.0 : 1.0) / Subsets.Count(firstCount + secondCount, firstCount));
    }

    sealed class Pool
    {
        readonly double[] _sums;
        readonly double[] _sizes;
        readonly int _first;
        readonly RerandomisationOptions _options;

        Pool(double[] sums, double[] sizes, int first, RerandomisationOptions options)
        {
            (_sums, _sizes, _first, _options) = (sums, sizes, first, options);
            var splits = Subsets.Count(sums.Length, first);
            IsExact = splits <= options.MostEnumerated;
            Run = IsExact ? (long)splits : options.Draws;
            SmallestP = IsExact ? ClusterRandomisation.SmallestP(first, sums.Length - first) : 1.0 / (options.Draws + 1.0);
        }

        public bool IsExact { get; }

        public long Run { get; }

        public double SmallestP { get; }

        /// <summary>Spread of cluster means: the step with which an interval is looked for.</summary>
        public double Scale
        {
            get
            {
                var means = new double[_sums.Length];
                for (var i = 0; i < means.Length; i++)
                    means[i] = _sums[i] / _sizes[i];
                var m = Moments.Of(means);
                return m.M2 > 0 ? Math.Sqrt(m.VarianceOfMean) : Math.Max(Math.Abs(m.Mean), 1.0);
            }
        }

        public static Pool Of(ClusterTotals first, ClusterTotals second, RerandomisationOptions options)
        {
            ArgumentNullException.ThrowIfNull(first);
            ArgumentNullException.ThrowIfNull(second);
            ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 99);
            first.Require("the first arm", 1);
            second.Require("the second arm", 1);
            if (first.Count + second.Count < 3)
                throw new TooFewRowsException("The set of clusters", first.Count + second.Count, 3, "cluster");
            return new Pool([.. first.Sums, .. second.Sums], [.. first.Sizes, .. second.Sizes], first.Count, options);
        }

        /// <summary>p of the effect <paramref name="delta"/>: what the clusters would have been without it, assigned again.</summary>
        public double P(double delta)
        {
            var sums = new double[_sums.Length];
            for (var i = 0; i < sums.Length; i++)
                sums[i] = _sums[i] - (i < _first ? delta * _sizes[i] : 0.0);
            var chosen = new bool[sums.Length];
            chosen.AsSpan(0, _first).Fill(true);
            var bound = ClusterComparison.SquaredT(sums, _sizes, chosen) * (1.0 - TieTolerance);
            return IsExact ? (double)Enumerate(sums, bound) / Run : (Draw(sums, bound) + 1.0) / (Run + 1.0);
        }

        long Enumerate(double[] sums, double bound)
        {
            var n = sums.Length;
            var members = new int[_first];
            for (var i = 0; i < members.Length; i++)
                members[i] = i;
            var treated = new bool[n];
            var count = 0L;
            do
            {
                Array.Clear(treated);
                foreach (var m in members)
                    treated[m] = true;
                count += ClusterComparison.SquaredT(sums, _sizes, treated) >= bound ? 1 : 0;
            }
            while (Subsets.Advance(members, n));

            return count;
        }

        long Draw(double[] sums, double bound)
        {
            var root = new Rng(_options.Seed);
            var counts = new long[(_options.Draws + BlockLength - 1) / BlockLength];
            Parallel.For(0, counts.Length, block =>
            {
                var rng = root.Stream("clusters", block);
                var subset = new RandomSubset(sums.Length, _first);
                var treated = new bool[sums.Length];
                var end = Math.Min(_options.Draws, (block + 1) * BlockLength);
                for (var i = block * BlockLength; i < end; i++)
                {
                    subset.Draw(rng);
                    for (var g = 0; g < treated.Length; g++)
                        treated[g] = subset[g];
                    counts[block] += ClusterComparison.SquaredT(sums, _sizes, treated) >= bound ? 1 : 0;
                }
            });
            return counts.Sum();
        }
    }
}
