using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>A chunk of the engine that is being filled, column by column.</summary>
internal readonly unsafe ref struct FeedChunk(ChunkHandle chunk)
{
    /// <summary>Texts up to this length lie in the cell itself.</summary>
    private const int InCell = 12;

    /// <summary>Rows that a chunk takes.</summary>
    public static int Capacity { get; } = (int)DatabaseApi.VectorSize();

    public void SetRows(int rows) => VectorApi.SetSize(chunk, (ulong)rows);

    /// <summary>The cells of a column, to be written.</summary>
    public Span<T> Cells<T>(int column, int rows)
        where T : unmanaged => new(VectorApi.Data(Vector(column)), rows);

    /// <summary>One bit for each row; a clear bit is a cell without a value.</summary>
    public Span<ulong> Validity(int column, int rows)
    {
        var vector = Vector(column);
        VectorApi.MakeValidityWritable(vector);
        return new Span<ulong>(VectorApi.Validity(vector), (rows + 63) >> 6);
    }

    public TextCells Texts(int column) => new(Vector(column));

    private nint Vector(int column) => VectorApi.Vector(chunk, (ulong)column);

    /// <summary>Texts of a column.</summary>
    internal readonly ref struct TextCells(nint vector)
    {
        private readonly byte* _cells = (byte*)VectorApi.Data(vector);

        /// <param name="row">The row of the chunk.</param>
        /// <param name="text">The first byte; 16 bytes from it on can be read. Valid UTF-8.</param>
        /// <param name="length">Bytes of the text.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Set(int row, ref byte text, int length)
        {
            // A cell of the engine: the length, then up to 12 bytes and zeros behind them, or an address.
            var cell = _cells + ((nint)row * 16);
            if (length <= InCell)
            {
                var low = Unsafe.ReadUnaligned<ulong>(ref text);
                var high = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, 8));
                low = length >= 8 ? low : low & ((1UL << (length * 8)) - 1);
                high = length <= 8 ? 0 : length == InCell ? high : high & ((1U << ((length - 8) * 8)) - 1);
                Unsafe.WriteUnaligned(cell, length);
                Unsafe.WriteUnaligned(cell + 4, low);
                Unsafe.WriteUnaligned(cell + 12, high);
                return;
            }

            fixed (byte* start = &text)
            {
                VectorApi.AssignUtf8(vector, (ulong)row, start, (ulong)length);
            }
        }
    }
}
