using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// The rows of a plain text file for the engine, read straight from its bytes by each query, and only the columns that it names. Until a pass has seen every cell of every row,
/// each pass looks at all of them: what is not as the head promised ends it.
/// </summary>
internal sealed class TextFeed : IRowSource
{
    private const int ReportMilliseconds = 250;

    private readonly Lock _gate = new();
    private readonly StreamedFile _file;
    private readonly StreamShape _whole;
    private readonly string _name;
    private readonly int _blockBytes;
    private readonly long _expected;
    private long? _rows;
    private long _reported;

    /// <param name="file">The file, or some of its whole rows.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="blockBytes">Bytes that are parsed at a time.</param>
    public TextFeed(StreamedFile file, string name, int blockBytes = BlockSource.UsualBytes)
    {
        const int bytesPerCell = 8;
        (_file, _whole, _name, _blockBytes, _rows) = (file, file.Shape, name, blockBytes, file.Rows);
        _expected = (file.Shape.Length - file.Shape.Start) / (bytesPerCell * file.Shape.Width);
        Columns = [.. file.Names.Zip(file.Types, (n, t) => (n, TypeOf(t)))];
    }

    private TextFeed(TextFeed whole, long start, long end)
        : this(whole._file with { Shape = whole._whole with { Start = start, Length = end }, Workers = 1 }, whole._name, whole._blockBytes) => _whole = whole._whole;

    /// <summary>Takes a cell, empty where there is no value; false when no more are wanted.</summary>
    public delegate bool TakeCell(ReadOnlySpan<byte> cell);

    public IReadOnlyList<(string Name, TypeId Type)> Columns { get; }

    public (long Rows, bool IsExact) Expected => (_rows ?? _expected, _rows is not null);

    public int Threads => _file.Workers;

    public StreamedFile File => _file;

    /// <summary>Rows of the file; null until every cell has been seen.</summary>
    public long? Rows => _rows;

    /// <summary>A query has begun to read.</summary>
    public bool WasRead { get; private set; }

    /// <summary>Takes the share of the file that is read; at most a few times a second.</summary>
    public IProgress<double>? Progress { get; set; }

    public IRowScan Begin(IReadOnlyList<int> columns)
    {
        if (!_whole.IsUnchanged())
        {
            throw Changed();
        }

        WasRead = true;
        return new Scan(this, columns);
    }

    /// <summary>Hands over the cells of one column in file order, as they stand in the file.</summary>
    public void Read(int column, TakeCell take, CancellationToken cancellation)
    {
        using var scan = (Scan)Begin([column]);
        var block = new ParsedBlock(_file.Shape, scan.Lanes);
        while (scan.Next(block))
        {
            cancellation.ThrowIfCancellationRequested();
            var cells = block.Cells(column);
            for (var row = 0; row < cells.Rows; row++)
            {
                if (!take(cells.Cell(cells.Start(row), cells.End(row))))
                {
                    return;
                }
            }
        }
    }

    /// <summary>The file in about equal parts, each of whole rows, to be read side by side.</summary>
    public IReadOnlyList<TextFeed> Parts(int parts)
    {
        var cuts = FileCuts.Of(_file.Shape, parts);
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => new TextFeed(this, from, to))];
    }

    /// <summary>All parts have been read to their ends, so that every cell has been looked at.</summary>
    public void Settle(IReadOnlyList<TextFeed> parts)
    {
        if (parts.All(p => p.Rows is not null))
        {
            Settle(parts.Sum(p => p.Rows!.Value));
        }
    }

    /// <summary>Sees to it that every cell has been looked at.</summary>
    /// <exception cref="HeadNotTypicalException">A row is not as the head promised.</exception>
    public long Prove(CancellationToken cancellation)
    {
        if (_rows is null)
        {
            Settle(CsvFastSurvey.Rows(_file.Shape, _file.Types, _file.Workers, cancellation, _blockBytes) ?? throw Surprise());
        }

        return _rows!.Value;
    }

    private static TypeId TypeOf(ReadAs type) => type switch
    {
        ReadAs.Boolean => TypeId.Boolean,
        ReadAs.Integer => TypeId.BigInt,
        ReadAs.Double => TypeId.Double,
        ReadAs.Date => TypeId.Date,
        ReadAs.LocalTimestamp => TypeId.Timestamp,
        _ => TypeId.Varchar,
    };

    private void Settle(long rows)
    {
        lock (_gate)
        {
            if ((_rows ?? rows) != rows)
            {
                throw Changed();
            }

            _rows = rows;
        }
    }

    private void Report(double share)
    {
        if (Progress is not { } progress)
        {
            return;
        }

        var (now, last) = (Environment.TickCount64, Volatile.Read(ref _reported));
        if (now - last >= ReportMilliseconds && Interlocked.CompareExchange(ref _reported, now, last) == last)
        {
            progress.Report(share);
        }
    }

    private Exception Surprise() => _rows is null && _whole.IsUnchanged() ? new HeadNotTypicalException() : Changed();

    private GnomonError Changed() =>
        new("source-changed", $"{_name} changed while it was being read.", _name, "Run again when no other program writes to the file.");

    private static LaneKind KindOf(ReadAs type) => type switch
    {
        ReadAs.Text => LaneKind.Raw,
        ReadAs.Double => LaneKind.Real,
        _ => LaneKind.Whole,
    };

    /// <summary>One pass: its blocks are handed out in file order.</summary>
    private sealed class Scan : IRowScan
    {
        private readonly Lock _gate = new();
        private readonly TextFeed _feed;
        private readonly BlockSource _source;
        private long _parsed;
        private long _found;
        private bool _isAtEnd;

        public Scan(TextFeed feed, IReadOnlyList<int> columns)
        {
            (_feed, Columns) = (feed, columns);
            var types = feed._file.Types;
            var wanted = columns.Where(c => c >= 0).Distinct().ToList();
            var looked = feed._rows is null ? Enumerable.Range(0, types.Count).Where(c => types[c] != ReadAs.Text && !wanted.Contains(c)) : [];
            Lanes = [.. wanted.Concat(looked).Select(c => new LanePlan(c, types[c], KindOf(types[c])))];
            LaneOf = [.. columns.Select(c => wanted.IndexOf(c))];
            _source = new BlockSource(feed._file.Shape, feed._blockBytes);
        }

        public IReadOnlyList<int> Columns { get; }

        public IReadOnlyList<LanePlan> Lanes { get; }

        /// <summary>The lane of each column that is asked for; -1 for one that the file has not.</summary>
        public IReadOnlyList<int> LaneOf { get; }

        public IRowCursor Cursor() => new TextCursor(new ParsedBlock(_feed._file.Shape, Lanes), LaneOf, Next);

        public void Dispose() => _source.Dispose();

        /// <summary>Reads the next block; false behind the last.</summary>
        public bool Next(ParsedBlock block)
        {
            var outcome = _source.Next(block.Raw);
            if (outcome == BlockOutcome.Block)
            {
                block.Parse();
            }
            else
            {
                block.MarkSurprise();
            }

            if (outcome != BlockOutcome.End && !block.IsGood)
            {
                throw _feed.Surprise();
            }

            lock (_gate)
            {
                _isAtEnd |= outcome == BlockOutcome.End;
                if (outcome == BlockOutcome.Block)
                {
                    _parsed++;
                    _found += block.Rows;
                }

                if (_isAtEnd && _parsed == _source.Count)
                {
                    _feed.Settle(_found);
                }
            }

            _feed.Report(outcome == BlockOutcome.Block ? block.Raw.Share : 1);
            return outcome == BlockOutcome.Block;
        }
    }
}
