namespace Gnomon.Core.Tables;

/// <summary>A database in this process: beside answering, it writes files in other formats, takes JSON apart and says what its work costs.</summary>
public interface IEmbeddedDatabase : IDatabase
{
    /// <summary>Reads a source once and writes it as Parquet, under types that hold for every row; the result is then a table of this database.</summary>
    /// <exception cref="Errors.GnomonError">The source cannot be read, the target exists, or it cannot be written; nothing is left half-written.</exception>
    Conversion Convert(ConversionOrder order, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>Brings the rows of a relation into a Parquet file by their key. The file is replaced as a whole or not at all, and not touched when nothing changes.</summary>
    /// <exception cref="Errors.GnomonError">A key is missing or not unique in the file, types do not fit, or the file was changed by somebody else meanwhile.</exception>
    MergeReport Merge(MergeOrder order, CancellationToken cancellation);

    /// <summary>What the engine may use.</summary>
    EngineLimits Limits { get; }

    /// <summary>As <see cref="IDatabase.Keep"/>, with an account of the work.</summary>
    /// <param name="name">The name that later queries can use.</param>
    /// <param name="sql">One SELECT.</param>
    /// <param name="threads">Threads to use; null for as many as there are.</param>
    /// <param name="progress">The share that is done.</param>
    /// <param name="cancellation">Stops the query.</param>
    WorkDone KeepMeasured(string name, string sql, int? threads, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>The work of the same SELECT over the first rows of the largest table; the other tables are whole.</summary>
    WorkDone Probe(string sql, long rows, CancellationToken cancellation);

    /// <summary>Rows of the largest table.</summary>
    long LargestTable(CancellationToken cancellation);

    /// <summary>The files of a pattern, to be read together or some at a time; nothing is read yet.</summary>
    /// <exception cref="Errors.GnomonError">No file matches.</exception>
    IFrameFolder Frames(string path, CancellationToken cancellation);

    /// <summary>Turns a column of JSON objects into columns. No row is lost: cells that are no objects are written to a file and leave their row without values.</summary>
    /// <exception cref="Errors.GnomonError"><c>column-not-found</c>, or the file of rejects cannot be written.</exception>
    JsonExpansion Expand(ExpansionOrder order, CancellationToken cancellation);
}

/// <summary>What to convert, and where to.</summary>
/// <param name="Name">The table's name afterwards.</param>
/// <param name="Path">File, pattern, or <c>-</c>.</param>
/// <param name="Target">A Parquet file, or a folder when <paramref name="PartitionBy"/> names columns.</param>
/// <param name="PartitionBy">Columns whose values become folders (<c>day=2026-01-01</c>); none for a single file.</param>
/// <param name="Rejects">Where rows go that cannot be given to columns.</param>
public sealed record ConversionOrder(string Name, string Path, string Target, IReadOnlyList<string> PartitionBy, string Rejects);

/// <summary>What a conversion did: every row of the source is in the target or in the file of rejects.</summary>
public sealed record Conversion
{
    /// <summary>Rows in the target.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that are in the file of rejects and not in the target.</summary>
    public required long SetAside { get; init; }

    /// <summary>Rows with too few cells: in the target, with no value in the missing ones, and listed in the file of rejects.</summary>
    public required long Incomplete { get; init; }

    /// <summary>Bytes of the source.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>Bytes of the target.</summary>
    public required long BytesAfter { get; init; }

    /// <summary>Files of the target.</summary>
    public required int Files { get; init; }

    public required IReadOnlyList<StoredColumn> Columns { get; init; }

    /// <summary>The file of rejects; null when there are none.</summary>
    public string? Rejects { get; init; }
}

/// <summary>A column as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NativeType">The engine's word for its type.</param>
/// <param name="IsDictionary">Its values are stored once and referred to by number.</param>
/// <param name="Bytes">Compressed size; 0 for a column that is only in the names of folders.</param>
public sealed record StoredColumn(string Name, string NativeType, bool IsDictionary, long Bytes);
