using System.Runtime.InteropServices;
using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Writes columns that a .NET program holds into an engine table, a chunk at a time.</summary>
internal sealed unsafe class Appender : IDisposable
{
    private readonly AppenderHandle _handle;
    private readonly ChunkHandle _chunk;
    private readonly IReadOnlyList<TypeId> _types;
    private readonly int _chunkRows = (int)DatabaseApi.VectorSize();

    public Appender(ConnectionHandle connection, string table, IReadOnlyList<TypeId> types)
    {
        _types = types;
        if (AppenderApi.Create(connection, null, table, out _handle) != 0)
        {
            throw new EngineException(Message());
        }

        _chunk = CreateChunk(types);
    }

    public void Write(Table table, CancellationToken cancellation)
    {
        var texts = new Utf8Texts(table);
        for (var start = 0; start < table.Rows; start += _chunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(_chunkRows, table.Rows - start);
            VectorApi.Reset(_chunk);
            for (var c = 0; c < _types.Count; c++)
            {
                Fill(table.Columns[c], c, texts, start, rows);
            }

            VectorApi.SetSize(_chunk, (ulong)rows);
            Check(AppenderApi.Append(_handle, _chunk));
        }

        Check(AppenderApi.Close(_handle));
    }

    public void Dispose()
    {
        _chunk.Dispose();
        _handle.Dispose();
    }

    private void Fill(Column column, int index, Utf8Texts texts, int start, int rows)
    {
        var vector = VectorApi.Vector(_chunk, (ulong)index);
        var cells = VectorApi.Data(vector);
        switch (column)
        {
            case DoubleColumn d:
                d.Values.Slice(start, rows).CopyTo(new Span<double>(cells, rows));
                break;
            case IntegerColumn { Type: ColumnType.Boolean } b:
                Narrow(b.Values.Slice(start, rows), new Span<byte>(cells, rows));
                break;
            case IntegerColumn { Type: ColumnType.Date } t:
                Narrow(t.Values.Slice(start, rows), new Span<int>(cells, rows));
                break;
            case IntegerColumn n:
                n.Values.Slice(start, rows).CopyTo(new Span<long>(cells, rows));
                break;
            case TextColumn t:
                texts.Assign(vector, index, t.Codes.Slice(start, rows));
                break;
            default:
                throw new ArgumentException($"Column '{column.Name}' is of a kind that cannot be written.", nameof(column));
        }

        MarkNulls(column, vector, start, rows);
    }

    private static void MarkNulls(Column column, nint vector, int start, int rows)
    {
        ulong* validity = null;
        for (var i = 0; i < rows; i++)
        {
            if (!column.IsNull(start + i))
            {
                continue;
            }

            if (validity is null)
            {
                VectorApi.MakeValidityWritable(vector);
                validity = VectorApi.Validity(vector);
            }

            validity[i >> 6] &= ~(1UL << (i & 63));
        }
    }

    private static void Narrow<T>(ReadOnlySpan<long> source, Span<T> target)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = T.CreateChecked(source[i]);
        }
    }

    private static ChunkHandle CreateChunk(IReadOnlyList<TypeId> types)
    {
        var handles = types.Select(TypeApi.Create).ToArray();
        try
        {
            fixed (nint* raw = handles.Select(h => h.DangerousGetHandle()).ToArray())
            {
                return VectorApi.CreateChunk(raw, (ulong)handles.Length);
            }
        }
        finally
        {
            Array.ForEach(handles, h => h.Dispose());
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

    /// <summary>Each dictionary entry encoded once; rows then copy bytes.</summary>
    private sealed class Utf8Texts(Table table)
    {
        private readonly byte[]?[][] _texts = [.. table.Columns.Select(c => new byte[]?[c is TextColumn t ? t.Dictionary.Count : 0])];

        public void Assign(nint vector, int column, ReadOnlySpan<int> codes)
        {
            var dictionary = ((TextColumn)table.Columns[column]).Dictionary;
            for (var i = 0; i < codes.Length; i++)
            {
                if (codes[i] < 0)
                {
                    continue;
                }

                var utf8 = _texts[column][codes[i]] ??= Encoding.UTF8.GetBytes(dictionary[codes[i]]);
                fixed (byte* text = utf8)
                {
                    VectorApi.AssignText(vector, (ulong)i, text, (ulong)utf8.Length);
                }
            }
        }
    }
}
