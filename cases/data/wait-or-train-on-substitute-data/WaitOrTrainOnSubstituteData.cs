using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>The feed is broken; a backup and synthetic rows are at hand.</summary>
public sealed class WaitOrTrainOnSubstituteData : Case
{
    private const double Rate = 0.08;
    private const string Line = "profile recent.csv --target defaulted --time day --substitute backup.csv,synthetic.csv --returns 2026-03-09";
    private const string TwinLine = "profile recent.csv --target defaulted --time day --substitute backup.csv --returns 2026-03-09";
    private static readonly DateOnly LastGood = new(2026, 3, 1);

    public override CaseCard Card { get; } = new(
        "data/wait-or-train-on-substitute-data", CaseLevel.Intermediate,
        "The feed is down: wait, or train on last year's backup and synthetic rows?",
        "The feed of loan applications broke. There are twenty good days, a backup that ends five weeks earlier, and synthetic rows made from the good days. The team wants to go on and launch on time.",
        "A substitute carries some of the work. Code and features can go on with it; a threshold, a calibration and a launch wait for real rows, and it can be said for how many.")
    {
        Verbs = ["profile"],
        Keywords = ["substitute data", "backup", "synthetic data", "domain classifier", "drift", "learning curve", "train on synthetic, test on real", "calibration", "threshold", "schedule"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "20,000 recent rows; a backup of 100,000 that lies 0.3 standard deviations off, with a rate two points lower; 20,000 synthetic rows of a Gaussian copula, which cannot hold a risk that is high at both ends of a column.", DecisionAction.Investigate, Line)
        {
            Fires = ["rank-instability", "stale-data", "structural-break", "unrepresentative-sample"],
            Files = d => [new CaseFile("recent.csv", Rows(d, Recent(d))), new CaseFile("backup.csv", Rows(d, Backup(d, drifted: true))), new CaseFile("synthetic.csv", Synthetic(d))],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "recent.csv",
                Target = "defaulted",
                Time = "day",
                Substitute = ["backup.csv", "synthetic.csv"],
                Returns = "2026-03-09",
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same loans from a source that does not drift, and last night's copy of another branch of it.", DecisionAction.Answer, TwinLine)
    {
        Files = d => [new CaseFile("recent.csv", Rows(d, Recent(d))), new CaseFile("backup.csv", Rows(d, Backup(d, drifted: false)))],
    };

    private sealed record Loan(int Day, double Load, double Income, double Visits, double Age, int Region, bool Defaulted);

    private static List<Loan> Recent(Draw d) => Draw(d, "recent", d.Of(20_000, 6_000), 20, lastDay: 0, shift: 0, Rate);

    // Five weeks without rows lie between the drifted backup and the good days.
    private static List<Loan> Backup(Draw d, bool drifted) => drifted
        ? Draw(d, "backup", d.Of(100_000, 24_000), 100, lastDay: 55, shift: 0.3, Rate - 0.02)
        : Draw(d, "backup", d.Of(100_000, 24_000), 100, lastDay: 0, shift: 0, Rate);

    // Default is likely at both ends of the load, at low incomes and after many visits.
    private static List<Loan> Draw(Draw d, string name, int rows, int days, int lastDay, double shift, double rate)
    {
        var rng = d.Stream(name);
        var drawn = new (double Load, double Income, double Visits, double Age, int Region, double Risk, double Luck)[rows];
        for (var i = 0; i < rows; i++)
        {
            var (load, income, visits, age) = (rng.NextNormal(), rng.NextNormal() + shift, rng.NextNormal() + shift, rng.NextNormal());
            drawn[i] = (load, income, visits, age, rng.NextInt(3), (0.8 * ((load * load) - 1)) - (0.5 * income) + (0.4 * visits), rng.NextDouble());
        }

        var level = Level([.. drawn.Select(r => r.Risk)], rate);
        return [.. drawn.Select((r, i) => new Loan((int)((long)i * days / rows) - days + 1 - lastDay, r.Load, r.Income, r.Visits, r.Age, r.Region, r.Luck < Chance(level + r.Risk)))];
    }

    private static double Chance(double logit) => 1 / (1 + Math.Exp(-logit));

    // The intercept at which the mean chance is the rate.
    private static double Level(double[] risks, double rate)
    {
        var (low, high) = (-20.0, 20.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = risks.Average(r => Chance(middle + r)) < rate ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static IEnumerable<string> Rows(Draw d, List<Loan> loans)
    {
        yield return "day,load,income,visits,age,region,defaulted";
        foreach (var loan in loans)
        {
            yield return $"{LastGood.AddDays(loan.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)},{Cells(loan.Load, loan.Income, loan.Visits, loan.Age, loan.Region)},{(loan.Defaulted ? "yes" : "no")}";
        }
    }

    private static string Cells(double load, double income, double visits, double age, int region) => string.Create(
        CultureInfo.InvariantCulture, $"{0.5 + (0.15 * load):0.000},{32_000 + (8_000 * income):0},{20 + (4 * visits):0.0},{42 + (11 * age):0.0},{(region switch { 0 => "north", 1 => "south", _ => "west" })}");

    // A Gaussian copula keeps margins and correlations: the biserial correlation of each column with default, and nothing of a bend.
    private static IEnumerable<string> Synthetic(Draw d)
    {
        var recent = Recent(d);
        var rng = d.Stream("synthetic");
        double share = recent.Count(r => r.Defaulted) / (double)recent.Count, cut = Normal.UpperQuantile(share);
        var height = Math.Exp(-cut * cut / 2) / Math.Sqrt(2 * Math.PI);
        double Biserial(Func<Loan, double> value) => recent.Average(r => value(r) * ((r.Defaulted ? 1 : 0) - share)) / height;
        var (load, income, visits, age) = (Biserial(r => r.Load), Biserial(r => r.Income), Biserial(r => r.Visits), Biserial(r => r.Age));
        var rest = Math.Sqrt(1 - (load * load) - (income * income) - (visits * visits) - (age * age));
        yield return "load,income,visits,age,region,defaulted";
        for (var i = 0; i < recent.Count; i++)
        {
            var (a, b, c, e) = (rng.NextNormal(), rng.NextNormal(), rng.NextNormal(), rng.NextNormal());
            var latent = (load * a) + (income * b) + (visits * c) + (age * e) + (rest * rng.NextNormal());
            yield return $"{Cells(a, b, c, e, rng.NextInt(3))},{(latent > cut ? "yes" : "no")}";
        }
    }
}
