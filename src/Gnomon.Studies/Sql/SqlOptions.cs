using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Recipes;

namespace Gnomon.Studies.Sql;

/// <summary>Questions in SQL over files: your own query, a recipe that avoids a known pitfall, or a review of a query.</summary>
/// <remarks>
/// Each file is a table by its name (orders.csv is orders; NAME=FILE gives it another), and the first one is also called data. A recipe prints the SQL that answers the question, runs it, and counts how many rows
/// the usual way to write it would get wrong on these data; --query gives it rows of your own making. A review finds what a query does that its author may not have meant, with line and column.
/// </remarks>
[Verb("sql", "What do these tables answer, and is the query right?", Example = "gnomon sql events.csv --recipe streak --unit user_id --time ordered_at --grain month --count 3")]
public sealed record SqlOptions : SqlFrameOptions
{
    private static readonly string[] Formats = [".csv", ".json", ".jsonl", ".parquet", ".sql"];

    /// <summary>More files, each a table by its name.</summary>
    [Option(Value = "MORE", Positional = true, Commas = false)]
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>File with the query.</summary>
    [Option(Value = "FILE.sql", Group = "Query")]
    public string? File { get; init; }

    /// <summary>Look the query over instead of showing its rows: what it does that you may not have meant, with line and column. With data, each finding is tried on them.</summary>
    [Option(Group = "Query")]
    public bool Review { get; init; }

    /// <summary>The rows as a chart, in the terminal and on the page: bars, a line or points; auto goes by the types of the columns, and the finding says why.</summary>
    [Option(Value = "KIND", Group = "Output", Choices = "auto|bar|line|points")]
    public string? Chart { get; init; }

    /// <inheritdoc/>
    public override bool NamesData => Data is not null || More.Count > 0 || Query is not null || File is not null;

    /// <summary>The data are to be written in another format and nothing is asked of them: they are not loaded first.</summary>
    internal bool IsConversion => Data is not null && !IsServer && IsWhole;

    /// <summary>The tables are on a server: it answers, and its rows come here.</summary>
    internal bool IsServer => Data is not null && TableNames.IsAddress(Data);

    /// <summary>All rows are wanted and nothing is asked of them.</summary>
    internal bool IsWhole => Out is not null && Derive is null && Query is null && File is null && Recipe is null && Expand is null && !Review;

    /// <inheritdoc/>
    public override SourceOptions Source() => base.Source() with { Path = null, Sql = null, Tables = IsConversion || IsFrames ? [] : TableNames.Of(Data is null ? More : [Data, .. More]) };

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate() => OwnQuery().Concat(Outputs()).Concat(Works()).Concat(Servers()).Concat(Merges()).Concat(Derived()).Concat(FrameErrors()).Concat(Recipe is null ? [] : Recipes.Recipe.Named(Recipe).Validate(this)).Concat(TableNames.Faults(Data is null ? More : [Data, .. More]));

    private IEnumerable<GnomonError> OwnQuery()
    {
        if (Query is null && File is null && Recipe is null && Expand is null && Into is null && Derive is null && !IsConversion && !(IsServer && IsWhole))
        {
            yield return new GnomonError("option-missing", "There is no question: neither a query nor a recipe.", "--query, --file, --recipe", "Write --query \"SELECT ...\", --file QUERY.sql or --recipe NAME; to convert the data, --out FILE.parquet.");
        }

        if (Query is not null && File is not null)
        {
            yield return new GnomonError("options-conflict", "--query and --file were both given.", "--query, --file", "Give one of them.");
        }

        if (Review && Recipe is not null)
        {
            yield return new GnomonError("options-conflict", "--review looks over your own query; a recipe is ours.", "--review, --recipe", "Leave one of them out.");
        }

        if (Dialect is not null and not "duckdb" && Recipe is null)
        {
            yield return new GnomonError("options-conflict", "--dialect is for recipes; your own query is written in the engine's SQL already.", "--dialect", "Leave it out, or name a --recipe.");
        }
    }

