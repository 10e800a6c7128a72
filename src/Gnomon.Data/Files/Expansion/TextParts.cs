using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Expansion;

/// <summary>The cells straight from the bytes of a text file: their text is never held as a whole.</summary>
internal sealed class TextParts(EngineSession session, ExpansionOrder order, TextFeed text, int column, CancellationToken cancellation) : ICellParts
{
    private const string Rest = "\"json rest\"";

    private readonly IReadOnlyList<TextFeed> _parts = text.Parts(Math.Max(1, order.Threads));

    public int Count => _parts.Count;

    public void Scan(int part, TakeCell take) => _parts[part].Read(column, cell => take(cell, cell.IsEmpty), cancellation);

    public string Others(IReadOnlyList<string> columns)
    {
        text.Settle(_parts);
        if (columns.Count == 0)
        {
            return SqlText.Identifier(order.Table);
        }

        session.Execute($"CREATE OR REPLACE TABLE {Rest} AS SELECT {string.Join(", ", columns.Select(SqlText.Identifier))} FROM {SqlText.Identifier(order.Table)}", cancellation);
        return Rest;
    }
}
