using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>Work that a form of a query does, beside another one with equal results.</summary>
public sealed record PlanWork : IEvidence
{
    /// <summary>The form in words: <c>a self-join over 30 days</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Rows it reads.</summary>
    public required long RowsIn { get; init; }

    /// <summary>Most rows between two of its steps.</summary>
    public required long RowsBetween { get; init; }

    /// <summary>Rows it returns.</summary>
    public required long RowsOut { get; init; }

    /// <summary>The form with equal results that does less, in words; null when none is known.</summary>
    public string? Rewrite { get; init; }

    public string Subject => Form;
}
