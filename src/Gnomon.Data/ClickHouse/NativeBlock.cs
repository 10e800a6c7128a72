using System.Runtime.InteropServices;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>A window on the rows of a block, no wider than the embedded engine's.</summary>
internal sealed class NativeBlock(NativeColumn[] columns) : Chunk
{
    public const int Capacity = 2048;

    private int _first;
    private int _rows;

    public NativeColumn[] Columns => columns;

    public IReadOnlyList<Field> Fields { get; } = [.. columns.Select(c => c.Field)];

    public override int Rows => _rows;

    public override int ColumnCount => columns.Length;

    public void Show(int first, int rows) => (_first, _rows) = (first, rows);

    public override ReadOnlySpan<long> Integers(int column) => columns[column].Integers(_first, _rows);

    public override ReadOnlySpan<double> Doubles(int column) => columns[column].Doubles(_first, _rows);

    public override ReadOnlySpan<int> Codes(int column) => columns[column].Codes(_first, _rows);

    public override ReadOnlySpan<ulong> Hashes(int column) => MemoryMarshal.Cast<long, ulong>(columns[column].Integers(_first, _rows));

    public override IReadOnlyList<string> Dictionary(int column) => columns[column].Dictionary;

    public override ReadOnlySpan<ulong> Validity(int column) => columns[column].Validity(_first, _rows);
}
