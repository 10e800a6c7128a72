using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Entries on one line each.</summary>
internal static class LedgerListing
{
    private const string Sql = """
        SELECT e.sequence, e.at, e.kind, e.verb, e.action,
          CASE WHEN json_valid(f.json) THEN json_extract(f.json, '$.title') END,
          coalesce(l.name, p.name), l.unit_count, (SELECT count(*) FROM hypotheses h WHERE h.entry = e.sequence), l.p_value, o.target,
          (SELECT max(r.entry) FROM overrides r WHERE r.target = e.sequence)
        FROM entries e
          LEFT JOIN findings f ON f.entry = e.sequence LEFT JOIN looks l ON l.entry = e.sequence
          LEFT JOIN plans p ON p.entry = e.sequence LEFT JOIN overrides o ON o.entry = e.sequence
        WHERE (?1 IS NULL OR e.kind = ?1) AND (?2 IS NULL OR e.verb = ?2) AND (?3 IS NULL OR e.action = ?3)
          AND (?4 IS NULL OR coalesce(l.name, p.name) = ?4)
          AND (?5 IS NULL OR EXISTS (SELECT 1 FROM hypotheses h WHERE h.entry = e.sequence AND h.metric = ?5))
          AND (?6 IS NULL OR e.at >= ?6) AND (?7 IS NULL OR e.at < ?7) AND (?8 IS NULL OR e.sequence = ?8)
        ORDER BY e.sequence DESC LIMIT ?9
        """;

    public static IReadOnlyList<LedgerLine> Read(SqliteDatabase database, LedgerFilter filter) => Read(database, filter, null);

    public static LedgerLine One(SqliteDatabase database, long sequence) => Read(database, LedgerFilter.All, sequence)[0];

    private static List<LedgerLine> Read(SqliteDatabase database, LedgerFilter filter, long? sequence)
    {
        using var statement = database.Prepare(Sql)
            .Bind(filter.Kind).Bind(filter.Verb).Bind(filter.Action).Bind(filter.Experiment).Bind(filter.Metric)
            .Bind(filter.Since is { } since ? LedgerTime.Text(since) : null).Bind(filter.Until is { } until ? LedgerTime.Text(until) : null)
            .Bind(sequence).Bind(filter.Newest is { } newest ? Math.Max(newest, 0L) : -1L);
        var lines = new List<LedgerLine>();
        while (statement.Step())
        {
            lines.Add(new LedgerLine(
                statement.Number(0), LedgerTime.Parse(statement.Text(1), database.Path), statement.Text(2), statement.Text(3), statement.Text(4),
                statement.TextOrNull(5), statement.TextOrNull(6), Count(statement, 7), statement.Number(8), statement.Real(9),
                Count(statement, 10), Count(statement, 11)));
        }

        lines.Reverse();
        return lines;
    }

    private static long? Count(SqliteStatement statement, int column) => statement.IsNull(column) ? null : statement.Number(column);
}
