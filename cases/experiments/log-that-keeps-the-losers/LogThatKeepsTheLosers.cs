using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Programme;

namespace Gnomon.Cases.Experiments;

/// <summary>A log in which only wins are written up.</summary>
public sealed class LogThatKeepsTheLosers : Case
{
    private const int Experiments = 200;
    private const double Spread = 0.005;
    private const string Line = "programme log.csv";

    public override CaseCard Card { get; } = new(
        "experiments/log-that-keeps-the-losers", CaseLevel.Intermediate,
        "A log of experiments that keeps the winners",
        "A team ran two hundred experiments in two years. What was significant was written up with its lift; of the rest one in ten was. The page of gains is long, and nobody can find what did not work.",
        "A log without its losers claims more than its own power allows, makes every effect look larger than it is, and lets the same idea be tried again. Shrink the claims, record what is missing, and write the next hypothesis down before it starts.")
    {
        Verbs = ["programme", "ledger"],
        Keywords = ["publication bias", "file drawer", "p-curve", "funnel", "empirical Bayes", "registry", "win rate"],
        Gaps = ["Stale entries are not closed for the team, and an idea is searched for by name only."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "True effects of half a per cent, a power of about a third, and nine in ten unclear results never written up.", DecisionAction.Investigate, Line)
        {
            Fires = ["multiple-comparisons", "plan-incomplete", "selective-reporting", "winners-curse"],
            Files = d => [new CaseFile("log.csv", Broken(d))],
            InCode = InCode.Of(() => new ProgrammeOptions { Data = "log.csv" }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The whole log: two hundred experiments, one in eight a clear win, the others recorded with their unclear results.", DecisionAction.Ship, Line)
    {
        Files = d => [new CaseFile("log.csv", Whole(d))],
    };

    // Power of 35 % on average: the error is the spread of true effects over 1.84, more or less.
    private static IEnumerable<string> Broken(Draw d)
    {
        yield return Header;
        var rng = d.Stream("log");
        for (var i = 0; i < Experiments; i++)
        {
            var error = Spread / 1.84 * (0.7 + 0.6 * rng.NextDouble());
            var lift = Spread * rng.NextNormal() + error * rng.NextNormal();
            if (Math.Abs(lift) > 1.96 * error || rng.NextDouble() < 0.1)
            {
                yield return Row(i, lift, error, planned: i % 3 == 0, launched: lift > 1.96 * error);
            }
        }
    }

    // 25 wins that nobody can doubt, and 175 results that lie on their own quantiles inside 0.05.
    private static IEnumerable<string> Whole(Draw d)
    {
        yield return Header;
        var rng = d.Stream("log");
        double[] z =
        [
            .. Enumerable.Range(0, 25).Select(i => 4.6 + 0.1 * i),
            .. Enumerable.Range(0, 175).Select(i => Normal.Quantile(0.04 + 0.92 * (i + 0.5) / 175)),
        ];
        rng.Shuffle<double>(z);
        for (var i = 0; i < Experiments; i++)
        {
            var error = 0.001 * (0.7 + 0.6 * rng.NextDouble());
            yield return Row(i, z[i] * error, error, planned: true, launched: z[i] > 4);
        }
    }

    private const string Header = "name,start_date,lift,se,planned,decision";

    private static string Row(int i, double lift, double error, bool planned, bool launched) =>
        $"idea_{i + 1:000},{Plant.Date(3 * i)},{lift:0.000000},{error:0.000000},{(planned ? "yes" : "no")},{(launched ? "ship" : "no")}";
}
