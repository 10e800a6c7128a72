using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Whether residuals spread alike over the columns.</summary>
public sealed record ResidualSpread : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>Studentised Breusch-Pagan p-value.</summary>
    public required double PValue { get; init; }

    /// <summary>Largest ratio, over the coefficients, of the robust error to the classical one or its inverse.</summary>
    public required double ErrorRatio { get; init; }

    /// <summary>True when the errors in use allow unequal spread.</summary>
    public required bool ErrorsAllowIt { get; init; }
}
