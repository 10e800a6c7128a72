using Gnomon.Core.Studies;

namespace Gnomon.Studies.Sql;

/// <summary>What a recipe is told: which columns play which part, and the numbers of the question.</summary>
public abstract record SqlRecipeOptions : StudyOptions
{
    /// <summary>A question with a known pitfall, answered by the form that avoids it.</summary>
    [Option(Value = "NAME", Group = "Recipe", Choices = "anti-join|retention|cohort|streak|overlaps|rolling|within|funnel|next-event|top-n|dedupe|sessions|rolling-retention|lookup|did")]
    public string? Recipe { get; init; }

    /// <summary>Column with whom or what the answer lists: user_id, customer_id, department.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Unit { get; init; }

    /// <summary>Column with the time of the row, or its start.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Time { get; init; }

    /// <summary>Column with the end, for overlaps; NULL means still open.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? End { get; init; }

    /// <summary>Column that names a record once: rows that repeat it are retries and count once; ties are broken by it.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Id { get; init; }

    /// <summary>Column that says what a row is: the category, the product, the type of event.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Event { get; init; }

    /// <summary>Column with an amount. Rows without a positive amount (refunds) do not count as events.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Value { get; init; }

    /// <summary>Columns that name a row once (dedupe, --into), or the key of a lookup: KEY, or LEFT=RIGHT where its names differ.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Recipe")]
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Values that each listed unit has, for anti-join.</summary>
    [Option(Value = "A,B", Group = "Recipe")]
    public IReadOnlyList<string> Has { get; init; } = [];

    /// <summary>Values that no listed unit has, for anti-join.</summary>
    [Option(Value = "C[,D]", Group = "Recipe")]
    public IReadOnlyList<string> Never { get; init; } = [];

    /// <summary>Steps of a funnel in their order.</summary>
    [Option(Value = "A,B,C", Group = "Recipe")]
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Events that begin a unit's clock, for retention; its first row of any kind when left out.</summary>
    [Option(Value = "A[,B]", Group = "Recipe")]
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>Events that count as coming back, for retention; any when left out.</summary>
    [Option(Value = "A[,B]", Group = "Recipe")]
    public IReadOnlyList<string> Return { get; init; } = [];

    /// <summary>Column that says which group a unit is in, for did.</summary>
    [Option(Value = "COLUMN", Group = "Recipe")]
    public string? Group { get; init; }

    /// <summary>The value of --group that marks the treated; all other values are the others.</summary>
    [Option(Value = "VALUE", Group = "Recipe")]
    public string? Treated { get; init; }

    /// <summary>First day of the change, for did.</summary>
    [Option(Value = "YYYY-MM-DD", Group = "Recipe")]
    public string? Since { get; init; }

    /// <summary>Days of the window, or the day that is asked about.</summary>
    [Option(Value = "N", Group = "Recipe", Above = 0, Below = 3651)]
    public int Days { get; init; } = 30;

    /// <summary>How many: events within the window, periods of a streak, the rank of top-n.</summary>
    [Option(Value = "N", Group = "Recipe", Above = 0, Below = 1001)]
    public int? Count { get; init; }

    /// <summary>Period of a streak, width of a cohort, or step of the trend before a change (did); months for streaks and weeks for the others when left out.</summary>
    [Option(Value = "NAME", Group = "Recipe", Choices = "day|week|month")]
    public string? Grain { get; init; }

    /// <summary>Minutes without an event that end a session.</summary>
    [Option(Value = "MINUTES", Group = "Recipe", Above = 0, Below = 100001)]
    public int Gap { get; init; } = 30;

    /// <summary>Zone whose calendar days count, for example America/Los_Angeles; days as stored when left out.</summary>
    [Option(Value = "ZONE", Group = "Recipe")]
    public string? Zone { get; init; }

    /// <summary>Zone in which times without an offset were written; UTC when left out.</summary>
    [Option(Value = "ZONE", Group = "Recipe")]
    public string? Clock { get; init; }

    /// <summary>Database whose SQL a recipe prints; the server's own where the data are on one, and DuckDB's for files, when left out.</summary>
    [Option(Value = "NAME", Group = "Output", Choices = "duckdb|postgres|clickhouse")]
    public string? Dialect { get; init; }

    /// <summary>Rows to show; --out has all of them.</summary>
    [Option(Value = "N", Group = "Output", Above = 0, Below = 10001)]
    public int Rows { get; init; } = 20;

    /// <summary>Writes all rows as .csv, .json (one object per line) or .parquet by the ending of the name, or the query as .sql. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Output")]
    public string? Out { get; init; }
}
