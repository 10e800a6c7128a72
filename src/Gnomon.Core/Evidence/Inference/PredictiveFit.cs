using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>A feature of the data beside the same feature of data drawn from the fitted model.</summary>
/// <param name="Name">The feature in words.</param>
/// <param name="Observed">Its value in the data.</param>
/// <param name="Replicated">Its mean in replicated data.</param>
/// <param name="P">Share of replicated data that show at least as much of it.</param>
public sealed record ReplicatedFeature(string Name, double Observed, double Replicated, double P);

/// <summary>Whether a fitted model would make data like these.</summary>
public sealed record PredictiveFit : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    public required IReadOnlyList<ReplicatedFeature> Features { get; init; }

    public string Subject => Outcome;
}
