using System.Text.Json;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The recorded runs that belong to one experiment, oldest first.</summary>
internal sealed class LookHistory
{
    // Both find their rows in the index looks_by_experiment alone: the sketches, most of a look's bytes, are never touched.
    private const string ByName = "SELECT entry, data_state, unit_count, metrics, p_value, plan_hash FROM looks WHERE roles = ?1 AND name = ?2 ORDER BY entry";

    private const string ByFamily = """
        SELECT l.entry, l.data_state, l.unit_count, l.metrics, l.p_value, l.plan_hash
        FROM families f CROSS JOIN looks l INDEXED BY looks_by_experiment ON l.roles = f.roles AND l.name IS NULL AND l.entry = f.entry
        WHERE f.roles = ?1 AND f.family = ?2 ORDER BY f.entry
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
        if (key.Name is not null)
        {
            history.Add(database.Prepare(ByName).Bind(key.Roles).Bind(key.Name));
            return history;
        }

        var linked = key.Units.Count == 0 ? [] : FamilyTable.Load(database, key.Roles).Linked([.. key.Units], key.UnitCount);
        foreach (var family in linked)
        {
            history.Add(database.Prepare(ByFamily).Bind(key.Roles).Bind(family));
        }

        if (linked.Count > 1)
        {
            history.rows.Sort((a, b) => a.Entry.CompareTo(b.Entry));
        }

        return history;
    }

    /// <summary>One look for each data state, oldest first.</summary>
    public IReadOnlyList<Look> DistinctLooks()
    {
        var looks = new List<Look>(rows.Count);
        var places = new Dictionary<string, int>(rows.Count, StringComparer.Ordinal);
        var metrics = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        using var entry = database.Prepare("SELECT at, action FROM entries WHERE sequence = ?");
        foreach (var row in rows)
        {
            if (!entry.Reset().Bind(row.Entry).Step())
            {
                continue;
            }

            var look = new Look(LedgerTime.Parse(entry.Text(0)), row.DataState, row.UnitCount, Parse(row.Metrics, metrics), row.PValue, entry.Text(1));
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

    private void Add(SqliteStatement statement)
    {
        using (statement)
        {
            var metrics = string.Empty;
            while (statement.Step())
            {
                var text = statement.Text(3);
                metrics = text == metrics ? metrics : text;
                rows.Add(new Row(statement.Number(0), statement.Text(1), statement.Number(2), metrics, statement.Real(4), statement.TextOrNull(5)));
            }
        }
    }

    private readonly record struct Row(long Entry, string DataState, long UnitCount, string Metrics, double? PValue, string? PlanHash);
}
