using Gnomon.Core.Tables;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>One native chunk after another, decoded column by column on first demand into buffers that are reused for the whole scan.</summary>
internal sealed unsafe class VectorChunk : Chunk, IDisposable
{
    private readonly IReadOnlyList<ColumnLayout> _columns;
    private readonly ColumnBuffer[] _buffers;
    private ChunkHandle? _chunk;
    private int _rows;
    private int _stamp;

    public VectorChunk(IReadOnlyList<ColumnLayout> columns)
    {
        _columns = columns;
        _buffers = [.. columns.Select(c => new ColumnBuffer(c))];
    }

    public override int Rows => _rows;

    public override int ColumnCount => _columns.Count;

    /// <summary>Takes over the next chunk; what was read from the last one is gone.</summary>
    public void Move(ChunkHandle chunk)
    {
        _chunk?.Dispose();
        _chunk = chunk;
        _rows = (int)VectorApi.Size(chunk);
        _stamp++;
    }

    public override ReadOnlySpan<long> Integers(int column) => Buffer(column).Integers(_rows);

    public override ReadOnlySpan<double> Doubles(int column) => Buffer(column).Doubles(_rows);

    public override ReadOnlySpan<int> Codes(int column) => Buffer(column).Codes(_rows);

    public override ReadOnlySpan<ulong> Hashes(int column) => Buffer(column).Hashes(_rows);

    public override IReadOnlyList<string> Dictionary(int column) => _buffers[column].Dictionary;

    public override ReadOnlySpan<ulong> Validity(int column) => Buffer(column).Validity;

    /// <summary>The bytes of a text that is not null, valid until the next chunk.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row) => Buffer(column).Utf8(row);

    /// <summary>Whole numbers wider than 64 bits as long; false when one does not fit.</summary>
    public bool TryNarrow(int column, Span<long> target) => Buffer(column).TryNarrow(target);

    public void Dispose() => _chunk?.Dispose();

    private ColumnBuffer Buffer(int column)
    {
        var buffer = _buffers[column];
        if (buffer.Stamp != _stamp)
        {
            var vector = VectorApi.Vector(_chunk!, (ulong)column);
            buffer.Move(_stamp, VectorApi.Data(vector), VectorApi.Validity(vector), _rows);
        }

        return buffer;
    }
}
