using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Whether bends that the model does not have would predict better.</summary>
public sealed record MissedShape : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>RESET p-value on squares and cubes of the fitted values; null where it does not apply.</summary>
    public required double? ResetP { get; init; }

    /// <summary>Mean reduction of the squared error on held-out rows when splines are added.</summary>
    public required double Gain { get; init; }

    public required double GainError { get; init; }

    /// <summary>Squared error per row that the model with splines takes from the mean alone, on held-out rows.</summary>
    public required double Explained { get; init; }
}
