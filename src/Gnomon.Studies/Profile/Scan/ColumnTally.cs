using System.Runtime.CompilerServices;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>What is counted of one column while rows pass by. Adds its part to the hash of every row.</summary>
internal abstract class ColumnTally
{
    private const ulong Odd = 0x9E3779B97F4A7C15UL;
    private readonly ulong _factor;
    private readonly ulong _nullPart;

    /// <param name="plan">The column.</param>
    /// <param name="index">Its place, which sets its part of the row hash apart from equal values of other columns.</param>
    protected ColumnTally(ColumnPlan plan, int index)
    {
        Plan = plan;
        _factor = (((ulong)index * 2) + 1) * Odd | 1;
        _nullPart = ValueTable.Hash(~(ulong)index) * _factor;
    }

    public ColumnPlan Plan { get; }

    public long Rows { get; protected set; }

    public long Nulls { get; protected set; }

    /// <param name="lane">The column's cells.</param>
    /// <param name="rowHashes">One running hash per row.</param>
    public abstract void Add(Lane lane, Span<ulong> rowHashes);

    public abstract ColumnScan Finish(IReadOnlyList<string> headTexts);

    /// <summary>The part of a value in the hash of its row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ulong Part(ulong hash) => hash * _factor;

    protected ulong NullPart => _nullPart;
}
