using System.Globalization;
using System.Text;

namespace Gnomon.Data.Ledger;

/// <summary>Number of entries and the hash of the last one: noted outside the ledger, it proves later that nothing up to it was removed or rewritten.</summary>
/// <param name="Entries">Entries at the time.</param>
/// <param name="Hash">Hash of entry number <paramref name="Entries"/>, 64 hexadecimal digits.</param>
public sealed record LedgerHead(long Entries, string Hash);

/// <summary>The small file beside the ledger that witnesses its head.</summary>
/// <remarks>
/// Written after each commit, so it may lag behind (a process killed in between, two writers at once) but never runs ahead: an honest ledger
/// always holds at least the entries it names. One line of fixed length, overwritten by one write, so a kill leaves the old or the new line.
/// </remarks>
internal static class HeadFile
{
    private const int SequenceDigits = 19;
    private const int HashDigits = 64;
    private const int Length = SequenceDigits + 1 + HashDigits + 1;

    public static string PathFor(string ledgerPath) => ledgerPath + ".head";

    /// <summary>Notes the head. A failure is no reason to report a committed entry as lost: the older line stays a true lower bound.</summary>
    public static void Note(string ledgerPath, LedgerHead head)
    {
        try
        {
            using var file = File.OpenHandle(PathFor(ledgerPath), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Entries:D19} {head.Hash}\n"));
            RandomAccess.Write(file, line, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>The noted head; null with <paramref name="present"/> false when there is no file, with true when it cannot be understood.</summary>
    public static LedgerHead? Read(string ledgerPath, out bool present)
    {
        var path = PathFor(ledgerPath);
        present = File.Exists(path);
        if (!present)
        {
            return null;
        }

        try
        {
            var text = File.ReadAllText(path, Encoding.ASCII);
            return text.Length == Length
                && long.TryParse(text.AsSpan(0, SequenceDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var entries)
                && text.AsSpan(SequenceDigits + 1, HashDigits).IndexOfAnyExcept("0123456789abcdef") < 0
                ? new LedgerHead(entries, text.Substring(SequenceDigits + 1, HashDigits))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
