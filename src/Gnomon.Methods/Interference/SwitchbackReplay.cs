using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>What switchbacks of one block length would have seen.</summary>
/// <param name="Block">Periods of a block.</param>
/// <param name="Length">Periods of the test.</param>
/// <param name="Smallest">The effect per period that the wanted share of tests finds; null where even no effect is enough, or no test could be read.</param>
/// <param name="Low">Lower end of its 95 % interval over the replays; null where the replays do not bound it.</param>
/// <param name="High">Upper end.</param>
/// <param name="FalseAlarms">Share of tests that find something where nothing was done.</param>
/// <param name="Used">Share of the cells that the burn-in leaves, on average.</param>
/// <param name="Runs">Tests replayed.</param>
public sealed record SwitchbackReplayResult(int Block, int Length, double? Smallest, double? Low, double? High, double FalseAlarms, double Used, int Runs);

/// <summary>Plans a switchback on history: arms are drawn by block where nothing was done, each test is read by its weighted means and their interval, and the effect it would just have found is noted.</summary>
/// <remarks>
/// Source: Bojinov, Simchi-Levi and Zhao 2023, Management Science 69 (the estimate and its errors; the design draws every block by a fair coin). The likeness of neighbouring periods is that of the history itself, so no
/// autocorrelation has to be known. What the arm of one block does to the next cannot be learned where nothing was done: the burn-in is the planner's.
/// </remarks>
public static class SwitchbackReplay
{
    const int FewestRuns = 50;

    /// <param name="series">Value of every zone in every period; finite; one zone is enough.</param>
    /// <param name="block">Periods of a block.</param>
    /// <param name="burnIn">Periods left out after a switch.</param>
    /// <param name="length">Periods of the test.</param>
    /// <param name="together">All zones switch together: one draw per block.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">The history is shorter than the test, or the test has fewer than 4 blocks.</exception>
    public static SwitchbackReplayResult Run(IReadOnlyList<double[]> series, int block, int burnIn, int length, bool together = false, GeoReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(burnIn);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Runs, FewestRuns);
        if (series.Count == 0 || series[0].Length < length)
            throw new TooFewRowsException("The history", series.Count == 0 ? 0 : series[0].Length, length);
        var blocks = length / block;
        if (blocks < 4)
            throw new TooFewRowsException("The test (by block)", blocks, 4);
        var starts = series[0].Length - blocks * block + 1;
        var (found, alarms, used) = (new double[options.Runs], new bool[options.Runs], new double[options.Runs]);
        Parallel.For(0, options.Runs, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1 }, run =>
        {
            var rng = new Rng(options.Seed).Stream("switchback replay", run);
            (found[run], alarms[run], used[run]) = Read(series, rng.NextInt(starts), blocks, block, burnIn, together, options.Alpha, rng);
        });
        Array.Sort(found);
        var reach = 1.96 * Math.Sqrt(options.Runs * options.Power * (1.0 - options.Power));
        double? At(double rank) => rank >= 1 && rank <= found.Length && double.IsFinite(found[(int)rank - 1]) ? found[(int)rank - 1] : null;
        return new(
            block, blocks * block, At(Math.Ceiling(options.Power * options.Runs)), At(Math.Floor(options.Runs * options.Power - reach)), At(Math.Ceiling(options.Runs * options.Power + reach)), alarms.Count(a => a) / (double)options.Runs,
            used.Average(), options.Runs);
    }

    static (double Found, bool Alarm, double Used) Read(IReadOnlyList<double[]> series, int start, int blocks, int block, int burnIn, bool together, double alpha, Rng rng)
    {
        var (zones, periods) = (series.Count, blocks * block);
        var arms = new int[zones][];
        for (var z = 0; z < zones; z++)
            arms[z] = together && z > 0 ? arms[0] : [.. Enumerable.Range(0, blocks).Select(_ => rng.NextInt(2))];
        var cells = zones * periods;
        var (zone, of, position, sums, sizes) = (new int[cells], new int[cells], new int[cells], new double[cells], new double[cells]);
        for (var i = 0; i < cells; i++)
        {
            var t = i % periods;
            (zone[i], of[i], position[i], sums[i], sizes[i]) = (i / periods, t / block, t % block, series[i / periods][start + t], 1.0);
        }

        try
        {
            var result = Switchback.Estimate(new SwitchbackCells(arms, zone, of, position, sums, sizes, block), burnIn, 0.5, 1.0 - alpha);
            var fit = result.Hajek;
            return (Math.Max(0.0, StudentT.UpperQuantile(0.5 * alpha, fit.DegreesOfFreedom!.Value) * fit.StandardError - fit.Value), fit.PValue <= alpha, result.CellsUsed / (double)cells);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            // A draw that leaves an arm without blocks is no test, and finds nothing.
            return (double.PositiveInfinity, false, 0.0);
        }
    }
}
