using System.Text.Json;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The recorded runs that belong to one experiment, newest first.</summary>
internal sealed class LookHistory
{
    private const string Sql = """
        SELECT l.entry, l.data_state, l.unit_count, l.metrics, l.p_value, l.plan_hash, l.units
        FROM looks l WHERE l.roles = ?1 AND l.name IS ?2 ORDER BY l.entry DESC
        """;

    private readonly List<Row> rows = [];
    private readonly SqliteDatabase database;

    private LookHistory(SqliteDatabase database) => this.database = database;

    /// <summary>Hashes of the plans these runs were held to.</summary>
    public IReadOnlySet<string> PlanHashes => rows.Select(r => r.PlanHash).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Rows with the roles and either the name or, without names on both sides, overlapping units.</summary>
    public static LookHistory Read(SqliteDatabase database, ExperimentKey key)
    {
        var history = new LookHistory(database);
        var linked = key.Name is null ? new SketchFamily(key) : null;
        using var statement = database.Prepare(Sql).Bind(key.Roles).Bind(key.Name);
        string? metrics = null;
        while (statement.Step())
        {
            if (linked is not null && !linked.Takes(SketchBytes.AsHashes(statement.Bytes(6)), statement.Number(2)))
            {
                continue;
            }

            var text = statement.Text(3);
            metrics = text == metrics ? metrics : text;
            history.rows.Add(new Row(statement.Number(0), statement.Text(1), statement.Number(2), metrics, statement.Real(4), statement.TextOrNull(5)));
        }

        return history;
    }

    /// <summary>One look for each data state, oldest first.</summary>
    public IReadOnlyList<Look> DistinctLooks()
    {
        var looks = new List<Look>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var metrics = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        using var entry = database.Prepare("SELECT at, action FROM entries WHERE sequence = ?");
        foreach (var row in Enumerable.Reverse(rows))
        {
            entry.Reset().Bind(row.Entry).Step();
            var look = row.ToLook(entry.Text(0), entry.Text(1), Parse(row.Metrics, metrics));
            if (places.TryAdd(row.DataState, looks.Count))
            {
                looks.Add(look);
            }
            else
            {
                var place = places[row.DataState];
                looks[place] = Join(looks[place], look);
            }
        }

        return looks;
    }

    private static Look Join(Look first, Look again) => first with
    {
        Metrics = again.Metrics.All(first.Metrics.Contains) ? first.Metrics : [.. first.Metrics.Union(again.Metrics, StringComparer.Ordinal)],
        PValue = first.PValue is { } p && again.PValue is { } q ? Math.Min(p, q) : first.PValue ?? again.PValue,
        Action = again.Action,
    };

    private static IReadOnlyList<string> Parse(string json, Dictionary<string, IReadOnlyList<string>> seen)
    {
        if (!seen.TryGetValue(json, out var names))
        {
            using var document = JsonDocument.Parse(json);
            names = [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)];
            seen[json] = names;
        }

        return names;
    }

    private readonly record struct Row(long Entry, string DataState, long UnitCount, string Metrics, double? PValue, string? PlanHash)
    {
        public Look ToLook(string at, string action, IReadOnlyList<string> metrics) => new(
            LedgerTime.Parse(at),
            DataState, UnitCount, metrics, PValue, action);
    }
}
