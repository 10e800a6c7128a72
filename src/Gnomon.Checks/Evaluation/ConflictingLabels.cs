using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Copies of one record carry different answers.</summary>
public sealed class ConflictingLabels : Check<LabelConflicts>
{
    private const double Threshold = 0.001;
    private const double TimesChance = 100;
    private const long FewestRows = 50;
    private const long FewestConflicts = 5;

    public override CheckCard Card { get; } = new(
        Id: "conflicting-labels",
        Asks: "Do rows that are alike in every feature carry the same label?",
        FiresWhen: "more than 0.1 % of rows, five at least, hold another label than a row with the same features, and rows alike are more than 100 times as many pairs as independent columns would make and no column names every row: they are copies. Where rows are named, or few distinct features make them alike by chance, it is a note with the lowest error that any model of them can reach",
        Means: "Some labels contradict each other.",
        Remedy: "Review the groups that disagree, fix the definition with its owner, keep one row of each; no model can do better than the stated error on these columns.",
        Source: "Brodley and Friedl 1999; Northcutt, Jiang and Chuang 2021")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001 };

    public override CheckResult Evaluate(LabelConflicts evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.Features == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} with a label and {Figures.Count(evidence.Features, "feature")}, too few; {FewestRows} rows and 1 feature are needed");
        }

        var share = (double)evidence.RowsInConflict / evidence.Rows;
        if (evidence.RowsInConflict == 0)
        {
            return CheckResult.Pass($"0 of {Figures.Count(evidence.RowsAlike, "row")} that share all {evidence.Features} features disagree on {evidence.Target}", 0, Threshold);
        }

        var error = OneProportion.Wilson(evidence.FewestErrors, evidence.Rows);
        var says = $"{Figures.Count(evidence.RowsInConflict)} of {Figures.Count(evidence.Rows, "row")} ({Figures.Percent(share)}) share all {evidence.Features} features with a row of another {evidence.Target}{(evidence.Example.Length > 0 ? $", as {evidence.Example}" : string.Empty)}; no model of these columns gets fewer than {Figures.Count(evidence.FewestErrors)} of them wrong, an error of {Figures.Percent((double)evidence.FewestErrors / evidence.Rows)} ({Figures.Percent(error.Low)} to {Figures.Percent(error.High)})";
        return share > Threshold && evidence.RowsInConflict >= FewestConflicts && evidence.NamedBy is null && evidence.PairsAlike > TimesChance * evidence.PairsByChance
            ? CheckResult.Warn(says, share, Threshold)
            : CheckResult.Note(says, share, Threshold);
    }

    public override LabelConflicts Trap(int seed) => Simulate(seed, 0.01);

    public override LabelConflicts Clean(int seed) => Simulate(seed, 0);

    public override LabelConflicts? Tiny => new() { Target = "label", Features = 3, Rows = 12, RowsAlike = 2, RowsInConflict = 2, FewestErrors = 1, PairsAlike = 1, PairsByChance = 0 };

    // 5,000 rows of features that no two share by chance; in the trap one in a hundred is written again with a label drawn anew.
    private static LabelConflicts Simulate(int seed, double copied)
    {
        var rng = new Rng(seed).Stream("conflicting-labels");
        const long Rows = 5_000;
        var copies = rng.NextBinomial(Rows, copied);
        var conflicts = rng.NextBinomial(copies, 0.5);
        return new LabelConflicts
        {
            Target = "label", Features = 8, Rows = Rows, RowsAlike = 2 * copies, RowsInConflict = 2 * conflicts, FewestErrors = conflicts, PairsAlike = copies, PairsByChance = 1e-6,
        };
    }
}
