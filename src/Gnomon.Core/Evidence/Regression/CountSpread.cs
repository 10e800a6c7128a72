using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Spread of counts or shares around a model, against what its law allows.</summary>
public sealed record CountSpread : IEvidence
{
    public required string Outcome { get; init; }

    /// <summary>The law in words: <c>poisson</c>, <c>binomial</c>.</summary>
    public required string Law { get; init; }

    public required long ResidualDegrees { get; init; }

    /// <summary>Sum of squared Pearson residuals.</summary>
    public required double PearsonChiSquared { get; init; }

    /// <summary>True when the errors in use are widened by the spread that was seen, or do not lean on the law.</summary>
    public required bool ErrorsAllowIt { get; init; }
}
