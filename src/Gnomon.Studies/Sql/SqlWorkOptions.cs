using Gnomon.Core.Studies;

namespace Gnomon.Studies.Sql;

/// <summary>What is done with files rather than asked of them.</summary>
public abstract record SqlWorkOptions : SqlRecipeOptions
{
    /// <summary>Column of JSON objects to take apart: one typed column for each key, and as many rows as before.</summary>
    [Option(Value = "COLUMN", Group = "Files")]
    public string? Expand { get; init; }

    /// <summary>With --expand: from this many keys on there is a row for each key instead of a column.</summary>
    [Option(Value = "N", Group = "Files", Above = 0, Below = 10001)]
    public int MostKeys { get; init; } = 1000;

    /// <summary>Parquet file into which the rows of DATA or of a query are brought by --key: new keys are added, known ones changed, and the finding accounts for every row. Made when it is not there.</summary>
    [Option(Value = "FILE.parquet", Group = "Files")]
    public string? Into { get; init; }

    /// <summary>File of rules that make columns, in place of a loop over rows: ordered conditions of which the first that is true wins, and expressions over earlier rows.</summary>
    [Option(Value = "FILE", Group = "Files")]
    public string? Derive { get; init; }

    /// <summary>With --derive: the output of the loop; every cell of the derived columns is compared with it, by --key or row by row.</summary>
    [Option(Value = "FILE", Group = "Files")]
    public string? Against { get; init; }

    /// <summary>With --derive: milliseconds that the loop takes for a row, to say what the columns save.</summary>
    [Option(Value = "MS", Group = "Files", Above = 0)]
    public double? LoopCost { get; init; }

    /// <summary>Columns whose values become folders (day=2026-01-01/...) when data are written to the folder named by --out.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Files")]
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>File for rows or cells that cannot be read, with their row and line; beside the result when left out, and only written when there are any.</summary>
    [Option(Value = "FILE.csv", Group = "Files")]
    public string? Rejects { get; init; }

    /// <summary>Say what the query cost: rows and bytes read, memory, spilled bytes, time by step.</summary>
    [Option(Group = "Run")]
    public bool Explain { get; init; }

    /// <summary>Seconds that the query may take: the first rows are tried, and what would take longer is not run.</summary>
    [Option(Value = "SECONDS", Group = "Run", Above = 0)]
    public double? TimeBudget { get; init; }

    /// <summary>Run the query once more with this many threads, to see what the others gain.</summary>
    [Option(Value = "N", Group = "Run", Above = 0, Below = 1025)]
    public int? ThreadsAgainst { get; init; }
}
