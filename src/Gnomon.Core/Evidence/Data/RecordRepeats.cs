using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How often records occur again, on all columns or on a key.</summary>
public sealed record RecordRepeats : IEvidence
{
    /// <summary>What should occur once: <c>rows</c> or the columns of the key.</summary>
    public required string On { get; init; }

    /// <summary>True when the key was declared, so that chance is no excuse.</summary>
    public required bool IsKey { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows beyond the first of their kind among the rows looked at.</summary>
    public required long Repeats { get; init; }

    /// <summary>Rows looked at: all of them, or all occurrences of a sample of records.</summary>
    public required long RowsSeen { get; init; }

    /// <summary>Repeats expected among all rows if the columns were independent.</summary>
    public required double ExpectedByChance { get; init; }

    /// <summary>True when the rows were linked by probability although they differ; <see cref="ExpectedByChance"/> is then how many of them are expected to be wrong.</summary>
    public bool IsLinked { get; init; }

    public string Subject => On;
}
