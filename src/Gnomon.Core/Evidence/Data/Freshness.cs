using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How old values are where they are used: a column that stopped changing, or a file that stands in for newer data.</summary>
public abstract record Freshness : IEvidence
{
    public virtual string Subject => string.Empty;
}

/// <summary>The newest row of a file beside the newest row of the data it stands in for.</summary>
public sealed record SourceAge : Freshness
{
    /// <summary>The file that is used.</summary>
    public required string Source { get; init; }

    /// <summary>The data it stands in for.</summary>
    public required string Instead { get; init; }

    /// <summary>From its newest row to theirs, in seconds; 0 or less when it is as new.</summary>
    public required double BehindSeconds { get; init; }

    /// <summary>How old a file may be, in seconds.</summary>
    public required double AllowedSeconds { get; init; }

    /// <summary>Rows of the file with a time.</summary>
    public required long Rows { get; init; }

    public override string Subject => Source;
}
