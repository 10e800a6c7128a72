using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The groups differ in more than their name.</summary>
public sealed class ConfoundedComparison : Check<AdjustedComparison>
{
    private const double LargestDifference = 0.1;
    private const double LargestP = 0.01;
    private const double LargestMove = 0.2;
    private const double ClearErrors = 2.576;
    private const long SmallestUnits = 40;

    public override CheckCard Card { get; } = new(
        Id: "confounded-comparison",
        Asks: "Does the difference stay when recorded columns are held fixed?",
        FiresWhen: "the groups were not assigned at random, a recorded column differs between them (standardised difference above 0.1, p < 0.01 after Holm), and holding such columns fixed moves the difference by more than 20 % and by more than its standard error (the move itself at p < 0.01). Fails when the interval then no longer lies on the same side of 0",
        Means: "The groups differed in more than the one thing compared, which accounts for part of this gap.",
        Remedy: "Report the difference with these columns held fixed beside the raw one, call it an association, and use a design that assigns the groups when a cause is asked for.",
        Source: "Rosenbaum and Rubin 1983; Greenland and Morgenstern 2001")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.01, Aliases = ["nonrandomized-rollout", "selection-into-treatment"] };

    public override CheckResult Evaluate(AdjustedComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Randomised)
        {
            return CheckResult.Skip("the groups were assigned at random (0 columns asked)");
        }

        if (evidence.Units < SmallestUnits || evidence.Columns.Count == 0)
        {
            return CheckResult.Skip($"{evidence.Units} units and {evidence.Columns.Count} other columns; {SmallestUnits} units and 1 column are needed");
        }

        var unlike = evidence.Columns.Where(c => c.StandardisedDifference > LargestDifference && c.PValue < LargestP).OrderByDescending(c => c.StandardisedDifference).ToList();
        if (unlike.Count == 0)
        {
            var largest = evidence.Columns.Max(c => c.StandardisedDifference);
            return CheckResult.Pass($"the groups are alike in {evidence.Columns.Count} recorded columns (largest standardised difference {largest:0.00})", largest, LargestDifference);
        }

        var names = string.Join(", ", unlike.Take(3).Select(c => $"{c.Column} ({c.StandardisedDifference:0.00})"));
        if (evidence.Adjusted is not { } adjusted)
        {
            return CheckResult.Pass($"the groups differ in {names}, which have nothing to do with {evidence.Metric} or leave no common cases", unlike[0].StandardisedDifference, LargestDifference);
        }

        var move = evidence.Crude - adjusted;
        var share = Math.Abs(move) / Math.Max(Math.Abs(evidence.Crude), double.Epsilon);
        var held = string.Join(", ", evidence.HeldFixed);
        var says = $"the groups differ in {names}; the difference is {Figures.Number(evidence.Crude)}, and {Figures.Number(adjusted)} ({Figures.Number(evidence.AdjustedLow)} to {Figures.Number(evidence.AdjustedHigh)}) with {held} held fixed";
        if (share <= LargestMove || Math.Abs(move) <= evidence.CrudeError || Math.Abs(move) <= ClearErrors * evidence.ChangeError)
        {
            return CheckResult.Pass(says, share, LargestMove);
        }

        var side = Side(evidence.CrudeLow, evidence.CrudeHigh);
        var after = Side(evidence.AdjustedLow, evidence.AdjustedHigh);
        return side != 0 && after != side
            ? CheckResult.Fail($"{says}: {(after == 0 ? "nothing clear is left" : "it clearly goes the other way")}", share, LargestMove)
            : CheckResult.Warn(says, share, LargestMove);
    }

    public override AdjustedComparison Trap(int seed) => Simulate(seed, mixture: 0.35);

    public override AdjustedComparison Clean(int seed) => Simulate(seed, mixture: 0);

    public override AdjustedComparison? Tiny => Simulate(1, 0) with { Units = 8 };

    // 4,000 customers; one product line costs 30 more, and the first group buys it more often. The gap within lines is 4.
    private static AdjustedComparison Simulate(int seed, double mixture)
    {
        var rng = new Rng(seed).Stream("confounded-comparison");
        const double error = 1.0;
        var within = 4 + error * rng.NextNormal();
        var seen = mixture + 0.032 * rng.NextNormal();
        var crude = within + 30 * seen;
        var z = Math.Abs(seen) / 0.032;
        return new AdjustedComparison
        {
            Metric = "spend", Contrast = "women - men", Randomised = false, Units = 4_000,
            Columns = [new ColumnBalance("line", 2 * Math.Abs(seen), Math.Min(1, 2 * Numerics.Distributions.Normal.Sf(z)))],
            Crude = crude, CrudeError = error, CrudeLow = crude - 1.96, CrudeHigh = crude + 1.96,
            Adjusted = within, AdjustedLow = within - 1.96, AdjustedHigh = within + 1.96, ChangeError = 30 * 0.032, HeldFixed = ["line"],
        };
    }

    private static int Side(double low, double high) => low > 0 ? 1 : high < 0 ? -1 : 0;
}
