using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Planning;

/// <summary>Power, events and detectable hazard ratio of the log-rank test: inverses of one another in closed form.</summary>
/// <remarks>Source: Schoenfeld 1983, Biometrics 39. Hazards are proportional; what counts is the number of events, whoever has them.</remarks>
public static class PowerHazardRatio
{
    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="events">Events in both arms together, positive.</param>
    /// <param name="hazardRatio">Hazard of the second arm over that of the first, positive and not 1.</param>
    /// <param name="options">Size, sides, allocation of units; the defaults when absent.</param>
    public static double Power(double events, double hazardRatio, PowerOptions? options = null)
    {
        var o = Validated(options);
        Events(events);
        return Normal.Cdf(Math.Sqrt(events * Share(o)) * Math.Abs(Log(hazardRatio)) - Critical(o));
    }

    /// <summary>Events in both arms together for the wanted power; not rounded.</summary>
    public static double EventsNeeded(double hazardRatio, double power, PowerOptions? options = null)
    {
        var o = Validated(options);
        PowerTwoProportions.Target(power, o);
        var effect = Log(hazardRatio);
        if (effect == 0)
            throw new ArgumentOutOfRangeException(nameof(hazardRatio), hazardRatio, "No number of events detects a hazard ratio of 1.");
        var z = Critical(o) + Normal.Quantile(power);
        return z * z / (Share(o) * effect * effect);
    }

    /// <summary>The hazard ratio nearest to 1 that is detected with the wanted power: above 1, or its inverse below 1.</summary>
    public static double DetectableHazardRatio(double events, double power, bool above, PowerOptions? options = null)
    {
        var o = Validated(options);
        Events(events);
        PowerTwoProportions.Target(power, o);
        var effect = (Critical(o) + Normal.Quantile(power)) / Math.Sqrt(events * Share(o));
        return Math.Exp(above ? effect : -effect);
    }

    /// <summary>Share of units with the event by the end of follow-up when their hazard is <paramref name="hazardRatio"/> times that of units with <paramref name="share"/>.</summary>
    public static double EventShare(double share, double hazardRatio)
    {
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of units with the event must lie strictly between 0 and 1.");
        Log(hazardRatio);
        return -Elementary.Expm1(hazardRatio * Elementary.Log1p(-share));
    }

    // Product of the two shares of units.
    static double Share(PowerOptions o) => o.AllocationRatio / ((1 + o.AllocationRatio) * (1 + o.AllocationRatio));

    static double Critical(PowerOptions o) => Normal.UpperQuantile(o.Alpha / o.Sides);

    static double Log(double hazardRatio) => hazardRatio > 0 && double.IsFinite(hazardRatio)
        ? Math.Log(hazardRatio)
        : throw new ArgumentOutOfRangeException(nameof(hazardRatio), hazardRatio, "A hazard ratio is positive.");

    static void Events(double events)
    {
        if (!(events > 0) || !double.IsFinite(events))
            throw new ArgumentOutOfRangeException(nameof(events), events, "The number of events must be positive.");
    }

    static PowerOptions Validated(PowerOptions? options)
    {
        var o = options ?? new PowerOptions();
        o.Validate();
        return o;
    }
}
