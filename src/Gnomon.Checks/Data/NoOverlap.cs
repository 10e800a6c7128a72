using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Part of the population has no row here, or the rows that stand for it carry too much weight.</summary>
public sealed class NoOverlap : Check<PopulationOverlap>
{
    private const double MostUncovered = 0.05;
    private const double LeastEffective = 0.5;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "no-overlap",
        Asks: "Is there a row for every part of the population, and can weights bring the rows to its make-up?",
        FiresWhen: "groups or cells with more than 5 % of the population have no row here where 15 are implied; or the effective size of the weights to the population's margins is below half of the rows. Fewer than 50 rows: undecided",
        Means: "Part of the population cannot be spoken for from these rows.",
        Remedy: "Collect rows of the missing part, or leave it out and restate the population of the claim.",
        Source: "Crump et al. 2009; Kish 1965; Li, Morgan and Zaslavsky 2018")
    { Level = CheckLevel.Blocking, Aliases = ["propensity-overlap-missing"] };

    public override CheckResult Evaluate(PopulationOverlap evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} beside {evidence.Reference}; {FewestRows} are needed");
        }

        if (evidence.UncoveredShare > MostUncovered)
        {
            return CheckResult.Fail($"no row stands for {Figures.Percent(evidence.UncoveredShare)} of {evidence.Reference}, the largest part of it {evidence.LargestUncovered}", evidence.UncoveredShare, MostUncovered);
        }

        var effective = $"weighted to {evidence.Reference}, {Figures.Count(evidence.Rows, "row")} count as {Figures.Percent(evidence.EffectiveShare)} of as many";
        return evidence.EffectiveShare < LeastEffective
            ? CheckResult.Fail(effective, evidence.EffectiveShare, LeastEffective)
            : CheckResult.Pass(evidence.UncoveredShare > 0 ? $"no row stands for {Figures.Percent(evidence.UncoveredShare)} of {evidence.Reference} ({evidence.LargestUncovered})" : evidence.EffectiveShare < 1 ? effective : $"every part of {evidence.Reference} has rows here; 0 % is left out", evidence.UncoveredShare, MostUncovered);
    }

    public override PopulationOverlap Trap(int seed) => Simulate(seed, covered: false);

    public override PopulationOverlap Clean(int seed) => Simulate(seed, covered: true);

    public override PopulationOverlap? Tiny => new() { Reference = "census.csv", Rows = 9, UncoveredShare = 1, LargestUncovered = "area = rural", EffectiveShare = 1 };

    // Twelve regions of the population in random sizes; the survey went to all of them, or left out one of 6 % or more.
    private static PopulationOverlap Simulate(int seed, bool covered)
    {
        var rng = new Rng(seed).Stream("no-overlap");
        var sizes = Enumerable.Range(0, 12).Select(_ => 1 + rng.NextDouble()).ToArray();
        var total = sizes.Sum();
        var left = covered ? 0 : Math.Max(0.06, sizes[rng.NextInt(12)] / total);
        return new PopulationOverlap { Reference = "census.csv", Rows = 2_000, UncoveredShare = left, LargestUncovered = covered ? string.Empty : "region = north", EffectiveShare = 0.7 + 0.3 * rng.NextDouble() };
    }
}
