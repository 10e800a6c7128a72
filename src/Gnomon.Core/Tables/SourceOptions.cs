namespace Gnomon.Core.Tables;

/// <summary>What to read and how. Exactly one of <see cref="Path"/>, <see cref="Sql"/> alone, <see cref="Tables"/>, or <see cref="Memory"/> names the data.</summary>
public sealed record SourceOptions
{
    /// <summary>File, glob, <c>-</c> for standard input, or a server's address (<c>postgres://user@host/database?table=name</c>, <c>clickhouse://...</c>).</summary>
    public string? Path { get; init; }

    /// <summary>A SELECT over files (<c>'visits.csv'</c>) or, when <see cref="Path"/> is given too, over the table <c>data</c>. A server answers it in its own SQL.</summary>
    public string? Sql { get; init; }

    /// <summary>Data that the calling program holds.</summary>
    public Table? Memory { get; init; }

    /// <summary>Files that become tables of one database; with them the engine answers as an <see cref="IDatabase"/>. Empty but not null: a database without tables.</summary>
    public IReadOnlyList<SourceTable>? Tables { get; init; }

    /// <summary>A row filter in SQL, as the user wrote it.</summary>
    public string? Where { get; init; }

    /// <summary>Decimal mark of a text file: '.' or ','.</summary>
    public char Decimal { get; init; } = '.';

    /// <summary>Field separator of a text file; null lets the engine find it.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Text that means "no value", besides the empty field.</summary>
    public IReadOnlyList<string> NullText { get; init; } = [];

    /// <summary>csv, tsv, json, jsonl, parquet; null goes by the file's name and first bytes.</summary>
    public string? Format { get; init; }

    /// <summary>Threads of the engine; null takes all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Engine memory, for example <c>4GB</c>; beyond it the engine spills to <see cref="SpillDirectory"/>.</summary>
    public string? MemoryLimit { get; init; }

    public string? SpillDirectory { get; init; }

    /// <summary>
    /// The types of a plain text file may be taken from its head, so that the first scan is the only one. A row they do not hold for then ends that scan, or the
    /// first question, with <see cref="HeadNotTypicalException"/>: the caller forgets what was scanned and opens the source again without this.
    /// </summary>
    public bool TrustsHead { get; init; }
}
