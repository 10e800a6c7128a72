using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Fills an engine table cell by cell, from bytes; a cell that is not set is NULL.</summary>
internal sealed unsafe class CellAppender : IDisposable
{
    private readonly AppenderHandle _handle;
    private readonly ChunkHandle _chunk;
    private readonly int _chunkRows = (int)DatabaseApi.VectorSize();
    private readonly nint[] _vectors;
    private readonly nint[] _data;
    private readonly nint[] _validity;
    private int _row;

    public CellAppender(ConnectionHandle connection, string table, IReadOnlyList<TypeId> types)
    {
        if (AppenderApi.Create(connection, null, table, out _handle) != 0)
        {
            throw new EngineException(Message());
        }

        var handles = types.Select(TypeApi.Create).ToArray();
        try
        {
            fixed (nint* raw = handles.Select(h => h.DangerousGetHandle()).ToArray())
            {
                _chunk = VectorApi.CreateChunk(raw, (ulong)handles.Length);
            }
        }
        finally
        {
            Array.ForEach(handles, h => h.Dispose());
        }

        (_vectors, _data, _validity) = (new nint[types.Count], new nint[types.Count], new nint[types.Count]);
        Begin();
    }

    public void Set(int column, long value)
    {
        ((long*)_data[column])[_row] = value;
        Mark(column);
    }

    public void Set(int column, double value)
    {
        ((double*)_data[column])[_row] = value;
        Mark(column);
    }

    /// <param name="column">A column of dates.</param>
    /// <param name="days">Days since 1970.</param>
    public void SetDay(int column, int days)
    {
        ((int*)_data[column])[_row] = days;
        Mark(column);
    }

    public void Set(int column, bool value)
    {
        ((byte*)_data[column])[_row] = value ? (byte)1 : (byte)0;
        Mark(column);
    }

    /// <param name="column">A column of text.</param>
    /// <param name="utf8">Valid UTF-8.</param>
    public void Set(int column, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* text = utf8)
        {
            byte none = 0;
            VectorApi.AssignText(_vectors[column], (ulong)_row, text is null ? &none : text, (ulong)utf8.Length);
        }

        Mark(column);
    }

    /// <summary>Takes back a cell of the current row.</summary>
    public void Unset(int column) => ((ulong*)_validity[column])[_row >> 6] &= ~(1UL << (_row & 63));

    public void NextRow()
    {
        if (++_row == _chunkRows)
        {
            Flush();
        }
    }

    /// <summary>Writes what is left; nothing can be added afterwards.</summary>
    public void Complete()
    {
        if (_row > 0)
        {
            Flush();
        }

        Check(AppenderApi.Close(_handle));
    }

    public void Dispose()
    {
        _chunk.Dispose();
        _handle.Dispose();
    }

    private void Mark(int column) => ((ulong*)_validity[column])[_row >> 6] |= 1UL << (_row & 63);

    private void Flush()
    {
        VectorApi.SetSize(_chunk, (ulong)_row);
        Check(AppenderApi.Append(_handle, _chunk));
        Begin();
    }

    private void Begin()
    {
        VectorApi.Reset(_chunk);
        _row = 0;
        for (var c = 0; c < _vectors.Length; c++)
        {
            _vectors[c] = VectorApi.Vector(_chunk, (ulong)c);
            VectorApi.MakeValidityWritable(_vectors[c]);
            _data[c] = (nint)VectorApi.Data(_vectors[c]);
            var validity = VectorApi.Validity(_vectors[c]);
            _validity[c] = (nint)validity;
            new Span<ulong>(validity, (_chunkRows + 63) / 64).Clear();
        }
    }

    private void Check(int state)
    {
        if (state != 0)
        {
            throw new EngineException(Message());
        }
    }

    private string Message() => _handle.IsInvalid ? "The table could not be written." : Marshal.PtrToStringUTF8(AppenderApi.Error(_handle)) ?? "";
}
