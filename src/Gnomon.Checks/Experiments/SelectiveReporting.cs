using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Metrics that were tried before are missing from the report of a win.</summary>
public sealed class SelectiveReporting : Check<PrimaryUse>
{
    public override CheckCard Card { get; } = new(
        Id: "selective-reporting",
        Asks: "Does the report show everything that was tried?",
        FiresWhen: "the ledger holds metrics of earlier looks at this experiment that the finding of a win does not show",
        Means: "The reported win looks like a chosen subset of what was tried.",
        Remedy: "Report the full list of metrics tried and correct for all of them.",
        Source: "Ioannidis and Trikalinos 2007")
    { Level = CheckLevel.Warning, Aliases = ["excess-win-rate"] };

    public override CheckResult Evaluate(PrimaryUse evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Headlines.Count == 0)
        {
            return CheckResult.Skip("0 deciding metrics could be computed");
        }

        var dropped = evidence.DroppedSinceEarlierLooks;
        return dropped.Count > 0 && evidence.AnyWin
            ? CheckResult.Warn($"{Figures.Count(dropped.Count, "metric")} of earlier looks {(dropped.Count == 1 ? "is" : "are")} not shown: {string.Join(", ", dropped.Take(5))}", dropped.Count, 0)
            : CheckResult.Pass($"{Figures.Count(dropped.Count, "metric")} of earlier looks left out of a reported win", dropped.Count, 0);
    }

    public override PrimaryUse Trap(int seed) => Simulate(seed, ["bounce rate", "session length"]);

    public override PrimaryUse Clean(int seed) => Simulate(seed, []);

    public override PrimaryUse? Tiny => new() { Declared = [], Used = [], Headlines = [], AnyWin = false };

    private static PrimaryUse Simulate(int seed, IReadOnlyList<string> dropped)
    {
        var center = 2 + 0.3 * new Rng(seed).Stream("selective-reporting").NextNormal();
        return new PrimaryUse { Declared = [], Used = ["orders"], DroppedSinceEarlierLooks = dropped, Headlines = [("orders", center - 1, center + 1)], AnyWin = true };
    }
}
