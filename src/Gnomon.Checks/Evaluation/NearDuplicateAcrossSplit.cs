using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Copies of test rows are in training.</summary>
public sealed class NearDuplicateAcrossSplit : Check<SplitOverlap>
{
    private const double Threshold = 0.01;
    private const double Level = 0.98;
    private const long FewestRows = 50;
    private const int FewestColumns = 2;

    public override CheckCard Card { get; } = new(
        Id: "near-duplicate-across-split",
        Asks: "Are the rows new to the model that was trained on the other file?",
        FiresWhen: "the share of rows with an equal row in training, with one that differs in a single column, or with a long text whose word 5-grams overlap by 0.8 or more, or with an embedding of the same group at a cosine of 0.98 or as stated, has a lower 99 % limit above 1 %. Rows that tables with few distinct rows make alike by chance, and embeddings that are as near to other groups, are not counted. Fewer than 50 rows or 2 columns: undecided",
        Means: "Near copies of test items are in training.",
        Remedy: "Group near-duplicates before splitting.",
        Source: "Broder 1997; Lee et al. 2022")
    { Level = CheckLevel.Blocking };

    public override CheckResult Evaluate(SplitOverlap evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var hasTexts = evidence.TextRows >= FewestRows;
        if (evidence.VectorRows >= FewestRows)
        {
            return Vectors(evidence);
        }

        if (evidence.Rows < FewestRows || (evidence.Columns < FewestColumns && !hasTexts))
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} and {Figures.Count(evidence.Columns, "column")} to compare with {evidence.Train}; {FewestRows} rows and {FewestColumns} columns are needed");
        }

        var rows = evidence.Equal + evidence.AllButOne;
        var texts = hasTexts ? evidence.NearTexts ?? 0 : 0;

        // One-sided 99 %: the lower end of a two-sided 98 % interval.
        var low = Math.Max(OneProportion.Wilson(rows, evidence.Rows, Level).Low, hasTexts ? OneProportion.Wilson(texts, evidence.TextRows!.Value, Level).Low : 0);
        var says = $"{Figures.Percent(evidence.Equal / (double)evidence.Rows)} of rows are in {evidence.Train} as they stand{(evidence.AllButOne > 0 ? $", {Figures.Percent(evidence.AllButOne / (double)evidence.Rows)} but for one column" : string.Empty)}{(texts > 0 ? $", {Figures.Percent(texts / (double)evidence.TextRows!.Value)} with nearly the same {evidence.TextColumn}" : string.Empty)}{(evidence.ByChance > 0 ? $"; {Figures.Percent(evidence.ByChance / (double)evidence.Rows)} more have an equal as chance has it, the columns taking few values" : string.Empty)}";
        return low > Threshold ? CheckResult.Fail(says, low, Threshold) : CheckResult.Pass(says, low, Threshold);
    }

    private static CheckResult Vectors(SplitOverlap evidence)
    {
        var (near, rows) = (evidence.NearVectors ?? 0, evidence.VectorRows!.Value);
        var low = OneProportion.Wilson(near, rows, Level).Low;
        var chance = evidence.VectorsByChance is > 0 and { } more ? $"; {Figures.Percent(more / (double)rows)} more are as near to another group" : string.Empty;
        var says = $"{Figures.Percent(near / (double)rows)} of {Figures.Count(rows, "row")} have a near copy in {evidence.Train} (cosine {Figures.Number(evidence.VectorCosine ?? 0)} or more){chance}";
        return low > Threshold ? CheckResult.Fail(says, low, Threshold) : CheckResult.Pass(says, low, Threshold);
    }

    public override SplitOverlap Trap(int seed) => Simulate(seed, 0.03);

    public override SplitOverlap Clean(int seed) => Simulate(seed, 0.001);

    public override SplitOverlap? Tiny => new() { Train = "train.csv", Rows = 7, Columns = 5, Equal = 3, AllButOne = 0, ByChance = 0 };

    // 2,000 test rows; one in thirty was copied over before the split, or one in a thousand by accident.
    private static SplitOverlap Simulate(int seed, double share)
    {
        var rng = new Rng(seed).Stream("near-duplicate-across-split");
        return new SplitOverlap { Train = "train.csv", Rows = 2_000, Columns = 9, Equal = rng.NextBinomial(2_000, share), AllButOne = 0, ByChance = rng.NextBinomial(2_000, 0.01) };
    }
}
