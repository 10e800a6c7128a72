using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
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

    /// <summary>Tables the reader should see before the columns.</summary>
    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>Tables for whoever reads on, after the columns.</summary>
    public IReadOnlyList<ResultTable> Appendix { get; init; } = [];

    /// <summary>Tables that hold rows of the data themselves.</summary>
    public IReadOnlyList<string> HoldsRows { get; init; } = [];

    /// <summary>The report with these parts: their tables before the plain description or after it, the rest of them at its end.</summary>
    public static StudyReport Join(StudyReport report, IReadOnlyList<ProfilePart> parts) => report with
    {
        Estimates = [.. report.Estimates, .. parts.SelectMany(p => p.Estimates)],
        Evidence = [.. report.Evidence, .. parts.SelectMany(p => p.Evidence)],
        Limitations = [.. report.Limitations, .. parts.SelectMany(p => p.Limitations)],
        Next = [.. parts.SelectMany(p => p.Next), .. report.Next],
        Tables = [.. parts.SelectMany(p => p.Tables), .. report.Tables, .. parts.SelectMany(p => p.Appendix)],
        HoldsRows = [.. report.HoldsRows, .. parts.SelectMany(p => p.HoldsRows)],
    };
}
