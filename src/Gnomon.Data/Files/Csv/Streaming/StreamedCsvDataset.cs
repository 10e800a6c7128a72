using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// A plain text file that is read anew by each scan, straight into typed columns. Questions that need an engine (filters, groups, order, aggregates) open one, once,
/// and it answers them from then on.
/// </summary>
internal sealed class StreamedCsvDataset : IDataset
{
    private readonly StreamedFile _file;
    private readonly string _source;
    private readonly int _blockBytes;
    private readonly Func<CancellationToken, string?> _hash;
    private readonly IDisposable? _background;
    private readonly Func<CancellationToken, IDataset> _openEngine;
    private readonly Lock _gate = new();
    private IDataset? _engine;
    private long? _rows;
    private bool _isDisposed;

    /// <param name="file">The file, all rows seen.</param>
    /// <param name="name">What messages call the data.</param>
    /// <param name="source">What the user named, for provenance.</param>
    /// <param name="hash">Waits for the hash of the bytes.</param>
    /// <param name="background">Work that ends with the data set.</param>
    /// <param name="openEngine">Opens the same source in the engine.</param>
    /// <param name="blockBytes">Bytes that are parsed at a time.</param>
    public StreamedCsvDataset(
        StreamedFile file,
        string name,
        string source,
        Func<CancellationToken, string?> hash,
        IDisposable? background,
        Func<CancellationToken, IDataset> openEngine,
        int blockBytes = BlockSource.UsualBytes)
    {
        (_file, _source, _hash, _background, _openEngine, _blockBytes) = (file, source, hash, background, openEngine, blockBytes);
        _rows = file.Rows;
        Name = name;
        Schema = file.Schema(name);
    }

    public string Name { get; }

    public Schema Schema { get; }

    public IReadOnlyList<ReadIssue> Issues => _file.Issues;

    /// <summary>A question was asked that needed the engine.</summary>
    public bool UsesEngine => _engine is not null;

    public DataIdentity Identify(CancellationToken cancellation) => new(_source, Rows(cancellation), Schema.Count, _hash(cancellation));

    /// <inheritdoc/>
    public Table Read(Query query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Engine(cancellation).Read(query, cancellation);
    }

    /// <inheritdoc/>
    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consume);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (LanePlan.For(query, Schema, _file.Types) is { } lanes)
        {
            Stream(lanes, consume, cancellation, progress);
        }
        else
        {
            Engine(cancellation).Scan(query, consume, cancellation, progress);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _background?.Dispose();
                _engine?.Dispose();
            }
        }
    }

    private void Stream(IReadOnlyList<LanePlan> lanes, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress)
    {
        if (!_file.Shape.IsUnchanged())
        {
            throw Changed();
        }

        var chunk = new StreamedChunk(lanes);
        chunk.Clear();
        var rows = 0L;
        var outcome = BlockPipeline.Run(
            _file.Shape,
            lanes,
            _file.Workers,
            block =>
            {
                rows += block.Rows;
                progress?.Report(block.Raw.Share);
                return Take(block);
            },
            cancellation,
            _blockBytes);
        Settle(outcome, rows);

        if (outcome == PassOutcome.Complete && chunk.Rows > 0)
        {
            consume(chunk);
        }

        bool Take(ParsedBlock block)
        {
            for (var from = 0; from < block.Rows;)
            {
                from += chunk.Add(block, from);
                if (!chunk.IsFull)
                {
                    return true;
                }

                cancellation.ThrowIfCancellationRequested();
                if (!consume(chunk))
                {
                    return false;
                }

                chunk.Clear();
            }

            return true;
        }
    }

    /// <summary>What the end of a pass says of the file: a first complete one counts the rows, later ones must agree.</summary>
    private void Settle(PassOutcome outcome, long rows)
    {
        var isSurprise = outcome == PassOutcome.Surprise || (outcome == PassOutcome.Complete && rows != (_rows ?? rows));
        if (isSurprise)
        {
            throw _file.Rows is null && _file.Shape.IsUnchanged() ? new HeadNotTypicalException() : Changed();
        }

        _rows = outcome == PassOutcome.Complete ? rows : _rows;
    }

    /// <summary>Known from a pass, from the engine, or from a pass of its own.</summary>
    private long Rows(CancellationToken cancellation)
    {
        if (_rows is null && _engine is not null)
        {
            _rows = _engine.Identify(cancellation).Rows;
        }

        if (_rows is null)
        {
            Stream([], _ => true, cancellation, null);
        }

        return _rows!.Value;
    }

    private IDataset Engine(CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _engine ??= _file.Shape.IsUnchanged() ? SameTable(_openEngine(cancellation)) : throw Changed();
        }
    }

    /// <summary>The engine looks at all rows; what it finds must be what the head promised.</summary>
    private IDataset SameTable(IDataset engine)
    {
        if (_file.Rows is not null || (engine.Schema.SequenceEqual(Schema) && engine.Issues.Count == Issues.Count))
        {
            return engine;
        }

        engine.Dispose();
        throw new HeadNotTypicalException();
    }

    private GnomonError Changed() =>
        new("source-changed", $"{Name} changed while it was being read.", Name, "Run again when no other program writes to the file.");
}
