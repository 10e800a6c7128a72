using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>
/// The families as kept in the file. They follow from the looks alone, so they are no part of the hashed contents: a replay of the looks must
/// give the same rows, and verification does replay them.
/// </summary>
internal static class FamilyTable
{
    private const string Anchors = """
        SELECT f.family, f.entry, l.name, l.unit_count, l.units, a.assigned FROM families f INDEXED BY families_by_anchor
        JOIN looks l ON l.entry = f.entry LEFT JOIN arms a ON a.entry = f.entry WHERE f.roles = ?1 AND f.anchor = 1 ORDER BY f.family, f.entry
        """;

    private const string Newest = """
        SELECT l.entry, l.name, l.unit_count, l.units, a.assigned FROM looks l LEFT JOIN arms a ON a.entry = l.entry
        WHERE l.entry = (SELECT f.entry FROM families f JOIN looks u ON u.entry = f.entry WHERE f.roles = ?1 AND f.family = ?2 AND length(u.units) > 0 ORDER BY f.entry DESC LIMIT 1)
        """;

    private const string NamesOf = """
        SELECT f.family, l.name FROM looks l INDEXED BY looks_by_name JOIN families f INDEXED BY families_by_entry ON f.entry = l.entry
        WHERE l.name IS NOT NULL AND f.roles = ?1
        """;

    private const string Founders = "SELECT DISTINCT family FROM families WHERE roles = ?1 ORDER BY family";

    private const string SameBytes = """
        SELECT f.family, l.roles FROM families f INDEXED BY families_by_state JOIN looks l ON l.entry = f.entry WHERE f.data_state = ?2 AND f.roles = ?1
        """;

    private const string Insertion = """
        INSERT INTO families (roles, family, entry, anchor, at, action, data_state, unit_count, metrics, p_value, plan_hash)
        SELECT ?4, ?2, l.entry, ?3, e.at, e.action, l.data_state, l.unit_count, l.metrics, l.p_value, l.plan_hash
        FROM looks l JOIN entries e ON e.sequence = l.entry WHERE l.entry = ?1
        """;

    private const string Comparison = """
        SELECT count(*) FROM families f JOIN looks l ON l.entry = f.entry JOIN entries e ON e.sequence = f.entry
        WHERE f.entry = ?1 AND f.roles = ?2 AND f.family = ?3 AND f.anchor = ?4 AND f.at = e.at AND f.action = e.action
          AND f.data_state = l.data_state AND f.unit_count = l.unit_count AND f.metrics = l.metrics AND f.p_value IS l.p_value AND f.plan_hash IS l.plan_hash
        """;

    /// <summary>The experiments of a verb are told apart among themselves: the roles up to the first bar.</summary>
    public static string Kind(string roles) => roles.Split('|', 2)[0];

    /// <summary>The families of a verb, ready to be asked.</summary>
    public static SketchFamilies Load(SqliteDatabase database, string kind)
    {
        var families = new SketchFamilies();
        var byId = new Dictionary<long, SketchFamily>();
        using (var founders = database.Prepare(Founders).Bind(kind))
        {
            while (founders.Step())
            {
                byId.Add(founders.Number(0), families.Begin(founders.Number(0)));
            }
        }

        using (var names = database.Prepare(NamesOf).Bind(kind))
        {
            while (names.Step())
            {
                byId[names.Number(0)].Names.Add(names.Text(1));
            }
        }

        using (var anchors = database.Prepare(Anchors).Bind(kind))
        {
            while (anchors.Step())
            {
                byId[anchors.Number(0)].Add(Known(anchors, 1), isAnchor: true);
            }
        }

        using var newest = database.Prepare(Newest);
        foreach (var family in families.All)
        {
            if (newest.Reset().Bind(kind).Bind(family.Id).Step() && newest.Number(0) != family.Newest?.Entry)
            {
                family.Add(Known(newest, 0), isAnchor: false);
            }
        }

        return families;
    }

    /// <summary>The families with a look at these bytes by the same column of arms; none for typed counts, which have no bytes.</summary>
    public static IReadOnlySet<long> SameData(SqliteDatabase database, string roles, string? state)
    {
        var found = new HashSet<long>();
        if (state is not { Length: > 0 } || Column(roles) is not { } column)
        {
            return found;
        }

        using var statement = database.Prepare(SameBytes).Bind(Kind(roles)).Bind(state);
        while (statement.Step())
        {
            if (Column(statement.Text(1)) == column)
            {
                found.Add(statement.Number(0));
            }
        }

        return found;
    }

