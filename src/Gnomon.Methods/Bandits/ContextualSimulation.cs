using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bandits;

/// <summary>Contexts that are equally likely, and what every arm earns in each.</summary>
/// <param name="Features">Features of every context, all of one length; the constant 1 included where it is wanted.</param>
/// <param name="Rates">By context, the rate of every arm in [0, 1], the control first.</param>
public sealed record ContextualWorld(IReadOnlyList<double[]> Features, IReadOnlyList<double[]> Rates)
{
    /// <summary>Arms.</summary>
    public int Arms => Rates[0].Length;

    /// <summary>What a row loses when one arm is always shown, the best one for all.</summary>
    public double LossOfBestArm => Enumerable.Range(0, Arms).Min(a => Rates.Average(r => r.Max() - r[a]));

    /// <summary>What a row loses with even shares.</summary>
    public double LossOfEven => Rates.Average(r => r.Max() - r.Average());
}

/// <summary>How the traffic of a contextual simulation is used, and what is launched after it.</summary>
public enum ContextualRule
{
    /// <summary>LinUCB; then in each context the arm with the highest line.</summary>
    LinearUpperBound,

    /// <summary>Linear Thompson sampling; then the same.</summary>
    LinearThompson,

    /// <summary>Thompson sampling without the context; then the leading arm for everybody.</summary>
    Thompson,

    /// <summary>Even shares; then the best arm for everybody if its plain test against the control calls it, else the control.</summary>
    TestThenWinner,

    /// <summary>Even shares; then in each context the arm with the highest line of the data.</summary>
    TestThenLines,
}

/// <summary>The traffic of a contextual simulation.</summary>
/// <param name="PerDay">Rows a day, at least 1.</param>
/// <param name="Days">Days, at least 1; rules learn after each.</param>
/// <param name="Exploration">alpha of LinUCB, v of Thompson.</param>
/// <param name="Gap">Gap of plain means that is counted.</param>
public sealed record ContextualPlan(int PerDay, int Days, double Exploration = 1.0, double Gap = 0.0);

/// <summary>What a rule does with contexts, over many runs.</summary>
/// <param name="Regret">Mean rewards lost during the run beside the best arm of every context.</param>
/// <param name="BestArmRegret">The same when the arm that is best for everybody is always shown.</param>
/// <param name="EvenRegret">The same with even shares.</param>
/// <param name="BestShare">Share of rows that were shown the best arm of their context.</param>
/// <param name="LossAfter">Mean reward that a row loses under what is launched after the run.</param>
/// <param name="BeatsBestArm">Share of runs after which what is launched loses less than the one best arm for everybody does.</param>
/// <param name="GapShare">Share of runs whose plain means differ by the gap or more.</param>
/// <param name="PlainRejects">Share of runs in which the plain test of some arm against the control, Bonferroni, rejects at 5 %.</param>
/// <param name="RegretError">Monte Carlo error of <paramref name="Regret"/>.</param>
/// <param name="Runs">Runs made.</param>
public sealed record ContextualBehaviour(double Regret, double BestArmRegret, double EvenRegret, double BestShare, double LossAfter, double BeatsBestArm, double GapShare, double PlainRejects, double RegretError, int Runs);

/// <summary>Runs bandits that see a context before launch, beside those that do not and beside fixed tests of the same traffic.</summary>
/// <remarks>
/// Rules: Li, Chu, Langford and Schapire 2010 (WWW); Agrawal and Goyal 2013 (ICML). Rewards are 0 or 1. Each run has a random stream of its own, so the answer does not depend on the number of threads.
/// </remarks>
public static class ContextualSimulation
{
    const double Alpha = 0.05;
    const double Tie = 1e-12;

