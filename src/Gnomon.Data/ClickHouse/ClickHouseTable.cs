using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>Finds what an address and a query name, and its columns.</summary>
internal static class ClickHouseTable
{
    private const int MostNames = 20;

    /// <summary>The table, or the query in parentheses.</summary>
    /// <exception cref="GnomonError">There is no such table, or the server cannot give the table a second name.</exception>
    public static string Source(ClickHouseSession session, ClickHouseAddress address, SourceOptions source, CancellationToken cancellation)
    {
        var table = address.Table is null ? null : Quoted(address);
        if (table is not null)
        {
            RefuseMissing(session, address, table, cancellation);
        }

        if (source.Sql is null)
        {
            return table!;
        }

        // The line break ends a comment that the query may have left open.
        var text = source.Sql.Trim().TrimEnd(';');
        if (table is null)
        {
            return $"({text}\n)";
        }

        if (!NamesQueries(session, cancellation))
        {
            throw new GnomonError(
                "server-too-old", $"{address.Shown} runs ClickHouse {session.Capabilities.Version}, which cannot call a table 'data' within a query.", "--query", $"Leave ?table= out of the address and write FROM {address.Table} in --query.");
        }

        return $"(WITH data AS (SELECT * FROM {table}) {text}\n)";
    }

    /// <summary>The columns that SELECT * shows; whole numbers without a sign are looked at once, whether they fit in 63 bits.</summary>
    public static List<ClickHouseColumn> Columns(ClickHouseSession session, string source, CancellationToken cancellation)
    {
        var columns = Describe(session, source, cancellation);
        var unsigned = columns.Where(c => c.IsUInt64).ToList();
        if (unsigned.Count == 0)
        {
            return columns;
        }

        var big = session.Rows($"SELECT {string.Join(", ", unsigned.Select(c => $"toString(ifNull(max({c.Quoted}), 0) > 9223372036854775807)"))} FROM {source}", "looking at whole numbers", cancellation);
        var isBig = unsigned.Select((c, i) => (c.Name, Big: big.Count > 0 && big[0][i] == "1")).ToDictionary(c => c.Name, c => c.Big, StringComparer.Ordinal);
        return columns.ConvertAll(c => isBig.GetValueOrDefault(c.Name) ? c with { IsBig = true } : c);
    }

    public static List<ClickHouseColumn> Describe(ClickHouseSession session, string source, CancellationToken cancellation) =>
        [.. session.Rows($"DESCRIBE TABLE {source}", "reading the columns", cancellation).Where(r => r.Length < 3 || r[2] is "" or "DEFAULT").Select(r => new ClickHouseColumn(r[0], r[1]))];

    // One dot parts database and table; names are taken as they are written, so capitals count.
    internal static string Quoted(ClickHouseAddress address)
    {
        var (database, name) = Parts(address);
        return $"{ClickHouseText.Identifier(database)}.{ClickHouseText.Identifier(name)}";
    }

    private static (string Database, string Name) Parts(ClickHouseAddress address)
    {
        var table = address.Table!;
        var dot = table.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && dot < table.Length - 1 ? (table[..dot], table[(dot + 1)..]) : (address.Database, table);
    }

    private static void RefuseMissing(ClickHouseSession session, ClickHouseAddress address, string table, CancellationToken cancellation)
    {
        if (session.Rows($"EXISTS TABLE {table}", "looking for the table", cancellation) is [["1"]])
        {
            return;
        }

        var names = session.Rows(
            $"SELECT if(database = {ClickHouseText.Text(address.Database)}, name, concat(database, '.', name)) AS shown FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY shown LIMIT 200",
            "listing tables", cancellation).ConvertAll(r => r[0]);
        var nearest = NearestName.To(address.Table!, names);
        var more = names.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more") : string.Empty;
        throw new GnomonError(
            "table-not-found", $"{address.Shown}: there is no table '{address.Table}' that this user may see.{(names.Count == 0 ? string.Empty : $" Tables: {string.Join(", ", names.Take(MostNames))}{more}.")}", address.Shown,
            nearest is null ? "Write ?table=name or ?table=database.name." : $"Did you mean '{nearest}'?");
    }

    internal static bool NamesQueries(ClickHouseSession session, CancellationToken cancellation)
    {
        try
        {
            return session.Rows("SELECT one FROM (WITH data AS (SELECT 1 AS one) SELECT one FROM data)", "asking what the server can do", cancellation) is [["1"]];
        }
        catch (GnomonError e) when (e.Code == "query-failed")
        {
            return false;
        }
    }
}
