namespace Gnomon.Studies.Profile.Scan;

/// <summary>Hashes of a key that spans several columns.</summary>
internal static class KeyHash
{
    private const ulong Odd = 0x9E3779B97F4A7C15UL;

    /// <summary>Adds one column's part; cells without a value add nothing.</summary>
    public static void Add(Lane lane, ColumnPlan plan, ulong part, Span<ulong> hashes)
    {
        var factor = (((part * 2) + 1) * Odd) | 1;
        for (var i = 0; i < hashes.Length; i++)
        {
            var bits = plan.Reading switch
            {
                Reading.Whole => (ulong)lane.Whole[i],
                Reading.Number => BitConverter.DoubleToUInt64Bits(lane.Numbers[i]),
                Reading.Text => (ulong)lane.Codes[i],
                _ => lane.Hashes[i],
            };
            hashes[i] += ValueTable.Hash(bits) * factor;
        }
    }
}
