using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>One parameter of a sampled posterior.</summary>
/// <param name="Name">The term.</param>
/// <param name="RHat">Rank-normalised split R-hat; infinite where chains stand still apart.</param>
/// <param name="BulkEffectiveSize">Independent draws the centre is worth.</param>
/// <param name="TailEffectiveSize">Independent draws the tails are worth.</param>
public sealed record MixedParameter(string Name, double RHat, double BulkEffectiveSize, double TailEffectiveSize);

/// <summary>How the chains behind a sampled posterior agree.</summary>
public sealed record ChainMixing : IEvidence
{
    public required IReadOnlyList<MixedParameter> Parameters { get; init; }

    public required int Chains { get; init; }

    /// <summary>Draws kept of each chain.</summary>
    public required int Draws { get; init; }

    /// <summary>Divergent paths after warm-up.</summary>
    public int Divergences { get; init; }
}
