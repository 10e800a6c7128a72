using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.DuckDb;

/// <summary>An opened source. Queries may nest and run side by side: each has a connection of its own.</summary>
internal sealed class DuckDbDataset : IDataset
{
    private readonly EngineSession _session;
    private readonly string _relation;
    private readonly Func<CancellationToken, string?> _hash;
    private readonly string _source;
    private readonly IDisposable? _background;
    private long? _rows;
    private bool _isDisposed;

    /// <param name="session">The engine that holds the data; the data set owns it.</param>
    /// <param name="relation">The quoted name of the table or view.</param>
    /// <param name="name">What messages call the data.</param>
    /// <param name="source">What the user named, for provenance.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="issues">What reading repaired.</param>
    /// <param name="hash">Waits for the hash of the bytes; null where there is none.</param>
    /// <param name="background">Work that ends with the data set.</param>
    public DuckDbDataset(
        EngineSession session,
        string relation,
        string name,
        string source,
        Schema schema,
        IReadOnlyList<ReadIssue> issues,
        Func<CancellationToken, string?> hash,
        IDisposable? background)
    {
        (_session, _relation, _source, _hash, _background) = (session, relation, source, hash, background);
        Name = name;
        (Schema, Issues) = (schema, issues);
    }

    public string Name { get; }

    public Schema Schema { get; }

    public IReadOnlyList<ReadIssue> Issues { get; }

    public bool ReadsColumnsAlone { get; init; }

    /// <inheritdoc/>
    /// <remarks>Rows are those that can be questioned: after a row filter, before any query.</remarks>
    public DataIdentity Identify(CancellationToken cancellation)
    {
        _rows ??= ((IntegerColumn)Read(Query.Of(new Projection("n", Scalar.Aggregate(AggregateFunction.RowCount))), cancellation)["n"]).Values[0];
        return new DataIdentity(_source, _rows, Schema.Count, _hash(cancellation));
    }

    /// <inheritdoc/>
    public Table Read(Query query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Translate(() => _session.Read(QueryWriter.Write(query, _relation, Schema), cancellation));
    }

    /// <inheritdoc/>
    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consume);
        Translate(() => _session.Scan(QueryWriter.Write(query, _relation, Schema), (_, chunk) => consume(chunk), cancellation, progress));
    }

    /// <inheritdoc/>
    public void ScanUnordered(Query query, Func<Func<Chunk, bool>> consumer, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consumer);
        Translate(() =>
        {
            _session.ScanUnordered(QueryWriter.Write(query, _relation, Schema), () => consumer().Invoke, cancellation, progress);
            return true;
        });
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _background?.Dispose();
            _session.Dispose();
        }
    }

    private T Translate<T>(Func<T> ask)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return ask();
        }
        catch (EngineException e)
        {
            throw new GnomonError("query-failed", $"{Name} could not answer the query: {EngineMessages.Plain(e)}", Name, inner: e);
        }
    }
}
