using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The recorded runs that belong to one experiment, oldest first.</summary>
internal sealed class LookHistory
{
    private const string Sql = """
        SELECT f.entry, f.at, f.action, f.data_state, f.unit_count, f.metrics, f.p_value, f.plan_hash, l.name
        FROM families f JOIN looks l ON l.entry = f.entry WHERE f.roles = ?1 AND f.family = ?2 ORDER BY f.entry
        """;

    private readonly List<Row> rows = [];
    private readonly string path;

    private LookHistory(string path) => this.path = path;

    /// <summary>Hashes of the plans these runs were held to.</summary>
    public IReadOnlySet<string> PlanHashes => rows.Select(r => r.PlanHash).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Entries of these runs.</summary>
    public IReadOnlySet<long> Entries => rows.Select(r => r.Entry).ToHashSet();

    /// <summary>Names these runs were recorded under.</summary>
    public IReadOnlySet<string> Names { get; private set; } = new HashSet<string>();

    /// <summary>Names of experiments on the same units of which nothing tells whether they are this one; an empty text for one without a name.</summary>
    public IReadOnlyList<string> Unsettled { get; private set; } = [];

    /// <summary>Rows of the families with the name, the same data, or the same units in the same arms.</summary>
    public static LookHistory Read(SqliteDatabase database, ExperimentKey key)
    {
        var history = new LookHistory(database.Path);
        var kind = FamilyTable.Kind(key.Roles);
        var families = FamilyTable.Load(database, kind);
        var sighting = new Sighting(0, key.Name, SketchBytes.ToHashes(key.Units), key.UnitCount, SketchArms.Bytes(key));
        var same = FamilyTable.SameData(database, key.Roles, key.DataState);
        var linked = families.Linked(sighting, same);
        foreach (var family in linked)
        {
            history.Add(database, kind, family.Id);
        }

        history.Names = linked.SelectMany(f => f.Names).ToHashSet(StringComparer.Ordinal);
        history.Unsettled = [.. families.Unsettled(sighting, same).SelectMany(f => f.Names.Count == 0 ? (IEnumerable<string>)[string.Empty] : f.Names.Order(StringComparer.Ordinal))];
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
        foreach (var row in rows)
        {
            var look = new Look(LedgerTime.Parse(row.At, path), row.DataState, row.UnitCount, Parse(row.Metrics, metrics), row.PValue, row.Action) { Name = row.Name };
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

    /// <summary>What was found at each run, oldest first.</summary>
    public IReadOnlyList<RecordedFinding> Findings(SqliteDatabase database)
    {
        var found = new List<RecordedFinding>(rows.Count);
        foreach (var row in rows)
        {
            using var statement = database.Prepare("SELECT json FROM findings WHERE entry = ?1").Bind(row.Entry);
            if (statement.Step())
            {
                found.Add(new RecordedFinding(row.DataState, statement.Text(0)));
            }
        }

        return found;
    }

    private static Look Join(Look first, Look again) => first with
    {
        Name = first.Name ?? again.Name,
        Metrics = again.Metrics.All(first.Metrics.Contains) ? first.Metrics : [.. first.Metrics.Union(again.Metrics, StringComparer.Ordinal)],
        PValue = first.PValue is { } p && again.PValue is { } q ? Math.Min(p, q) : first.PValue ?? again.PValue,
        Action = again.Action,
    };

    private IReadOnlyList<string> Parse(string json, Dictionary<string, IReadOnlyList<string>> seen)
    {
        if (!seen.TryGetValue(json, out var names))
        {
            names = JsonTexts.Read(json) ?? throw LedgerErrors.Damaged(path, $"'{json}' is no list of metrics");
            seen[json] = names;
        }

        return names;
    }

    private void Add(SqliteDatabase database, string roles, long? family)
    {
        using (var statement = database.Prepare(Sql).Bind(roles).Bind(family))
        {
            string action = string.Empty, metrics = string.Empty;
            while (statement.Step())
            {
                action = statement.Same(2, action);
                metrics = statement.Same(5, metrics);
                rows.Add(new Row(
                    statement.Number(0), statement.Text(1), action, statement.Text(3), statement.Number(4), metrics, statement.Real(6), statement.TextOrNull(7), statement.TextOrNull(8)));
            }
        }
    }

    private sealed record Row(
        long Entry, string At, string Action, string DataState, long UnitCount, string Metrics, double? PValue, string? PlanHash, string? Name);
}
