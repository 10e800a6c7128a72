using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>How many rows of one table find a partner in another.</summary>
public sealed record KeyMatch : IEvidence
{
    public required string Join { get; init; }

    /// <summary>Rows on the side that must not lose any.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows whose key is NULL: they can find no partner.</summary>
    public required long NullKeys { get; init; }

    /// <summary>Rows without a partner when keys are compared as they are, NULL keys included.</summary>
    public required long Unmatched { get; init; }

    /// <summary>Rows without a partner when keys are compared as trimmed lower-case text without leading zeros or a decimal .0.</summary>
    public required long UnmatchedNormalised { get; init; }

    public string Subject => Join;
}
