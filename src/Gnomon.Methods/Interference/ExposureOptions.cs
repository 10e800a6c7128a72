namespace Gnomon.Methods.Interference;

/// <summary>Settings of an exposure mapping.</summary>
public sealed record ExposureOptions
{
    /// <summary>Share of neighbours in one arm from which a unit counts as surrounded by it; above 0.5, at most 1.</summary>
    public double Surrounded { get; init; } = 0.7;

    /// <summary>Designs drawn for probabilities and errors; at least 199.</summary>
    public int Draws { get; init; } = 999;

    /// <summary>Units that would meet an exposure with a smaller probability than this are left out of contrasts with it.</summary>
    public double SmallestProbability { get; init; } = 0.02;

    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;
}
