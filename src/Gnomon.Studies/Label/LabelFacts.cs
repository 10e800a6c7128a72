using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Sampling;

namespace Gnomon.Studies.Label;

/// <summary>Everything that was measured, for the words, tables and plots of the finding.</summary>
internal sealed record LabelFacts
{
    public required LabelOptions Options { get; init; }

    public required LabelScan Scan { get; init; }

    public required HeldRows Held { get; init; }

    public required RowChooser Chooser { get; init; }

    public required LabelQueue Queue { get; init; }

    public AgreementLook? Agreement { get; init; }

    public LabelVerdict? Verdict { get; init; }

    /// <summary>Share of cases in the whole, from the slice.</summary>
    public ShareOfWhole? CaseRate { get; init; }

    /// <summary>Share of rows that today's model has wrong, from the slice.</summary>
    public ShareOfWhole? ErrorToday { get; init; }

    /// <summary>Share of rows that today's model has wrong and that no trigger keeps.</summary>
    public ShareOfWhole? ErrorOutside { get; init; }

    /// <summary>Volume that triggers or slice keep, as a share; rows of the slice that no trigger keeps are taken to be as large as others.</summary>
    public double KeptVolume => Triggered + ((1 - Triggered) * Options.Audit);

    public double Triggered => Scan.Volume > 0 ? Scan.KeptVolume / Scan.Volume : 0;

    /// <summary>Scenarios by number that count as rare.</summary>
    public IReadOnlyList<int> Rare => [.. Enumerable.Range(0, Scan.ScenarioRows.Count).Where(h => IsRare(Scan, Options, h))];

    public static bool IsRare(LabelScan scan, LabelOptions options, int scenario) => scan.ScenarioRows[scenario] > 0 && scan.ScenarioRows[scenario] < options.Rare * scan.Rows;

    /// <summary>The share of rows of the slice of which something holds, brought to the whole; null without a label.</summary>
    public static ShareOfWhole? Share(LabelScan scan, HeldRows held, double level, Func<int, bool> counts, Func<int, bool> hits)
    {
        var (sampled, hit) = (new long[scan.ScenarioRows.Count], new long[scan.ScenarioRows.Count]);
        foreach (var i in Enumerable.Range(0, held.Count).Where(i => held.IsAudit[i] && held.Label[i] >= 0 && counts(i)))
        {
            sampled[held.Scenario[i]]++;
            hit[held.Scenario[i]] += hits(i) ? 1 : 0;
        }

        try
        {
            return HorvitzThompson.Share([.. scan.ScenarioRows.Select((n, h) => new StratumSample(n, sampled[h], hit[h]))], level);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    public string FocusName => Rare.Count > 0 ? "rare scenarios" : "all rows";
}
