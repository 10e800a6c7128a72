using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Does the arm of the block before still show?</summary>
/// <param name="Difference">Mean of cells whose earlier block was treated, less that of cells whose earlier block was control, each within its own arm.</param>
/// <param name="Test">The test by drawing the earlier arms again.</param>
/// <param name="Cells">Cells looked at.</param>
public sealed record CarryOverResult(double Difference, RerandomisationResult Test, int Cells);

/// <summary>Tests of a switchback that draw its blocks again, keeping the number of treated blocks of every series.</summary>
/// <remarks>
/// Source: Bojinov, Simchi-Levi and Zhao 2023, sections 4 and 5. Exact for blocks drawn independently (given their number) and for balanced draws within series. The carry-over test keeps the
/// arms of every other block and draws the ones between: without carry-over the outcomes of the former cannot answer (a conditional test after Athey, Eckles and Imbens 2018, JASA 113). Both
/// halves are tested and the smaller p is doubled.
/// </remarks>
public static class SwitchbackRandomisation
{
    const int BlockLength = 32;
    const double TieTolerance = 1e-9;

    /// <summary>No effect on any cell: the t statistic of the weighted means over re-drawn designs. All draws are run where there is one series, or all switch together, and few blocks.</summary>
    /// <param name="cells">What was observed.</param>
    /// <param name="burnIn">Periods for which an earlier arm still matters.</param>
    /// <param name="share">Probability with which a block was treated.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="NotEstimableException">No cell of an arm is left after the burn-in.</exception>
    public static RerandomisationResult Test(SwitchbackCells cells, int burnIn = 0, double share = 0.5, RerandomisationOptions? options = null) => Draw(cells, burnIn, share, options).Test;

    /// <summary>The estimate of <see cref="Switchback"/> with the p of the test and the interval that goes with it: the interval leaves out 0 exactly when p is at most 1 - level.</summary>
    /// <remarks>The t statistic is held against its own distribution over re-drawn designs instead of Student's, which is exact at no effect and right to first order elsewhere, as the statistic is studentised.</remarks>
    /// <param name="cells">What was observed.</param>
    /// <param name="burnIn">Periods for which an earlier arm still matters.</param>
    /// <param name="share">Probability with which a block was treated.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The result, the test, and how many standard errors the interval reaches.</returns>
    /// <exception cref="NotEstimableException">No cell of an arm is left after the burn-in, or blocks do not differ.</exception>
    public static (SwitchbackResult Result, RerandomisationResult Test, double Reach) Estimate(SwitchbackCells cells, int burnIn = 0, double share = 0.5, double level = 0.95, RerandomisationOptions? options = null)
    {
        var result = Switchback.Estimate(cells, burnIn, share, level);
        var (test, statistics, bound) = Draw(cells, burnIn, share, options);
        var reach = Reach(statistics, test, 1.0 - level) is { } drawn ? drawn
            : Math.Max(StudentT.UpperQuantile(0.5 * (1.0 - level), result.Hajek.DegreesOfFreedom!.Value), Math.Sqrt(bound));
        var hajek = result.Hajek;
        return (result with { Hajek = hajek with { Low = hajek.Value - reach * hajek.StandardError, High = hajek.Value + reach * hajek.StandardError, PValue = test.PValue } }, test, reach);
    }

    // The largest |t| that is not rejected; null where the design has too few draws to reject anything.
    static double? Reach(double[] statistics, RerandomisationResult test, double alpha)
    {
        Array.Sort(statistics);

        // Of so many draws the observed statistic may be among the largest: the one that happened counts itself when all are run.
        var rank = test.IsExact ? (int)Math.Floor(alpha * statistics.Length + TieTolerance) : (int)Math.Floor(alpha * (statistics.Length + 1.0) + TieTolerance) - 1;
        if (test.SmallestP > alpha || rank < 0 || rank >= statistics.Length)
            return null;
        var square = statistics[^(rank + 1)];
        return double.IsFinite(square) ? Math.Sqrt(square) * (1.0 + TieTolerance) : null;
    }

    static (RerandomisationResult Test, double[] Statistics, double Bound) Draw(SwitchbackCells cells, int burnIn, double share, RerandomisationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var work = new SwitchbackWork(cells, burnIn, share);
        if (!work.Run(cells.Draws))
            throw new NotEstimableException($"With a burn-in of {burnIn} periods an arm has fewer than 2 blocks left.");
        var bound = work.SquaredT * (1.0 - TieTolerance);

        // A design under which nothing can be estimated counts against the finding.
        var statistics = new System.Collections.Concurrent.ConcurrentBag<double>();
        var test = Rerun(cells.Draws, _ => true, options ?? new(), () =>
        {
            var own = new SwitchbackWork(cells, burnIn, share);
            return arms =>
            {
                var square = own.Run(arms) ? own.SquaredT : double.PositiveInfinity;
                statistics.Add(square);
                return square >= bound;
            };
        });
        return (test, [.. statistics], work.SquaredT);
    }

