using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile;

/// <summary>What one further look at a table adds to its profile.</summary>
internal sealed record ProfileStage
{
    public static ProfileStage None { get; } = new();

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    /// <summary>Tables the reader should see before the columns.</summary>
    public IReadOnlyList<ResultTable> Lead { get; init; } = [];

    /// <summary>Tables for whoever reads on.</summary>
    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>Several looks as one, in their order.</summary>
    public static ProfileStage Join(params IReadOnlyList<ProfileStage> stages) => new()
    {
        Evidence = [.. stages.SelectMany(s => s.Evidence)],
        Estimates = [.. stages.SelectMany(s => s.Estimates)],
        Lead = [.. stages.SelectMany(s => s.Lead)],
        Tables = [.. stages.SelectMany(s => s.Tables)],
        Limitations = [.. stages.SelectMany(s => s.Limitations)],
        Next = [.. stages.SelectMany(s => s.Next)],
    };
}
