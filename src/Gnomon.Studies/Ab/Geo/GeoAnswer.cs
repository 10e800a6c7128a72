using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>What a geo test says, by the method that its number of regions allows.</summary>
internal sealed record GeoAnswer
{
    /// <summary>Which method and why, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>Per treated region and period.</summary>
    public required ContrastResult Effect { get; init; }

    /// <summary>Level of the treated regions after the start.</summary>
    public required double Observed { get; init; }

    /// <summary>Other readings of the same panel, with what they are.</summary>
    public IReadOnlyList<(ContrastResult Contrast, string Method)> Beside { get; init; } = [];

    public PreTrend? Trend { get; init; }

    /// <summary>Mean of the treated regions by period.</summary>
    public required double[] Treated { get; init; }

    /// <summary>What the other regions foretell of them.</summary>
    public required double[] Expected { get; init; }

    public RerandomisationResult? Test { get; init; }

    public SyntheticControlResult? Synthetic { get; init; }

    /// <summary>p and interval come from assigning the regions again.</summary>
    public required bool IsRerandomised { get; init; }

    /// <summary>The effect as a share of what would have been. The observed level is a fact, so an effect of x is a lift of x over the level less x.</summary>
    public (double Value, double Low, double High)? Lift =>
        Observed - Effect.Low > 0 && Observed - Effect.High > 0 && Observed > 0 ? (Effect.Value / (Observed - Effect.Value), Effect.Low / (Observed - Effect.Low), Effect.High / (Observed - Effect.High)) : null;
}
