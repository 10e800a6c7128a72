using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Many metrics of rows that lie column by column: the engine's threads hand their blocks to collectors of their own, which are merged at the end, while one more scan counts the units.
/// Sums are exact and every collector adds around the same values, so the answer has the bits of a scan in order.
/// </summary>
internal static class WideScan
{
    // Fewer metrics are not worth a second scan of the units.
    private const int Fewest = 16;

    // Rows from which the values are taken that the sums are centred on.
    private const int Head = 2048;

    /// <summary>Whether the data and the question are of that kind.</summary>
    public static bool Fits(AbReader reader, int threads) => reader.Data.ReadsColumnsAlone && reader.Design.Metrics.Count >= Fewest && threads > 1;

    /// <summary>Reads units, and metrics unless a unit repeats; null when a scan in order has to do it, because a metric has no value among the first rows.</summary>
    public static (RowScan Units, Gathering? Metrics)? Run(AbReader reader, IReadOnlyList<double?>? caps, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        var head = Metrics(reader, caps);
        reader.Data.Scan(head.Query(Head), head.Take, cancellation);
        if (!head.State.HasPivots)
        {
            return null;
        }

        var units = new RowScan(reader, [], null, countsUnits: true);
        var parts = new List<Gathering>();
        var shares = SideBySide.Shares(progress, 2);
        SideBySide.Run(2, Math.Min(threads, 2), cancellation, (task, ended) =>
        {
            if (task == 0)
            {
                return units.Run(shares?[0], ended);
            }

            reader.Data.ScanUnordered(head.Query(), Consumer, ended, shares?[1]);
            return true;
        });
        if (units.MetRepeats)
        {
            return (units, null);
        }

        var all = Metrics(reader, caps).State;
        all.StartAs(head.State);
        parts.ForEach(all.Merge);
        return (units, all);

        Func<Chunk, bool> Consumer()
        {
            var part = Metrics(reader, caps);
            part.State.StartAs(head.State);
            lock (parts)
            {
                parts.Add(part.State);
            }

            return part.Take;
        }
    }

    private static RowScan Metrics(AbReader reader, IReadOnlyList<double?>? caps) => new(reader, reader.Design.Metrics, caps, countsUnits: false);
}
