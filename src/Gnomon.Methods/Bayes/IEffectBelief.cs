using Gnomon.Numerics;

namespace Gnomon.Methods.Bayes;

/// <summary>What is believed of an effect after data: probabilities, an interval, and what a decision about it loses on average.</summary>
public interface IEffectBelief
{
    /// <summary>Posterior mean, in the unit of the effect.</summary>
    double Mean { get; }

    double StandardDeviation { get; }

    /// <summary>Chance of an effect above a value.</summary>
    double Above(double value = 0);

    /// <summary>By how much the effect exceeds a threshold on average, counting nothing where it does not: E[(effect - threshold)+].</summary>
    double Excess(double threshold);

    /// <summary>Equal-tailed credible interval.</summary>
    Interval Interval(double level = 0.95);
}

/// <summary>Quantities that follow from a belief, whatever its form.</summary>
public static class EffectBeliefs
{
    /// <summary>By how much the effect falls short of a threshold on average: E[(threshold - effect)+].</summary>
    public static double Shortfall(this IEffectBelief belief, double threshold)
    {
        ArgumentNullException.ThrowIfNull(belief);
        return Math.Max(0, belief.Excess(threshold) - belief.Mean + threshold);
    }

    /// <summary>Three-way probability against a region of practical equivalence (Kruschke 2018).</summary>
    public static RegionProbability Region(this IEffectBelief belief, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(belief);
        if (!(low <= high))
            throw new ArgumentOutOfRangeException(nameof(low), low, "The region begins at or below its end.");
        var (fromLow, above) = (belief.Above(low), belief.Above(high));
        return new(1 - fromLow, Math.Max(0, fromLow - above), above);
    }
}
