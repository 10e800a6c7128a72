using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Experiments;

/// <summary>Confidence sequences for proportions that hold at every look and for every count, however small.</summary>
/// <remarks>
/// The likelihood ratio of a beta mixture against one share is a nonnegative martingale under that share, so Ville's inequality bounds it at all times (Robbins 1970;
/// Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49, proposition 7; the capital of a gambler with a beta prior in Waudby-Smith and Ramdas 2024).
/// For a difference the ratios of two independent arms are multiplied, and the least product over all pairs of shares with that difference is held against 1 / alpha.
/// Exact for independent zeros and ones: no normal approximation, no start-up.
/// </remarks>
public static class BetaBinomialSequence
{
    // Jeffreys' prior: within a constant of the best regret for any share (Krichevsky and Trofimov 1981).
    const double Prior = 0.5;
    const double Tolerance = 1e-12;

    /// <summary>Shares of one arm that the data so far do not exclude.</summary>
    /// <param name="events">Ones so far.</param>
    /// <param name="n">Units so far, at least 1.</param>
    /// <param name="level">Confidence level over all looks together.</param>
    public static Interval Proportion(long events, long n, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var arm = Arm.Of(events, n);
        var limit = -Elementary.Log1p(-level);
        var share = (double)events / n;
        var low = events == 0 ? 0 : Brent.Root(p => arm.LogRatio(p) - limit, double.Epsilon, share, Tolerance).X;
        var high = events == n ? 1 : Brent.Root(p => arm.LogRatio(p) - limit, share, 1 - 1e-16, Tolerance).X;
        return new(low, high);
    }

    /// <summary>Difference of two shares, treatment minus control, with an always-valid p-value of "no difference".</summary>
    /// <param name="treatmentEvents">Ones in the treatment arm.</param>
    /// <param name="treatmentUnits">Its units, at least 1.</param>
    /// <param name="controlEvents">Ones in the control arm.</param>
    /// <param name="controlUnits">Its units, at least 1.</param>
    /// <param name="level">Confidence level over all looks together.</param>
    /// <returns>The rho of the result is 0: no scale had to be chosen.</returns>
    public static AlwaysValidResult Difference(long treatmentEvents, long treatmentUnits, long controlEvents, long controlUnits, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var (treatment, control) = (Arm.Of(treatmentEvents, treatmentUnits), Arm.Of(controlEvents, controlUnits));
        var limit = -Elementary.Log1p(-level);
        var estimate = treatment.Share - control.Share;
        double Least(double difference) => LeastRatio(treatment, control, difference);
        var low = Least(-1) <= limit ? -1 : Brent.Root(d => Least(d) - limit, -1, estimate, Tolerance).X;
        var high = Least(1) <= limit ? 1 : Brent.Root(d => Least(d) - limit, estimate, 1, Tolerance).X;
        var none = Least(0);
        return new(estimate, low, high, Math.Min(1, Math.Exp(-none)), none, 0, level);
    }

    // The sum of two convex functions of the shares: one valley along a line of equal difference.
    static double LeastRatio(Arm treatment, Arm control, double difference)
    {
        var (from, to) = (Math.Max(0, -difference), Math.Min(1, 1 - difference));
        if (!(from < to))
            return treatment.LogRatio(from + difference) + control.LogRatio(from);
        var best = Brent.Minimize(p => Math.Min(1e300, treatment.LogRatio(Math.Clamp(p + difference, 0, 1)) + control.LogRatio(p)), from, to, 1e-12).Value;
        // A share of 0 or 1 is a corner that the search only comes near to.
        return Math.Min(best, Math.Min(
            treatment.LogRatio(Math.Clamp(from + difference, 0, 1)) + control.LogRatio(from), treatment.LogRatio(Math.Clamp(to + difference, 0, 1)) + control.LogRatio(to)));
    }

    sealed record Arm(long Events, long N, double LogMixture)
    {
        public double Share => (double)Events / N;

        public static Arm Of(long events, long n)
        {
            if (n < 1)
                throw new TooFewRowsException("The arm", n, 1);
            if (events < 0 || events > n)
                throw new ArgumentOutOfRangeException(nameof(events), events, "Events must lie between 0 and the units.");
            return new(events, n, Gamma.Log(Prior + events) + Gamma.Log(Prior + n - events) - Gamma.Log(2 * Prior + n) - 2 * Gamma.Log(Prior) + Gamma.Log(2 * Prior));
        }

        /// <summary>Natural logarithm of the mixture's likelihood over that of share p.</summary>
        public double LogRatio(double p) => LogMixture - (Events == 0 ? 0 : Events * Math.Log(p)) - (Events == N ? 0 : (N - Events) * Elementary.Log1p(-p));
    }
}
