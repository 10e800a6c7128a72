using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Experiments;

/// <summary>How the p-value of a sample-ratio test was computed.</summary>
public enum SampleRatioMethod
{
    /// <summary>Pearson's chi-square against its limiting distribution; every expected count is at least 5.</summary>
    ChiSquare,

    /// <summary>Exact multinomial test: all outcomes no more probable than the observed one, enumerated.</summary>
    ExactMultinomial,

    /// <summary>The exact multinomial test by 20,000 draws from a fixed random stream; too many outcomes to enumerate.</summary>
    MonteCarloMultinomial,
}

/// <summary>The test of observed arm sizes against a planned split.</summary>
/// <param name="Statistic">Pearson's chi-square over the arms with a positive share.</param>
/// <param name="DegreesOfFreedom">Number of those arms minus one.</param>
/// <param name="PValue">Probability of a split at least as far from the plan; 0 when it is below 1e-308 (see <paramref name="Log10PValue"/>).</param>
/// <param name="Log10PValue">Decimal logarithm of the p-value, finite in the deepest tail.</param>
/// <param name="Method">Which distribution gave the p-value.</param>
/// <param name="Total">Units in the arms with a positive share.</param>
/// <param name="Leaked">Units seen in arms that were planned to receive none.</param>
public sealed record SampleRatioResult(
    double Statistic, int DegreesOfFreedom, double PValue, double Log10PValue, SampleRatioMethod Method, long Total, long Leaked);

/// <summary>The e-value of observed arm sizes against a planned split.</summary>
/// <param name="LogEValue">Natural logarithm of the e-value; an e-value above 1/alpha rejects at level alpha at any look.</param>
/// <param name="AlwaysValidP">min(1, 1/e): valid however often it is read.</param>
/// <param name="Leaked">Units seen in arms that were planned to receive none.</param>
public sealed record SampleRatioEvidence(double LogEValue, double AlwaysValidP, long Leaked)
{
    /// <summary>The e-value itself, held at the largest double when it would overflow.</summary>
    public double EValue => Math.Min(Math.Exp(LogEValue), double.MaxValue);
}

/// <summary>Sample-ratio mismatch: did each arm receive the share of units it was planned to receive?</summary>
/// <remarks>
/// Sources: Fabijan et al., KDD 2019 (chi-square); Read and Cressie 1988 (exact multinomial ordering by probability);
/// Lindon and Malek, NeurIPS 2022 (Dirichlet-multinomial e-process). Arms of share 0 are left out of the test and reported as leaks.
/// </remarks>
public static class SampleRatio
{
    const double SmallestExpected = 5;
    const double LargestEnumeration = 2e6;
    // The smallest p-value is 1 in 20,001, a twentieth of the usual alarm at 0.001.
    const int Draws = 20_000;

