using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>A target that is known where an earlier decision allowed it, and how far that decision follows from the columns.</summary>
public sealed record LabelSelection : IEvidence
{
    public required string Target { get; init; }

    /// <summary>The decision and its value that allowed the outcome, such as <c>approved = yes</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Rows that were let through.</summary>
    public required long Selected { get; init; }

    /// <summary>Of these, rows without a target.</summary>
    public required long SelectedMissing { get; init; }

    /// <summary>Rows that were not.</summary>
    public required long Others { get; init; }

    public required long OthersMissing { get; init; }

    /// <summary>Lower limit of the area under the curve with which the columns tell the decision; null when they could not be asked.</summary>
    public required double? AucLow { get; init; }

    public required double? Auc { get; init; }

    /// <summary>p-value of "the columns tell nothing of the decision".</summary>
    public required double? AucP { get; init; }

    /// <summary>p-value of "what the columns do not hold and moved the decision has nothing to do with the outcome"; null where no model could ask.</summary>
    public double? HiddenP { get; init; }

    public string Subject => Target;
}
