namespace Gnomon.Core.Tables;

/// <summary>Where data live and where questions to them are answered. One engine object serves one finding at a time.</summary>
public interface IEngine : IDisposable
{
    /// <summary>The engine's name in provenance, for example <c>duckdb</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Opens a source. Types are known afterwards and hold for every row; text is read once for that (unless <see cref="SourceOptions.TrustsHead"/>), typed files
    /// are not read yet.
    /// </summary>
    /// <exception cref="Errors.GnomonError">The source is missing, unreadable, empty or not a table: one message with file, row, column and hint.</exception>
    IDataset Open(SourceOptions source, CancellationToken cancellation);
}

/// <summary>A table that can be questioned.</summary>
public interface IDataset : IDisposable
{
    /// <summary>The name the user gave, shortened for messages.</summary>
    string Name { get; }

    Schema Schema { get; }

    /// <summary>Whether a scan reads no more than the columns it names, so that two scans of different columns cost what one of both does: typed files, and tables in memory.</summary>
    bool ReadsColumnsAlone => false;

    /// <summary>Reading repaired or skipped something: nothing is dropped silently.</summary>
    IReadOnlyList<ReadIssue> Issues { get; }

    /// <summary>False where rows come in no order that means anything (a column store without an order of its own): what is read out of the order of rows is then not asked.</summary>
    bool RowsHaveOrder => true;

    /// <summary>What provenance states: source, rows (once known), columns, hash of the bytes. Complete after the first full scan.</summary>
    DataIdentity Identify(CancellationToken cancellation);

    /// <summary>A small result in memory.</summary>
    Table Read(Query query, CancellationToken cancellation);

    /// <summary>Streams the result of a query block by block; <paramref name="consume"/> returns false to stop early.</summary>
    /// <exception cref="HeadNotTypicalException">Only under <see cref="SourceOptions.TrustsHead"/>.</exception>
    void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null);

    /// <summary>
    /// Hands the rows of a query, none of them grouped, to several consumers at once, each of which sees some of the blocks, in no order; an engine that cannot do so has one.
    /// </summary>
    /// <param name="query">The question.</param>
    /// <param name="consumer">Makes a consumer. It is called by one thread at a time and returns false when no more rows are needed of any.</param>
    /// <param name="cancellation">Ends the scan.</param>
    /// <param name="progress">Share of the rows.</param>
    void ScanUnordered(Query query, Func<Func<Chunk, bool>> consumer, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        Scan(query, consumer(), cancellation, progress);
    }
}

/// <summary>A row or cell that reading could not take as it stood.</summary>
/// <param name="Kind">Stable kebab-case: <c>ragged-row</c>, <c>bad-encoding</c>, <c>duplicate-column-name</c>, <c>mixed-types</c>, ...</param>
/// <param name="Count">How many rows or cells.</param>
/// <param name="Says">One sentence with the file, the first row and what was done.</param>
public sealed record ReadIssue(string Kind, long Count, string Says);

/// <summary>One line of <c>provenance.data</c>.</summary>
public sealed record DataIdentity(string Source, long? Rows, int Columns, string? Sha256);
