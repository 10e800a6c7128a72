using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bandits;

/// <summary>How a bandit shares out what comes next.</summary>
public enum BanditRule
{
    /// <summary>Thompson 1933: an arm is drawn as often as it is likely to be the best, under flat Beta beliefs.</summary>
    Thompson,

    /// <summary>Auer, Cesa-Bianchi and Fischer 2002 (UCB1): the arm with the highest upper bound, mean + sqrt(2 ln t / n).</summary>
    UpperBound,

    /// <summary>The best arm so far, but for a share that is spread evenly.</summary>
    EpsilonGreedy,

    /// <summary>Even shares throughout: the fixed test.</summary>
    Even,
}

/// <summary>A rule with its settings.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Floor">Share that every arm keeps at least, in [0, 1/arms]; what makes a later comparison possible.</param>
/// <param name="Epsilon">Share spread evenly by the epsilon-greedy rule.</param>
public sealed record BanditPolicy(BanditRule Rule, double Floor = 0.0, double Epsilon = 0.1)
{
    // Nodes of the integral over the belief of one arm; beliefs are cut where 1e-12 of them is left.
    const int Nodes = 400;
    const double Tail = 1e-12;

    /// <summary>Probability of every arm for the next rows, given what was seen.</summary>
    /// <param name="successes">Rewards of 1 seen per arm.</param>
    /// <param name="trials">Rows per arm.</param>
    /// <param name="shares">Filled with the probabilities; they sum to 1.</param>
    public void Shares(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials, Span<double> shares)
    {
        var k = trials.Length;
        if (shares.Length != k || successes.Length != k)
        {
            throw new ArgumentException("Successes, trials and shares must have one value per arm.", nameof(shares));
        }

        switch (Rule)
        {
            case BanditRule.Thompson:
                BestChances(successes, trials, shares);
                break;
            case BanditRule.UpperBound:
                shares.Clear();
                shares[Highest(successes, trials)] = 1.0;
                break;
            case BanditRule.EpsilonGreedy:
                shares.Fill(Epsilon / k);
                shares[Leader(successes, trials)] += 1.0 - Epsilon;
                break;
            default:
                shares.Fill(1.0 / k);
                break;
        }

        if (Floor > 0)
        {
            if (Floor > 1.0 / k)
            {
                throw new ArgumentOutOfRangeException(nameof(shares), $"A floor of {Floor} for each of {k} arms is more than there is.");
            }

            foreach (ref var s in shares)
            {
                s = Floor + (1.0 - k * Floor) * s;
            }
        }
    }

    /// <summary>Chance that each arm is the best, under independent Beta(1 + successes, 1 + failures) beliefs.</summary>
    /// <param name="successes">Rewards of 1 per arm.</param>
    /// <param name="trials">Rows per arm.</param>
    /// <param name="chances">Filled with the chances, which sum to 1.</param>
    public static void BestChances(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials, Span<double> chances)
    {
        if (trials.Length == 2)
        {
            chances[1] = SecondBeatsFirst(successes, trials);
            chances[0] = 1.0 - chances[1];
            return;
        }

        // P(arm a best) = integral of F_b(x) over all b but a, against the belief of a. Each belief is cut into equal-probability steps: exact to about 1/Nodes^2.
        var k = trials.Length;
        var total = 0.0;
        for (var a = 0; a < k; a++)
        {
            var (low, high) = (BetaDistribution.Quantile(Tail, 1.0 + successes[a], 1.0 + trials[a] - successes[a]), BetaDistribution.UpperQuantile(Tail, 1.0 + successes[a], 1.0 + trials[a] - successes[a]));
            var before = 0.0;
            var chance = 0.0;
            for (var i = 1; i <= Nodes; i++)
            {
                var right = low + (high - low) * i / Nodes;
                var upTo = BetaDistribution.Cdf(right, 1.0 + successes[a], 1.0 + trials[a] - successes[a]);
                var middle = right - 0.5 * (high - low) / Nodes;
                var beaten = 1.0;
                for (var b = 0; b < k; b++)
                {
                    beaten *= b == a ? 1.0 : BetaDistribution.Cdf(middle, 1.0 + successes[b], 1.0 + trials[b] - successes[b]);
                }

                chance += (upTo - before) * beaten;
                before = upTo;
            }

            chances[a] = chance;
            total += chance;
        }

        foreach (ref var c in chances)
        {
            c /= total;
        }
    }

