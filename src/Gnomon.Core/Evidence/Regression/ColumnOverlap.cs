using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>How much the columns of a model repeat one another.</summary>
public sealed record ColumnOverlap : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>Terms with the largest variance inflation, largest first.</summary>
    public required IReadOnlyList<InflatedTerm> Terms { get; init; }

    /// <summary>Columns that others determine exactly, in words: <c>total = food + rent</c>. They have no coefficient.</summary>
    public IReadOnlyList<string> Determined { get; init; } = [];

    /// <summary>Largest condition index of the scaled columns.</summary>
    public required double ConditionIndex { get; init; }
}

/// <param name="Term">Name of the column.</param>
/// <param name="Inflation">Variance inflation factor.</param>
/// <param name="FlipShare">Share of resamples in which its coefficient has the other sign.</param>
public sealed record InflatedTerm(string Term, double Inflation, double FlipShare);
