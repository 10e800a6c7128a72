using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>What smaller runs of a job cost, and what the whole may.</summary>
public sealed record ResourceForecast : IEvidence
{
    /// <summary><c>time</c>, <c>memory</c> or <c>disk</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Seconds or bytes.</summary>
    public required string Unit { get; init; }

    /// <summary>What the job may cost, in the unit.</summary>
    public required double Budget { get; init; }

    /// <summary>Who set the budget, in words: <c>--time-budget</c>.</summary>
    public required string BudgetFrom { get; init; }

    /// <summary>Rows of the smaller runs.</summary>
    public required IReadOnlyList<double> Sizes { get; init; }

    /// <summary>Their costs, in the unit.</summary>
    public required IReadOnlyList<double> Costs { get; init; }

    /// <summary>The cost with no row at all.</summary>
    public required double FixedCost { get; init; }

    /// <summary>Rows of the whole job.</summary>
    public required double Rows { get; init; }

    /// <summary>What the whole did cost; null when it was not run, or not yet.</summary>
    public double? Measured { get; init; }

    /// <summary>What goes beyond the budget is put elsewhere, and the job is done all the same: memory that spills to disk.</summary>
    public bool CanSpill { get; init; }

    public string Subject => Resource;
}
