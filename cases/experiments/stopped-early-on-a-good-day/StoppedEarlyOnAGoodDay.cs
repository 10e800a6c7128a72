using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A fortnight's test ended on its best day.</summary>
public sealed class StoppedEarlyOnAGoodDay : Case
{
    private const int PlannedDays = 14;
    private const int StoppedOn = 10;
    private const string Line = "ab checkout.csv --unit user_id --variant variant --metric converted --time day --plan plan.json";

    public override CaseCard Card { get; } = new(
        "experiments/stopped-early-on-a-good-day", CaseLevel.Intermediate,
        "A two-week checkout test was stopped on day 10 because it looked good",
        "A checkout test was planned for fourteen days. Somebody looked every morning; on day 10 the new page was ahead with p = 0.03, the test was stopped, and the launch is on tomorrow's agenda.",
        "A p-value read on the day it first pleases is not a p-value. Finish the plan, or declare before the start how early reading will be paid for.")
    {
        Verbs = ["ab", "ledger"],
        Keywords = ["peeking", "early stopping", "sequential testing", "O'Brien-Fleming", "checkout", "p-value", "interim look"],
        Gaps = ["The always-valid interval, which allows a look at any time, is a run of its own: --open-ended."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Ten of fourteen planned days, no effect at all, weekends convert less; z first passed 1.96 on day 10. The ledger holds the nine looks before.", DecisionAction.KeepRunning, Line)
        {
            Fires = ["optional-stopping", "partial-week-cycle", "winners-curse"],
            Files = d => [DailyPath.StoppedOn(d, PerDay(d), Rate, StoppedOn, 2.15, 2.19).File(d, "checkout.csv", PerDay(d), "express"), Plan(d)],
            EarlierLooks = [.. Enumerable.Range(1, StoppedOn - 1).Select(d => $"--where \"day < '{Plant.Date(d)}'\"")],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "checkout.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Plan = "plan.json",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same plan, run to its end and read once; conversion truly rises by 8 % of itself.", DecisionAction.Ship, Line)
    {
        Files = d => [DailyPath.Drawn(d, PerDay(d), PlannedDays, Rate, day => Rate(day) * d.Of(1.08, 1.30)).File(d, "checkout.csv", PerDay(d), "express"), Plan(d)],
    };

    private static int PerDay(Draw d) => d.Of(5_400, 540);

    // Monday comes first; Saturday and Sunday convert at 6 % instead of 10 %.
    private static double Rate(int day) => day % 7 >= 5 ? 0.06 : 0.10;

    private static CaseFile Plan(Draw d) => Plant.Plan(
        "express checkout", "A checkout on one page lets more visitors finish their order.", "user_id", "converted", d.Of("6%", "19%"), PlannedDays * PerDay(d), PlannedDays);
}
