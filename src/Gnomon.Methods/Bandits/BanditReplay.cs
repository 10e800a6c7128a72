using Gnomon.Methods.Inference;
using Gnomon.Numerics;
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

/// <summary>Settings of a replay.</summary>
public sealed record BanditReplayOptions
{
    /// <summary>Confidence level in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Logs drawn anew from the rows, on which the rule is replayed to see how far its own learning spreads; 0 for none.</summary>
    public int Resamples { get; init; } = 50;

    /// <summary>Seed: the same seed gives the same bits for any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most threads; null for all cores.</summary>
    public int? Threads { get; init; }
}

/// <summary>What a replayed rule earned.</summary>
/// <param name="Value">Mean reward of the rows kept, with its interval.</param>
/// <param name="Difference">Less the mean of the log.</param>
/// <param name="Logged">Mean of the log.</param>
/// <param name="Kept">Rows where the rule and the log showed the same arm.</param>
/// <param name="ByArm">Rows kept of each arm.</param>
/// <param name="FirstHalf">Mean reward of the first half of the rows kept.</param>
/// <param name="SecondHalf">Of the second half: what learning added.</param>
public sealed record BanditReplayResult(ContrastResult Value, ContrastResult Difference, ContrastResult Logged, int Kept, int[] ByArm, double FirstHalf, double SecondHalf)
{
    /// <summary>How many times wider what the rule learns makes its interval, at least 1.</summary>
    public double Widening { get; init; } = 1.0;
}

/// <summary>Replays a rule on the log of arms that were shown at random with even chances.</summary>
/// <remarks>
/// Source: Li, Chu, Langford and Wang 2011, WSDM. The rows kept are distributed as the rule's own history of that length would be, so their mean is unbiased for what it earns over so many rows (not over more:
/// a rule that learns goes on to earn more). The spread of the rows kept alone is that of one way of learning; another log would have taught the rule otherwise, so the rule is replayed on logs drawn anew from the rows
/// (after Mary, Preux and Nicol 2014, ICML), and the interval is widened by the ratio of that spread to the other. The difference from the log allows for the rows that both share.
/// </remarks>
public static class BanditReplay
{
    const int Fewest = 20;

    /// <param name="newRule">Makes the rule, which has learned nothing yet; called from several threads.</param>
    /// <param name="arms">Arms of the log.</param>
    /// <param name="chosen">Arm that was shown, in order of time.</param>
    /// <param name="reward">What it earned.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 rows are kept.</exception>
    /// <exception cref="NotEstimableException">Rewards never vary.</exception>
    public static BanditReplayResult Run(Func<ReplayedRule> newRule, int arms, int[] chosen, double[] reward, BanditReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(newRule);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(reward);
        options ??= new();
        InferenceGuard.Level(options.Level);
        if (chosen.Length != reward.Length)
            throw new ArgumentException("There must be one reward per choice.", nameof(reward));
        var (rule, rng) = (newRule(), new Rng(options.Seed).Stream("replay"));
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
        return Widen(Summarise(kept, count, byArm, reward, options.Level), Spread(newRule, chosen, reward, options));
    }

    // Standard deviation of what the rule earns over logs drawn anew; null where too few of them let it learn.
    static double? Spread(Func<ReplayedRule> newRule, int[] chosen, double[] reward, BanditReplayOptions options)
    {
        var means = new double[options.Resamples];
        Parallel.For(0, means.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1 }, b =>
        {
            var (rule, rng) = (newRule(), new Rng(options.Seed).Stream("replay resample", b));
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < chosen.Length; i++)
            {
                var row = rng.NextInt(chosen.Length);
                if (rule.Choose(row, rng) != chosen[row])
                    continue;
                rule.Learn(row, chosen[row], reward[row]);
                sum += reward[row];
                count++;
            }

            means[b] = count > 0 ? sum / count : double.NaN;
        });
        double[] usable = Array.FindAll(means, m => !double.IsNaN(m));
        return usable.Length < 10 ? null : Moments.Of(usable).StandardDeviation;
    }

    static BanditReplayResult Widen(BanditReplayResult result, double? spread)
    {
        var ratio = spread is { } s && result.Value.StandardError > 0 ? Math.Max(1.0, s / result.Value.StandardError) : 1.0;
        return result with { Value = Wider(result.Value), Difference = Wider(result.Difference), Widening = ratio };

        ContrastResult Wider(ContrastResult c) => ratio == 1.0 ? c : c with
        {
            Low = c.Value - ratio * (c.Value - c.Low), High = c.Value + ratio * (c.High - c.Value), StandardError = ratio * c.StandardError, Statistic = c.Statistic / ratio, PValue = Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(c.Statistic) / ratio)),
        };
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
