using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Profile;

/// <summary>What one further question adds to a profile.</summary>
internal sealed record ProfilePart
{
    public static ProfilePart None { get; } = new();

    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>What the reader should know first, added to the decision's sentence; empty for most questions.</summary>
    public string Lead { get; init; } = string.Empty;

    /// <summary>What the ledger writes down for this question, in place of the profile's own line.</summary>
    public LedgerTrace? Trace { get; init; }

    /// <summary>Tables the reader should see before the columns.</summary>
    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>Tables for whoever reads on, after the columns.</summary>
    public IReadOnlyList<ResultTable> Appendix { get; init; } = [];

    /// <summary>Pictures that come before those of the columns.</summary>
    public IReadOnlyList<Plot> Plots { get; init; } = [];

    /// <summary>Tables that hold rows of the data themselves.</summary>
    public IReadOnlyList<string> HoldsRows { get; init; } = [];

    /// <summary>The report with these parts: their tables before the plain description or after it, the rest of them at its end.</summary>
    public static StudyReport Join(StudyReport report, IReadOnlyList<ProfilePart> parts) => report with
    {
        Propose = runs => Leading(report.Propose(runs), string.Join(" ", parts.Select(p => p.Lead).Where(l => l.Length > 0))),
        Trace = parts.Select(p => p.Trace).FirstOrDefault(t => t is not null) ?? report.Trace,
        Estimates = [.. report.Estimates, .. parts.SelectMany(p => p.Estimates)],
        Evidence = [.. report.Evidence, .. parts.SelectMany(p => p.Evidence)],
        Limitations = [.. report.Limitations, .. parts.SelectMany(p => p.Limitations)],
        Next = [.. parts.SelectMany(p => p.Next), .. report.Next],
        Plots = [.. parts.SelectMany(p => p.Plots), .. report.Plots],
        Tables = [.. parts.SelectMany(p => p.Tables), .. report.Tables, .. parts.SelectMany(p => p.Appendix)],
        HoldsRows = [.. report.HoldsRows, .. parts.SelectMany(p => p.HoldsRows)],
    };

    private static Proposal Leading(Proposal proposal, string lead) => lead.Length == 0 ? proposal : proposal with
    {
        Summary = $"{lead} {proposal.Summary}",
        WhenBlocked = proposal.WhenBlocked?.ToDictionary(w => w.Key, w => $"{lead} {w.Value}", StringComparer.Ordinal),
    };
}
