using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How often the item on top of a ranking stays there when its inputs vary over their stated ranges.</summary>
public sealed record RankShares : IEvidence
{
    /// <summary>The item that is first by its expected score.</summary>
    public required string Top { get; init; }

    /// <summary>Share of draws in which it is first.</summary>
    public required double Share { get; init; }

    /// <summary>The item that is first most often otherwise; empty when there is none.</summary>
    public required string Rival { get; init; }

    public required double RivalShare { get; init; }

    public required int Items { get; init; }

    public required int Draws { get; init; }

    /// <summary>What is ranked, where several rankings are judged; empty for one.</summary>
    public string Subject { get; init; } = string.Empty;
}
