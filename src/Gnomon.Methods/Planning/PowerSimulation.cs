using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Planning;

/// <summary>A power found by simulation, with what it cannot know.</summary>
/// <param name="Power">Share of the runs that rejected.</param>
/// <param name="StandardError">Its Monte Carlo standard error.</param>
/// <param name="Interval">Wilson's 95 % interval of the power.</param>
/// <param name="Runs">Runs made.</param>
public sealed record SimulatedPower(double Power, double StandardError, Interval Interval, int Runs);

/// <summary>Size found by simulation.</summary>
/// <param name="Units">The smallest size whose simulated power reaches the one wanted.</param>
/// <param name="At">The power there.</param>
public sealed record SimulatedSize(int Units, SimulatedPower At);

/// <summary>Power of any test by simulation: the engine for all designs without a formula.</summary>
/// <remarks>Runs are cut into blocks of 64, each with a random stream of its own, so the answer does not depend on the number of threads. All sizes share their streams.</remarks>
public static class PowerSimulation
{
    const int Block = 64;

    /// <param name="rejects">Draws one data set from the generator and tests it; called from several threads at once.</param>
    /// <param name="runs">Data sets, at least 100.</param>
    /// <param name="seed">Seed of all streams.</param>
    /// <param name="threads">Threads to use; all cores when null.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static SimulatedPower Run(Func<Rng, bool> rejects, int runs, ulong seed, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rejects);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 100);
        var root = new Rng(seed);
        var blocks = (runs + Block - 1) / Block;
        var hits = new int[blocks];
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1, CancellationToken = cancellation }, block =>
        {
            var rng = root.Stream("power", block);
            var end = Math.Min(Block, runs - block * Block);
            for (var i = 0; i < end; i++)
                hits[block] += rejects(rng) ? 1 : 0;
        });
        var total = hits.Sum();
        var share = (double)total / runs;
        return new(share, Math.Sqrt(share * (1 - share) / runs), Inference.OneProportion.Wilson(total, runs), runs);
    }

    /// <summary>The smallest size whose simulated power reaches the one wanted: doubled until it does, then halved in between.</summary>
    /// <param name="test">By size: draws one data set of it and tests it.</param>
    /// <param name="power">Wanted power, in (0, 1).</param>
    /// <param name="fewest">The smallest size there is.</param>
    /// <param name="most">The largest that is tried.</param>
    /// <param name="runs">Data sets for each size.</param>
    /// <param name="seed">Seed of all streams.</param>
    /// <param name="threads">Threads to use; all cores when null.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="NotEstimableException">Not even the largest size reaches the power.</exception>
    public static SimulatedSize Size(
        Func<int, Func<Rng, bool>> test, double power, int fewest, int most, int runs, ulong seed, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        SizeSearch.Share(power, nameof(power));
        ArgumentOutOfRangeException.ThrowIfLessThan(fewest, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, fewest);
        SimulatedPower At(int n) => Run(test(n), runs, seed, threads, cancellation);
        var (low, high) = (fewest - 1, fewest);
        var found = At(high);
        while (found.Power < power)
        {
            if (high >= most)
                throw new NotEstimableException($"With {most} units the simulated power is {found.Power:0.000}; the wanted one is not reached.");
            (low, high) = (high, (int)Math.Min(most, 2L * high));
            found = At(high);
        }
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            var here = At(middle);
            if (here.Power >= power)
                (high, found) = (middle, here);
            else
                low = middle;
        }
        return new(high, found);
    }
}