    /// <param name="rule">How the traffic is used.</param>
    /// <param name="world">The world of a run, drawn anew for each.</param>
    /// <param name="plan">Traffic.</param>
    /// <param name="runs">Runs, at least 50.</param>
    /// <param name="seed">Seed: rules with the same seed meet the same worlds.</param>
    /// <param name="threads">Most threads; null for all cores.</param>
    /// <param name="cancellation">Stops between runs.</param>
    public static ContextualBehaviour Run(ContextualRule rule, Func<Rng, ContextualWorld> world, ContextualPlan plan, int runs = 300, ulong seed = 1, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 50);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.PerDay, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Days, 1);
        var each = new Outcome[runs];
        var root = new Rng(seed);
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1, CancellationToken = cancellation }, r => each[r] = Once(rule, Checked(world(root.Stream("world", r))), plan, root.Stream("contextual", r)));
        var rows = (double)plan.PerDay * plan.Days;
        var regret = Numerics.Moments.Of([.. each.Select(o => o.Regret)]);
        return new ContextualBehaviour(
            regret.Mean, rows * each.Average(o => o.BestArm), rows * each.Average(o => o.Even), each.Average(o => o.Best) / rows, each.Average(o => o.After), each.Average(o => o.After < o.BestArm - Tie ? 1.0 : 0.0),
            each.Average(o => o.Gap >= plan.Gap ? 1.0 : 0.0), each.Average(o => o.Rejects ? 1.0 : 0.0), Math.Sqrt(regret.VarianceOfMean), runs);
    }

    static ContextualWorld Checked(ContextualWorld w)
    {
        if (w.Features.Count == 0 || w.Features.Count != w.Rates.Count || w.Arms < 2 || w.Rates.Any(r => r.Length != w.Arms || r.Any(v => v is not (>= 0 and <= 1))))
            throw new ArgumentException("A world has features and rates for every context, two arms or more, and rates between 0 and 1.", nameof(w));
        return w;
    }

    static Outcome Once(ContextualRule rule, ContextualWorld world, ContextualPlan plan, Rng rng)
    {
        var k = world.Arms;
        var isTest = rule is ContextualRule.TestThenWinner or ContextualRule.TestThenLines;
        var lines = rule is ContextualRule.Thompson or ContextualRule.TestThenWinner ? null
            : new LinearBandit(k, world.Features[0].Length, rule == ContextualRule.LinearThompson ? LinearRule.Thompson : LinearRule.UpperBound, isTest ? 0 : plan.Exploration);
        var policy = new BanditPolicy(BanditRule.Thompson);
        var (known, seen, successes, trials) = (new long[k], new long[k], new long[k], new long[k]);
        var (context, shown, reward) = (new int[plan.PerDay], new int[plan.PerDay], new double[plan.PerDay]);
        var (regret, best) = (0.0, 0L);
        for (var day = 0; day < plan.Days; day++)
        {
            for (var i = 0; i < plan.PerDay; i++)
            {
                var c = context[i] = rng.NextInt(world.Features.Count);
                var arm = shown[i] = isTest ? rng.NextInt(k) : lines is not null ? lines.Choose(world.Features[c], rng) : policy.Draw(known, seen, rng);
                var rate = world.Rates[c];
                reward[i] = rng.NextDouble() < rate[arm] ? 1 : 0;
                var lost = rate.Max() - rate[arm];
                regret += lost;
                best += lost <= Tie ? 1 : 0;
                trials[arm]++;
                successes[arm] += (long)reward[i];
            }

            for (var i = 0; i < plan.PerDay && lines is not null; i++)
                lines.Learn(shown[i], world.Features[context[i]], reward[i]);
            successes.CopyTo(known, 0);
            trials.CopyTo(seen, 0);
        }

        var (gap, winner, rejects) = Plain(successes, trials);
        var after = lines is not null ? LossOf(world, lines)
            : LossOf(world, rule == ContextualRule.Thompson ? Leader(successes, trials) : winner);
        return new Outcome(regret, best, after, world.LossOfBestArm, world.LossOfEven, gap, rejects);
    }

    static double LossOf(ContextualWorld world, int arm) => world.Rates.Average(r => r.Max() - r[arm]);

    static double LossOf(ContextualWorld world, LinearBandit lines)
    {
        var theta = Enumerable.Range(0, world.Arms).Select(lines.Coefficients).ToArray();
        var sum = 0.0;
        for (var c = 0; c < world.Features.Count; c++)
        {
            var (best, highest) = (0, double.NegativeInfinity);
            for (var a = 0; a < theta.Length; a++)
            {
                var score = 0.0;
                for (var j = 0; j < theta[a].Length; j++)
                    score += theta[a][j] * world.Features[c][j];
                (best, highest) = score > highest ? (a, score) : (best, highest);
            }

            sum += world.Rates[c].Max() - world.Rates[c][best];
        }

        return sum / world.Features.Count;
    }

    static int Leader(long[] successes, long[] trials) => Enumerable.Range(0, trials.Length).MaxBy(a => (1.0 + successes[a]) / (2.0 + trials[a]));

    // Plain two-sample tests of every arm against the first, Bonferroni: the gap of means, the arm that is called better (else the control), and whether any is called different.
    static (double Gap, int Winner, bool Rejects) Plain(long[] successes, long[] trials)
    {
        var means = trials.Select((n, a) => n == 0 ? (double?)null : (double)successes[a] / n).ToArray();
        var (winner, rejects) = (0, false);
        for (var a = 1; a < trials.Length; a++)
        {
            if (means[a] is not { } mean || means[0] is not { } control)
                continue;
            var pooled = (double)(successes[a] + successes[0]) / (trials[a] + trials[0]);
            var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / trials[a] + 1.0 / trials[0]));
            if (error > 0 && 2.0 * Normal.Sf(Math.Abs(mean - control) / error) < Alpha / (trials.Length - 1))
            {
                rejects = true;
                winner = mean > (means[winner] ?? 0) ? a : winner;
            }
        }

        var shown = means.OfType<double>().ToArray();
        return (shown.Length < 2 ? 0 : shown.Max() - shown.Min(), winner, rejects);
    }

    sealed record Outcome(double Regret, long Best, double After, double BestArm, double Even, double Gap, bool Rejects);
}
