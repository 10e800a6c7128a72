using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Causal;

/// <summary>A before/after claim with nothing beside it that the change did not touch.</summary>
public sealed class NoConcurrentControl : Check<BeforeAfter>
{
    private const long FewestRows = 8;

    // An interval that includes 0 says by itself only that the two series are noisy; what explains a change has to have moved along.
    private const double SmallestShare = 0.5;

    public override CheckCard Card { get; } = new(
        Id: "no-concurrent-control",
        Asks: "Is there a series that the change did not touch, and did it stay where it was?",
        FiresWhen: "a before/after comparison has no untouched series; or the untouched series moved the same way by at least half as much, and the interval of the change less its own includes 0",
        Means: "With nothing to compare against, anything else that changed then is mixed in.",
        Remedy: "Add an untouched series or a holdback, list what else happened at that time, and read trend and season off first.",
        Source: "Wagner et al. 2002; Bernal, Cummins and Gasparrini 2017")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.01, DetectionRate = 0.94, Aliases = ["confounded-decline"] };

    public override CheckResult Evaluate(BeforeAfter evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.RowsBefore + evidence.RowsAfter < FewestRows)
        {
            return CheckResult.Skip($"{evidence.RowsBefore} rows before and {evidence.RowsAfter} after the change are too few; {FewestRows} are needed");
        }

        var rows = $"{Figures.Count(evidence.RowsBefore, "row")} before {evidence.Change} and {Figures.Count(evidence.RowsAfter)} after";
        if (evidence.Untouched is not { } untouched || evidence is not { Low: { } low, High: { } high, UntouchedDifference: { } moved })
        {
            return CheckResult.Fail($"{evidence.Metric} changed by {Figures.Effect(evidence.Difference, "number")} ({rows}), and no series stands beside it that the change did not touch", evidence.Difference);
        }

        var says = $"{evidence.Metric} changed by {Figures.Effect(evidence.Difference, "number")}, {untouched} by {Figures.Effect(moved, "number")} ({rows}); the difference of the two lies in {Figures.Range(low, high, "number")}";
        if (!evidence.IsEstablished)
        {
            return CheckResult.Pass($"{says}; the change is not established, so there is nothing to explain", moved);
        }

        return low <= 0 && high >= 0 && moved / evidence.Difference >= SmallestShare ? CheckResult.Fail(says, moved) : CheckResult.Pass(says, moved);
    }

    public override BeforeAfter Trap(int seed) => Simulate(seed, common: 0.02, own: 0);

    public override BeforeAfter Clean(int seed) => Simulate(seed, common: 0, own: 0.02);

    public override BeforeAfter? Tiny => new() { Metric = "rate", Change = "week 3", RowsBefore = 2, RowsAfter = 3, Difference = 0.01 };

    // 20 weeks before and after with noise of 0.004: something common lifts both series in the trap, the change lifts its own in the twin.
    private static BeforeAfter Simulate(int seed, double common, double own)
    {
        var rng = new Rng(seed).Stream("no-concurrent-control");
        var error = 0.004 * Math.Sqrt(2.0 / 20);
        var untouched = common + error * rng.NextNormal();
        var difference = common + own + error * rng.NextNormal();
        var half = 1.96 * Math.Sqrt(2) * error;
        return new BeforeAfter
        {
            Metric = "rate", Change = "2024-04-01", RowsBefore = 20, RowsAfter = 20, Difference = difference, Untouched = "rate elsewhere", UntouchedDifference = untouched,
            Low = difference - untouched - half, High = difference - untouched + half,
        };
    }
}
