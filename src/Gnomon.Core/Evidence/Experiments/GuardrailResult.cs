using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>A metric that was promised not to be hurt.</summary>
public sealed record GuardrailResult : IEvidence
{
    public required string Metric { get; init; }

    public required string Contrast { get; init; }

    /// <summary>Effect in the scale of the margin (absolute or relative), signed so that negative is harm.</summary>
    public required double Effect { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    /// <summary>Largest harm that is acceptable, as a positive number in the same scale; 0 means none.</summary>
    public required double Margin { get; init; }

    /// <summary>One-sided p of the hypothesis that the harm exceeds the margin.</summary>
    public required double NonInferiorityP { get; init; }

    public required double Alpha { get; init; }

    /// <summary>e-value of harm that may be read at every look; 1 / <see cref="Alpha"/> or more shows harm whenever it happens. Null when it was not computed.</summary>
    public double? HarmEValue { get; init; }

    /// <summary>That e-value at the earlier look that raised the alarm first, as it was read; the largest where none did, null where none is on record. An alarm that may be raised at any look is not taken back by a later one.</summary>
    public double? EarlierHarmEValue { get; init; }

    /// <summary>Which look that was, from 1.</summary>
    public int? EarlierHarmLook { get; init; }

    /// <summary>The interval is read at one of several looks, or before the planned end: it then does not show harm by itself, the e-value does.</summary>
    public bool Interim { get; init; }

    /// <summary>Why the decision does not hang on this arm, when it does not: another arm would be shipped, or other arms are left. Harm is then named and blocks nothing.</summary>
    public string? Beside { get; init; }

    /// <summary>Harm is shown: at any look, this one or an earlier one, by the e-value, at the only or last look by the interval.</summary>
    public bool IsHarmShown => Interim ? HarmEValue >= 1 / Alpha || EarlierHarmEValue >= 1 / Alpha : High < 0;

    /// <summary>True when effect and margin are relative to control.</summary>
    public required bool Relative { get; init; }

    /// <summary>True when more of the metric is worse: the effect in its own direction is then minus <see cref="Effect"/>.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>The metric with its margin, as declared.</summary>
    public required string Declared { get; init; }

    public string Subject => Metric;
}
