namespace Gnomon.Cases;

/// <summary>
/// A situation in which a person with data can fool themselves: data with the flaw planted, the same data without it, the command a person would type, and
/// what Gnomon must say of both. One sealed class per folder <c>cases/&lt;area&gt;/&lt;slug&gt;</c>; adding the file is adding the case.
/// </summary>
public abstract class Case
{
    public abstract CaseCard Card { get; }

    /// <summary>Data with a planted flaw each; the first one is shown on the page.</summary>
    public abstract IReadOnlyList<Scene> Traps { get; }

    /// <summary>The same situation without the flaw.</summary>
    public abstract Scene Twin { get; }

    /// <summary>Every scene, the twin last.</summary>
    public IReadOnlyList<Scene> Scenes => [.. Traps, Twin];

    /// <summary>Checks that fire on at least one of the traps, and on the twin never.</summary>
    public IReadOnlyList<string> Catches => [.. Traps.SelectMany(t => t.Fires).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>What a case is, for lists, search and pages.</summary>
/// <param name="Id"><c>area/slug</c>; stable.</param>
/// <param name="Level">How much a reader should know.</param>
/// <param name="Title">The situation in one line.</param>
/// <param name="Situation">What the person brings, two or three sentences.</param>
/// <param name="Lesson">What to take away, one or two sentences.</param>
public sealed record CaseCard(string Id, CaseLevel Level, string Title, string Situation, string Lesson)
{
    /// <summary>Verbs that answer it, the primary one first.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>Words a person might search for.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Parts of the situation that this version does not answer yet, one sentence each; empty when it is covered whole.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    public string Area => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    public string Slug => Id[(Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>How much a reader should know.</summary>
public enum CaseLevel
{
    Basic,
    Intermediate,
    Advanced,
}
