using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Metrics that were tried before are missing from the report of a win.</summary>
public sealed class SelectiveReporting : Check<IReportedWins>
{
    private const double MostExcess = 0.01;
    private const string LoadTheList = "Load the full list of experiments, correct for all of them and shrink the claimed gains.";

    public override CheckCard Card { get; } = new(
        Id: "selective-reporting",
        Asks: "Does the report show everything that was tried?",
        FiresWhen: "the ledger holds metrics of earlier looks at this experiment that the finding of a win does not show; or a programme started more experiments than it reports; "
            + "or it reports more significant results than the power of its experiments allows (test of excess significance, p < 0.01)",
        Means: "The reported win looks like a chosen subset of what was tried.",
        Remedy: "Report the full list of metrics tried and correct for all of them.",
        Source: "Ioannidis and Trikalinos 2007")
    { Level = CheckLevel.Warning, Aliases = ["excess-win-rate"] };

    public override CheckResult Evaluate(IReportedWins evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence switch
        {
            PrimaryUse metrics => OfMetrics(metrics),
            ProgrammeWins programme => OfExperiments(programme),
            _ => CheckResult.Skip("0 results of a kind this check knows"),
        };
    }

    // A seed of three is a programme; the others are metrics of one experiment: both flaws are planted.
    public override IReportedWins Trap(int seed) => seed % 3 == 0
        ? new ProgrammeWins { Reported = 12, Started = 13 + new Rng(seed).Stream("selective-reporting").NextInt(30), Significant = 12 }
        : Simulate(seed, ["bounce rate", "session length"]);

    public override IReportedWins Clean(int seed)
    {
        // The excess test of an honest programme is uniform at worst, and below its threshold in one programme of a hundred.
        var rng = new Rng(seed).Stream("selective-reporting");
        return seed % 3 == 0
            ? new ProgrammeWins { Reported = 15, Started = 15, Significant = 4, Expected = 3.6, ExcessP = rng.NextDouble() }
            : Simulate(seed, []);
    }

    public override IReportedWins? Tiny => new PrimaryUse { Declared = [], Used = [], Headlines = [], AnyWin = false };

    private static CheckResult OfExperiments(ProgrammeWins e)
    {
        if (e.Reported == 0)
        {
            return CheckResult.Skip("0 experiments in the report");
        }

        var expected = e.Expected is { } many ? $", {Figures.Number(Math.Round(many, 1))} expected from their power ({Figures.P(e.ExcessP!.Value)} for so many or more)" : string.Empty;
        var says = $"{Figures.Count(e.Significant)} of {Figures.Count(e.Reported, "reported experiment")} are significant{expected}";
        if (e.Started > e.Reported && e.Significant > 0)
        {
            return CheckResult.Warn($"{Figures.Count(e.Started.Value)} experiments were started and {Figures.Count(e.Reported)} are reported; {says}", e.Started - e.Reported, 0, e.ExcessP) with { Remedy = LoadTheList };
        }

        return e.ExcessP < MostExcess
            ? CheckResult.Warn($"more wins than these experiments can show: {says}", e.Significant, e.Expected, e.ExcessP) with { Remedy = LoadTheList }
            : CheckResult.Pass(says, e.Significant, e.Expected, e.ExcessP);
    }

    private static CheckResult OfMetrics(PrimaryUse evidence)
    {
        if (evidence.Headlines.Count == 0)
        {
            return CheckResult.Skip("0 deciding metrics could be computed");
        }

        var dropped = evidence.DroppedSinceEarlierLooks;
        return dropped.Count > 0 && evidence.AnyWin
            ? CheckResult.Warn($"{Figures.Count(dropped.Count, "metric")} of earlier looks {(dropped.Count == 1 ? "is" : "are")} not shown: {string.Join(", ", dropped.Take(5))}", dropped.Count, 0)
            : CheckResult.Pass($"{Figures.Count(dropped.Count, "metric")} of earlier looks left out of a reported win", dropped.Count, 0);
    }

    private static PrimaryUse Simulate(int seed, IReadOnlyList<string> dropped)
    {
        var center = 2 + 0.3 * new Rng(seed).Stream("selective-reporting").NextNormal();
        return new PrimaryUse { Declared = [], Used = ["orders"], DroppedSinceEarlierLooks = dropped, Headlines = [("orders", "B - A", center - 1, center + 1)], AnyWin = true };
    }
}