    /// <summary>Chi-square goodness of fit; exact multinomial when an expected count is below 5.</summary>
    /// <param name="observed">Units per arm, not negative.</param>
    /// <param name="shares">Planned weight per arm, not negative; they need not sum to one.</param>
    /// <exception cref="ArgumentException">Lengths differ, fewer than two arms have a positive share, or no unit was seen in them.</exception>
    public static SampleRatioResult ChiSquare(ReadOnlySpan<long> observed, ReadOnlySpan<double> shares)
    {
        var arms = PlannedArms.Of(observed, shares);
        var statistic = 0.0;
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < arms.Counts.Length; i++)
        {
            var expected = arms.Total * arms.Shares[i];
            var gap = arms.Counts[i] - expected;
            statistic += gap * gap / expected;
            smallest = Math.Min(smallest, expected);
        }
        var df = arms.Counts.Length - 1;
        if (smallest >= SmallestExpected)
            return new(statistic, df, ChiSquared.Sf(statistic, df), ChiSquared.LogSf(statistic, df) / Math.Log(10), SampleRatioMethod.ChiSquare, arms.Total, arms.Leaked);
        var enumerate = Outcomes(arms.Total, arms.Counts.Length) <= LargestEnumeration;
        var logP = enumerate ? LogExact(arms) : LogMonteCarlo(arms);
        var method = enumerate ? SampleRatioMethod.ExactMultinomial : SampleRatioMethod.MonteCarloMultinomial;
        return new(statistic, df, Math.Exp(logP), logP / Math.Log(10), method, arms.Total, arms.Leaked);
    }

    /// <summary>Evidence against the planned split that stays valid at every look: a Dirichlet(concentration * shares) mixture against the plan.</summary>
    /// <param name="observed">Units per arm so far.</param>
    /// <param name="shares">Planned weight per arm.</param>
    /// <param name="concentration">Sum of the Dirichlet parameters; larger looks for smaller departures.</param>
    public static SampleRatioEvidence EProcess(ReadOnlySpan<long> observed, ReadOnlySpan<double> shares, double concentration = 10_000)
    {
        if (!(concentration > 0) || !double.IsFinite(concentration))
            throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "The concentration must be positive and finite.");
        var arms = PlannedArms.Of(observed, shares);
        var log = Gamma.Log(concentration) - Gamma.Log(concentration + arms.Total);
        for (var i = 0; i < arms.Counts.Length; i++)
        {
            var prior = concentration * arms.Shares[i];
            log += Gamma.Log(prior + arms.Counts[i]) - Gamma.Log(prior) - arms.Counts[i] * Math.Log(arms.Shares[i]);
        }
        return new(log, Math.Min(1, Math.Exp(-log)), arms.Leaked);
    }

    static double Outcomes(long total, int arms)
    {
        var outcomes = 1.0;
        for (var i = 1; i < arms; i++)
            outcomes = outcomes * (total + i) / i;
        return outcomes;
    }

    static double LogExact(PlannedArms arms)
    {
        var limit = LogProbability(arms, arms.Counts) + 1e-7;
        var counts = new long[arms.Counts.Length];
        var sum = 0.0;
        // Probabilities are summed relative to the observed one, so a p-value of 1e-300 keeps its digits.
        Visit(0, arms.Total);
        return Math.Min(0, limit - 1e-7 + Math.Log(sum));

        void Visit(int arm, long left)
        {
            if (arm == counts.Length - 1)
            {
                counts[arm] = left;
                var log = LogProbability(arms, counts);
                if (log <= limit)
                    sum += Math.Exp(log - limit + 1e-7);
                return;
            }
            for (var n = 0L; n <= left; n++)
            {
                counts[arm] = n;
                Visit(arm + 1, left - n);
            }
        }
    }

    static double LogMonteCarlo(PlannedArms arms)
    {
        var rng = new Rng(1).Stream("sample-ratio");
        var limit = LogProbability(arms, arms.Counts) + 1e-7;
        var counts = new long[arms.Counts.Length];
        var extreme = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            DrawMultinomial(rng, arms, counts);
            if (LogProbability(arms, counts) <= limit)
                extreme++;
        }
        return Math.Log((1.0 + extreme) / (1.0 + Draws));
    }

    static void DrawMultinomial(Rng rng, PlannedArms arms, long[] counts)
    {
        var left = arms.Total;
        var share = 1.0;
        for (var i = 0; i < counts.Length - 1; i++)
        {
            counts[i] = left == 0 ? 0 : rng.NextBinomial(left, Math.Min(1, arms.Shares[i] / share));
            left -= counts[i];
            share -= arms.Shares[i];
        }
        counts[^1] = left;
    }

    static double LogProbability(PlannedArms arms, ReadOnlySpan<long> counts)
    {
        var log = Gamma.Log(arms.Total + 1.0);
        for (var i = 0; i < counts.Length; i++)
            log += counts[i] * Math.Log(arms.Shares[i]) - Gamma.Log(counts[i] + 1.0);
        return log;
    }
}

/// <summary>Arms with a positive planned share, their shares summing to one, and what leaked into the others.</summary>
internal sealed record PlannedArms(long[] Counts, double[] Shares, long Total, long Leaked)
{
    public static PlannedArms Of(ReadOnlySpan<long> observed, ReadOnlySpan<double> shares)
    {
        if (observed.Length != shares.Length)
            throw new ArgumentException($"There are {observed.Length} observed counts and {shares.Length} planned shares.", nameof(shares));
        var counts = new List<long>();
        var weights = new List<double>();
        long leaked = 0, total = 0;
        var sum = 0.0;
        for (var i = 0; i < observed.Length; i++)
        {
            if (observed[i] < 0)
                throw new ArgumentOutOfRangeException(nameof(observed), observed[i], "A count is negative.");
            if (!(shares[i] >= 0) || !double.IsFinite(shares[i]))
                throw new ArgumentOutOfRangeException(nameof(shares), shares[i], "A planned share is negative or not finite.");
            if (shares[i] == 0)
            {
                leaked += observed[i];
                continue;
            }
            counts.Add(observed[i]);
            weights.Add(shares[i]);
            total += observed[i];
            sum += shares[i];
        }
        if (counts.Count < 2)
            throw new ArgumentException("A split needs at least two arms with a positive planned share.", nameof(shares));
        if (total == 0)
            throw new ArgumentException("No unit was seen in the planned arms.", nameof(observed));
        var normalised = weights.ConvertAll(w => w / sum);
        return new([.. counts], [.. normalised], total, leaked);
    }
}
