using System.Text;

namespace Gnomon.Data.Files.Csv;

/// <summary>A record of the file's head, copied: what its cells look like, and their text while names may still stand there.</summary>
internal sealed record HeadRecord(CellKind[] Kinds, string[] Cells, long Line, bool SpansLines, bool HasStrayQuote, bool IsForeign)
{
    /// <summary>A header is looked for in this many records.</summary>
    public const int WithText = 50;

    private const int MaxCells = 60_000;

    public int Width => Kinds.Length;

    public static List<HeadRecord> Read(ReadOnlyMemory<byte> head, bool isWhole, CsvFormat format, CellClassifier classifier, int limit)
    {
        var cleaner = new CellCleaner();
        var records = new List<HeadRecord>();
        var total = 0;
        using var reader = new CsvRecords(Bytes.Stream(head), format, dropsIncomplete: !isWhole);
        while (records.Count < limit && total < MaxCells && reader.Read())
        {
            if (reader.IsBlank)
            {
                continue;
            }

            var kinds = new CellKind[reader.Count];
            var cells = records.Count < WithText ? new string[reader.Count] : [];
            var isForeign = false;
            for (var i = 0; i < kinds.Length; i++)
            {
                var cell = reader[i];
                kinds[i] = classifier.Classify(cell.Trim((byte)' '));
                if (cells.Length > 0)
                {
                    cells[i] = Encoding.UTF8.GetString(cleaner.Clean(cell));
                    isForeign |= cleaner.WasForeign;
                }
            }

            total += kinds.Length;
            records.Add(new HeadRecord(kinds, cells, reader.Line, reader.SpansLines, reader.HasStrayQuote, isForeign));
        }

        return records;
    }
}
