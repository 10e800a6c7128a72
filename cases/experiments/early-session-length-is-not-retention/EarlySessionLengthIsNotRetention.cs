using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A fast metric stands in for the one that was declared.</summary>
public sealed class EarlySessionLengthIsNotRetention : Case
{
    private const int PlannedDays = 14;
    private const int StoppedOn = 3;
    private const string Roles = "ab music.csv --unit user_id --variant variant --time day --window 7 --plan plan.json";

    public override CaseCard Card { get; } = new(
        "experiments/early-session-length-is-not-retention", CaseLevel.Intermediate,
        "Sessions are longer after three days; retention cannot be measured yet",
        "A music app tests a new start page. The declared metric is being back on day seven. After three days sessions are clearly longer, and somebody proposes to stop there.",
        "What moves first is rarely what was wanted. The declared metric does not exist yet for a single user, and the early gain is the kind that fades.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["surrogate", "proxy metric", "retention", "session length", "early stopping", "metric switching", "maturity"],
        Gaps = ["Whether session length carries retention is not asked here, where one test is read: gnomon metrics asks it of past tests.", "Three days are too few for a novelty trend; the check says so."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Three of fourteen days; sessions start 12 % longer and the gain fades with every day; the plan names retention.", DecisionAction.KeepRunning, $"{Roles} --metric session_minutes")
        {
            Fires = ["incomplete-follow-up", "metric-switching", "optional-stopping", "partial-week-cycle"],
            Files = d => [Users(d, StoppedOn, day => 1 + d.Of(0.12, 0.30) * Math.Exp(-day / 3.0), 0), Plan(d)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "music.csv",
                Unit = "user_id",
                Variant = "variant",
                Time = "day",
                Window = 7,
                Plan = "plan.json",
                Metric = ["session_minutes"],
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The planned end, a week after the last sign-up: retention is up by a point, sessions are 3 % longer throughout.", DecisionAction.Ship,
        $"{Roles} --metric retained --secondary session_minutes --as-of {Plant.Date(PlannedDays + 7)}")
    {
        Files = d => [Users(d, PlannedDays, _ => 1.03, d.Of(0.01, 0.04)), Plan(d)],
    };

    private static int PerDay(Draw d) => d.Of(10_000, 700);

    private static CaseFile Plan(Draw d) => Plant.Plan(
        "start page", "A start page that picks up where one left off brings people back in the second week.", "user_id", "retained", d.Of("0.008", "0.03"), PlannedDays * PerDay(d), PlannedDays);

    // Before the seven days are over retention is unknown: an empty cell.
    private static CaseFile Users(Draw d, int days, Func<int, double> sessionFactor, double retention)
    {
        var rows = new List<LogRow>();
        Add("control", _ => 1, 0.30);
        Add("resume", sessionFactor, 0.30 + retention);
        return new CaseFile("music.csv", Plant.Log(d.Stream("order"), "user_id", "day", "variant,session_minutes,retained", rows));

        void Add(string arm, Func<int, double> factor, double rate)
        {
            var rng = d.Stream(arm);
            var units = days * PerDay(d);
            var retained = Plant.Ones(d.Stream($"{arm} retained"), units, (int)Math.Round(units * rate));
            rows.AddRange(Enumerable.Range(0, units).Select(u =>
            {
                var day = Plant.Day(u, units, days);
                return new LogRow(day, $"{arm},{15 * rng.NextGamma(2) * factor(day):0.00},{(days < PlannedDays ? string.Empty : Plant.Bit(retained[u]))}");
            }));
        }
    }
}
