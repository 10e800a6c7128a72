using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>The same preparation fitted on the whole table and inside the folds, and what a script does.</summary>
public sealed record PreparationOrder : IEvidence
{
    public required string Target { get; init; }

    /// <summary>What the score is: <c>AUC</c> or <c>R squared</c>.</summary>
    public required string Score { get; init; }

    public required int Rows { get; init; }

    /// <summary>The score where every step was fitted on the whole table; null where only a script was read.</summary>
    public double? Whole { get; init; }

    /// <summary>The score where every step was fitted inside the folds.</summary>
    public double? Inside { get; init; }

    /// <summary>Standard error of their difference.</summary>
    public double? GapError { get; init; }

    /// <summary>For each step what it adds to the score when it alone sees the rows that grade it.</summary>
    public IReadOnlyList<StepGap> Steps { get; init; } = [];

    /// <summary>Lines of a script that fit a step before the split, in words.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <param name="Step">The step, in words.</param>
/// <param name="Gap">What it adds to the score alone.</param>
/// <param name="Error">Standard error of that.</param>
public sealed record StepGap(string Step, double Gap, double Error);
