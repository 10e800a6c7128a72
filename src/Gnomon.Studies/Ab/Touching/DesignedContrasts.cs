using Gnomon.Methods.Inference;

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

/// <summary>How the arms were assigned, with the comparisons that allows.</summary>
internal abstract record DesignedContrasts
{
    /// <exception cref="Methods.NotEstimableException">The design does not identify this comparison.</exception>
    /// <exception cref="Methods.TooFewRowsException">Too little was observed.</exception>
    public abstract DesignedContrast Contrast(string metric, int arm, double level, ulong seed);
}
