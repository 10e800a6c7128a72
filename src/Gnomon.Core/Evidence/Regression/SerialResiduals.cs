using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Residuals in order of time.</summary>
public sealed record SerialResiduals : IEvidence
{
    public required string Outcome { get; init; }

    /// <summary>Column that orders the rows.</summary>
    public required string Time { get; init; }

    public required long Rows { get; init; }

    /// <summary>Autocorrelation of neighbouring residuals.</summary>
    public required double FirstAutocorrelation { get; init; }

    /// <summary>Durbin and Watson's statistic.</summary>
    public required double DurbinWatson { get; init; }

    public required double DurbinWatsonP { get; init; }

    /// <summary>Ljung and Box's p-value to <see cref="Lags"/> lags; null where the test does not apply.</summary>
    public required double? LjungBoxP { get; init; }

    public required int Lags { get; init; }

    /// <summary>Largest ratio, over the coefficients, of the error that respects the order to the one that does not.</summary>
    public required double ErrorRatio { get; init; }

    /// <summary>True when the errors in use respect the order of rows.</summary>
    public required bool ErrorsRespectOrder { get; init; }

    /// <summary>Grouping whose rows are followed in time; null when all rows are one series.</summary>
    public string? Within { get; init; }

    /// <summary>Columns that, like outcome and residuals, keep a unit root: a regression of trends on trends.</summary>
    public IReadOnlyList<string> Wandering { get; init; } = [];
}
