namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>A pass over all bytes of a file that proves what its head promised: row by row the same cells, cell by cell the column's type.</summary>
internal static class CsvFastSurvey
{
    /// <returns>The number of rows, or null when anything at all is not plain.</returns>
    public static long? Rows(StreamShape shape, IReadOnlyList<ReadAs> types, int workers, CancellationToken cancellation, int blockBytes = BlockSource.UsualBytes)
    {
        // Text needs no look at its cells: encoding, quotes and zero bytes are judged by the block.
        var lanes = types
            .Select((type, column) => new LanePlan(column, type, type == ReadAs.Double ? LaneKind.Real : LaneKind.Whole))
            .Where(l => l.As != ReadAs.Text)
            .ToList();
        var rows = 0L;
        var outcome = BlockPipeline.Run(shape, lanes, workers, block => (rows += block.Rows) >= 0, cancellation, blockBytes);
        return outcome == PassOutcome.Complete ? rows : null;
    }
}
