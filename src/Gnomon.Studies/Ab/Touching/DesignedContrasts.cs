using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>One metric in one arm against control, estimated from the design that assigned the arms rather than from independent rows.</summary>
internal abstract record DesignedContrast
{
    /// <summary>What decides.</summary>
    public required ContrastResult Effect { get; init; }

    public required LiftResult Lift { get; init; }

    /// <summary>What an analysis of rows would have printed; null for ratios.</summary>
    public ContrastResult? Naive { get; init; }
}

/// <summary>A metric in two parts with the means they come from: of the metric, and of whether a unit has any.</summary>
internal sealed record Parted(TwoPartResult Result, PairedMeans Means);

/// <summary>How the arms were assigned, with the comparisons that allows.</summary>
internal abstract record DesignedContrasts
{
    /// <exception cref="Methods.NotEstimableException">The design does not identify this comparison.</exception>
    /// <exception cref="Methods.TooFewRowsException">Too little was observed.</exception>
    public abstract DesignedContrast Contrast(string metric, int arm, double level, ulong seed);

    /// <summary>Difference and log of the ratio of two metrics' means: the share of those before that went on; of one metric's mean alone without a lower one. Null where the design compares no ratios.</summary>
    /// <exception cref="Methods.NotEstimableException">The lower one adds to nothing.</exception>
    public virtual (ContrastResult Difference, ContrastResult? Log)? Ratio(string above, string? below, int arm, double level) => null;

    /// <summary>A metric in two parts, with whether a unit has any; null where the design does not take it apart so.</summary>
    public virtual Parted? TwoPart(string value, string any, int arm, double level) => null;
}
