using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>What a plan with several looks costs and saves.</summary>
/// <param name="Looks">The boundary at each look.</param>
/// <param name="Inflation">Size of the sample at the last look, as a multiple of that of a test read once with the same power.</param>
/// <param name="PlannedZ">Expected z at full information under the effect planned for.</param>
/// <param name="Power">Chance of having stopped for the effect by each look, cumulative.</param>
/// <param name="ExpectedUnderEffect">Expected share of the full sample that is used when the effect is as planned.</param>
/// <param name="ExpectedUnderNone">The same without any effect.</param>
public sealed record GroupSequentialPlan(
    IReadOnlyList<GroupSequentialLook> Looks, double Inflation, double PlannedZ, IReadOnlyList<double> Power, double ExpectedUnderEffect, double ExpectedUnderNone);

/// <summary>Sample size of a group-sequential test, by the exact recursion.</summary>
/// <remarks>Source: Jennison and Turnbull 2000, chapters 2 and 7. Two-sided; a crossing on the wrong side counts, as in the boundaries themselves.</remarks>
public static class PowerGroupSequential
{
    const double Tolerance = 1e-10;

    /// <summary>The plan that reaches the wanted power.</summary>
    /// <param name="information">Increasing shares of the full information at which the data are read; the last is 1.</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <param name="power">Wanted power, above the size and below 1.</param>
    /// <param name="spending">How fast the size is spent.</param>
    public static GroupSequentialPlan Plan(ReadOnlySpan<double> information, double alpha, double power, AlphaSpending spending = AlphaSpending.ObrienFleming)
    {
        if (!(power > alpha && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "Power must lie between the test's size and 1.");
        if (information.IsEmpty || information[^1] != 1)
            throw new ArgumentException("The last look is at full information.", nameof(information));
        var times = information.ToArray();
        var looks = GroupSequential.Bounds(times, alpha, spending);
        var bounds = Bounds(looks);
        var once = Normal.UpperQuantile(alpha / 2) + Normal.Quantile(power);
        var drift = Brent.Root(d => GroupSequential.StoppingProbability(times, bounds, d)[^1] - power, 0.5 * Math.Max(once, 0.1), once + 3, Tolerance).X;
        var stopped = GroupSequential.StoppingProbability(times, bounds, drift);
        return new(looks, drift * drift / (once * once), drift, stopped, Expected(times, stopped), Expected(times, GroupSequential.StoppingProbability(times, bounds)));
    }

    /// <summary>Power of a plan whose expected z at full information is known.</summary>
    public static double Power(IReadOnlyList<GroupSequentialLook> looks, double plannedZ)
    {
        ArgumentNullException.ThrowIfNull(looks);
        return GroupSequential.StoppingProbability(looks.Select(l => l.Information).ToArray(), Bounds(looks), plannedZ)[^1];
    }

    static double[] Bounds(IReadOnlyList<GroupSequentialLook> looks) => [.. looks.Select(l => l.CriticalZ ?? 40)];

    static double Expected(double[] times, IReadOnlyList<double> stopped)
    {
        var expected = times[^1];
        for (var k = 0; k < times.Length - 1; k++)
            expected -= (times[k + 1] - times[k]) * stopped[k];
        return expected;
    }
}
