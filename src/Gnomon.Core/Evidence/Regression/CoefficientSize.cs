namespace Gnomon.Core.Evidence.Regression;

/// <summary>A coefficient whose smallest worthwhile size was declared.</summary>
public sealed record CoefficientSize : ISizedEffect
{
    public required string Term { get; init; }

    /// <inheritdoc/>
    public required double Difference { get; init; }

    /// <inheritdoc/>
    public required double Low { get; init; }

    /// <inheritdoc/>
    public required double High { get; init; }

    /// <inheritdoc/>
    public required double PValue { get; init; }

    /// <inheritdoc/>
    public required double Alpha { get; init; }

    /// <inheritdoc/>
    public double? Worthwhile { get; init; }

    /// <inheritdoc/>
    public required double ControlDeviation { get; init; }

    public string Subject => Term;
}