    // P(B > A) for Beta(a1, b1) and Beta(a2, b2) as a finite sum of positive terms, exact for whole a2: term i+1 over term i is (a1 + i)(b2 + i) / ((a1 + b1 + b2 + i)(1 + i)).
    // Of the four equal sums (the arms, or success and failure, may change places) the shortest is taken.
    static double SecondBeatsFirst(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials)
    {
        long a1 = 1 + successes[0], b1 = 1 + trials[0] - successes[0], a2 = 1 + successes[1], b2 = 1 + trials[1] - successes[1];
        var shortest = Math.Min(Math.Min(a1, b1), Math.Min(a2, b2));
        return shortest == a2 ? Sum(a1, b1, a2, b2)
            : shortest == b1 ? Sum(b2, a2, b1, a1)
            : shortest == a1 ? 1.0 - Sum(a2, b2, a1, b1)
            : 1.0 - Sum(b1, a1, b2, a2);
    }

    static double Sum(long a1, long b1, long a2, long b2)
    {
        var log = Beta.Log(a1, b1 + b2) - Beta.Log(a1, b1);
        var total = 0.0;
        for (var i = 0L; i < a2; i++)
        {
            total += Math.Exp(log);
            log += Math.Log((double)(a1 + i) * (b2 + i) / ((double)(a1 + b1 + b2 + i) * (1 + i)));
        }

        return Math.Clamp(total, 0.0, 1.0);
    }

    // One draw of Thompson's rule costs a belief per arm, not an integral.
    internal int Draw(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials, Rng rng)
    {
        var k = trials.Length;
        if (Floor > 0 && rng.NextDouble() < k * Floor)
        {
            return rng.NextInt(k);
        }

        switch (Rule)
        {
            case BanditRule.Thompson:
                var (best, highest) = (0, -1.0);
                for (var a = 0; a < k; a++)
                {
                    var x = rng.NextGamma(1.0 + successes[a]);
                    var belief = x / (x + rng.NextGamma(1.0 + trials[a] - successes[a]));
                    (best, highest) = belief > highest ? (a, belief) : (best, highest);
                }

                return best;
            case BanditRule.UpperBound:
                return Highest(successes, trials);
            case BanditRule.EpsilonGreedy:
                return rng.NextDouble() < Epsilon ? rng.NextInt(k) : Leader(successes, trials);
            default:
                return rng.NextInt(k);
        }
    }

    static int Highest(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials)
    {
        var all = 0L;
        foreach (var n in trials)
        {
            all += n;
        }

        var (best, highest) = (0, double.NegativeInfinity);
        for (var a = 0; a < trials.Length; a++)
        {
            var bound = trials[a] == 0 ? double.PositiveInfinity : (double)successes[a] / trials[a] + Math.Sqrt(2.0 * Math.Log(all) / trials[a]);
            (best, highest) = bound > highest ? (a, bound) : (best, highest);
        }

        return best;
    }

    static int Leader(ReadOnlySpan<long> successes, ReadOnlySpan<long> trials)
    {
        var (best, highest) = (0, double.NegativeInfinity);
        for (var a = 0; a < trials.Length; a++)
        {
            var mean = trials[a] == 0 ? double.PositiveInfinity : (double)successes[a] / trials[a];
            (best, highest) = mean > highest ? (a, mean) : (best, highest);
        }

        return best;
    }
}
