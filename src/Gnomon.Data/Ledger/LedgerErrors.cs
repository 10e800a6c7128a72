using Gnomon.Core.Errors;
using SQLitePCL;

namespace Gnomon.Data.Ledger;

/// <summary>What can go wrong with the file, in the words of the person who has to mend it.</summary>
internal static class LedgerErrors
{
    public const string NotReadable = "ledger-not-readable";

    private const string OtherPlace = "Name another place with --ledger PATH, or pass --no-ledger to keep no record.";

    public static GnomonError FromSqlite(string path, int extendedCode, string detail) => (extendedCode & 0xff) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new GnomonError(
            "ledger-busy", $"The ledger {path} is in use by another process and did not become free in time.", path,
            "Run again when the other process has finished."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => NotWritable(path, "the file or its folder is read-only"),
        raw.SQLITE_CANTOPEN => new GnomonError(
            NotReadable, $"The ledger {path} cannot be opened: {detail}.", path, OtherPlace),
        raw.SQLITE_FULL => new GnomonError(
            "ledger-full", $"The ledger {path} cannot grow: no space is left. What was recorded before is unharmed; this run was not recorded.", path,
            "Free some space and run again, or name another place with --ledger PATH."),
        raw.SQLITE_NOTADB => NotALedger(path, "it is not an SQLite database"),
        raw.SQLITE_CORRUPT => Damaged(path, detail),
        raw.SQLITE_IOERR => new GnomonError(
            "ledger-read-write-failed", $"The ledger {path} could not be read or written: {detail} (code {extendedCode}).", path,
            "Check the disk, then run gnomon ledger verify."),
        _ => new GnomonError(
            "ledger-failed", $"The ledger {path} refused a step: {detail} (code {extendedCode}).", path, "Run gnomon ledger verify."),
    };

    public static GnomonError NotWritable(string path, string why, Exception? inner = null) =>
        new("ledger-not-writable", $"The ledger {path} cannot be written: {why}.", path, OtherPlace, inner);

    public static GnomonError NotALedger(string path, string why) =>
        new("ledger-not-a-ledger", $"{path} is not a Gnomon ledger: {why}.", path, OtherPlace);

    public static GnomonError Damaged(string path, string detail) => new(
        "ledger-damaged", $"The ledger {path} is damaged: {detail}.", path,
        "Restore a copy or import an export (gnomon ledger export); until then name another place with --ledger PATH.");

    public static GnomonError TooNew(string path, long found, long known) => new(
        "ledger-too-new", $"The ledger {path} has format {found}; this version of Gnomon knows formats up to {known}.", path,
        "Use the newer Gnomon that wrote it, or name another place with --ledger PATH.");

    public static GnomonError TooOldToRead(string path, long found, long known) => new(
        "ledger-needs-upgrade", $"The ledger {path} has format {found} and must be upgraded to {known}, but the file or its folder is read-only.", path,
        "Make it writable once, or copy it and name the copy with --ledger PATH.");

    public static GnomonError NotFound(string path) => new(
        "ledger-not-found", $"There is no ledger at {path}.", path,
        "Name it with --ledger PATH; the first recorded run makes one.");

    public static GnomonError NoEntry(string path, long sequence, long entries) => new(
        "ledger-entry-not-found",
        entries == 0 ? $"The ledger {path} has no entry {sequence}: it is empty." : $"The ledger {path} has no entry {sequence}; it holds 1 to {entries}.",
        path, "List the entries with gnomon ledger list.");
}
