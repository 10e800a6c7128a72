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
}
