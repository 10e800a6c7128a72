using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>What data would give away about people, or of secrets.</summary>
public abstract record Exposure : IEvidence
{
    public virtual string Subject => string.Empty;
}

/// <summary>Data that are to be released: columns that name people, and people who are nearly alone in what an outsider may know.</summary>
public sealed record ReleaseExposure : Exposure
{
    /// <summary>The data.</summary>
    public required string Source { get; init; }

    /// <summary>Columns that name people or open doors.</summary>
    public required IReadOnlyList<SensitiveColumn> Columns { get; init; }

    /// <summary>Columns that an outsider may know.</summary>
    public required IReadOnlyList<string> Known { get; init; }

    /// <summary>Rows that must share every combination of them.</summary>
    public required long K { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows whose combination fewer share.</summary>
    public required long Below { get; init; }

    /// <summary>Rows of the rarest combination.</summary>
    public required long Smallest { get; init; }
}
