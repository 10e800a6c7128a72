using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>A group of the population has too few rows here for a claim of its own.</summary>
public sealed class SmallSubgroupSupport : Check<PopulationComparison>
{
    private const long FewestInGroup = 100;
    private const long FewestPositives = 30;
    private const double SmallestShare = 0.02;
    private const long FewestRows = 200;

    public override CheckCard Card { get; } = new(
        Id: "small-subgroup-support",
        Asks: "Does every group of the population have enough rows here for a claim of its own?",
        FiresWhen: "a group with at least 2 % of the population has fewer than 100 rows here, or fewer than 30 of the rarer class of the target. Fewer than 200 rows in all: undecided",
        Means: "The group is too small, or too uncertain, to say anything about it alone.",
        Remedy: "Report the interval and 'cannot tell'; pool, collect, or leave the group out of the claim.",
        Source: "Ho and Xiang 2020; Riley et al. 2019")
    { Level = CheckLevel.Note, Aliases = ["noisy-group-labels"] };

    public override CheckResult Evaluate(PopulationComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var groups = evidence.Strata.Where(s => s.Share >= SmallestShare).ToList();
        if (evidence.Rows < FewestRows || groups.Count == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} and {Figures.Count(groups.Count, "group")} of at least 2 %; {FewestRows} rows and 1 group are needed");
        }

        var small = groups.Where(s => s.Rows < FewestInGroup || s.Positives < FewestPositives).OrderBy(s => s.Rows).ToList();
        var fewest = groups.Min(s => s.Rows);
        if (small.Count == 0)
        {
            return CheckResult.Pass($"the smallest of {Figures.Count(groups.Count, "group")} has {Figures.Count(fewest, "row")}", fewest, FewestInGroup);
        }

        var named = string.Join("; ", small.Take(3).Select(s => $"{s.Column} = {s.Level} has {Figures.Count(s.Rows, "row")}{(s.Positives is { } p ? $" and {Figures.Count(p)} of the rarer class" : string.Empty)}, {Figures.Percent(s.Share)} of {evidence.Reference}"));
        return CheckResult.Note($"{named}{(small.Count > 3 ? $"; {small.Count - 3} more groups" : string.Empty)}: too few for a claim of {(small.Count == 1 ? "its" : "their")} own", fewest, FewestInGroup);
    }

    public override PopulationComparison Trap(int seed) => Simulate(seed, 0.03);

    public override PopulationComparison Clean(int seed) => Simulate(seed, 0.10);

    public override PopulationComparison? Tiny => new() { Reference = "census.csv", Rows = 40, ReferenceRows = null, Strata = [] };

    // 2,000 rows; a tenth of the population lives in the country, and 3 % or a tenth of the rows.
    private static PopulationComparison Simulate(int seed, double rural)
    {
        var rows = new Rng(seed).Stream("small-subgroup-support").NextBinomial(2_000, rural);
        return new PopulationComparison
        {
            Reference = "census.csv", Rows = 2_000, ReferenceRows = null,
            Strata = [new PopulationStratum("area", "rural", rows, 2_000, 0.1), new PopulationStratum("area", "town", 2_000 - rows, 2_000, 0.9)],
        };
    }
}
