using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bandits;

/// <summary>What to simulate: a bandit over some days.</summary>
/// <param name="Policy">The rule.</param>
/// <param name="Rates">True reward rate of every arm, the control first.</param>
/// <param name="PerDay">Rows a day.</param>
/// <param name="Days">Days.</param>
/// <param name="DaySwing">Added to every arm's rate on each day, repeating; empty for none.</param>
/// <param name="EachRow">Beliefs are updated after each row; else after each day, as a nightly job does.</param>
/// <param name="Weighs">The weighted answer is computed too: takes the probabilities of all arms on each day, so it is not there with <paramref name="EachRow"/> or the upper-bound rule.</param>
public sealed record BanditPlan(BanditPolicy Policy, IReadOnlyList<double> Rates, int PerDay, int Days, IReadOnlyList<double>? DaySwing = null, bool EachRow = false, bool Weighs = true);

/// <summary>What a bandit does to the one who runs it, over many runs.</summary>
/// <param name="Regret">Mean rewards lost beside always showing the best arm.</param>
/// <param name="EvenRegret">The same with even shares.</param>
/// <param name="BestLeads">Share of runs that end with the best arm ahead by plain means (any arm counts when all are alike).</param>
/// <param name="LargestShare">Median share of rows of the arm that was shown most.</param>
/// <param name="Bias">Mean of plain mean less true rate, averaged over the arms.</param>
/// <param name="GapShare">Share of runs whose plain means of the two ends of the ranking differ by at least the gap asked for.</param>
/// <param name="NaiveRejects">Share of runs in which the plain two-sample test of the first against some other arm, Bonferroni, rejects at 5 %.</param>
/// <param name="WeightedRejects">The same of the adaptively weighted test.</param>
/// <param name="WeightedCovers">Share of runs whose weighted 95 % interval of the second arm less the first holds the truth; null where the log has moments without a chance for some arm.</param>
/// <param name="Runs">Runs made.</param>
public sealed record BanditBehaviour(
    double Regret, double EvenRegret, double BestLeads, double LargestShare, double Bias, double GapShare, double NaiveRejects, double? WeightedRejects, double? WeightedCovers, int Runs);

/// <summary>Runs bandits before launch.</summary>
/// <remarks>Each run has a random stream of its own, so the answer does not depend on the number of threads.</remarks>
public static class BanditSimulation
{
    const double Alpha = 0.05;

