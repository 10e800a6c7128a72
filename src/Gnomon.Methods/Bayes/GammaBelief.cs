using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>What is believed of a rate of events per unit of exposure: conjugate gamma for Poisson counts.</summary>
/// <remarks>Source: Gelman et al. 2013, sections 2.6 and 2.7; the ratio of two rates is a beta odds, so its chances are closed forms.</remarks>
/// <param name="Shape">Events seen or believed in, positive.</param>
/// <param name="Exposure">Exposure in which they were seen, positive, in the unit of the rate.</param>
public sealed record GammaBelief(double Shape, double Exposure)
{
    /// <summary>Jeffreys' prior after data: half an event in no exposure. Proper as soon as there is any exposure.</summary>
    /// <param name="events">Events, at least 0.</param>
    /// <param name="exposure">Exposure, positive.</param>
    public static GammaBelief Jeffreys(long events, double exposure) => new GammaBelief(0.5, 0).After(events, exposure);

    public double Mean => Shape / Exposure;

    public double StandardDeviation => Math.Sqrt(Shape) / Exposure;

    /// <summary>The belief after data.</summary>
    /// <param name="events">Events, at least 0.</param>
    /// <param name="exposure">Exposure in which they fell, positive and finite.</param>
    public GammaBelief After(long events, double exposure)
    {
        Data(events, exposure);
        return new(Shape + events, Exposure + exposure);
    }

    /// <summary>Chance of a rate above a value.</summary>
    public double Above(double rate)
    {
        Proper();
        return rate <= 0 ? 1 : Gamma.Q(Shape, rate * Exposure);
    }

    /// <summary>Equal-tailed credible interval of the rate.</summary>
    public Interval Interval(double level = 0.95)
    {
        BetaMixture.InferenceLevel(level);
        return new(Quantile((1 - level) / 2), Quantile(1 - (1 - level) / 2));
    }

    /// <summary>Logarithm of the chance of exactly so many events in an exposure to come: negative binomial.</summary>
    public double LogPredictive(long events, double exposure)
    {
        Proper();
        Data(events, exposure);
        return Gamma.Log(Shape + events) - Gamma.Log(Shape) - Gamma.Log(events + 1.0) - Shape * Elementary.Log1p(exposure / Exposure) - events * Elementary.Log1p(Exposure / exposure);
    }

    /// <summary>How surprising a count is under this belief: the chance of counts no more likely than the one seen (Box 1980).</summary>
    public double PredictiveTail(long events, double exposure)
    {
        var seen = LogPredictive(events, exposure);
        var expected = Mean * exposure;
        double likelier = 0;
        for (var k = 0L; ; k++)
        {
            var log = LogPredictive(k, exposure);
            likelier += log > seen + 1e-9 ? Math.Exp(log) : 0;
            // Unimodal: once past the mean and no likelier than what was seen, nothing further is.
            if (k > expected && log <= seen + 1e-9)
                break;
        }
        return Math.Clamp(1 - likelier, 0, 1);
    }

    /// <summary>Chance that this rate is more than <paramref name="ratio"/> times another one, independent of it.</summary>
    public double RatioAbove(GammaBelief other, double ratio = 1)
    {
        ArgumentNullException.ThrowIfNull(other);
        Proper();
        other.Proper();
        if (!(ratio > 0) || !double.IsFinite(ratio))
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "A ratio is positive and finite.");
        return BetaDistribution.Sf(ratio * Exposure / (ratio * Exposure + other.Exposure), Shape, other.Shape);
    }

    /// <summary>Equal-tailed credible interval of the ratio of this rate to another one.</summary>
    public Interval RatioInterval(GammaBelief other, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(other);
        BetaMixture.InferenceLevel(level);
        Proper();
        other.Proper();
        var tail = (1 - level) / 2;
        return new(Ratio(other, tail), Ratio(other, 1 - tail));
    }

    // Share and rest are separate quantiles, so that neither loses its digits near 1.
    double Ratio(GammaBelief other, double p) =>
        BetaDistribution.Quantile(p, Shape, other.Shape) / BetaDistribution.UpperQuantile(p, other.Shape, Shape) * (other.Exposure / Exposure);

    double Quantile(double p)
    {
        Proper();

        // In the logarithm the quantile of a small shape is far below 0 but finite.
        var high = Math.Log(Shape + 40 * Math.Sqrt(Shape) + 60);
        var low = Math.Min(high - 1, (Math.Log(p) + Gamma.Log(Shape + 1)) / Shape - 1);
        return Math.Exp(Brent.Root(x => Gamma.P(Shape, Math.Exp(x)) - p, Math.Max(low, -700), high, 1e-14).X) / Exposure;
    }

    void Proper()
    {
        if (!(Shape > 0 && Exposure > 0) || !double.IsFinite(Shape + Exposure))
            throw new InvalidOperationException("A belief about a rate needs events and exposure above 0.");
    }

    static void Data(long events, double exposure)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        if (!(exposure > 0) || !double.IsFinite(exposure))
            throw new ArgumentOutOfRangeException(nameof(exposure), exposure, "Exposure is positive and finite.");
    }
}
