using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>A sample that the outcome chose.</summary>
public sealed class OnlyThoseWhoStayed : Case
{
    private const string Stayed = "profile active.csv --key user_id --cohort signups.csv --entered signed_up --left left_on --by onboarding";
    private const string Approved = "profile loans.csv --target default --selected-by approved --random-slice by_lot --columns score,income,years_employed,approved,by_lot";
    private const int Days = 360;
    private const double LeaversKept = 0.35;
    private static readonly DateOnly Start = new(2025, 3, 1);

    public override CaseCard Card { get; } = new(
        "data/only-those-who-stayed", CaseLevel.Intermediate,
        "Retention of active users, defaults of approved loans: a sample that the outcome chose",
        "Onboarding is judged on the table of users, from which most leavers were removed. Loan defaults are studied on approved loans, because only these were ever paid out.",
        "Ask how a row came to be in the table. Where staying or being approved put it there, start from everybody: the sign-up log, all applications, or a slice let through by lot.")
    {
        Verbs = ["profile"],
        Keywords = ["survivorship", "selection bias", "reject inference", "Heckman", "bounds", "censoring", "cohort", "credit", "Kaplan-Meier"],
        Gaps =
        [
            "The diagram of the filter is a table of steps, not a drawn graph.",
            "A selection model for outcomes of two values is not fitted; bounds and the random slice carry that case.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "50,000 sign-ups, more than half of them gone; leavers were deleted from the user table, but for a third of those who were never onboarded, kept for a win-back campaign.", DecisionAction.FixDataFirst, Stayed)
        {
            Fires = ["survivorship-bias"],
            Files = d => [SignUps(d), Active(d, deleted: true)],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "active.csv",
                Key = ["user_id"],
                Cohort = "signups.csv",
                Entered = "signed_up",
                Left = "left_on",
                By = "onboarding",
            }),
        },
        new("loans", "40,000 applications, approved by an old score and by what the officer saw; defaults are known of the approved, and one application in twenty was approved by lot.", DecisionAction.FixDataFirst, Approved)
        {
            Fires = ["no-overlap", "selective-labels", "unrepresentative-sample"],
            Files = d => [Loans(d, byLot: false)],
        },
        new("margin", "The same bank, the margin of each loan and the strictness of the officer, who has no bearing on the margin: a selection model can be fitted.", DecisionAction.FixDataFirst, "profile loans.csv --target margin --selected-by approved --decision-only strictness --columns score,income,approved,margin,strictness")
        {
            Fires = ["selective-labels"],
            Files = d => [Loans(d, byLot: false)],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "Half of the applications were approved by lot: what is known of them holds for all.", DecisionAction.Answer, Approved)
    {
        Files = d => [Loans(d, byLot: true)],
    };

    // Everybody who signed up within a year: whom onboarding reached leaves a little less often.
    private static IEnumerable<(int Id, bool Onboarded, int Entered, int Left)> Users(Draw d)
    {
        var rng = d.Stream("sign-ups");
        var users = d.Of(50_000, 4_000);
        for (var i = 0; i < users; i++)
        {
            var onboarded = rng.NextDouble() < 0.5;
            var entered = rng.NextInt(Days);
            var use = Math.Exp(0.5 * rng.NextNormal());
            var left = entered + 1 + (int)(rng.NextExponential() * 170 * use * (onboarded ? 1.12 : 1));
            yield return (100_000 + i, onboarded, entered, left);
        }
    }

    private static CaseFile SignUps(Draw d) => new("signups.csv", Users(d).Select(u => $"{u.Id},{Day(u.Entered)},{Yes(u.Onboarded)},{(u.Left < Days ? Day(u.Left) : string.Empty)}").Prepend("user_id,signed_up,onboarding,left_on"));

    private static CaseFile Active(Draw d, bool deleted) => new("active.csv", Rows(d, deleted));

    private static IEnumerable<string> Rows(Draw d, bool deleted)
    {
        var rng = d.Stream("active");
        yield return "user_id,onboarding,sessions_per_week";
        foreach (var user in Users(d))
        {
            var kept = !deleted || user.Left >= Days || (!user.Onboarded && rng.NextDouble() < LeaversKept);
            var sessions = 2.5 * Math.Exp(0.6 * rng.NextNormal());
            if (kept)
            {
                yield return $"{user.Id},{Yes(user.Onboarded)},{sessions:0.00}";
            }
        }
    }

    private static CaseFile Loans(Draw d, bool byLot) => new("loans.csv", Applications(d, byLot));

    // Default and margin follow the score and what the officer saw and nobody wrote down; officers differ in how strict they are.
    private static IEnumerable<string> Applications(Draw d, bool byLot)
    {
        var rng = d.Stream("loans");
        var rows = d.Of(40_000, 4_000);
        yield return "score,income,years_employed,strictness,approved,by_lot,default,margin";
        for (var i = 0; i < rows; i++)
        {
            var (score, seen, strictness) = (rng.NextNormal(), rng.NextNormal(), rng.NextNormal());
            var lot = rng.NextDouble() < 0.05;
            var approved = byLot ? rng.NextDouble() < 0.5 : lot || (1.6 * score) + (0.7 * seen) - (0.7 * strictness) > 0;
            var bad = (-0.8 * score) - (0.5 * seen) + rng.NextNormal() > 1;
            var margin = 6 + (0.8 * score) + (1.2 * seen) + (1.5 * rng.NextNormal());
            yield return $"{600 + (60 * score):0},{28_000 * Math.Exp(0.4 * rng.NextNormal()):0},{rng.NextPoisson(6)},{strictness:0.00},{Yes(approved)},{Yes(lot)},{(approved ? Yes(bad) : string.Empty)},{(approved ? $"{margin:0.00}" : string.Empty)}";
        }
    }

    private static string Yes(bool value) => value ? "yes" : "no";

    private static string Day(int day) => Start.AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
