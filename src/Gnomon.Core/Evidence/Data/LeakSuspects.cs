using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Columns that tell the target too well.</summary>
public sealed record LeakSuspects : IEvidence
{
    public required string Target { get; init; }

    /// <summary>Rows with a target among those looked at.</summary>
    public required long Rows { get; init; }

    /// <summary>Columns compared with the target.</summary>
    public required int Tested { get; init; }

    /// <summary>Columns whose empty or zero cells follow the classes, strongest first.</summary>
    public required IReadOnlyList<LeakPattern> Patterns { get; init; }

    /// <summary>The strongest columns on their own, strongest first.</summary>
    public required IReadOnlyList<LeakStrength> Strengths { get; init; }
}

/// <param name="Column">The column.</param>
/// <param name="Pattern"><c>empty</c> or <c>zero</c>.</param>
/// <param name="Class">The class of the target.</param>
/// <param name="Rate">Share of such cells in that class.</param>
/// <param name="RateElsewhere">Share outside it.</param>
/// <param name="Low">Lower limit of the absolute difference.</param>
public sealed record LeakPattern(string Column, string Pattern, string Class, double Rate, double RateElsewhere, double Low);

/// <param name="Column">The column.</param>
/// <param name="Measure">AUC, R squared or Cramer's V.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">Lower 95 % limit.</param>
public sealed record LeakStrength(string Column, string Measure, double Value, double Low);
