using Gnomon.Core.Errors;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The one connection to a ledger file: opened when first needed, for reading if that is all the file allows, created on the first write.</summary>
internal sealed class LedgerConnection(string path, LedgerOptions options) : IDisposable
{
    // DELETE + EXTRA: a commit returns when the data, and then the removal of the rollback journal, are on the disk; at rest the ledger is one
    // file. The reasons against WAL are in docs/decisions/0003-ledger.md.
    private const string Settings = """
        PRAGMA journal_mode = DELETE;;
        PRAGMA synchronous = EXTRA;;
        PRAGMA fullfsync = 1;;
        PRAGMA trusted_schema = 0;;
        PRAGMA cell_size_check = 1
        """;

    private SqliteDatabase? database;

    public string Path { get; } = path;

    /// <summary>The open ledger, or null when there is none yet (or an empty file).</summary>
    public SqliteDatabase? ForReading()
    {
        if (database is null && File.Exists(Path))
        {
            Open(mayCreate: false);
        }

        return database;
    }

    /// <summary>Runs the action in one transaction on a ledger that is made when there is none; notes the new head when it is on the disk.</summary>
    /// <exception cref="GnomonError">Nothing was written.</exception>
    public LedgerHead Write(Func<SqliteDatabase, LedgerHead> action)
    {
        try
        {
            var open = ForWriting();
            var head = open.Write(() => action(open));
            HeadFile.Note(Path, head);
            return head;
        }
        catch (GnomonError e) when (e.Code == LedgerErrors.NotReadable)
        {
            throw LedgerErrors.NotWritable(Path, "the file or the rollback journal beside it cannot be made", e);
        }
    }

    public void Dispose()
    {
        database?.Dispose();
        database = null;
    }

    private SqliteDatabase ForWriting()
    {
        if (database is null)
        {
            MakeFolder();
            Open(mayCreate: true);
        }

        return database is { IsReadOnly: false } open ? open : throw LedgerErrors.NotWritable(Path, "the file or its folder is read-only");
    }

    private void Open(bool mayCreate)
    {
        var opened = SqliteDatabase.Open(Path, Access(mayCreate), options.BusyTimeoutMilliseconds);
        try
        {
            opened.Execute(Settings);
            if (options.MaximumPages is { } pages)
            {
                opened.Execute($"PRAGMA max_page_count = {pages}");
            }

            if (LedgerSchema.Settle(opened, mayCreate))
            {
                database = opened;
                return;
            }
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        opened.Dispose();
    }

    // SQLite falls back to reading by itself when the file may not be written; only a new file asks to be created.
    private SqliteAccess Access(bool mayCreate) => mayCreate && !File.Exists(Path) ? SqliteAccess.Create : SqliteAccess.ReadWrite;

    private void MakeFolder()
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.NotWritable(Path, "its folder cannot be made", e);
        }
    }
}

/// <summary>How patient and how large.</summary>
public sealed record LedgerOptions
{
    public static LedgerOptions Default { get; } = new();

    /// <summary>How long to wait for another process that is writing, in milliseconds.</summary>
    public int BusyTimeoutMilliseconds { get; init; } = 15_000;

    /// <summary>Largest size of the file in pages of 4,096 bytes; null for no limit but the disk's.</summary>
    public long? MaximumPages { get; init; }
}
