using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Numerics.Kernels;

/// <summary>Fills the prepared columns of one block of rows.</summary>
/// <param name="start">First row of the block.</param>
/// <param name="count">Rows in it, at most <see cref="CrossProducts.BlockRows"/>.</param>
/// <param name="block">Column after column, each <see cref="CrossProducts.BlockRows"/> long; rows beyond <paramref name="count"/> are cleared afterwards.</param>
/// <param name="sums">Further sums of this part of the rows; add to them.</param>
public delegate void FillBlock(int start, int count, Span<double> block, Span<double> sums);

/// <summary>Sums of products of all pairs of columns, block by block: the work horse of least squares on many rows.</summary>
/// <remarks>
/// Fixed blocks of 256 rows, fixed parts of 128 blocks, four fixed lanes with fused multiply-add, parts added in order: the same bits for any number of
/// threads and on every machine. A block is prepared by the caller (centred, scaled, weighted) in a buffer that stays in the nearest cache.
/// </remarks>
public static class CrossProducts
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 256;

    const int BlocksPerPart = 128;
    const int TileRows = 4;
    const int TileColumns = 3;

    /// <summary>Adds up Z'Z, where Z is what <paramref name="fill"/> makes of each block.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Prepared columns, at least 1.</param>
    /// <param name="extraSums">Length of the further sums.</param>
    /// <param name="fill">Prepares a block; called from several threads, for different blocks.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    /// <param name="sums">The further sums.</param>
    /// <returns>Z'Z row by row, both triangles.</returns>
    public static double[] Of(int rows, int columns, int extraSums, FillBlock fill, int? threads, out double[] sums)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var padded = Padded(columns);
        var total = Run(rows, columns, padded, extraSums, fill, threads, out sums);
        return Square(total, columns, padded);
    }

    /// <summary>Only the further sums, for passes that need no products of columns.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="scratchColumns">Columns of the block that <paramref name="fill"/> may use as it likes.</param>
    /// <param name="extraSums">Length of the sums.</param>
    /// <param name="fill">Reads a block of rows; called from several threads, for different blocks.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    public static double[] Sums(int rows, int scratchColumns, int extraSums, FillBlock fill, int? threads)
    {
        ArgumentNullException.ThrowIfNull(fill);
        Run(rows, scratchColumns, 0, extraSums, fill, threads, out var sums);
        return sums;
    }

    static double[] Run(int rows, int columns, int padded, int extraSums, FillBlock fill, int? threads, out double[] sums)
    {
        var blocks = (rows + BlockRows - 1) / BlockRows;
        var parts = (blocks + BlocksPerPart - 1) / BlocksPerPart;
        var grams = new double[parts][];
        var extras = new double[parts][];
        void Part(int part)
        {
            var gram = new double[padded * padded];
            var extra = new double[extraSums];
            var block = new double[Math.Max(padded, columns) * BlockRows];
            for (var b = part * BlocksPerPart; b < Math.Min(blocks, (part + 1) * BlocksPerPart); b++)
            {
                var start = b * BlockRows;
                var count = Math.Min(BlockRows, rows - start);
                fill(start, count, block.AsSpan(0, columns * BlockRows), extra);
                if (padded == 0)
                {
                    continue;
                }

                for (var j = 0; j < columns && count < BlockRows; j++)
                {
                    block.AsSpan(j * BlockRows + count, BlockRows - count).Clear();
                }

                AddBlock(block, padded, gram, (count + 3) / 4 * 4);
            }

            grams[part] = gram;
            extras[part] = extra;
        }

        if (parts == 1 || threads == 1)
        {
            for (var part = 0; part < parts; part++)
            {
                Part(part);
            }
        }
        else
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, Part);
        }

        sums = new double[extraSums];
        var total = new double[padded * padded];
        for (var part = 0; part < parts; part++)
        {
            Add(total, grams[part]);
            Add(sums, extras[part]);
        }

        return total;
    }

    static int Padded(int columns) => (columns + 11) / 12 * 12;

    static void Add(double[] to, double[] from)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    static double[] Square(double[] total, int columns, int padded)
    {
        var result = new double[columns * columns];
        for (var i = 0; i < columns; i++)
        {
            for (var j = i; j < columns; j++)
            {
                result[i * columns + j] = result[j * columns + i] = total[i * padded + j];
            }
        }

        return result;
    }

    // Tiles of 4 x 3 columns keep twelve sums in registers; those wholly below the diagonal are left out.
    static void AddBlock(double[] block, int columns, double[] gram, int rows)
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(block);
        for (var i = 0; i < columns; i += TileRows)
        {
            for (var j = i / TileColumns * TileColumns; j < columns; j += TileColumns)
            {
                Tile(ref data, gram, columns, i, j, rows);
            }
        }
    }

    static void Tile(ref double data, double[] gram, int columns, int i, int j, int rows)
    {
        Vector256<double> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<double> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        var a = (nuint)(i * BlockRows);
        var b = (nuint)(j * BlockRows);
        for (nuint row = 0; row < (nuint)rows; row += 4)
        {
            var b0 = Vector256.LoadUnsafe(ref data, b + row);
            var b1 = Vector256.LoadUnsafe(ref data, b + BlockRows + row);
            var b2 = Vector256.LoadUnsafe(ref data, b + 2 * BlockRows + row);
            var a0 = Vector256.LoadUnsafe(ref data, a + row);
            s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
            s02 = Vector256.FusedMultiplyAdd(a0, b2, s02);
            var a1 = Vector256.LoadUnsafe(ref data, a + BlockRows + row);
            s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
            s12 = Vector256.FusedMultiplyAdd(a1, b2, s12);
            var a2 = Vector256.LoadUnsafe(ref data, a + 2 * BlockRows + row);
            s20 = Vector256.FusedMultiplyAdd(a2, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(a2, b1, s21);
            s22 = Vector256.FusedMultiplyAdd(a2, b2, s22);
            var a3 = Vector256.LoadUnsafe(ref data, a + 3 * BlockRows + row);
            s30 = Vector256.FusedMultiplyAdd(a3, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(a3, b1, s31);
            s32 = Vector256.FusedMultiplyAdd(a3, b2, s32);
        }

        var at = gram.AsSpan(i * columns + j);
        at[0] += Across(s00);
        at[1] += Across(s01);
        at[2] += Across(s02);
        at = gram.AsSpan((i + 1) * columns + j);
        at[0] += Across(s10);
        at[1] += Across(s11);
        at[2] += Across(s12);
        at = gram.AsSpan((i + 2) * columns + j);
        at[0] += Across(s20);
        at[1] += Across(s21);
        at[2] += Across(s22);
        at = gram.AsSpan((i + 3) * columns + j);
        at[0] += Across(s30);
        at[1] += Across(s31);
        at[2] += Across(s32);
    }

    static double Across(Vector256<double> v) => (v[0] + v[1]) + (v[2] + v[3]);
}
