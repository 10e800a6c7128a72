using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A rate that rests on a handful of cases.</summary>
public sealed class SmallCellCounts : Check<CellCounts>
{
    private const long Fewest = 5;

    public override CheckCard Card { get; } = new(
        Id: "small-cell-counts",
        Asks: "Does every group hold enough cases with and without the event?",
        FiresWhen: "a group has fewer than 5 cases with the event, or fewer than 5 without it",
        Means: "A rate rests on a handful of cases: one more or less would change it visibly.",
        Remedy: "Read the counts and the exact interval, not the rate; collect more, or merge groups that belong together.",
        Source: "Cochran 1954; Newcombe 1998")
    { Level = CheckLevel.Note, FalseAlarmRate = 0 };

    public override CheckResult Evaluate(CellCounts evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Groups.Count < 2 || evidence.Units.Any(n => n == 0))
        {
            return CheckResult.Skip($"{evidence.Units.Count(n => n > 0)} groups hold cases; 2 are needed");
        }

        var worst = Enumerable.Range(0, evidence.Groups.Count).OrderBy(Smallest).First();
        var smallest = Smallest(worst);
        var kind = evidence.Events[worst] == smallest ? "with" : "without";
        var says = $"{evidence.Groups[worst]} has {smallest} of {Figures.Count(evidence.Units[worst])} cases {kind} {evidence.Metric}; one more would move its rate by {Figures.Percent(1.0 / evidence.Units[worst], 2)}";
        return smallest < Fewest ? CheckResult.Note(says, smallest, Fewest) : CheckResult.Pass(says, smallest, Fewest);

        long Smallest(int group) => Math.Min(evidence.Events[group], evidence.Units[group] - evidence.Events[group]);
    }

    public override CellCounts Trap(int seed) => Of(new Rng(seed).Stream("small-cell-counts").NextBinomial(4, 0.5), 120);

    public override CellCounts Clean(int seed) => Of(20 + new Rng(seed).Stream("small-cell-counts").NextBinomial(40, 0.5), 120);

    public override CellCounts? Tiny => Of(0, 0);

    private static CellCounts Of(long events, long units) => new() { Metric = "relapse", Groups = ["A", "B"], Events = [events, 30], Units = [units, 120] };
}
