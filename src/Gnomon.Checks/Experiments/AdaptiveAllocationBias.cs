using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The shares of the arms followed their outcomes.</summary>
public sealed class AdaptiveAllocationBias : Check<AdaptiveAllocation>
{
    private const double LargestMove = 0.05;
    private const double Threshold = 0.001;
    private const double Related = 0.05;
    private const int FewestDays = 9;

    public override CheckCard Card { get; } = new(
        Id: "adaptive-allocation-bias",
        Asks: "Were the arms' shares left alone while the data came in?",
        FiresWhen: "logged probabilities with which the arms were not shown (rows of every arm over the whole log, and chi-square of the rows of every day, against them, p < 0.001), or that move by more than 5 points; without a log, daily shares that move by more than 5 points and follow the difference seen before (logistic regression beside a curved trend, p < 0.001, and changes from day to day agree). "
            + "Without a log, shares that move by more than 5 points and more than chance (chi-square of the days, p < 0.001), whatever moved them, are a warning. A failure when the log is wrong or plain means are the answer; a warning when rows are weighted by their probabilities; a remark when plain and weighted answers point the same way for sure",
        Means: "Arms that looked bad early stopped being sampled, so plain averages are biased.",
        Remedy: "Name the logged probabilities with --propensity, and confirm in a fixed split.",
        Source: "Nie, Tian, Taylor and Zou 2018; Hadad, Hirshberg, Zhan, Wager and Athey, PNAS 2021")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Inconclusive, FalseAlarmRate = 0.002 };

    public override CheckResult Evaluate(AdaptiveAllocation evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.IsLogged && evidence.FollowsOutcomeP is null)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Days, "day")} with both arms; {FewestDays} are needed to see whether shares follow outcomes");
        }

        if (evidence.LogFitsP is < Threshold)
        {
            return CheckResult.Fail($"the arms were not shown with the logged probabilities: {evidence.LogMisfit}; {Figures.P(evidence.LogFitsP.Value)}", evidence.LogFitsP, Threshold, evidence.LogFitsP)
                with { Remedy = "Log the probability that was in force when the row was chosen; rows weighted by any other are not corrected." };
        }

        if (evidence.WeightsEveryRow)
        {
            return CheckResult.Pass($"the arms were shown as often as the logged probabilities say, {Figures.P(evidence.LogFitsP ?? 1)}", evidence.LogFitsP, Threshold, evidence.LogFitsP);
        }

        var move = evidence.LargestShare - evidence.SmallestShare;
        var says = $"the share of {evidence.Arm} ran from {Figures.WholePercent(evidence.SmallestShare)} to {Figures.WholePercent(evidence.LargestShare)}";
        if (!evidence.IsLogged && move > LargestMove && evidence.FollowsOutcomeP >= Threshold && evidence.SameShareP < Threshold)
        {
            // A bandit that has found its winner early looks like a rollout: what moved the share cannot be told, and a fixed split does not do it.
            return CheckResult.Warn($"{says}, which no fixed split does ({Figures.P(evidence.SameShareP.Value)}); {(evidence.FollowsOutcomeP < Related ? $"the outcomes may have moved it, {Figures.P(evidence.FollowsOutcomeP.Value)}" : "nothing says what moved it")}", move, LargestMove, evidence.SameShareP)
                with { Remedy = "Find out who moved the share: if the outcomes did, name the logged probabilities with --propensity; if a rollout did, read the days of one share alone (--where)." };
        }

        if (move <= LargestMove || (!evidence.IsLogged && evidence.FollowsOutcomeP >= Threshold))
        {
            var follow = evidence.IsLogged || evidence.FollowsOutcomeP is not { } calm ? string.Empty : $" {(calm < Related ? "and is not clearly tied to the outcomes" : "and did not follow the outcomes")}, {Figures.P(calm)}";
            return CheckResult.Pass($"{says}{follow}", move, LargestMove, evidence.FollowsOutcomeP);
        }

        var follows = evidence.FollowsOutcomeP is { } p && p < Threshold ? $" and followed the outcomes, {Figures.P(p)}" : string.Empty;
        var plain = $"the plain difference of {evidence.Metric} is {Figures.Effect(evidence.Plain, evidence.Unit, evidence.PlainHigh - evidence.PlainLow)}";
        if (evidence.Weighted is not { } weighted)
        {
            return CheckResult.Fail($"{says}{follows}; {plain} and cannot be read", move, LargestMove, evidence.FollowsOutcomeP);
        }

        var both = $"{says}{follows}; {plain}, weighted {Figures.Effect(weighted, evidence.Unit, evidence.WeightedHigh - evidence.WeightedLow)} ({Figures.Range(evidence.WeightedLow, evidence.WeightedHigh, evidence.Unit)})";
        return Sign(evidence.PlainLow, evidence.PlainHigh) * Sign(evidence.WeightedLow, evidence.WeightedHigh) > 0
            ? CheckResult.Note(both, move, LargestMove, evidence.FollowsOutcomeP)
            : CheckResult.Warn(both, move, LargestMove, evidence.FollowsOutcomeP) with { Remedy = "Read the weighted difference, never the plain one, and confirm in a fixed split." };
    }

    public override AdaptiveAllocation Trap(int seed) => Simulate(seed, new BanditPolicy(BanditRule.Thompson, 0.02));

    public override AdaptiveAllocation Clean(int seed) => Simulate(seed, new BanditPolicy(BanditRule.Even));

    public override AdaptiveAllocation? Tiny => new() { Metric = "clicked", Arm = "B", SmallestShare = 0.4, LargestShare = 0.6, Days = 2, Plain = 0.1, PlainLow = -0.5, PlainHigh = 0.7 };

    private static int Sign(double low, double high) => low > 0 ? 1 : high < 0 ? -1 : 0;

    // Three weeks of 1,000 rows a day in two arms that are alike (21 %), seen by day and without a log.
    private static AdaptiveAllocation Simulate(int seed, BanditPolicy policy)
    {
        var rng = new Rng(seed).Stream("adaptive-allocation-bias");
        const int days = 21;
        var (hits, rows) = (new long[2], new long[2]);
        var cells = new List<ShareDay>();
        var shares = new double[2];
        for (var d = 0; d < days; d++)
        {
            policy.Shares(hits, rows, shares);
            long[] n = [0, rng.NextBinomial(1_000, shares[1])];
            n[0] = 1_000 - n[1];
            long[] k = [rng.NextBinomial(n[0], 0.21), rng.NextBinomial(n[1], 0.21)];
            cells.Add(new ShareDay(n[0], n[1], k[0], k[1], k[0] * (1 - (k[0] / Math.Max(1.0, n[0]))), k[1] * (1 - (k[1] / Math.Max(1.0, n[1])))));
            for (var a = 0; a < 2; a++)
            {
                hits[a] += k[a];
                rows[a] += n[a];
            }
        }

        var daily = cells.Select(c => c.Share).ToList();
        var difference = (double)hits[1] / Math.Max(1, rows[1]) - (double)hits[0] / Math.Max(1, rows[0]);
        var error = Math.Sqrt(0.21 * 0.79 * (1.0 / Math.Max(1, rows[0]) + 1.0 / Math.Max(1, rows[1])));
        return new AdaptiveAllocation
        {
            Metric = "clicked", Arm = "B", SmallestShare = daily.Min(), LargestShare = daily.Max(), Days = days, FollowsOutcomeP = ShareFollowsOutcome.PValue(cells), SameShareP = ContingencyTest.ChiSquare([.. cells.SelectMany(c => new[] { c.First, c.Second })], 2)?.PValue, Plain = difference,
            PlainLow = difference - 1.96 * error, PlainHigh = difference + 1.96 * error, Unit = "proportion",
        };
    }
}
