using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Survival;
using Gnomon.Core.Findings;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>One group drops out of sight earlier than the other.</summary>
public sealed class UnequalFollowUp : Check<FollowUpBalance>
{
    private const double Alpha = 0.01;
    private const double LargestGap = 0.10;
    private const long FewestLost = 10;
    private const int TrapRows = 800;

    public override CheckCard Card { get; } = new(
        Id: "unequal-follow-up",
        Asks: "Were the groups watched for equally long?",
        FiresWhen: "the ends of watch without the event differ between groups (log-rank p < 0.01), and the shares still watched at the horizon differ by more than 10 points",
        Means: "One group leaves the watch earlier; if those who leave are those who were about to have the event, its curve looks too good.",
        Remedy: "Ask why units left the watch, follow them up, and show the answer if all who left had the event at once, and if none had.",
        Source: "Schemper and Smith 1996; CONSORT 2010 item 13b")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, DetectionRate = 0.95, Aliases = ["differential-censoring", "informative-censoring"] };

    public override CheckResult Evaluate(FollowUpBalance evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var lost = evidence.Lost.Sum();
        if (lost < FewestLost || evidence.Groups.Count < 2)
        {
            return CheckResult.Skip($"{Figures.Count(lost, "unit")} left the watch before the horizon; {FewestLost} are needed to compare the groups");
        }

        var gap = evidence.StillWatched.Max() - evidence.StillWatched.Min();
        var each = string.Join(", ", evidence.Groups.Select((g, i) => $"{g} {Figures.WholePercent(evidence.StillWatched[i])}").Take(4));
        var says = $"still watched at {Figures.Number(evidence.Horizon)}, the event aside: {each} ({Figures.P(evidence.PValue)})";
        return evidence.PValue < Alpha && gap > LargestGap ? CheckResult.Warn(says, gap, LargestGap, evidence.PValue) : CheckResult.Pass(says, gap, LargestGap, evidence.PValue);
    }

    public override FollowUpBalance Trap(int seed) => Simulate(seed, 1.6);

    public override FollowUpBalance Clean(int seed) => Simulate(seed, 0.8);

    public override FollowUpBalance? Tiny => new() { Outcome = "days", Groups = ["A", "B"], Units = [6, 5], Lost = [1, 0], StillWatched = [0.8, 1], Horizon = 30, PValue = 0.4 };

    // 800 units in two groups with one hazard of the event; the second leaves the watch at its own rate, the first at 0.8.
    private static FollowUpBalance Simulate(int seed, double rate)
    {
        var rng = new Rng(seed).Stream("unequal-follow-up");
        var (times, left, group) = (new double[TrapRows], new bool[TrapRows], new int[TrapRows]);
        for (var i = 0; i < TrapRows; i++)
        {
            group[i] = i % 2;
            var (happens, leaves) = (rng.NextExponential(), rng.NextExponential() / (group[i] == 1 ? rate : 0.8));
            times[i] = Math.Min(1, Math.Min(happens, leaves));
            left[i] = leaves < happens && leaves < 1;
        }

        double Watched(int g) => KaplanMeier.Fit([.. Rows(g).Select(i => times[i])], [.. Rows(g).Select(i => left[i])]).At(1);
        IEnumerable<int> Rows(int g) => Enumerable.Range(0, TrapRows).Where(i => group[i] == g);
        return new FollowUpBalance
        {
            Outcome = "days", Groups = ["A", "B"], Units = [TrapRows / 2, TrapRows / 2], Lost = [Rows(0).LongCount(i => left[i]), Rows(1).LongCount(i => left[i])],
            StillWatched = [Watched(0), Watched(1)], Horizon = 1, PValue = LogRank.Test(times, left, group).PValue,
        };
    }
}
