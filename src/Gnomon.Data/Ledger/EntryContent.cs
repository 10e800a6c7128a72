using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>Everything one entry holds, as stored: the chain covers all of it.</summary>
internal sealed record EntryContent
{
    public required long Sequence { get; init; }

    /// <summary>UTC, <c>yyyy-MM-ddTHH:mm:ss.fffffffZ</c>.</summary>
    public required string At { get; init; }

    public required string Kind { get; init; }

    public required string Verb { get; init; }

    public required string Action { get; init; }

    public LookContent? Look { get; init; }

    public IReadOnlyList<Hypothesis> Hypotheses { get; init; } = [];

    public IReadOnlyList<Exclusion> Exclusions { get; init; } = [];

    public PlanContent? Plan { get; init; }

    public OverrideContent? Override { get; init; }

    public string? Finding { get; init; }
}

/// <param name="Metrics">JSON array of the metrics read, in order of first use.</param>
/// <param name="Units">Sketch bytes.</param>
internal sealed record LookContent(
    string Roles, string? Name, long UnitCount, string DataState, string Metrics, double? PValue, string? PlanHash, byte[] Units)
{
    /// <summary>Arm of each unit of the sketch, a byte each; empty when it was not recorded.</summary>
    public byte[] Arms { get; init; } = [];
}

internal sealed record PlanContent(string Roles, string? Name, long UnitCount, string Hash, string Json, byte[] Units);

/// <param name="Target">Entry of the finding decided against; null when it is the entry itself.</param>
internal sealed record OverrideContent(long? Target, string By, string Action, string Reason);

/// <summary>The links of an entry: digests of its parts, the hash before it and its own.</summary>
internal sealed record EntrySeal(string Parts, byte[] Previous, byte[] Hash);

/// <summary>The kinds of entry.</summary>
internal static class EntryKind
{
    public const string Finding = "finding";
    public const string Plan = "plan";
    public const string Override = "override";
}
