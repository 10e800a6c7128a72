using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>The likeliest break of the level of a series, such as the target's rate by day over older and newer data.</summary>
public sealed record SeriesBreak : IEvidence
{
    /// <summary>What is followed, in words.</summary>
    public required string Series { get; init; }

    /// <summary>Periods with enough rows, in order.</summary>
    public required int Periods { get; init; }

    /// <summary>Series that were looked at together; the p-value is held against all of them.</summary>
    public required int SeriesLooked { get; init; }

    /// <summary>Where the new level begins, as people write it.</summary>
    public required string At { get; init; }

    /// <summary>sup-F with a long-run variance.</summary>
    public required double SupF { get; init; }

    /// <summary>p-value of "no break" for this series alone.</summary>
    public required double PValue { get; init; }

    /// <summary>Level before the break, as people write it.</summary>
    public required string Before { get; init; }

    /// <summary>Level after it, as people write it.</summary>
    public required string After { get; init; }

    /// <summary>Shift of the level in residual standard deviations.</summary>
    public required double Shift { get; init; }

    /// <summary>Error of one-step forecasts since the break by the mean of everything before, over that by the mean since the break; above 1 the new level forecasts better.</summary>
    public required double ForecastRatio { get; init; }

    public string Subject => Series;
}
