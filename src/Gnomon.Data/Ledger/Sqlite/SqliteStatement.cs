using System.Text;
using SQLitePCL;

namespace Gnomon.Data.Ledger.Sqlite;

/// <summary>A prepared statement: values in by position from 1, columns out by position from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private int bound;

    /// <summary>Starts over: the next bound value is the first parameter again.</summary>
    public SqliteStatement Reset()
    {
        raw.sqlite3_reset(handle);
        bound = 0;
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        bound++;
        database.Check(value is null ? raw.sqlite3_bind_null(handle, bound) : BindUtf8(Encoding.UTF8.GetBytes(value)));
        return this;
    }

    public SqliteStatement Bind(long? value)
    {
        bound++;
        database.Check(value is { } number ? raw.sqlite3_bind_int64(handle, bound, number) : raw.sqlite3_bind_null(handle, bound));
        return this;
    }

    public SqliteStatement Bind(double? value)
    {
        bound++;
        database.Check(value is { } number ? raw.sqlite3_bind_double(handle, bound, number) : raw.sqlite3_bind_null(handle, bound));
        return this;
    }

    public SqliteStatement Bind(byte[] value)
    {
        bound++;
        database.Check(value.Length == 0 ? raw.sqlite3_bind_zeroblob(handle, bound, 0) : raw.sqlite3_bind_blob(handle, bound, value.AsSpan()));
        return this;
    }

    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    public void TryStep() => raw.sqlite3_step(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public double? Real(int column) => IsNull(column) ? null : raw.sqlite3_column_double(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The column's text; the very string given when it says the same, which spares one for each row of a long list.</summary>
    public string Same(int column, string before)
    {
        var bytes = Bytes(column);
        return bytes.Length == before.Length && Ascii.Equals(bytes, before) ? before : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The column's bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    // An empty span has no address, and SQLite takes a text without address for NULL.
    private int BindUtf8(byte[] value) =>
        value.Length == 0 ? raw.sqlite3_bind_text(handle, bound, string.Empty) : raw.sqlite3_bind_text(handle, bound, value.AsSpan());

    public void Dispose() => handle.Dispose();
}
