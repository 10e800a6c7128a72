namespace Gnomon.Core.Tables;

/// <summary>
/// A block of rows on its way from an engine, column by column, in typed buffers that live until the next block.
/// Rows arrive in file order for files. Null cells hold 0 in the buffer and a clear bit in the validity mask.
/// </summary>
public abstract class Chunk
{
    public abstract int Rows { get; }

    public abstract int ColumnCount { get; }

    /// <summary>Booleans (0/1), integers, dates (days) and timestamps (microseconds).</summary>
    public abstract ReadOnlySpan<long> Integers(int column);

    /// <summary>Any numeric column as double.</summary>
    public abstract ReadOnlySpan<double> Doubles(int column);

    /// <summary>Text as codes into <see cref="Dictionary"/>, numbered by first appearance in the whole scan; -1 for null.</summary>
    public abstract ReadOnlySpan<int> Codes(int column);

    /// <summary>Unsigned 64-bit values (hashes).</summary>
    public abstract ReadOnlySpan<ulong> Hashes(int column);

    /// <summary>The texts behind <see cref="Codes"/> so far; grows as the scan goes on.</summary>
    public abstract IReadOnlyList<string> Dictionary(int column);

    /// <summary>One bit per row, least significant first; a set bit is a value. Empty when no cell is null.</summary>
    public abstract ReadOnlySpan<ulong> Validity(int column);

    public bool IsNull(int column, int row)
    {
        var mask = Validity(column);
        return !mask.IsEmpty && (mask[row >> 6] & (1UL << (row & 63))) == 0;
    }
}
