using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>
/// The families as kept in the file. They follow from the looks alone, so they are no part of the hashed contents: a replay of the looks must
/// give the same rows, and verification does replay them.
/// </summary>
internal static class FamilyTable
{
    private const string Anchors = """
        SELECT f.family, f.entry, l.unit_count, l.units FROM families f INDEXED BY families_by_anchor JOIN looks l ON l.entry = f.entry
        WHERE f.roles = ?1 AND f.anchor = 1 AND l.name IS NULL ORDER BY f.family, f.entry
        """;

    private const string Newest = """
        SELECT l.entry, l.unit_count, l.units FROM looks l
        WHERE l.entry = (SELECT max(f.entry) FROM families f WHERE f.roles = ?1 AND f.family = ?2)
        """;

    private const string Insertion = """
        INSERT INTO families (roles, family, entry, anchor, at, action, data_state, unit_count, metrics, p_value, plan_hash)
        SELECT l.roles, ?2, l.entry, ?3, e.at, e.action, l.data_state, l.unit_count, l.metrics, l.p_value, l.plan_hash
        FROM looks l JOIN entries e ON e.sequence = l.entry WHERE l.entry = ?1
        """;

    private const string Comparison = """
        SELECT count(*) FROM families f JOIN looks l ON l.entry = f.entry JOIN entries e ON e.sequence = f.entry
        WHERE f.entry = ?1 AND f.roles = ?2 AND f.family = ?3 AND f.anchor = ?4 AND f.roles = l.roles AND f.at = e.at AND f.action = e.action
          AND f.data_state = l.data_state AND f.unit_count = l.unit_count AND f.metrics = l.metrics AND f.p_value IS l.p_value AND f.plan_hash IS l.plan_hash
        """;

    /// <summary>The families of these roles, ready to be asked.</summary>
    public static SketchFamilies Load(SqliteDatabase database, string roles)
    {
        var families = new SketchFamilies();
        using (var anchors = database.Prepare(Anchors).Bind(roles))
        {
            SketchFamily? family = null;
            while (anchors.Step())
            {
                family = family?.Id == anchors.Number(0) ? family : families.Begin(anchors.Number(0));
                family.Add(Member(anchors, 1), isAnchor: true);
            }
        }

        using var newest = database.Prepare(Newest);
        foreach (var family in families.All)
        {
            if (newest.Reset().Bind(roles).Bind(family.Id).Step() && newest.Number(0) != family.Newest?.Entry)
            {
                family.Add(Member(newest, 0), isAnchor: false);
            }
        }

        return families;
    }

    /// <summary>The family of a name: its first entry; null when the name is new.</summary>
    public static long? Named(SqliteDatabase database, string roles, string name)
    {
        using var statement = database.Prepare("SELECT min(entry) FROM looks WHERE roles = ?1 AND name = ?2").Bind(roles).Bind(name);
        return statement.Step() && !statement.IsNull(0) ? statement.Number(0) : null;
    }

    /// <summary>Finds the new look's family and writes it down; the caller holds the transaction and has written the look.</summary>
    public static void Add(SqliteDatabase database, long entry, LookContent look)
    {
        var place = look.Name is { } name ? OfName(Named(database, look.Roles, name), entry)
            : look.Units.Length == 0 ? OfItself(entry)
            : Load(database, look.Roles).Join(entry, SketchBytes.ToHashes(look.Units), look.UnitCount);
        using var insert = database.Prepare(Insertion);
        Insert(insert, entry, place);
    }

    /// <summary>Writes the families of all looks, for a ledger that has none yet.</summary>
    public static void Build(SqliteDatabase database)
    {
        using var insert = database.Prepare(Insertion);
        foreach (var look in Replay(database))
        {
            Insert(insert, look.Entry, look.Place);
        }
    }

    /// <summary>What differs between the rows and a replay of the looks, in words; null when nothing does.</summary>
    public static string? Difference(SqliteDatabase database)
    {
        using var compare = database.Prepare(Comparison);
        var expected = 0L;
        foreach (var (roles, entry, place) in Replay(database))
        {
            expected++;
            compare.Reset().Bind(entry).Bind(roles).Bind(place.Family).Bind(place.IsAnchor ? 1L : 0L).Step();
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
        var sketched = new Dictionary<string, SketchFamilies>(StringComparer.Ordinal);
        var named = new Dictionary<RolesAndName, long>();
        using var looks = database.Prepare("SELECT entry, roles, unit_count, units, name FROM looks ORDER BY entry");
        while (looks.Step())
        {
            var (entry, roles, units) = (looks.Number(0), looks.Text(1), SketchBytes.ToHashes(looks.Bytes(3)));
            if (looks.TextOrNull(4) is { } name)
            {
                var key = new RolesAndName(roles, name);
                named.TryAdd(key, entry);
                yield return new ReplayedLook(roles, entry, OfName(named[key], entry));
            }
            else if (units.Length == 0)
            {
                yield return new ReplayedLook(roles, entry, OfItself(entry));
            }
            else
            {
                if (!sketched.TryGetValue(roles, out var families))
                {
                    sketched[roles] = families = new SketchFamilies();
                }

                yield return new ReplayedLook(roles, entry, families.Join(entry, units, looks.Number(2)));
            }
        }
    }

    private static SketchMember Member(SqliteStatement statement, int column) =>
        new(statement.Number(column), SketchBytes.ToHashes(statement.Bytes(column + 2)), statement.Number(column + 1));

    // A family that is never compared by units needs no anchors.
    private static FamilyPlace OfName(long? first, long entry) => new(first ?? entry, false);

    private static FamilyPlace OfItself(long entry) => new(entry, false);

    private static void Insert(SqliteStatement insert, long entry, FamilyPlace place)
    {
        insert.Reset().Bind(entry).Bind(place.Family).Bind(place.IsAnchor ? 1L : 0L).Step();
        insert.Reset();
    }

    private readonly record struct RolesAndName(string Roles, string Name);

    private readonly record struct ReplayedLook(string Roles, long Entry, FamilyPlace Place);
}
