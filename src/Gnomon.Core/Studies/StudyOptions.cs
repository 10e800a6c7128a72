using Gnomon.Core.Errors;

namespace Gnomon.Core.Studies;

/// <summary>Options that every verb shares: what to read, how, and how to account for it.</summary>
public abstract record StudyOptions
{
    /// <summary>The data: a CSV, TSV, JSON, JSONL or Parquet file, a glob, - for standard input, postgres://user@host/database?table=name, or clickhouse://user@host/database?table=name.</summary>
    [Option(Value = "DATA", Positional = true)]
    public string? Data { get; init; }

    /// <summary>A SELECT over files, or over the table named data when DATA is given.</summary>
    [Option(Value = "SQL", Group = "Data")]
    public string? Query { get; init; }

    /// <summary>Keep only the rows that satisfy this SQL condition; the others are counted in the finding.</summary>
    [Option(Value = "SQL", Group = "Data")]
    public string? Where { get; init; }

    /// <summary>Decimal mark of the file.</summary>
    [Option(Value = "MARK", Group = "Data", Choices = ".|,")]
    public string Decimal { get; init; } = ".";

    /// <summary>Field separator of a text file; found by itself when left out.</summary>
    [Option(Value = "TEXT", Group = "Data")]
    public string? Delimiter { get; init; }

    /// <summary>Texts that mean "no value", besides the empty field.</summary>
    [Option(Value = "TEXT,...", Group = "Data")]
    public IReadOnlyList<string> Nulls { get; init; } = [];

    /// <summary>Format of the file when its name does not tell.</summary>
    [Option(Value = "NAME", Group = "Data", Choices = "csv|tsv|json|jsonl|parquet")]
    public string? Format { get; init; }

    /// <summary>Seed of every random step; printed in the finding.</summary>
    [Option(Value = "N", Group = "Run", Above = -1)]
    public long Seed { get; init; } = 1;

    /// <summary>Threads to use; all cores when left out. The answer does not depend on it.</summary>
    [Option(Value = "N", Group = "Run", Above = 0, Below = 1025)]
    public int? Threads { get; init; }

    /// <summary>Memory of the engine, for example 4GB; beyond it the engine spills to disk.</summary>
    [Option(Value = "SIZE", Group = "Run")]
    public string? Memory { get; init; }

    /// <summary>Folder for spilled data.</summary>
    [Option(Value = "DIR", Group = "Run")]
    public string? Spill { get; init; }

    /// <summary>What is wrong with these options taken together.</summary>
    public virtual IEnumerable<GnomonError> Validate() => [];

    /// <summary>True when the question needs an engine.</summary>
    public virtual bool NamesData => Data is not null || Query is not null;

    /// <summary>What the engine is to open.</summary>
    public virtual Tables.SourceOptions Source() => new()
    {
        Path = Data,
        Sql = Query,
        Where = Where,
        Decimal = Decimal[0],
        Delimiter = Delimiter,
        NullText = Nulls,
        Format = Format,
        Threads = Threads,
        MemoryLimit = Memory,
        SpillDirectory = Spill,
    };
}
