namespace Gnomon.Core.Tables;

/// <summary>A typed question to an engine: columns out, an optional filter, groups, order and limit, over the data set or over another query.</summary>
public sealed record Query
{
    public required IReadOnlyList<Projection> Select { get; init; }

    /// <summary>Null reads the data set itself.</summary>
    public Query? From { get; init; }

    public Scalar? Where { get; init; }

    public IReadOnlyList<Scalar> GroupBy { get; init; } = [];

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    public long? Limit { get; init; }

    public static Query Of(params Projection[] select) => new() { Select = select };
}

/// <summary>One output column.</summary>
public sealed record Projection(string Name, Scalar Value)
{
    public static Projection Column(string name) => new(name, Scalar.Column(name));
}

public sealed record Ordering(Scalar Value, bool Descending = false);
