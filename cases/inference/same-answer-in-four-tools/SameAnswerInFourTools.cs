using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>Four tools, four p-values, one data set.</summary>
public sealed class SameAnswerInFourTools : Case
{
    public override CaseCard Card { get; } = new(
        "inference/same-answer-in-four-tools", CaseLevel.Basic,
        "R says 0.042, Python 0.024, the spreadsheet something else: which is right?",
        "Four colleagues analyse the same 80 patients and the same 55 measurements in R, Python, a spreadsheet and JASP, and four different numbers meet in one meeting. Somebody blames rounding.",
        "No tool is wrong and nothing is rounded: R corrects for continuity, the spreadsheet's first t-test takes equal spread for granted, JASP reports a Bayes factor under a Cauchy prior of 0.707. With one setting all four agree.")
    {
        Verbs = ["compare", "trust"],
        Keywords = ["R", "SciPy", "Excel", "JASP", "jamovi", "Yates", "Welch", "Student", "Bayes factor", "reproduce a p-value"],
        Gaps = ["Printed Bayes factors and test statistics are not searched for, only p-values, lifts and differences."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "12 of 40 and 22 of 40 patients; the report prints R's p = 0.042.", DecisionAction.Answer, "compare --counts new=22/40,old=12/40 --randomized --tools --claim p=0.042")
        {
            Fires = ["reported-result-inconsistent"],
            InCode = InCode.Of(() => new CompareOptions
            {
                Counts = ["new=22/40", "old=12/40"],
                Randomized = true,
                Tools = true,
                Claim = "p=0.042",
            }),
        },
        new("equal-spread", "15 measurements that scatter by 4 and 40 that scatter by 1.5; the spreadsheet prints p = 0.009.", DecisionAction.Inconclusive,
            "compare measurements.csv --metric reading --by method --randomized --tools --claim p=0.009")
        {
            Fires = ["reported-result-inconsistent"],
            Files = d => [Measurements(d, 15, 4, 40, 1.5, 2)],
        },
        new("types", "60 plants at two sites and two doses, unequally many of each; JASP prints p = 0.025 for the dose, R's anova 0.27.", DecisionAction.Answer,
            "compare plants.csv --metric growth --by dose,site --randomized --tools --claim p=0.025")
        {
            Fires = ["reported-result-inconsistent"],
            Files = d => [Plants(d)],
        },
        new("large", "20,000 readings a method, a tenth of the difference that matters, and p below 0.001 in every tool.", DecisionAction.Answer,
            "compare measurements.csv --metric reading --by method --randomized --tools --margin 1")
        {
            Fires = ["significance-without-importance"],
            Files = d => [Measurements(d, d.Of(20_000, 8_000), 2, d.Of(20_000, 8_000), 2, 0.1)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "5,000 readings a method with equal spread: every setting gives the same to a thousandth, and the report prints it.", DecisionAction.Answer,
        "compare measurements.csv --metric reading --by method --randomized --tools --claim p=0.012")
    {
        Files = d => [Measurements(d, 5_000, 2, 5_000, 2, 0.1)],
    };

    // High doses stand mostly at the poor site: in order, the dose takes the site's part with it.
    private static CaseFile Plants(Draw d)
    {
        (string Dose, string Site, int Rows, double Mean)[] cells = [("high", "poor", 24, 6.2), ("high", "rich", 6, 9.7), ("low", "poor", 8, 5.0), ("low", "rich", 22, 8.2)];
        var rows = cells.SelectMany(c => Plant.Normal(d.Stream($"{c.Dose} {c.Site}"), c.Rows, c.Mean, 1.9).Select(v => FormattableString.Invariant($"{c.Dose},{c.Site},{v:0.000}"))).ToArray();
        d.Stream("order").Shuffle<string>(rows);
        return new CaseFile("plants.csv", rows.Select((r, i) => $"p{i + 1},{r}").Prepend("plant_id,dose,site,growth"));
    }

    private static CaseFile Measurements(Draw d, int first, double firstSpread, int second, double secondSpread, double gap)
    {
        var rows = Plant.Normal(d.Stream("new"), first, 20 + gap, firstSpread).Select(v => FormattableString.Invariant($"new,{v:0.0000}"))
            .Concat(Plant.Normal(d.Stream("old"), second, 20, secondSpread).Select(v => FormattableString.Invariant($"old,{v:0.0000}"))).ToArray();
        d.Stream("order").Shuffle<string>(rows);
        return new CaseFile("measurements.csv", rows.Select((r, i) => $"r{i + 1},{r}").Prepend("reading_id,method,reading"));
    }
}
