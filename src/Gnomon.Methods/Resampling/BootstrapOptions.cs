namespace Gnomon.Methods.Resampling;

/// <summary>How a bootstrap turns its resamples into an interval.</summary>
public enum BootstrapKind
{
    /// <summary>Bias-corrected and accelerated percentiles: second-order accurate, the default.</summary>
    BiasCorrectedAccelerated,

    /// <summary>Plain percentiles of the resampled statistic.</summary>
    Percentile,

    /// <summary>Percentiles of the resampled t statistic; for means and their differences.</summary>
    Studentised,
}

/// <summary>Settings of a bootstrap.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Number of resamples, at least 99.</summary>
    public int Resamples { get; init; } = 9999;

    /// <summary>Confidence level in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How the interval is formed.</summary>
    public BootstrapKind Kind { get; init; } = BootstrapKind.BiasCorrectedAccelerated;

    /// <summary>Seed: the same seed gives the same bits for any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most threads to use; null for all.</summary>
    public int? Threads { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 99);
        Inference.InferenceGuard.Level(Level);
        if (Threads is { } threads)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads, nameof(Threads));
        }
    }
}
