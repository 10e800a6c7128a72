using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>How large a replication must be.</summary>
/// <remarks>
/// Closed form for a normal estimate: errors fall with the square root of the size, so the size is that of the first test times ((z + z_power) error / effect) squared. Planning on the
/// shrunken effect, not on the one that won: Button et al. 2013, Nature Reviews Neuroscience 14.
/// </remarks>
public static class ReplicationSize
{
    /// <summary>Size of the replication over the size of the first test.</summary>
    /// <param name="effect">The effect to be seen, not 0.</param>
    /// <param name="standardError">Standard error of the first test, positive, in the same unit.</param>
    /// <param name="power">Wanted chance of a significant result in that direction, above alpha/2.</param>
    /// <param name="alpha">Two-sided size of the replication's test.</param>
    public static double Factor(double effect, double standardError, double power = 0.9, double alpha = 0.05)
    {
        SequentialArguments.Alpha(alpha);
        if (!(power > alpha / 2 && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "Power lies between half of alpha and 1.");
        if (effect == 0 || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "A size can be planned for an effect other than 0 only.");
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is positive and finite.");
        var ratio = (Normal.UpperQuantile(alpha / 2) + Normal.Quantile(power)) * standardError / effect;
        return ratio * ratio;
    }
}