    /// <summary>Columns that named the units of looks.</summary>
    public static IReadOnlyList<string> UnitColumns(SqliteDatabase database)
    {
        var columns = new SortedSet<string>(StringComparer.Ordinal);
        using var statement = database.Prepare("SELECT DISTINCT roles FROM looks");
        while (statement.Step())
        {
            if (statement.Text(0).Split('|').FirstOrDefault(r => r.StartsWith("unit=", StringComparison.Ordinal))?["unit=".Length..] is { Length: > 0 } column)
            {
                columns.Add(column);
            }
        }

        return [.. columns];
    }

    /// <summary>Finds the new look's family and writes it down; the caller holds the transaction and has written the look.</summary>
    public static void Add(SqliteDatabase database, long entry, LookContent look)
    {
        var sighting = new Sighting(entry, look.Name, SketchBytes.ToHashes(look.Units), look.UnitCount, look.Arms);
        var place = Load(database, Kind(look.Roles)).Join(sighting, SameData(database, look.Roles, look.DataState));
        using var insert = database.Prepare(Insertion);
        Insert(insert, entry, place, Kind(look.Roles));
    }

    /// <summary>Writes the families of all looks, for a ledger that has none yet.</summary>
    public static void Build(SqliteDatabase database)
    {
        using var insert = database.Prepare(Insertion);
        foreach (var look in Replay(database).ToList())
        {
            Insert(insert, look.Entry, look.Place, look.Kind);
        }
    }

    /// <summary>What differs between the rows and a replay of the looks, in words; null when nothing does.</summary>
    public static string? Difference(SqliteDatabase database)
    {
        using var compare = database.Prepare(Comparison);
        var expected = 0L;
        foreach (var (kind, entry, place) in Replay(database))
        {
            expected++;
            compare.Reset().Bind(entry).Bind(kind).Bind(place.Family).Bind(place.IsAnchor ? 1L : 0L).Step();
            if (compare.Number(0) != 1)
            {
                return $"the row of entry {entry} in table 'families' (which experiment the look belongs to) was changed";
            }
        }

        compare.Reset();
        return database.Number("SELECT count(*) FROM families") == expected ? null : "looks were attached to experiments they do not belong to";
    }

    private static IEnumerable<ReplayedLook> Replay(SqliteDatabase database)
    {
        var kinds = new Dictionary<string, SketchFamilies>(StringComparer.Ordinal);
        var states = new Dictionary<(string Kind, string State, string Column), HashSet<long>>();
        using var looks = database.Prepare("SELECT l.entry, l.roles, l.unit_count, l.units, l.name, l.data_state, a.assigned FROM looks l LEFT JOIN arms a ON a.entry = l.entry ORDER BY l.entry");
        while (looks.Step())
        {
            var (entry, roles) = (looks.Number(0), looks.Text(1));
            var look = new Sighting(entry, looks.TextOrNull(4), SketchBytes.ToHashes(looks.Bytes(3)), looks.Number(2), looks.IsNull(6) ? [] : looks.Bytes(6).ToArray());
            if (!kinds.TryGetValue(Kind(roles), out var families))
            {
                kinds[Kind(roles)] = families = new SketchFamilies();
            }

            HashSet<long>? same = null;
            if (Column(roles) is { } column && !states.TryGetValue((Kind(roles), looks.Text(5), column), out same))
            {
                states[(Kind(roles), looks.Text(5), column)] = same = [];
            }

            var place = families.Join(look, same ?? []);
            same?.Add(place.Family);
            yield return new ReplayedLook(Kind(roles), entry, place);
        }
    }

    // The column of arms among the roles; null where no data lie behind the look.
    private static string? Column(string roles) =>
        roles.Split('|').FirstOrDefault(r => r.StartsWith("variant=", StringComparison.Ordinal)) is { } role && role != "variant=typed" ? role : null;

    private static Sighting Known(SqliteStatement statement, int column) => new(
        statement.Number(column), statement.TextOrNull(column + 1), SketchBytes.ToHashes(statement.Bytes(column + 3)), statement.Number(column + 2),
        statement.IsNull(column + 4) ? [] : statement.Bytes(column + 4).ToArray());

    private static void Insert(SqliteStatement insert, long entry, FamilyPlace place, string kind)
    {
        insert.Reset().Bind(entry).Bind(place.Family).Bind(place.IsAnchor ? 1L : 0L).Bind(kind).Step();
        insert.Reset();
    }

    private readonly record struct ReplayedLook(string Kind, long Entry, FamilyPlace Place);
}
