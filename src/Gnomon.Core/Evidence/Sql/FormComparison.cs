using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>A usual way to write a question in SQL, beside the form that answers it, on the same data.</summary>
public abstract record FormComparison : IEvidence
{
    /// <summary>The usual form in words, able to begin a sentence: <c>filtering rows</c>.</summary>
    public required string Form { get; init; }

    /// <summary>What the answer lists, in the plural: <c>customers</c>.</summary>
    public required string Entities { get; init; }

    /// <summary>Entities in the form that answers the question.</summary>
    public required long Right { get; init; }

    /// <summary>Entities of it that the usual form leaves out or gives another value.</summary>
    public required long Missed { get; init; }

    /// <summary>Entities that the usual form returns and that do not belong, or belong with another value.</summary>
    public required long Wrong { get; init; }

    /// <summary>True when the finding's answer comes from the usual form: a query that the user wrote.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>What was found, where counting who moves is not what there is to say; null otherwise.</summary>
    public string? Says { get; init; }

    public string Subject => Form;
}

/// <summary>The usual form tests rows, neighbours or the whole table where the question is about each entity.</summary>
public sealed record QueryScope : FormComparison;

/// <summary>The usual form reads another window of time than the question names.</summary>
public sealed record WindowFrame : FormComparison;

/// <summary>The usual form lets NULL decide.</summary>
public sealed record NullHandling : FormComparison;

/// <summary>The usual form lets the order of equal values decide.</summary>
public sealed record TieHandling : FormComparison;
