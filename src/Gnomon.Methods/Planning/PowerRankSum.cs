using Gnomon.Methods.Experiments;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable effect of the Mann-Whitney test, by Noether's formula: inverses of one another in closed form.</summary>
/// <remarks>
/// Source: Noether 1987, JASA 82. The effect is the superiority P(Y above X) + P(Y equal X) / 2, minus one half. The formula takes the variance without an effect, so for
/// large effects it asks for a little too much; <see cref="PowerSimulation"/> settles those.
/// </remarks>
public static class PowerRankSum
{
    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="n">Units of the first arm, positive.</param>
    /// <param name="superiority">True superiority of the second arm, in [0, 1].</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    public static double Power(double n, double superiority, PowerOptions? options = null)
    {
        var o = Check(superiority, options);
        SizeSearch.Units(n, 0);
        return Normal.Cdf(Math.Sqrt(n) * Math.Abs(superiority - 0.5) / Deviation(o) - Normal.UpperQuantile(o.Alpha / o.Sides));
    }

    /// <summary>Units of both arms for the wanted power, not rounded.</summary>
    public static SampleSizeResult SampleSize(double superiority, double power, PowerOptions? options = null)
    {
        var o = Check(superiority, options);
        PowerTwoProportions.Target(power, o);
        SizeSearch.Effect(superiority - 0.5, nameof(superiority));
        var n = SizeSearch.NormalUnits((superiority - 0.5) / Deviation(o), power, o);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>The smallest |superiority - 1/2| that is detected with the wanted power; null when even 1/2 is not.</summary>
    public static double? MinimumDetectableEffect(double n, double power, PowerOptions? options = null)
    {
        var o = Check(0.5, options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        var effect = (Normal.UpperQuantile(o.Alpha / o.Sides) + Normal.Quantile(power)) * Deviation(o) / Math.Sqrt(n);
        return effect <= 0.5 ? effect : null;
    }

    /// <summary>Power of the Mann-Whitney test itself when values are drawn as stated: for outcomes with ties, tails or few units.</summary>
    /// <param name="firstUnits">Units of the first arm, at least 1.</param>
    /// <param name="secondUnits">Units of the second arm, at least 1.</param>
    /// <param name="first">Draws a value of the first arm.</param>
    /// <param name="second">Draws a value of the second arm.</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <param name="runs">Simulated data sets.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="threads">Threads; all cores when null. The answer does not depend on it.</param>
    public static SimulatedPower Simulate(
        int firstUnits, int secondUnits, Func<Rng, double> first, Func<Rng, double> second, double alpha = 0.05, int runs = 10_000, ulong seed = 1, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstUnits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(secondUnits, 1);
        SequentialArguments.Alpha(alpha);
        return PowerSimulation.Run(rng => MannWhitney.Test(Draw(rng, first, firstUnits), Draw(rng, second, secondUnits)).PValue < alpha, runs, seed, threads);
    }

    /// <summary>The superiority that belongs to two normal arms whose means are so many standard deviations apart.</summary>
    public static double OfShift(double standardisedDifference) => Normal.Cdf(standardisedDifference / Math.Sqrt(2));

    static double[] Draw(Rng rng, Func<Rng, double> one, int units)
    {
        var values = new double[units];
        for (var i = 0; i < units; i++)
            values[i] = one(rng);
        return values;
    }

    // Of the estimated superiority without an effect, times sqrt(n).
    static double Deviation(PowerOptions o) => Math.Sqrt((1 + 1 / o.AllocationRatio) / 12);

    static PowerOptions Check(double superiority, PowerOptions? options)
    {
        if (!(superiority >= 0 && superiority <= 1))
            throw new ArgumentOutOfRangeException(nameof(superiority), superiority, "A superiority lies between 0 and 1.");
        return SizeSearch.Validated(options);
    }
}