    /// <param name="plan">What to run.</param>
    /// <param name="gap">Gap of plain means that is counted, in the rate's unit.</param>
    /// <param name="runs">Runs, at least 100.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="threads">Most threads; null for all cores.</param>
    /// <param name="cancellation">Stops between runs.</param>
    public static BanditBehaviour Run(BanditPlan plan, double gap, int runs = 2_000, ulong seed = 1, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Rates.Count, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.PerDay, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Days, 1);
        foreach (var rate in plan.Rates)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rate + (plan.DaySwing?.Min() ?? 0.0));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rate + (plan.DaySwing?.Max() ?? 0.0), 1.0);
        }

        var each = new Outcome[runs];
        var root = new Rng(seed);
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1, CancellationToken = cancellation }, r => each[r] = Once(plan, root.Stream("bandit", r)));
        var best = plan.Rates.Max();
        var swing = plan.DaySwing is { Count: > 0 } s ? Enumerable.Range(0, plan.Days).Average(d => s[d % s.Count]) : 0.0;
        var shown = each.Where(o => o.Trials.Min() > 0).ToArray();
        var weighted = each.Where(o => o.Weighted is not null).ToArray();
        var rows = (double)plan.PerDay * plan.Days;
        return new BanditBehaviour(
            each.Average(o => o.Trials.Select((n, a) => n * (best - plan.Rates[a])).Sum()),
            rows * plan.Rates.Average(v => best - v),
            each.Average(o => plan.Rates[Leader(o)] == best ? 1.0 : 0.0),
            Median([.. each.Select(o => o.Trials.Max() / rows)]),
            shown.Length == 0 ? 0.0 : shown.Average(o => Enumerable.Range(0, plan.Rates.Count).Average(a => Mean(o, a) - plan.Rates[a] - swing)),
            shown.Length == 0 ? 0.0 : shown.Average(o => Enumerable.Range(0, plan.Rates.Count).Max(a => Mean(o, a)) - Enumerable.Range(0, plan.Rates.Count).Min(a => Mean(o, a)) >= gap ? 1.0 : 0.0),
            each.Average(o => Rejects(o) ? 1.0 : 0.0),
            weighted.Length < runs ? null : weighted.Average(o => o.Weighted!.Differences.Min(d => d.PValue) < Alpha / (plan.Rates.Count - 1) ? 1.0 : 0.0),
            weighted.Length < runs ? null : weighted.Average(o => o.Weighted!.Differences[0] is var d && d.Low <= plan.Rates[1] - plan.Rates[0] && plan.Rates[1] - plan.Rates[0] <= d.High ? 1.0 : 0.0),
            runs);
    }

    static Outcome Once(BanditPlan plan, Rng rng)
    {
        var k = plan.Rates.Count;
        var (known, seen) = (new long[k], new long[k]);
        var (successes, trials) = (new long[k], new long[k]);
        var shares = new double[k];
        var rows = plan.PerDay * plan.Days;
        var keeps = plan.Weighs && !plan.EachRow && plan.Policy.Rule != BanditRule.UpperBound;
        var chosen = keeps ? new int[rows] : [];
        var reward = keeps ? new double[rows] : [];
        var probability = keeps ? new double[rows * k] : [];
        var t = 0;
        for (var day = 0; day < plan.Days; day++)
        {
            var swing = plan.DaySwing is { Count: > 0 } s ? s[day % s.Count] : 0.0;
            if (keeps)
            {
                plan.Policy.Shares(known, seen, shares);
            }

            for (var i = 0; i < plan.PerDay; i++)
            {
                var arm = keeps ? Pick(shares, rng.NextDouble()) : plan.Policy.Draw(known, seen, rng);
                var hit = rng.NextDouble() < plan.Rates[arm] + swing;
                trials[arm]++;
                successes[arm] += hit ? 1 : 0;
                if (keeps)
                {
                    chosen[t] = arm;
                    reward[t] = hit ? 1 : 0;
                    shares.CopyTo(probability, t * k);
                    t++;
                }
                else if (plan.EachRow || plan.Policy.Rule == BanditRule.UpperBound)
                {
                    (known, seen) = (successes, trials);
                }
            }

            if (!ReferenceEquals(known, successes))
            {
                successes.CopyTo(known, 0);
                trials.CopyTo(seen, 0);
            }
        }

        AdaptiveMeansResult? weighted = null;
        if (keeps && trials.Min() >= 2)
        {
            try
            {
                weighted = AdaptiveMeans.Of(new ChoiceLog(k, chosen, reward, probability));
            }
            catch (NotEstimableException)
            {
                // No moment with a chance for every arm: the caller is told by a null.
            }
        }

        return new Outcome(successes, trials, weighted);
    }

    static int Pick(double[] shares, double u)
    {
        for (var a = 0; a < shares.Length - 1; a++)
        {
            u -= shares[a];
            if (u < 0)
            {
                return a;
            }
        }

        // Rounding may leave a last arm that has no chance.
        return shares[^1] > 0 ? shares.Length - 1 : Array.FindLastIndex(shares, v => v > 0);
    }

    static double Mean(Outcome o, int arm) => (double)o.Successes[arm] / o.Trials[arm];

    static int Leader(Outcome o) => Enumerable.Range(0, o.Trials.Length).MaxBy(a => o.Trials[a] == 0 ? -1.0 : Mean(o, a));

    static bool Rejects(Outcome o)
    {
        var least = 1.0;
        for (var a = 1; a < o.Trials.Length; a++)
        {
            if (o.Trials[a] == 0 || o.Trials[0] == 0)
            {
                continue;
            }

            var pooled = (double)(o.Successes[a] + o.Successes[0]) / (o.Trials[a] + o.Trials[0]);
            var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / o.Trials[a] + 1.0 / o.Trials[0]));
            least = error > 0 ? Math.Min(least, 2.0 * Numerics.Distributions.Normal.Sf(Math.Abs(Mean(o, a) - Mean(o, 0)) / error)) : least;
        }

        return least < Alpha / (o.Trials.Length - 1);
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return 0.5 * (values[(values.Length - 1) / 2] + values[values.Length / 2]);
    }

    sealed record Outcome(long[] Successes, long[] Trials, AdaptiveMeansResult? Weighted);
}
