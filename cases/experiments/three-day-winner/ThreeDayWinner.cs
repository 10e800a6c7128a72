using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A winner declared after three days.</summary>
public sealed class ThreeDayWinner : Case
{
    private const int PlannedDays = 14;
    private const int StoppedOn = 3;
    private const string Line = "ab onboarding.csv --unit user_id --variant variant --metric converted --time day --window 7 --plan plan.json";

    public override CaseCard Card { get; } = new(
        "experiments/three-day-winner", CaseLevel.Basic,
        "An onboarding variant is called the winner after three days",
        "A new onboarding was to run for two weeks; a user counts as activated when it happens within seven days of signing up. After three days the new variant leads with p = 0.04 and the team calls it.",
        "Three days are no week, most users have not had their seven days yet, and at a fifth of the plan an honest early stop asks for a z beyond 4.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["peeking", "early stopping", "activation", "onboarding", "maturity", "weekday"],
        Gaps = ["A novelty trend cannot be judged on three days; the check says so."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Three of fourteen planned days with no effect; z passed 1.96 on the third. Nobody's seven days are over.", DecisionAction.KeepRunning, Line)
        {
            Fires = ["incomplete-follow-up", "optional-stopping", "partial-week-cycle", "underpowered-test", "winners-curse"],
            Files = d => [DailyPath.StoppedOn(d, PerDay(d), _ => 0.20, StoppedOn, 2.02, 2.09).File(d, "onboarding.csv", PerDay(d), "guided"), Plan(d)],
            EarlierLooks = [.. Enumerable.Range(1, StoppedOn - 1).Select(d => $"--where \"day < '{Plant.Date(d)}'\"")],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "onboarding.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Window = 7,
                Plan = "plan.json",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The whole fortnight, read once a week after the last sign-up; activation truly rises by 8 % of itself.", DecisionAction.Ship, $"{Line} --as-of {Plant.Date(PlannedDays + 7)}")
    {
        Files = d => [DailyPath.Drawn(d, PerDay(d), PlannedDays, _ => 0.20, _ => 0.20 * d.Of(1.08, 1.30)).File(d, "onboarding.csv", PerDay(d), "guided"), Plan(d)],
    };

    private static int PerDay(Draw d) => d.Of(3_000, 300);

    private static CaseFile Plan(Draw d) => Plant.Plan(
        "guided onboarding", "A guided first session lets more new users reach activation within seven days.", "user_id", "converted", d.Of("8%", "25%"), PlannedDays * PerDay(d), PlannedDays);
}
