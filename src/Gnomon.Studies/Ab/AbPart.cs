using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;

namespace Gnomon.Studies.Ab;

/// <summary>What one part of the analysis of an experiment adds to its finding.</summary>
internal record AbPart
{
    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    public IReadOnlyList<Plot> Plots { get; init; } = [];

    public IReadOnlyList<ResultTable> Tables { get; init; } = [];
}