    private IEnumerable<GnomonError> Derived()
    {
        if (Derive is not null && (Data is null || IsServer || Recipe is not null || Expand is not null || Into is not null || Review))
        {
            yield return new GnomonError("options-conflict", "--derive makes columns of DATA, a file or the rows of --query, and goes with no recipe, review, merge or expansion.", "--derive", "Write the rows to a file with --out first.");
        }

        if (Derive is null && (Against is not null || LoopCost is not null))
        {
            yield return new GnomonError("options-conflict", "--against and --loop-cost are for columns made by --derive.", "--against, --loop-cost", "Add --derive RULES, or leave them out.");
        }
    }

    private IEnumerable<GnomonError> Merges()
    {
        if (Into is null)
        {
            yield break;
        }

        if (Key.Count == 0)
        {
            yield return new GnomonError("option-missing", "--into merges by key, and none was named.", "--key", "Add --key COLUMN[,COLUMN].");
        }

        if (!Into.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            yield return new GnomonError("bad-format", $"--into is a Parquet file; got '{Into}'.", "--into", "Name a file that ends in .parquet.");
        }

        if (Out is not null || Recipe is not null || Expand is not null || Review || Chart is not null || PartitionBy.Count > 0 || IsServer || (Data is null && Query is null && File is null))
        {
            yield return new GnomonError("options-conflict", "--into takes the rows of DATA or of a query over files, and goes with --key, --time and --where alone.", "--into", "Write what a recipe or a server returns to a file with --out first, and merge that file.");
        }
    }

    private IEnumerable<GnomonError> Servers()
    {
        if (!IsServer)
        {
            yield break;
        }

        foreach (var (isGiven, name, why) in new[]
        {
            (Expand is not null, "--expand", "takes a column of a file apart"), (Explain, "--explain", "measures the embedded engine; the server has an EXPLAIN of its own"),
            (TimeBudget is not null, "--time-budget", "tries a query on the first rows of a file; a server keeps to timeout=SECONDS in its address"), (ThreadsAgainst is not null, "--threads-against", "measures the embedded engine"),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"{name} {why}.", name, "Leave it out, or write the server's rows to a file with --out FILE.parquet first.");
            }
        }
    }

    private IEnumerable<GnomonError> Works()
    {
        if (Expand is not null && (Query is not null || File is not null || Recipe is not null || Review || More.Count > 0 || Data is null))
        {
            yield return new GnomonError("options-conflict", "--expand takes a column of one file apart; it goes with DATA and with no query, recipe or review.", "--expand", "Write the result with --out FILE.parquet and ask that file.");
        }

        if (PartitionBy.Count > 0 && !IsConversion)
        {
            yield return new GnomonError("options-conflict", "--partition-by is for DATA written to a folder with --out.", "--partition-by", "Write: gnomon sql DATA --out FOLDER --partition-by COLUMN.");
        }

        if (Rejects is not null && Expand is null && !IsConversion)
        {
            yield return new GnomonError("options-conflict", "--rejects is for a conversion or for --expand.", "--rejects", "Leave it out.");
        }

        if (!IsConversion)
        {
            yield break;
        }

        if (PartitionBy.Count == 0 && !Out!.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            yield return new GnomonError("bad-format", $"Data are converted to Parquet; got '{Out}'.", "--out", "Name a file that ends in .parquet, or write the rows of a --query as .csv or .json.");
        }

        if (More.Count > 0 || Where is not null)
        {
            yield return new GnomonError("options-conflict", "A conversion takes all rows of one source.", "DATA, --where", "Write the rows of a query instead: --query \"SELECT * FROM data WHERE ...\" --out FILE.parquet.");
        }
    }

    private IEnumerable<GnomonError> Outputs()
    {
        if (Out is not null && !IsConversion && PartitionBy.Count == 0 && !Formats.Contains(Path.GetExtension(Out).ToLowerInvariant()))
        {
            yield return new GnomonError("bad-format", $"--out writes csv, json, parquet or sql; got '{Out}'.", "--out", "Name a file that ends in .csv, .json, .parquet or .sql.");
        }

        if (Chart is not null && (Review || Expand is not null || IsConversion || (Recipe is not null && !NamesData)))
        {
            yield return new GnomonError("options-conflict", "--chart draws the rows of a query or a recipe; there are none to draw here.", "--chart", "Leave it out, or ask a query of the data.");
        }

        if (Out is not null && Review)
        {
            yield return new GnomonError("options-conflict", "--review shows no rows, so there is nothing for --out.", "--out, --review", "Leave one of them out.");
        }
    }
}
