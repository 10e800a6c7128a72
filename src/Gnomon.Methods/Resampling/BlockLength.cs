using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Resampling;

/// <summary>Automatic block lengths of a series.</summary>
/// <param name="Stationary">Mean length of stationary blocks.</param>
/// <param name="Circular">Length of circular (and moving) blocks.</param>
public sealed record BlockLengths(double Stationary, double Circular);

/// <summary>How long blocks of a series must be so that resampled means have the right spread.</summary>
/// <remarks>
/// Sources: Politis and White 2004, Econometric Reviews 23, with the correction of Patton, Politis and White 2009, Econometric Reviews 28. Autocovariances count under a flat-top window up to twice the lag
/// after which max(5, root of log10 n) neighbours stay within 2 root(log10 n / n); lengths end at min(3 root(n), n / 3). A series without memory gets length 1.
/// </remarks>
public static class BlockLength
{
    internal const int FewestRows = 8;

    /// <param name="series">Finite values in order of time, at least 8, that vary.</param>
    /// <exception cref="TooFewRowsException">Fewer than 8 values.</exception>
    /// <exception cref="NotEstimableException">The series does not vary.</exception>
    public static BlockLengths Automatic(ReadOnlySpan<double> series)
    {
        var n = series.Length;
        if (n < FewestRows)
        {
            throw new TooFewRowsException("The series", n, FewestRows);
        }

        var span = Math.Max(5, (int)Math.Sqrt(Math.Log10(n)));
        var reach = Math.Min(n - 1, (int)Math.Ceiling(Math.Sqrt(n)) + span);
        var r = SerialCorrelation.Autocorrelations(series, reach);
        if (r.Length == 0)
        {
            throw new NotEstimableException("The series does not vary, so there is no block length.");
        }

        var window = Math.Min(reach, 2 * Settled(r, n, span));
        double first = 0.0, longRun = 1.0;
        for (var lag = 1; lag <= window; lag++)
        {
            var share = (double)lag / window;
            var weight = share <= 0.5 ? 1.0 : 2.0 * (1.0 - share);
            first += 2.0 * weight * lag * r[lag - 1];
            longRun += 2.0 * weight * r[lag - 1];
        }

        // D = 2 g(0)^2 for stationary blocks, 4/3 g(0)^2 for circular ones; G^2 of 0 gives length 0 and so 1. Everything is in units of the variance, which cancels.
        var most = Math.Ceiling(Math.Min(3.0 * Math.Sqrt(n), n / 3.0));
        double Length(double d) => longRun == 0 ? most : Math.Clamp(Math.Cbrt(2.0 * first * first / (d * longRun * longRun) * n), 1.0, most);
        return new BlockLengths(Length(2.0), Length(4.0 / 3.0));
    }

    // The last lag before `span` small autocorrelations in a row; without such a run, the last large one.
    static int Settled(double[] r, int n, int span)
    {
        var limit = 2.0 * Math.Sqrt(Math.Log10(n) / n);
        var small = 0;
        for (var lag = 1; lag <= r.Length; lag++)
        {
            small = Math.Abs(r[lag - 1]) < limit ? small + 1 : 0;
            if (small == span)
            {
                return Math.Max(1, lag - span);
            }
        }

        var last = Array.FindLastIndex(r, v => Math.Abs(v) >= limit);
        return last < 0 ? 1 : last + 1;
    }
}
