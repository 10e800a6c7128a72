using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>The chance of a significant result in the wanted direction, averaged over what the effect may be.</summary>
/// <remarks>Source: O'Hagan, Stevens and Campbell 2005, Pharmaceutical Statistics 4; normal effect estimate, normal prior, closed form.</remarks>
public static class Assurance
{
    /// <param name="priorMean">Expected effect, in units of its standard error in the planned test; positive is the wanted direction.</param>
    /// <param name="priorDeviation">Standard deviation of the belief about the effect, in the same units; 0 gives the power.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <param name="sides">1 or 2; only the wanted direction counts as success.</param>
    public static double Normal(double priorMean, double priorDeviation, double alpha, int sides = 2)
    {
        if (!double.IsFinite(priorMean))
            throw new ArgumentOutOfRangeException(nameof(priorMean), priorMean, "The expected effect must be finite.");
        if (!(priorDeviation >= 0) || !double.IsFinite(priorDeviation))
            throw new ArgumentOutOfRangeException(nameof(priorDeviation), priorDeviation, "A standard deviation cannot be negative.");
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
        if (sides is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(sides), sides, "A test has one or two sides.");
        var critical = Numerics.Distributions.Normal.UpperQuantile(alpha / sides);
        return Numerics.Distributions.Normal.Cdf((priorMean - critical) / Math.Sqrt(1 + priorDeviation * priorDeviation));
    }
}
