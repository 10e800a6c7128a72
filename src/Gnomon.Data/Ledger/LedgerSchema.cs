using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Tables, triggers and versions of the ledger file. A version is only ever added to; files of every earlier one still open.</summary>
internal static class LedgerSchema
{
    public const string Name = "gnomon.ledger/1";

    /// <summary>The newest version this code writes; kept in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 3;

    /// <summary>"GNMN": tells a ledger from any other SQLite file.</summary>
    public const int ApplicationId = 0x474E4D4E;

    public static readonly string[] Tables = ["meta", "entries", "looks", "hypotheses", "exclusions", "plans", "overrides", "findings", "families", "arms"];

    private static readonly string[] Tables1 = Tables[..8];

    private const string Version1 = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;;
        CREATE TABLE entries (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT, format INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, verb TEXT NOT NULL,
          action TEXT NOT NULL, parts TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;;
        CREATE TABLE looks (
          entry INTEGER PRIMARY KEY, roles TEXT NOT NULL, name TEXT, unit_count INTEGER NOT NULL, data_state TEXT NOT NULL,
          metrics TEXT NOT NULL, p_value REAL, plan_hash TEXT, units BLOB NOT NULL) STRICT;;
        CREATE INDEX looks_by_roles ON looks (roles, name);;
        CREATE TABLE hypotheses (
          entry INTEGER NOT NULL, ordinal INTEGER NOT NULL, metric TEXT NOT NULL, contrast TEXT NOT NULL, p_value REAL, role TEXT NOT NULL,
          PRIMARY KEY (entry, ordinal)) STRICT, WITHOUT ROWID;;
        CREATE TABLE exclusions (
          entry INTEGER NOT NULL, ordinal INTEGER NOT NULL, reason TEXT NOT NULL, row_count INTEGER NOT NULL,
          PRIMARY KEY (entry, ordinal)) STRICT, WITHOUT ROWID;;
        CREATE TABLE plans (
          entry INTEGER PRIMARY KEY, roles TEXT NOT NULL, name TEXT, unit_count INTEGER NOT NULL, hash TEXT NOT NULL, json TEXT NOT NULL,
          units BLOB NOT NULL) STRICT;;
        CREATE INDEX plans_by_roles ON plans (roles, name);;
        CREATE TABLE overrides (
          entry INTEGER PRIMARY KEY, target INTEGER, decided_by TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL) STRICT;;
        CREATE TABLE findings (entry INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;;
        INSERT INTO meta (name, value) VALUES ('schema', 'gnomon.ledger/1');;
        """;

    // What every run asks for lies together, in the order asked, without the sketches: see docs/decisions/0003-ledger.md for what that saves.
    private const string Version2 = """
        CREATE TABLE families (
          roles TEXT NOT NULL, family INTEGER NOT NULL, entry INTEGER NOT NULL, anchor INTEGER NOT NULL, at TEXT NOT NULL, action TEXT NOT NULL,
          data_state TEXT NOT NULL, unit_count INTEGER NOT NULL, metrics TEXT NOT NULL, p_value REAL, plan_hash TEXT,
          PRIMARY KEY (roles, family, entry)) STRICT, WITHOUT ROWID;;
        CREATE INDEX families_by_anchor ON families (roles, family, entry) WHERE anchor = 1;;
        """;

    // Who was in which arm tells one experiment from another on the same units. Families then follow from units and arms, whatever columns and experiments are called.
    private const string Version3 = """
        CREATE TABLE arms (entry INTEGER PRIMARY KEY, assigned BLOB NOT NULL) STRICT;;
        CREATE INDEX looks_by_name ON looks (name) WHERE name IS NOT NULL;;
        CREATE INDEX families_by_entry ON families (entry);;
        CREATE INDEX families_by_state ON families (data_state);;
        """;

    /// <summary>Step <c>i</c> leads from version <c>i</c> to <c>i + 1</c>; version 0 is the empty file.</summary>
    private static readonly Action<SqliteDatabase>[] Steps = [Create, AddFamilies, AddArms];

    /// <summary>Refuses what is no ledger or too new; makes or upgrades what may be written.</summary>
    /// <returns>False when the file is still empty and may not be written: it holds nothing yet.</returns>
    public static bool Settle(SqliteDatabase database, bool mayCreate)
    {
        var version = Inspect(database);
        if (version == Version)
        {
            return true;
        }

        if (version > 0 && database.IsReadOnly)
        {
            throw LedgerErrors.TooOldToRead(database.Path, version, Version);
        }

        if (version == 0 && !mayCreate)
        {
            return false;
        }

        return database.Write(() =>
        {
            // Another process may have done the work between the look above and the lock.
            for (var at = Inspect(database); at < Version; at++)
            {
                Steps[at](database);
                database.Execute($"PRAGMA user_version = {at + 1}");
            }

            return true;
        });
    }

    /// <summary>The first table, index or guard that is not as this version makes it; null when all are.</summary>
    public static string? Altered(SqliteDatabase database)
    {
        using var fresh = SqliteDatabase.Open(":memory:", SqliteAccess.Create, 0);
        Settle(fresh, mayCreate: true);
        var expected = Objects(fresh);
        var present = Objects(database);
        return expected.Keys.Union(present.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => !expected.TryGetValue(name, out var a) || !present.TryGetValue(name, out var b) || a != b);
    }

    private static Dictionary<string, string> Objects(SqliteDatabase database)
    {
        var objects = new Dictionary<string, string>(StringComparer.Ordinal);
        using var statement = database.Prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
        while (statement.Step())
        {
            objects[statement.Text(0)] = statement.Text(1);
        }

        return objects;
    }

    private static long Inspect(SqliteDatabase database)
    {
        var version = database.Number("PRAGMA user_version");
        if (database.Number("PRAGMA application_id") != ApplicationId)
        {
            return version == 0 && database.Number("SELECT count(*) FROM sqlite_schema") == 0
                ? 0
                : throw LedgerErrors.NotALedger(database.Path, "it is an SQLite database with other contents");
        }

        return version <= Version ? version : throw LedgerErrors.TooNew(database.Path, version, Version);
    }

    private static void Create(SqliteDatabase database)
    {
        database.Execute($"PRAGMA application_id = {ApplicationId}");
        database.Execute(Version1);
        foreach (var table in Tables1)
        {
            Forbid(database, table);
        }
    }

    private static void AddFamilies(SqliteDatabase database)
    {
        database.Execute(Version2);
        Forbid(database, "families");
    }

    // Families follow from the looks alone: they are made anew, nothing that was recorded is touched.
    private static void AddArms(SqliteDatabase database)
    {
        database.Execute("DROP TABLE families");
        AddFamilies(database);
        database.Execute(Version3);
        FamilyTable.Build(database);
        Forbid(database, "arms");
    }

    private static void Forbid(SqliteDatabase database, string table)
    {
        Forbid(database, table, "update", "changed");
        Forbid(database, table, "delete", "removed");
    }

    private static void Forbid(SqliteDatabase database, string table, string verb, string participle) => database.Execute(
        $"CREATE TRIGGER {table}_forbid_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'a ledger is append-only: {table} may not be {participle}'); END");
}
