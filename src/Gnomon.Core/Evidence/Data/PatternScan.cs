using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>A search for patterns without a hypothesis: how much was looked at, and on which rows the finds were tested.</summary>
public sealed record PatternScan : IEvidence
{
    /// <summary>Questions asked of the rows that explore.</summary>
    public required long Scanned { get; init; }

    /// <summary>Rows that explored.</summary>
    public required long ExploreRows { get; init; }

    /// <summary>Rows kept aside to confirm; 0 when the finds were tested on the rows that showed them.</summary>
    public required long ConfirmRows { get; init; }

    /// <summary>Patterns taken from the first rows to the second.</summary>
    public required int Candidates { get; init; }

    public required int Confirmed { get; init; }

    /// <summary>Earlier runs on the same data that cut them into other halves: rows that confirm now have been looked at before.</summary>
    public required int EarlierSplits { get; init; }
}
