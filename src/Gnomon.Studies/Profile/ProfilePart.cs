using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Profile;

/// <summary>What one further question adds to a profile.</summary>
internal sealed record ProfilePart
{
    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>Tables that hold rows of the data themselves.</summary>
    public IReadOnlyList<string> HoldsRows { get; init; } = [];

    /// <summary>The report with these parts at its end; tables come before the plain description.</summary>
    public static StudyReport Join(StudyReport report, IReadOnlyList<ProfilePart> parts) => parts.Count == 0 ? report : report with
    {
        Estimates = [.. report.Estimates, .. parts.SelectMany(p => p.Estimates)],
        Evidence = [.. report.Evidence, .. parts.SelectMany(p => p.Evidence)],
        Limitations = [.. report.Limitations, .. parts.SelectMany(p => p.Limitations)],
        Next = [.. parts.SelectMany(p => p.Next), .. report.Next],
        Tables = [.. parts.SelectMany(p => p.Tables), .. report.Tables],
        HoldsRows = [.. report.HoldsRows, .. parts.SelectMany(p => p.HoldsRows)],
    };
}
