using SQLitePCL;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

/// <summary>Changes a ledger file behind Gnomon's back, as any SQLite tool can.</summary>
internal static class Tamper
{
    private static readonly string[] Guarded = ["meta", "entries", "looks", "hypotheses", "exclusions", "plans", "overrides", "findings", "families", "arms"];

    // A test of this class may be the first to need the library.
    static Tamper() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    /// <summary>Runs the statement with the guards taken away and put back, so that only the chain can tell.</summary>
    public static void Behind(string path, string sql)
    {
        var guards = Guards(path);
        Run(path, string.Concat(Guarded.SelectMany(t => new[] { $"DROP TRIGGER {t}_forbid_update;", $"DROP TRIGGER {t}_forbid_delete;" })));
        Run(path, sql);
        Run(path, string.Concat(guards.Select(g => g + ";")));
    }

    /// <summary>Runs the statement; returns SQLite's complaint or null.</summary>
    public static string? Try(string path, string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null));
        using (database)
        {
            return raw.sqlite3_exec(database, sql, null, null, out var message) == raw.SQLITE_OK ? null : message;
        }
    }

    public static void Run(string path, string sql) => Assert.Null(Try(path, sql));

    private static List<string> Guards(string path)
    {
        var guards = new List<string>();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READONLY, null));
        using (database)
        {
            raw.sqlite3_exec(database, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", (_, values, _) =>
            {
                guards.Add(values[0]);
                return 0;
            }, null, out _);
        }

        return guards;
    }
}
