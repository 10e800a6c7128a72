using System.Buffers;
using Gnomon.Core.Errors;

namespace Gnomon.Data.Files.Csv;

/// <summary>
/// Reads records one by one from UTF-8 bytes (RFC 4180 with LF, CRLF or CR, and a backslash escape when asked for). Forgiving where
/// files are broken, and says so: a stray quote keeps its text, an open quote runs to the end of the file.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private const int MaxRecordBytes = 1 << 28;

    private readonly Stream _stream;
    private readonly CsvFormat _format;
    private readonly SearchValues<byte> _cellEnds;
    private readonly bool _dropsIncomplete;
    private byte[] _buffer;
    private byte[] _plain = [];
    private Cell[] _cells = new Cell[64];
    private int _next;
    private int _end;
    private bool _isEof;
    private long _line = 1;
    private int _linesInRecord;

    /// <param name="stream">UTF-8 bytes without a byte order mark; closed with the reader.</param>
    /// <param name="format">Delimiter and escape.</param>
    /// <param name="dropsIncomplete">The stream is the head of something longer: a last record without a line end is not returned.</param>
    public CsvRecords(Stream stream, CsvFormat format, bool dropsIncomplete = false)
    {
        (_stream, _format, _dropsIncomplete) = (stream, format, dropsIncomplete);
        _cellEnds = SearchValues.Create([format.Delimiter[0], (byte)'\n', (byte)'\r']);
        _buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    }

    public int Count { get; private set; }

    /// <summary>The line of the file on which the record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Nothing but the line end.</summary>
    public bool IsBlank { get; private set; }

    /// <summary>Text follows a closing quote.</summary>
    public bool HasStrayQuote { get; private set; }

    /// <summary>A quote is open at the end of the file.</summary>
    public bool HasOpenQuote { get; private set; }

    public bool SpansLines => _linesInRecord > 0;

    public int Bytes { get; private set; }

    public bool Read()
    {
        while (true)
        {
            if (_next >= _end && _isEof)
            {
                return false;
            }

            if (TryParse(out var consumed))
            {
                if (consumed == 0)
                {
                    return false;
                }

                Line = _line;
                _line += _linesInRecord + 1;
                Bytes = consumed;
                _next += consumed;
                return true;
            }

            Refill();
        }
    }

    /// <summary>The record's bytes as they stand in the file.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_next - Bytes, Bytes);

    /// <summary>A cell's text without its quotes; valid until the next call of <see cref="Cell"/> or <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref var cell = ref _cells[index];
            var raw = _buffer.AsSpan(cell.Start, cell.Length);
            return cell.HasEscapes ? Unescape(raw, cell.Rest) : raw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _stream.Dispose();
    }

    /// <summary>Parses the record at the read position; false when the buffer ends before it does.</summary>
    private bool TryParse(out int consumed)
    {
        consumed = 0;
        Count = 0;
        _linesInRecord = 0;
        HasStrayQuote = HasOpenQuote = false;
        var at = _next;
        while (true)
        {
            var outcome = ParseCell(ref at);
            if (outcome == CellEnd.OutOfBytes)
            {
                return false;
            }

            if (outcome == CellEnd.Delimiter)
            {
                continue;
            }

            if (outcome == CellEnd.File && _dropsIncomplete)
            {
                _next = _end;
                Count = 0;
                return true;
            }

            consumed = at - _next;
            IsBlank = Count == 1 && _cells[0] is { Length: 0, IsQuoted: false };
            return true;
        }
    }

    private CellEnd ParseCell(ref int at)
    {
        var start = at;
        while (start < _end && _buffer[start] == (byte)' ')
        {
            start++;
        }

        if (start < _end && _buffer[start] == CsvFormat.Quote)
        {
            at = start + 1;
            return ParseQuoted(ref at);
        }

        if (start >= _end && !_isEof)
        {
            return CellEnd.OutOfBytes;
        }

        start = at;
        while (true)
        {
            var hit = _buffer.AsSpan(at, _end - at).IndexOfAny(_cellEnds);
            at = hit < 0 ? _end : at + hit;
            var end = EndAt(at, out var width);
            if (end == CellEnd.None)
            {
                at++;
                continue;
            }

            if (end != CellEnd.OutOfBytes)
            {
                Add(new Cell(start, at - start, HasEscapes: false, IsQuoted: false, Rest: 0));
                at += width;
            }

            return end;
        }
    }

    private CellEnd ParseQuoted(ref int at)
    {
        var start = at;
        var hasEscapes = false;
        while (true)
        {
            var hit = _format.Escape == CsvFormat.Quote
                ? _buffer.AsSpan(at, _end - at).IndexOf(CsvFormat.Quote)
                : _buffer.AsSpan(at, _end - at).IndexOfAny(CsvFormat.Quote, _format.Escape);
            if (hit < 0)
            {
                return AtOpenQuote(start, ref at, hasEscapes);
            }

            at += hit;
            if (at + 1 >= _end && !_isEof)
            {
                return CellEnd.OutOfBytes;
            }

            if (at + 1 < _end && _buffer[at] == _format.Escape && (_format.Escape != CsvFormat.Quote || _buffer[at + 1] == CsvFormat.Quote))
            {
                hasEscapes = true;
                at += 2;
                continue;
            }

            return Close(start, ref at, hasEscapes);
        }
    }

    private CellEnd AtOpenQuote(int start, ref int at, bool hasEscapes)
    {
        if (!_isEof)
        {
            return CellEnd.OutOfBytes;
        }

        HasOpenQuote = true;
        at = _end;
        AddQuoted(start, _end - start, hasEscapes, rest: 0);
        return CellEnd.File;
    }

    /// <summary>At the closing quote: a delimiter or line end follows, or text that strayed behind it and is kept.</summary>
    private CellEnd Close(int start, ref int at, bool hasEscapes)
    {
        var closing = at;
        at++;
        while (true)
        {
            var end = EndAt(at, out var width);
            if (end == CellEnd.None)
            {
                at++;
                continue;
            }

            if (end == CellEnd.OutOfBytes)
            {
                return end;
            }

            var rest = at - closing - 1;
            HasStrayQuote |= rest > 0;
            AddQuoted(start, at - start - (rest == 0 ? 1 : 0), hasEscapes || rest > 0, rest > 0 ? rest + 1 : 0);
            at += width;
            return end;
        }
    }

    /// <summary>What ends at this byte, and how many bytes the end takes.</summary>
    private CellEnd EndAt(int at, out int width)
    {
        width = 0;
        if (at >= _end)
        {
            return _isEof ? CellEnd.File : CellEnd.OutOfBytes;
        }

        var b = _buffer[at];
        if (b == (byte)'\n')
        {
            width = 1;
            return CellEnd.Record;
        }

        if (b == (byte)'\r')
        {
            if (at + 1 >= _end && !_isEof)
            {
                return CellEnd.OutOfBytes;
            }

            width = at + 1 < _end && _buffer[at + 1] == (byte)'\n' ? 2 : 1;
            return CellEnd.Record;
        }

        var delimiter = _format.Delimiter;
        if (b != delimiter[0])
        {
            return CellEnd.None;
        }

        if (at + delimiter.Length > _end && !_isEof)
        {
            return CellEnd.OutOfBytes;
        }

        if (!_buffer.AsSpan(at, _end - at).StartsWith(delimiter))
        {
            return CellEnd.None;
        }

        width = delimiter.Length;
        return CellEnd.Delimiter;
    }

    private void AddQuoted(int start, int length, bool hasEscapes, int rest)
    {
        _linesInRecord += CountLines(_buffer.AsSpan(start, length));
        Add(new Cell(start, length, hasEscapes, IsQuoted: true, rest));
    }

    private void Add(Cell cell)
    {
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = cell;
    }

    private static int CountLines(ReadOnlySpan<byte> text)
    {
        var feeds = text.Count((byte)'\n');
        return feeds > 0 ? feeds : text.Count((byte)'\r');
    }

    /// <param name="raw">Between the opening quote and the cell's end.</param>
    /// <param name="rest">Bytes from the closing quote to the end when text strayed behind it, otherwise 0.</param>
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw, int rest)
    {
        if (_plain.Length < raw.Length)
        {
            _plain = new byte[Math.Max(256, raw.Length * 2)];
        }

        var quoted = raw.Length - rest;
        var written = 0;
        for (var i = 0; i < quoted; i++)
        {
            if (raw[i] == _format.Escape && i + 1 < quoted)
            {
                i++;
            }

            _plain[written++] = raw[i];
        }

        for (var i = quoted + 1; i < raw.Length; i++)
        {
            _plain[written++] = raw[i];
        }

        return _plain.AsSpan(0, written);
    }

    private void Refill()
    {
        var kept = _end - _next;
        if (kept == _buffer.Length)
        {
            if (kept >= MaxRecordBytes)
            {
                throw new GnomonError(
                    "record-too-long",
                    FormattableString.Invariant($"The record that begins on line {_line} is longer than {MaxRecordBytes >> 20} MB; a quote is probably never closed."),
                    FormattableString.Invariant($"line {_line}"),
                    "Close the quote on that line.");
            }

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_next, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_next, kept).CopyTo(_buffer);
        }

        (_next, _end) = (0, kept);
        var read = _stream.ReadAtLeast(_buffer.AsSpan(kept), _buffer.Length - kept, throwOnEndOfStream: false);
        _end += read;
        _isEof = _end < _buffer.Length;
    }

    private enum CellEnd
    {
        None, Delimiter, Record, File, OutOfBytes,
    }

    private readonly record struct Cell(int Start, int Length, bool HasEscapes, bool IsQuoted, int Rest);
}
