using Gnomon.Core.Findings;

namespace Gnomon.Core.Checks;

/// <summary>What a check is: the source of its documentation page, its place in the catalogue and its promise.</summary>
/// <param name="Id">Stable kebab-case id of the catalogue.</param>
/// <param name="Asks">The question it asks of the data, one sentence.</param>
/// <param name="FiresWhen">The measurable condition, with thresholds.</param>
/// <param name="Means">What it means for the person who decides, one sentence.</param>
/// <param name="Remedy">What to do; begins with a verb.</param>
/// <param name="Source">Paper, book or convention the rule comes from.</param>
public sealed record CheckCard(string Id, string Asks, string FiresWhen, string Means, string Remedy, string Source)
{
    public required CheckLevel Level { get; init; }

    /// <summary>What the decision becomes when this check fails; only read for blocking checks.</summary>
    public DecisionAction ActsBy { get; init; } = DecisionAction.FixDataFirst;

    /// <summary>Share of planted flaws it promises to catch.</summary>
    public double DetectionRate { get; init; } = 0.95;

    /// <summary>Share of clean twins it may fire on.</summary>
    public double FalseAlarmRate { get; init; } = 0.01;

    /// <summary>Other names under which the same thing is known; search finds them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