    /// <summary>Does the block before the burn-in window still matter?</summary>
    /// <inheritdoc cref="Test"/>
    public static CarryOverResult CarryOver(SwitchbackCells cells, int burnIn = 0, RerandomisationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentOutOfRangeException.ThrowIfNegative(burnIn);
        options ??= new();
        var halves = new List<CarryOverResult>();
        var lag = cells.Window(cells.BlockLength - 1, burnIn);
        for (var offset = 0; offset <= lag; offset++)
        {
            if (Half(cells, burnIn, lag, offset, options) is { } half)
                halves.Add(half);
        }

        if (halves.Count == 0)
            throw new NotEstimableException("No block has both a treated and an untreated block before it.");
        var strongest = halves.MinBy(h => h.Test.PValue)!;
        return strongest with { Test = strongest.Test with { PValue = Math.Min(1.0, halves.Count * strongest.Test.PValue), SmallestP = Math.Min(1.0, halves.Count * strongest.Test.SmallestP) }, Cells = halves.Sum(h => h.Cells) };
    }

    static CarryOverResult? Half(SwitchbackCells cells, int burnIn, int lag, int offset, RerandomisationOptions options)
    {
        var draws = cells.Draws;
        var focal = Enumerable.Range(0, cells.Series.Length)
            .Where(i => cells.Block[i] % (lag + 1) == offset && cells.Block[i] >= lag && cells.Window(cells.Position[i], burnIn) == lag && Row(cells, draws, i)[cells.Block[i]] >= 0 && Row(cells, draws, i)[cells.Block[i] - lag] >= 0)
            .ToArray();

        // Cells of one arm are compared with each other: residuals from the arm's mean, weighted by size.
        var residual = new double[focal.Length];
        for (var arm = 0; arm <= 1; arm++)
        {
            var of = Enumerable.Range(0, focal.Length).Where(f => Row(cells, draws, focal[f])[cells.Block[focal[f]]] == arm).ToList();
            var mean = of.Sum(f => cells.Sums[focal[f]]) / of.Sum(f => cells.Sizes[focal[f]]);
            of.ForEach(f => residual[f] = cells.Sums[focal[f]] - cells.Sizes[focal[f]] * mean);
        }

        double Difference(int[][] arms)
        {
            double s1 = 0, n1 = 0, s0 = 0, n0 = 0;
            for (var f = 0; f < focal.Length; f++)
            {
                var i = focal[f];
                if (Row(cells, arms, i)[cells.Block[i] - lag] == 1)
                {
                    s1 += residual[f];
                    n1 += cells.Sizes[i];
                }
                else
                {
                    s0 += residual[f];
                    n0 += cells.Sizes[i];
                }
            }

            return n1 > 0 && n0 > 0 ? s1 / n1 - s0 / n0 : double.NaN;
        }

        var seen = Difference(draws);
        if (double.IsNaN(seen) || Array.TrueForAll(residual, r => r == 0))
            return null;
        var bound = Math.Abs(seen) * (1.0 - TieTolerance);
        var earlier = ((offset - lag) % (lag + 1) + lag + 1) % (lag + 1);
        var test = Rerun(draws, b => b % (lag + 1) == earlier, options, () => arms => Difference(arms) is var d && (double.IsNaN(d) || Math.Abs(d) >= bound));
        return new CarryOverResult(seen, test, focal.Length);
    }

    static int[] Row(SwitchbackCells cells, int[][] arms, int cell) => arms[cells.IsShared ? 0 : cells.Series[cell]];

    /// <summary>Shuffles the arms of the blocks that may move, within each row.</summary>
    static RerandomisationResult Rerun(int[][] arms, Func<int, bool> moves, RerandomisationOptions options, Func<Func<int[][], bool>> isExtreme)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 99);
        var slots = Array.ConvertAll(arms, row => Enumerable.Range(0, row.Length).Where(b => row[b] >= 0 && moves(b)).ToArray());
        if (arms.Length == 1 && Subsets.Count(slots[0].Length, slots[0].Count(b => arms[0][b] == 1)) is var all && all <= options.MostEnumerated)
            return Enumerate(arms, slots[0], (long)all, isExtreme());
        var root = new Rng(options.Seed);
        var counts = new long[(options.Draws + BlockLength - 1) / BlockLength];
        Parallel.For(0, counts.Length, block =>
        {
            var extreme = isExtreme();
            var drawn = Array.ConvertAll(arms, row => (int[])row.Clone());
            var rng = root.Stream("switchback", block);
            var end = Math.Min(options.Draws, (block + 1) * BlockLength);
            for (var i = block * BlockLength; i < end; i++)
            {
                for (var s = 0; s < drawn.Length; s++)
                    Shuffle(drawn[s], slots[s], rng);
                counts[block] += extreme(drawn) ? 1 : 0;
            }
        });
        return new((counts.Sum() + 1.0) / (options.Draws + 1.0), options.Draws, IsExact: false, 1.0 / (options.Draws + 1.0));
    }

    static void Shuffle(int[] arms, int[] slots, Rng rng)
    {
        for (var i = slots.Length - 1; i > 0; i--)
        {
            var j = rng.NextInt(i + 1);
            (arms[slots[i]], arms[slots[j]]) = (arms[slots[j]], arms[slots[i]]);
        }
    }

    static RerandomisationResult Enumerate(int[][] arms, int[] slots, long all, Func<int[][], bool> isExtreme)
    {
        var drawn = new[] { (int[])arms[0].Clone() };
        var members = Enumerable.Range(0, slots.Count(b => arms[0][b] == 1)).ToArray();
        var count = 0L;
        do
        {
            foreach (var b in slots)
                drawn[0][b] = 0;
            foreach (var m in members)
                drawn[0][slots[m]] = 1;
            count += isExtreme(drawn) ? 1 : 0;
        }
        while (Subsets.Advance(members, slots.Length));

        return new((double)count / all, all, IsExact: true, 1.0 / all);
    }
}
