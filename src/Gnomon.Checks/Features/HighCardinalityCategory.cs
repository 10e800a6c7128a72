using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>A category with more values than the rows can speak for.</summary>
public sealed class HighCardinalityCategory : Check<CategoryLevels>
{
    private const long MostLevels = 500;
    private const double RowsPerLevel = 20;
    private const double RareShare = 0.01;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "high-cardinality-category",
        Asks: "Do enough rows stand behind each value of the category?",
        FiresWhen: "one column per value would add more than 500 columns or more than a twentieth of the rows; or values with fewer than 5 rows hold more than 1 % of rows",
        Means: "Most values of this column have too few rows to speak for themselves.",
        Remedy: "Pool or back off to the parent, hash, or use cross-fitted shrunken encoding; print support beside the estimate.",
        Source: "Micci-Barreca 2001; Weinberger et al. 2009; Gelman and Hill 2007")
    { Level = CheckLevel.Note, FalseAlarmRate = 0, Aliases = ["high-cardinality-one-hot", "rare-level-support"] };

    public override CheckResult Evaluate(CategoryLevels evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")}, too few to judge a category; {FewestRows} are needed");
        }

        var limit = Math.Min(MostLevels, evidence.Rows / RowsPerLevel);
        var rare = evidence.RowsInRare is { } inRare && inRare > RareShare * evidence.Rows;
        var says = $"{Figures.Count(evidence.Levels, "value")} of {evidence.Column} in {Figures.Count(evidence.Rows, "row")}{(evidence.RareLevels is > 0 ? $", {Figures.Count(evidence.RareLevels.Value)} of them in fewer than 5 rows" : string.Empty)}";
        return evidence.Levels - 1 > limit || rare
            ? CheckResult.Note($"{says}: most speak for too few rows to be read alone", evidence.Levels, limit)
            : CheckResult.Pass(says, evidence.Levels, limit);
    }

    public override CategoryLevels Trap(int seed) => Simulate(seed, 3_000);

    public override CategoryLevels Clean(int seed) => Simulate(seed, 12);

    public override CategoryLevels? Tiny => new() { Column = "city", Rows = 6, Levels = 5, RareLevels = 5, RowsInRare = 6 };

    // 10,000 rows over 3,000 or 12 values.
    private static CategoryLevels Simulate(int seed, int values)
    {
        var rng = new Rng(seed).Stream("high-cardinality-category");
        var counts = new long[values];
        for (var i = 0; i < 10_000; i++)
        {
            counts[rng.NextInt(values)]++;
        }

        return new CategoryLevels { Column = "city", Rows = 10_000, Levels = counts.LongCount(c => c > 0), RareLevels = counts.LongCount(c => c is > 0 and < 5), RowsInRare = counts.Where(c => c < 5).Sum() };
    }
}
