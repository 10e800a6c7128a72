using Gnomon.Methods.Experiments;
using Gnomon.Methods.Groups;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Planning;

/// <summary>Power of Welch's ANOVA of normal groups with unlike spreads and sizes, by simulation.</summary>
/// <remarks>
/// A group's mean and variance are drawn as what they are, a normal and an independent chi-square, so one run costs a few random numbers whatever the sizes; the test is
/// <see cref="WelchAnova"/> itself.
/// </remarks>
public static class PowerWelchAnova
{
    /// <param name="units">Units of each group, at least 2 each.</param>
    /// <param name="means">True mean of each group.</param>
    /// <param name="deviations">True standard deviation of each group, positive.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <param name="runs">Simulated data sets.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="threads">Threads; all cores when null. The answer does not depend on it.</param>
    public static SimulatedPower Power(
        IReadOnlyList<int> units, IReadOnlyList<double> means, IReadOnlyList<double> deviations, double alpha = 0.05, int runs = 20_000, ulong seed = 1, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(deviations);
        SequentialArguments.Alpha(alpha);
        if (units.Count < 2 || means.Count != units.Count || deviations.Count != units.Count)
            throw new ArgumentException("Sizes, means and deviations name the same groups, at least 2.", nameof(units));
        for (var g = 0; g < units.Count; g++)
        {
            SizeSearch.Units(units[g], 2);
            SizeSearch.Spread(deviations[g]);
        }
        return PowerSimulation.Run(rng => Rejects(rng, units, means, deviations, alpha), runs, seed, threads);
    }

    static bool Rejects(Rng rng, IReadOnlyList<int> units, IReadOnlyList<double> means, IReadOnlyList<double> deviations, double alpha)
    {
        var groups = new Moments[units.Count];
        for (var g = 0; g < groups.Length; g++)
        {
            var mean = means[g] + deviations[g] / Math.Sqrt(units[g]) * rng.NextNormal();
            groups[g] = new Moments(units[g], mean, 2 * rng.NextGamma(0.5 * (units[g] - 1)) * deviations[g] * deviations[g]);
        }
        return WelchAnova.Test(groups).PValue < alpha;
    }
}
