using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Data.ClickHouse;

/// <summary>Tells whether rows changed between two questions: ClickHouse has no snapshots.</summary>
/// <remarks>
/// Tables of the MergeTree family, also behind Distributed, number the blocks that were ever inserted and the changes to them; merging parts changes neither. Rows, largest numbers and changes per
/// partition cost next to nothing. Everything else (views, queries, other tables) is stamped by its number of rows and a sum of row hashes, which does not depend on their order.
/// </remarks>
internal sealed record ClickHouseStamp(long Rows, string Mark)
{
    /// <param name="session">Where to ask.</param>
    /// <param name="from">The table or the query in parentheses.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="isTable">False for a query.</param>
    /// <param name="cancellation">Ends the question.</param>
    public static ClickHouseStamp Take(ClickHouseSession session, string from, IReadOnlyList<ClickHouseColumn> columns, bool isTable, CancellationToken cancellation)
    {
        if (isTable && columns.All(c => c.Name != "_part"))
        {
            try
            {
                return Of(session.Rows(Parts(from), "looking whether the table changes", cancellation), "parts");
            }
            catch (GnomonError e) when (e.Code is "query-failed" or "not-permitted")
            {
                // The table has no parts.
            }
        }

        return Of(session.Rows($"SELECT count(), sum({RowHash(columns) ?? "0"}) FROM {from}", "looking whether the rows change", cancellation), "rows");
    }

    /// <summary>A number of the whole row; null where no column can be hashed.</summary>
    public static string? RowHash(IReadOnlyList<ClickHouseColumn> columns)
    {
        var readable = columns.Where(c => c.IsReadable).ToList();
        return readable.Count == 0 ? null : $"cityHash64({string.Join(", ", readable.Select(c => c.Hashed))}, 0)";
    }

    private static string Parts(string from)
    {
        static string Piece(int at) => FormattableString.Invariant($"toUInt64OrZero(splitByChar('_', gnomon_part)[{at}])");
        return $"SELECT sum(n), sum(block), sum(change) FROM (SELECT sum(rows_in) AS n, max({Piece(3)}) AS block, max({Piece(5)}) AS change "
            + $"FROM (SELECT _part AS gnomon_part, count() AS rows_in FROM {from} GROUP BY gnomon_part) GROUP BY splitByChar('_', gnomon_part)[1])";
    }

    private static ClickHouseStamp Of(List<string[]> rows, string kind) =>
        rows.Count == 0 ? new(0, kind) : new(long.Parse(rows[0][0], CultureInfo.InvariantCulture), $"{kind} {string.Join(' ', rows[0])}");
}
