using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A test with a plan: kept, and broken.</summary>
public sealed class PlannedAbTestEndToEnd : Case
{
    private const int PlannedDays = 14;
    private const int StoppedOn = 9;
    private const string Line = "ab signup.csv --unit user_id --variant variant --metric converted --time day --split 50/50 --plan plan.json";

    public override CaseCard Card { get; } = new(
        "experiments/planned-ab-test-end-to-end", CaseLevel.Basic,
        "A planned test from plan file to decision, and the same test stopped at will",
        "Sign-up converts at 10 %, one more point is worth having, and a test for it needs 14,751 users an arm. Two whole weeks bring 16,100. The plan is written down and recorded before the first user arrives.",
        "A plan in a file turns the finding's checks into a checklist that was ticked before anybody knew the result. Looking on any day is harmless; stopping because of what was seen is not.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["plan", "sample size", "pre-registration", "stopping", "fixed horizon", "first experiment"],
        Gaps = ["What the gain is worth in money is asked with --value, --reach and --cost, which the situation does not give."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "No effect; somebody looked every day and stopped on day 9, when p fell below 0.05.", DecisionAction.KeepRunning, Line)
        {
            Fires = ["optional-stopping", "winners-curse"],
            Files = d => [DailyPath.StoppedOn(d, PerDay(d), _ => 0.10, StoppedOn, 1.97, 2.40).File(d, "signup.csv", PerDay(d), "short"), Plan(d)],
            EarlierLooks = [.. Enumerable.Range(1, StoppedOn - 1).Select(d => $"--where \"day < '{Plant.Date(d)}'\"")],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "signup.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Split = "50/50",
                Plan = "plan.json",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Both weeks, one look: 10.0 % against 11.0 % of 16,100 users an arm.", DecisionAction.Ship, Line)
    {
        Files = d => [Plant.Counts(d, "signup.csv", PlannedDays, new("control", Size(d), d.Of(1_610, 406)), new("short", Size(d), d.Of(1_773, 489))), Plan(d)],
    };

    private static int PerDay(Draw d) => d.Of(1_150, 290);

    private static int Size(Draw d) => PlannedDays * PerDay(d);

    private static CaseFile Plan(Draw d) => Plant.Plan(
        "short sign-up", "A form with three fields instead of nine lets more visitors sign up.", "user_id", "converted", d.Of("0.01", "0.02"), Size(d), PlannedDays);
}
