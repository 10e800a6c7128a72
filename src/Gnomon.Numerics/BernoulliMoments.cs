namespace Gnomon.Numerics;

/// <summary>Moments of zeros and ones from their counts, exact up to the rounding of the formulas.</summary>
public static class BernoulliMoments
{
    /// <param name="events">Ones, between 0 and <paramref name="trials"/>.</param>
    /// <param name="trials">Zeros and ones together.</param>
    public static Moments Of(long events, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, trials);
        if (trials == 0)
        {
            return Moments.Empty;
        }

        var p = (double)events / trials;
        var q = (double)(trials - events) / trials;
        var spread = trials * p * q;
        return new Moments(trials, p, spread, spread * (q - p), spread * (1 - 3 * p * q), events == trials ? 1 : 0, events > 0 ? 1 : 0);
    }
}
