using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The data changed from one part to the next.</summary>
public sealed class PopulationDrift : Check<PartsComparison>
{
    private const double Threshold = 0.01;
    private const long FewestRows = 30;

    public override CheckCard Card { get; } = new(
        Id: "population-drift",
        Asks: "Are both parts of the data drawn from the same population?",
        FiresWhen: "a column differs between the parts by Kolmogorov-Smirnov or chi-square, Holm p < 0.01 over the columns, with a Wasserstein distance of at least 0.1 standard deviations or a total variation of at least 0.05. Fewer than 30 rows in a part: undecided. A file sorted by another column than time gets a note instead",
        Means: "Inputs no longer look like the training or reference data.",
        Remedy: "Name the kind (unit, fill, truncation, remap, mix), check the pipeline first, weigh by effect on decisions, then refit or reweight.",
        Source: "Lopez-Paz and Oquab 2017; Yurdakul 2018; Holm 1979")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.015, Aliases = ["split-distribution-mismatch"] };

    public override CheckResult Evaluate(PartsComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.SmallerPart < FewestRows || evidence.Columns.Count == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.SmallerPart, "row")} in the smaller part and {Figures.Count(evidence.Columns.Count, "column")} to compare; {FewestRows} rows and 1 column are needed");
        }

        var verdicts = PopulationShift.Judge([.. evidence.Columns.Select(c => new ShiftResult(c.PValue, c.Effect, c.EffectFloor, c.Column))], Threshold);
        var shifted = evidence.Columns.Zip(verdicts).Where(v => v.Second.Shifted).OrderByDescending(v => v.First.Effect / v.First.EffectFloor).Select(v => v.First).ToList();
        var smallest = verdicts.Min(v => v.AdjustedP);
        if (shifted.Count == 0)
        {
            return CheckResult.Pass($"none of {Figures.Count(evidence.Columns.Count, "column")} differs between {evidence.First} and {evidence.Second}", smallest, Threshold, smallest);
        }

        var says = $"{shifted.Count} of {Figures.Count(evidence.Columns.Count, "column")} {(shifted.Count == 1 ? "differs" : "differ")} between {evidence.First} and {evidence.Second}: {string.Join("; ", shifted.Take(3).Select(s => s.Says))}{(shifted.Count > 3 ? "; ..." : string.Empty)}";
        return evidence.SortedBy is { } sorted
            ? CheckResult.Note($"the file is arranged by {sorted}, so its parts are no samples of the whole; {says}", smallest, Threshold, smallest)
            : CheckResult.Warn(says, smallest, Threshold, smallest);
    }

    public override PartsComparison Trap(int seed) => Simulate(seed, 0.3);

    public override PartsComparison Clean(int seed) => Simulate(seed, 0);

    public override PartsComparison? Tiny => new() { First = "the first half", Second = "the second", SmallerPart = 5, Columns = [] };

    // Ten columns of 1,000 rows a part; one is shifted by 0.3 standard deviations.
    private static PartsComparison Simulate(int seed, double shift)
    {
        var rng = new Rng(seed).Stream("population-drift");
        var columns = new List<ColumnShift>();
        for (var c = 0; c < 10; c++)
        {
            var result = PopulationShift.Numeric(Sorted(rng, 0), Sorted(rng, c == 0 ? shift : 0))!;
            columns.Add(new ColumnShift($"x{c}", result.PValue, result.Effect, result.EffectFloor, $"x{c} moved by {Figures.Number(result.Effect)} standard deviations"));
        }

        return new PartsComparison { First = "the first half", Second = "the second", SmallerPart = 1_000, Columns = columns };
    }

    private static double[] Sorted(Rng rng, double shift)
    {
        var values = new double[1_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = shift + rng.NextNormal();
        }

        Array.Sort(values);
        return values;
    }
}
