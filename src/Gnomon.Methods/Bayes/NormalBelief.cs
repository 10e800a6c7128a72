using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bayes;

/// <summary>Where an effect lies against a region too small to matter.</summary>
/// <param name="Below">Chance that it lies below the region.</param>
/// <param name="Inside">Chance that it lies inside: practically none.</param>
/// <param name="Above">Chance that it lies above.</param>
public sealed record RegionProbability(double Below, double Inside, double Above);

/// <summary>What is believed of an effect whose estimate is normal: an experiment's difference, a coefficient, a log ratio.</summary>
/// <remarks>Sources: Spiegelhalter, Abrams and Myles 2004, chapters 3 and 6; region of practical equivalence: Kruschke 2018; unit normal loss: Raiffa and Schlaifer 1961.</remarks>
public sealed record NormalBelief
{
    const double RootTwoPi = 2.5066282746310002;

    /// <param name="mean">Centre of the belief.</param>
    /// <param name="deviation">Its standard deviation, positive; infinite for a flat one.</param>
    public NormalBelief(double mean, double deviation)
    {
        if (!double.IsFinite(mean))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The centre of a belief is finite.");
        if (!(deviation > 0))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "The standard deviation of a belief is positive.");
        Mean = mean;
        Deviation = deviation;
    }

    public double Mean { get; }

    public double Deviation { get; }

    /// <summary>Nothing is preferred: the posterior is the likelihood.</summary>
    public static NormalBelief Flat { get; } = new(0, double.PositiveInfinity);

    /// <summary>The belief after an estimate with this standard error.</summary>
    public NormalBelief After(double estimate, double standardError)
    {
        StandardError(standardError);
        if (!double.IsFinite(estimate))
            throw new ArgumentOutOfRangeException(nameof(estimate), estimate, "The estimate must be finite.");
        if (double.IsInfinity(Deviation))
            return new(estimate, standardError);
        var weight = Deviation * Deviation / (Deviation * Deviation + standardError * standardError);
        return new(Mean + weight * (estimate - Mean), Math.Sqrt(weight) * standardError);
    }

    /// <summary>Chance of an effect above a value.</summary>
    public double Above(double value) => double.IsInfinity(Deviation)
        ? throw new InvalidOperationException("A flat belief gives no probabilities before data.")
        : Normal.Sf((value - Mean) / Deviation);

    public Interval Interval(double level = 0.95)
    {
        BetaMixture.InferenceLevel(level);
        var half = Normal.UpperQuantile((1 - level) / 2) * Deviation;
        return new(Mean - half, Mean + half);
    }

    /// <summary>Three-way probability against a region of no practical difference.</summary>
    public RegionProbability Region(double low, double high)
    {
        if (!(low <= high))
            throw new ArgumentOutOfRangeException(nameof(low), low, "The region begins at or below its end.");
        var below = Above(low);
        var above = Above(high);
        return new(Normal.Cdf((low - Mean) / Deviation), below - above, above);
    }

    /// <summary>Expected loss of acting when the effect may be negative: the mean of its negative part.</summary>
    public double LossOfActing => Deviation * UnitLoss(Mean / Deviation);

    /// <summary>Expected loss of not acting: the mean of its positive part.</summary>
    public double LossOfWaiting => Deviation * UnitLoss(-Mean / Deviation);

    /// <summary>What knowing the effect for certain before deciding would be worth, in the unit of the effect.</summary>
    public double ValueOfPerfectInformation => Math.Min(LossOfActing, LossOfWaiting);

    /// <summary>What one more estimate with this standard error would be worth before deciding.</summary>
    public double ValueOfSample(double standardError)
    {
        StandardError(standardError);
        var spread = Deviation * Deviation / Math.Sqrt(Deviation * Deviation + standardError * standardError);
        return spread * UnitLoss(Math.Abs(Mean) / spread);
    }

    /// <summary>How far an estimate lies from the belief: the two-sided chance of one at least as far, before it was seen. Small values are a conflict (Box 1980).</summary>
    public double Conflict(double estimate, double standardError)
    {
        StandardError(standardError);
        return double.IsInfinity(Deviation) ? 1 : Math.Min(1, 2 * Normal.Sf(Math.Abs(estimate - Mean) / Math.Sqrt(Deviation * Deviation + standardError * standardError)));
    }

    /// <summary>The prior centre, at this belief's deviation, for which the chance of an effect above 0 after the estimate is exactly the given one: how sceptical one must be to doubt it.</summary>
    public double TippingCentre(double estimate, double standardError, double probability)
    {
        StandardError(standardError);
        if (!(probability > 0 && probability < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        var weight = Deviation * Deviation / (Deviation * Deviation + standardError * standardError);
        var after = Math.Sqrt(weight) * standardError;
        return (Normal.Quantile(probability) * after - weight * estimate) / (1 - weight);
    }

    // Mean of the negative part of a standard normal shifted by z.
    static double UnitLoss(double z) => Math.Exp(-0.5 * z * z) / RootTwoPi - z * Normal.Sf(z);

    static void StandardError(double standardError)
    {
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is positive and finite.");
    }
}
