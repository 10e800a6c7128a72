namespace Gnomon.Studies.Profile.Rules;

/// <summary>One demand on a table, as it stands in a file of rules.</summary>
internal sealed record Rule
{
    public required string Id { get; init; }

    public required RuleKind Kind { get; init; }

    /// <summary>The columns it speaks of, in the order that the kind gives them a meaning.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Line of the file where it begins, from 1.</summary>
    public int Line { get; init; }

    /// <summary>For <c>type</c>: boolean, integer, number, date, time or text.</summary>
    public string? Type { get; init; }

    /// <summary>For <c>range</c>: the smallest value, a number or a date as text.</summary>
    public Limit? Min { get; init; }

    /// <summary>For <c>range</c>: the largest value.</summary>
    public Limit? Max { get; init; }

    /// <summary>For <c>values</c>: the values allowed, as text.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>For <c>pattern</c>: a regular expression that the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>For <c>refers</c>: the other file.</summary>
    public string? Other { get; init; }

    /// <summary>For <c>refers</c>: its column.</summary>
    public string? OtherColumn { get; init; }

    /// <summary>For <c>columns</c>: further columns are welcome.</summary>
    public bool AllowsOthers { get; init; }

    /// <summary>Share of rows that may break it.</summary>
    public double Allow { get; init; }

    /// <summary>What it was learned from; null when a person wrote it.</summary>
    public Support? Learned { get; init; }

    /// <summary>The first column.</summary>
    public string Column => Columns[0];
}

/// <param name="Rows">Rows of the sample.</param>
/// <param name="Broken">Rows of it that break the rule.</param>
internal sealed record Support(long Rows, long Broken);

/// <summary>An end of a range: a number, or a moment in microseconds since 1970.</summary>
internal sealed record Limit(double Number, long? Moment, string Text);

internal enum RuleKind
{
    /// <summary>The table has these columns, in this order.</summary>
    Columns,

    /// <summary>Every value is of a type.</summary>
    Type,

    /// <summary>Every cell has a value.</summary>
    NotNull,

    /// <summary>Values lie between two limits.</summary>
    Range,

    /// <summary>Values are among those listed.</summary>
    Values,

    /// <summary>Texts match a pattern.</summary>
    Pattern,

    /// <summary>No two rows share the values of these columns.</summary>
    Unique,

    /// <summary>The first column is never larger than the second.</summary>
    Order,

    /// <summary>Each row is no smaller than the row before it.</summary>
    Increasing,

    /// <summary>Rows alike in all columns but the last are alike in the last.</summary>
    Depends,

    /// <summary>Every value occurs in a column of another file.</summary>
    Refers,
}

internal static class RuleKinds
{
    public static string Word(this RuleKind kind) => kind == RuleKind.NotNull ? "not-null" : kind.ToString().ToLowerInvariant();

    public static RuleKind? Parse(string word) => Enum.GetValues<RuleKind>().Cast<RuleKind?>().FirstOrDefault(k => k!.Value.Word() == word);
}
