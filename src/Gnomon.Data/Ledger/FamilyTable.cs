using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>
/// The families as kept in the file. They follow from the looks alone, so they are no part of the hashed contents: a replay of the looks must
/// give the same rows, and verification does replay them.
/// </summary>
internal static class FamilyTable
{
    private const string Anchors = """
        SELECT f.family, f.entry, l.unit_count, l.units FROM families f JOIN looks l ON l.entry = f.entry
        WHERE f.roles = ?1 AND f.anchor = 1 ORDER BY f.family, f.entry
        """;

    private const string Newest = """
        SELECT l.entry, l.unit_count, l.units FROM looks l
        WHERE l.entry = (SELECT max(f.entry) FROM families f WHERE f.roles = ?1 AND f.family = ?2)
        """;

    /// <summary>True for looks that are told apart by their units.</summary>
    public static bool Concerns(LookContent? look) => look is { Name: null, Units.Length: > 0 };

    /// <summary>The families of these roles, ready to be asked.</summary>
    public static SketchFamilies Load(SqliteDatabase database, string roles)
    {
        var families = new SketchFamilies();
        var last = new Dictionary<long, long>();
        using (var anchors = database.Prepare(Anchors).Bind(roles))
        {
            while (anchors.Step())
            {
                last[anchors.Number(0)] = anchors.Number(1);
                families.Add(anchors.Number(0), anchors.Number(1), SketchBytes.ToHashes(anchors.Bytes(3)), anchors.Number(2), isAnchor: true);
            }
        }

        using var newest = database.Prepare(Newest);
        foreach (var (family, anchor) in last)
        {
            if (newest.Reset().Bind(roles).Bind(family).Step() && newest.Number(0) != anchor)
            {
                families.Add(family, newest.Number(0), SketchBytes.ToHashes(newest.Bytes(2)), newest.Number(1), isAnchor: false);
            }
        }

        return families;
    }

    /// <summary>Finds the new look's family and writes it down; the caller holds the transaction.</summary>
    public static void Add(SqliteDatabase database, long entry, LookContent look)
    {
        var place = Load(database, look.Roles).Join(entry, SketchBytes.ToHashes(look.Units), look.UnitCount);
        using var insert = Insertion(database);
        Insert(insert, look.Roles, entry, place);
    }

    /// <summary>Writes the families of all looks, for a ledger that has none yet.</summary>
    public static void Build(SqliteDatabase database)
    {
        using var insert = Insertion(database);
        foreach (var (roles, entry, place) in Replay(database))
        {
            Insert(insert, roles, entry, place);
        }
    }

    /// <summary>What differs between the rows and a replay of the looks, in words; null when nothing does.</summary>
    public static string? Difference(SqliteDatabase database)
    {
        using var find = database.Prepare("SELECT anchor FROM families WHERE roles = ?1 AND family = ?2 AND entry = ?3");
        var expected = 0L;
        foreach (var (roles, entry, place) in Replay(database))
        {
            expected++;
            if (!find.Reset().Bind(roles).Bind(place.Family).Bind(entry).Step() || find.Number(0) != (place.IsAnchor ? 1 : 0))
            {
                return $"the experiment that the look of entry {entry} belongs to was changed";
            }
        }

        find.Reset();
        return database.Number("SELECT count(*) FROM families") == expected ? null : "looks were attached to experiments they do not belong to";
    }

    private static IEnumerable<ReplayedLook> Replay(SqliteDatabase database)
    {
        var byRoles = new Dictionary<string, SketchFamilies>(StringComparer.Ordinal);
        using var looks = database.Prepare("SELECT entry, roles, unit_count, units FROM looks WHERE name IS NULL AND length(units) > 0 ORDER BY entry");
        while (looks.Step())
        {
            var roles = looks.Text(1);
            if (!byRoles.TryGetValue(roles, out var families))
            {
                byRoles[roles] = families = new SketchFamilies();
            }

            yield return new ReplayedLook(roles, looks.Number(0), families.Join(looks.Number(0), SketchBytes.ToHashes(looks.Bytes(3)), looks.Number(2)));
        }
    }

    private static SqliteStatement Insertion(SqliteDatabase database) =>
        database.Prepare("INSERT INTO families (roles, family, entry, anchor) VALUES (?, ?, ?, ?)");

    private static void Insert(SqliteStatement insert, string roles, long entry, FamilyPlace place)
    {
        insert.Reset().Bind(roles).Bind(place.Family).Bind(entry).Bind(place.IsAnchor ? 1L : 0L).Step();
        insert.Reset();
    }

    private readonly record struct ReplayedLook(string Roles, long Entry, FamilyPlace Place);
}
