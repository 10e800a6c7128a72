using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bandits;

/// <summary>A rule that can be replayed: it names an arm for a row and learns from the rows that showed it.</summary>
public abstract class ReplayedRule
{
    /// <summary>The arm it would show for a row.</summary>
    public abstract int Choose(int row, Rng rng);

    /// <summary>Takes in a row that showed this arm.</summary>
    public abstract void Learn(int row, int arm, double reward);

    /// <summary>A rule that sees no context, for rewards of 0 and 1.</summary>
    /// <param name="policy">The rule.</param>
    /// <param name="arms">Arms of the log.</param>
    public static ReplayedRule Of(BanditPolicy policy, int arms) => new Counting(policy, arms);

    /// <summary>A rule that sees the context of a row.</summary>
    /// <param name="bandit">The rule, which learns.</param>
    /// <param name="contexts">Features of every row.</param>
    public static ReplayedRule Of(LinearBandit bandit, IReadOnlyList<double[]> contexts) => new Linear(bandit, contexts);

    sealed class Counting(BanditPolicy policy, int arms) : ReplayedRule
    {
        readonly long[] _successes = new long[arms];
        readonly long[] _trials = new long[arms];

        public override int Choose(int row, Rng rng) => policy.Draw(_successes, _trials, rng);

        public override void Learn(int row, int arm, double reward)
        {
            _successes[arm] += reward > 0.5 ? 1 : 0;
            _trials[arm]++;
        }
    }

    sealed class Linear(LinearBandit bandit, IReadOnlyList<double[]> contexts) : ReplayedRule
    {
        public override int Choose(int row, Rng rng) => bandit.Choose(contexts[row], rng);

        public override void Learn(int row, int arm, double reward) => bandit.Learn(arm, contexts[row], reward);
    }
}

/// <summary>What a replayed rule earned.</summary>
/// <param name="Value">Mean reward of the rows kept, with its interval.</param>
/// <param name="Difference">Less the mean of the log.</param>
/// <param name="Logged">Mean of the log.</param>
/// <param name="Kept">Rows where the rule and the log showed the same arm.</param>
/// <param name="ByArm">Rows kept of each arm.</param>
/// <param name="FirstHalf">Mean reward of the first half of the rows kept.</param>
/// <param name="SecondHalf">Of the second half: what learning added.</param>
public sealed record BanditReplayResult(ContrastResult Value, ContrastResult Difference, ContrastResult Logged, int Kept, int[] ByArm, double FirstHalf, double SecondHalf);

/// <summary>Replays a rule on the log of arms that were shown at random with even chances.</summary>
/// <remarks>
/// Source: Li, Chu, Langford and Wang 2011, WSDM. The rows kept are distributed as the rule's own history of that length would be, so their mean is unbiased for what it earns over so many rows (not over more:
/// a rule that learns goes on to earn more). Reward less its chance under the past is a martingale difference, which gives the normal interval from the spread of the rows kept; the difference from the log allows
/// for the rows that both share.
/// </remarks>
public static class BanditReplay
{
    const int Fewest = 20;

    /// <param name="rule">The rule, new; it learns in this call.</param>
    /// <param name="arms">Arms of the log.</param>
    /// <param name="chosen">Arm that was shown, in order of time.</param>
    /// <param name="reward">What it earned.</param>
    /// <param name="rng">Source of the rule's draws.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 rows are kept.</exception>
    /// <exception cref="NotEstimableException">Rewards never vary.</exception>
    public static BanditReplayResult Run(ReplayedRule rule, int arms, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, Rng rng, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(rng);
        InferenceGuard.Level(level);
        if (chosen.Length != reward.Length)
            throw new ArgumentException("There must be one reward per choice.", nameof(reward));
        var kept = new bool[chosen.Length];
        var (count, byArm) = (0, new int[arms]);
        for (var i = 0; i < chosen.Length; i++)
        {
            if (rule.Choose(i, rng) != chosen[i])
                continue;
            rule.Learn(i, chosen[i], reward[i]);
            kept[i] = true;
            count++;
            byArm[chosen[i]]++;
        }

        if (count < Fewest)
            throw new TooFewRowsException("The set of rows where the rule and the log agree", count, Fewest);
        return Summarise(kept, count, byArm, reward, level);
    }

    static BanditReplayResult Summarise(bool[] kept, int count, int[] byArm, ReadOnlySpan<double> reward, double level)
    {
        var n = reward.Length;
        double sum = 0, all = 0, first = 0;
        var seen = 0;
        for (var i = 0; i < n; i++)
        {
            all += reward[i];
            if (!kept[i])
                continue;
            sum += reward[i];
            first += seen++ < count / 2 ? reward[i] : 0.0;
        }

        var (mean, logged) = (sum / count, all / n);
        double own = 0, log = 0, both = 0;
        for (var i = 0; i < n; i++)
        {
            var rule = kept[i] ? (reward[i] - mean) / count : 0.0;
            var plain = (reward[i] - logged) / n;
            own += rule * rule;
            log += plain * plain;
            both += (rule - plain) * (rule - plain);
        }

        if (!(log > 0))
            throw new NotEstimableException("Rewards never vary, so no rule earns more than another.");
        var half = count / 2;
        var (early, late) = (first / half, (sum - first) / (count - half));
        if (!reward.ContainsAnyExcept(0.0, 1.0))
        {
            // Rare rewards: score intervals, joined by Newcombe's square-and-add, which takes the shared rows for separate ones and so errs on the wide side.
            var (v, l) = (OneProportion.Wilson((long)Math.Round(sum), count, level), OneProportion.Wilson((long)Math.Round(all), n, level));
            var error = Math.Sqrt(Math.Max(0.0, logged * (1 - logged) * (1.0 / count - 1.0 / n)));
            var z0 = error > 0 ? (mean - logged) / error : 0.0;
            var below = mean - logged - Math.Sqrt((mean - v.Low) * (mean - v.Low) + (l.High - logged) * (l.High - logged));
            var above = mean - logged + Math.Sqrt((v.High - mean) * (v.High - mean) + (logged - l.Low) * (logged - l.Low));
            return new(
                Of(mean, own * count / (count - 1.0)) with { Low = v.Low, High = v.High }, new ContrastResult(mean - logged, below, above, error, z0, null, error > 0 ? Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(z0))) : 1.0, level, "replay, score intervals"),
                Of(logged, log * n / (n - 1.0)) with { Low = l.Low, High = l.High }, count, byArm, early, late);
        }

        return new(Of(mean, own * count / (count - 1.0)), Of(mean - logged, both * count / (count - 1.0)), Of(logged, log * n / (n - 1.0)), count, byArm, early, late);

        ContrastResult Of(double value, double variance)
        {
            var error = Math.Sqrt(variance);
            var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
            var z = error > 0 ? value / error : 0.0;
            return new(value, value - reach, value + reach, error, z, null, error > 0 ? Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(z))) : 1.0, level, "replay of rows where rule and log agree");
        }
    }
}
