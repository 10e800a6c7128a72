using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>The false positive rate of a fixed-horizon test that is read several times and stopped at the first significant look.</summary>
/// <remarks>
/// Source: Armitage, McPherson and Rowe 1969, JRSS A 132, table 2: .083 .107 .126 .142 .193 .248 for 2, 3, 4, 5, 10, 20 looks at 5 %.
/// Looks are equally spaced in information; the recursion is exact to about 1e-9.
/// </remarks>
public static class PeekingError
{
    /// <param name="looks">Number of looks, 1 to 1,000.</param>
    /// <param name="alpha">Two-sided size of each single look, for example 0.05.</param>
    /// <returns>Probability, when there is no effect, that at least one look is significant.</returns>
    public static double FalsePositiveRate(int looks, double alpha)
    {
        if (looks is < 1 or > 1_000)
            throw new ArgumentOutOfRangeException(nameof(looks), looks, "The number of looks must lie between 1 and 1,000.");
        SequentialArguments.Alpha(alpha);
        var z = Normal.Quantile(1 - alpha / 2);
        var recursion = new SequentialRecursion();
        var total = 0.0;
        for (var k = 1; k <= looks; k++)
        {
            total += recursion.CrossingProbability(k, z);
            if (k < looks)
                recursion.Continue(k, z, 1);
        }
        return total;
    }

    /// <summary>Chance, when there is no effect, that |z| reaches a value at one look or more: the p-value with the looks counted.</summary>
    /// <param name="information">Information at the looks, increasing, this one last; any unit.</param>
    /// <param name="z">The value of |z|.</param>
    public static double LargestOf(ReadOnlySpan<double> information, double z)
    {
        SequentialArguments.Increasing(information);
        if (!(z >= 0))
            throw new ArgumentOutOfRangeException(nameof(z), z, "The value is a size, without a sign.");
        if (z < SmallestZ)
            return 1;
        var recursion = new SequentialRecursion();
        var total = 0.0;
        for (var k = 0; k < information.Length; k++)
        {
            total += recursion.CrossingProbability(information[k], z);
            if (k + 1 < information.Length)
                recursion.Continue(information[k], z, information[k + 1] - information[k]);
        }
        return Math.Min(1, total);
    }

    /// <summary>The constant |z| that keeps the error over these looks (Pocock 1977, for looks at any distance).</summary>
    /// <param name="information">Information at the looks, increasing; any unit.</param>
    /// <param name="alpha">Two-sided error over all of them.</param>
    public static double CriticalValue(ReadOnlySpan<double> information, double alpha)
    {
        SequentialArguments.Alpha(alpha);
        var times = information.ToArray();
        var lowest = Normal.UpperQuantile(alpha / 2);
        return times.Length == 1 ? lowest : Numerics.Optimizers.Brent.Root(z => LargestOf(times, z) - alpha, lowest * (1 - 1e-9), lowest + 6, 1e-9).X;
    }

    // Any data reach so small a value; the region would have no inside.
    const double SmallestZ = 1e-3;
}
