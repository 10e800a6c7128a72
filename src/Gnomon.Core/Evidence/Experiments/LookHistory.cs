using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How often, and how early, a test that is valid once was read.</summary>
public sealed record LookHistory : IEvidence
{
    /// <summary>Distinct states of the data that were analysed, this one included.</summary>
    public required int Looks { get; init; }

    /// <summary>Units analysed now.</summary>
    public required long Units { get; init; }

    /// <summary>Units at each earlier look, oldest first.</summary>
    public IReadOnlyList<long> EarlierUnits { get; init; } = [];

    /// <summary>Units the plan asked for, all arms together; null when nothing was planned.</summary>
    public long? PlannedUnits { get; init; }

    /// <summary>Days the plan asked for; null when nothing was planned.</summary>
    public int? PlannedDays { get; init; }

    /// <summary>Days in the data; null without a time column.</summary>
    public int? Days { get; init; }

    /// <summary>A stopping rule that makes reading early valid was written down beforehand.</summary>
    public bool SequentialRule { get; init; }

    /// <summary>That rule as the plan writes it: <c>obrien-fleming</c>, <c>pocock</c>, <c>kim-demets:2</c>, <c>haybittle-peto</c>, or <c>open-ended</c> for a sequence that is valid at any look.</summary>
    public string? Rule { get; init; }

    /// <summary>Test statistic (signed) of the primary comparison, null when it could not be computed.</summary>
    public required double? Z { get; init; }

    public required double Alpha { get; init; }

    /// <summary>p of the best of these looks, when the answer already counts it instead of the plain one; null when the answer does not.</summary>
    public double? CorrectedP { get; init; }

    /// <summary>The experiment, where a finding speaks of several; empty when there is only one.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>Posterior chance that the treatment is better, when a posterior was asked for; null otherwise.</summary>
    public double? PosteriorChance { get; init; }

    /// <summary>How often, without an effect, at least one of the looks taken reaches that chance; null without a posterior.</summary>
    public double? PosteriorFalseWinnerRate { get; init; }

    /// <summary>Share of the planned information reached, by units or by days; null when nothing was planned.</summary>
    public double? Information =>
        PlannedUnits is > 0 ? (double)Units / PlannedUnits.Value
        : PlannedDays is > 0 && Days is not null ? (double)Days.Value / PlannedDays.Value
        : null;
}
