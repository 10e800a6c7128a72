using SQLitePCL;

namespace Gnomon.Data.Ledger.Sqlite;

internal enum SqliteAccess
{
    ReadOnly,
    ReadWrite,
    Create,
}

/// <summary>One connection. Every failed call leaves as the <see cref="Core.Errors.GnomonError"/> that names the file and the way out.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 handle;

    static SqliteDatabase() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    private SqliteDatabase(string path, sqlite3 handle)
    {
        Path = path;
        this.handle = handle;
    }

    public string Path { get; }

    /// <summary>True when the file may be read but not written.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(handle, "main") == 1;

    public static SqliteDatabase Open(string path, SqliteAccess access, int busyTimeoutMilliseconds)
    {
        var flags = access switch
        {
            SqliteAccess.ReadOnly => raw.SQLITE_OPEN_READONLY,
            SqliteAccess.ReadWrite => raw.SQLITE_OPEN_READWRITE,
            _ => raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE,
        };
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, busyTimeoutMilliseconds);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Execute(string sql)
    {
        foreach (var statement in sql.Split(";;", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            using var prepared = Prepare(statement);
            while (prepared.Step())
            {
            }
        }
    }

    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(handle, sql, out var statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs the action in one transaction that holds the write lock from its first moment: nothing read inside can change before commit.</summary>
    public T Write<T>(Func<T> action)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = action();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>Runs the action on one unchanging picture of the file.</summary>
    public T Read<T>(Func<T> action)
    {
        Execute("BEGIN");
        try
        {
            return action();
        }
        finally
        {
            RollBack();
        }
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw LedgerErrors.FromSqlite(Path, raw.sqlite3_extended_errcode(handle), raw.sqlite3_errmsg(handle).utf8_to_string());
        }
    }

    public void Dispose() => handle.Dispose();

    // A failed statement may already have ended the transaction; then there is nothing to roll back.
    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(handle) == 0)
        {
            using var statement = Prepare("ROLLBACK");
            statement.TryStep();
        }
    }
}
