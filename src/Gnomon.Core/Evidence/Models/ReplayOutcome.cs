using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Models;

/// <summary>A recorded run beside the same run made again.</summary>
public sealed record ReplayOutcome : IEvidence
{
    /// <summary>The job.</summary>
    public required string Job { get; init; }

    public string Subject => Job;

    /// <summary>The metric on record; null when none is.</summary>
    public double? Recorded { get; init; }

    /// <summary>The metric of the rerun; null when there was none, or it failed.</summary>
    public double? Seen { get; init; }

    /// <summary>Inputs with a hash on record.</summary>
    public int Inputs { get; init; }

    /// <summary>Inputs whose bytes are no longer those on record, or that are gone.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary>What the record lacks to be rebuilt from: hashes of the inputs, version, seed, metric.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Why the rerun gave no number; null when it gave one or was not asked for.</summary>
    public string? Failure { get; init; }
}
