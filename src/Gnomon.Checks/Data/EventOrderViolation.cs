using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Something ends before it starts.</summary>
public sealed class EventOrderViolation : Check<EventOrder>
{
    public override CheckCard Card { get; } = new(
        Id: "event-order-violation",
        Asks: "Does everything start before it ends?",
        FiresWhen: "any record ends before it starts, or reached a step without the one before",
        Means: "Some events are reversed, open or impossible in order.",
        Remedy: "Quarantine or close by a stated rule, use first-after-previous logic, count what was set aside.",
        Source: "Snodgrass 1999; SQL:2011 periods")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["invalid-interval", "out-of-order-steps"] };

    public override CheckResult Evaluate(EventOrder evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Both == 0)
        {
            return CheckResult.Skip($"0 rows have both {evidence.Start} and {evidence.End}");
        }

        var share = (double)evidence.Reversed / evidence.Both;
        if (evidence.AreSteps)
        {
            return evidence.Reversed > 0
                ? CheckResult.Warn($"{Figures.Count(evidence.Reversed)} of {Figures.Count(evidence.Both, "unit")} that reached {evidence.End} did so without {evidence.Start} ({Figures.Percent(share)}), and count as not having reached it", share, 0)
                : CheckResult.Pass($"all {Figures.Count(evidence.Both, "unit")} that reached {evidence.End} reached {evidence.Start}", 0, 0);
        }

        var open = evidence.Open > 0 ? $"; {Figures.Count(evidence.Open)} have no end" : string.Empty;
        return evidence.Reversed > 0
            ? CheckResult.Warn($"{Figures.Count(evidence.Reversed)} of {Figures.Count(evidence.Both, "row")} {(evidence.Reversed == 1 ? "has" : "have")} {evidence.End} before {evidence.Start} ({Figures.Percent(share)}){open}", share, 0)
            : CheckResult.Pass($"all {Figures.Count(evidence.Both, "row")} {(evidence.Both == 1 ? "has" : "have")} {evidence.Start} no later than {evidence.End}{open}", 0, 0);
    }

    public override EventOrder Trap(int seed) => Simulate(seed, 0.002);

    public override EventOrder Clean(int seed) => Simulate(seed, 0);

    public override EventOrder? Tiny => new() { Start = "opened", End = "closed", Both = 0, Reversed = 0, Open = 0 };

    // 10,000 tickets; in the trap two in a thousand closed before they opened.
    private static EventOrder Simulate(int seed, double share) => new()
    {
        Start = "opened", End = "closed", Both = 10_000, Reversed = new Rng(seed).Stream("event-order-violation").NextBinomial(10_000, share), Open = 0,
    };
}
