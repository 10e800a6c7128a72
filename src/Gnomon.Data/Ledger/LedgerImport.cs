using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Reads an export back; every line must hash to what it says and follow the line before.</summary>
internal static class LedgerImport
{
    /// <summary>Fills the empty ledger inside the caller's transaction.</summary>
    public static LedgerHead Fill(SqliteDatabase database, TextReader lines)
    {
        if (EntryReader.Count(database) is > 0 and var there)
        {
            throw new GnomonError(
                "ledger-not-empty", $"The ledger {database.Path} already holds entries 1 to {there}; an import needs an empty one.", database.Path,
                "Name a new file with --ledger PATH.");
        }

        var (entries, head) = Line(1, lines.ReadLine(), e => (e.GetProperty("schema").GetString() == LedgerSchema.Name
            ? e.GetProperty("entries").GetInt64()
            : throw new FormatException($"the schema is not {LedgerSchema.Name}"), e.GetProperty("head").GetString()));
        var previous = EntryChain.Genesis;
        for (var sequence = 1L; sequence <= entries; sequence++)
        {
            previous = Line(sequence + 1, lines.ReadLine(), e => WriteOne(database, Content(e), previous, Convert.FromHexString(Text(e, "hash"))), sequence);
        }

        if (lines.ReadLine() is { Length: > 0 } || Convert.ToHexStringLower(previous) != head)
        {
            throw Broken(entries + 1, "the end is not the one the first line announces");
        }

        FamilyTable.Build(database);
        return new LedgerHead(entries, head);
    }

    private static byte[] WriteOne(SqliteDatabase database, EntryContent content, byte[] previous, byte[] hash)
    {
        var seal = EntryChain.Seal(content, previous);
        if (!seal.Hash.AsSpan().SequenceEqual(hash))
        {
            throw new FormatException($"entry {content.Sequence} does not have the hash it claims, or does not follow the entry before");
        }

        EntryWriter.Write(database, content, seal);
        return seal.Hash;
    }

    private static T Line<T>(long number, string? text, Func<JsonElement, T> read, long? sequence = null)
    {
        try
        {
            using var document = JsonDocument.Parse(text ?? throw new FormatException("the text ends too early"));
            return sequence is null || document.RootElement.GetProperty("sequence").GetInt64() == sequence
                ? read(document.RootElement)
                : throw new FormatException($"it is not entry {sequence}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Broken(number, e is FormatException ? e.Message : "it is not a line of an export", e);
        }
    }

    private static GnomonError Broken(long line, string why, Exception? inner = null) => new(
        "ledger-import-broken", $"Line {line} of the export does not hold: {why}. Nothing was imported.", $"line {line}",
        "Export again from the ledger itself.", inner);

    private static EntryContent Content(JsonElement e) => new()
    {
        Sequence = e.GetProperty("sequence").GetInt64(),
        At = Text(e, "at"),
        Kind = Text(e, "kind"),
        Verb = Text(e, "verb"),
        Action = Text(e, "action"),
        Look = Part(e, "look", l => new LookContent(
            Text(l, "roles"), TextOrNull(l, "name"), l.GetProperty("unitCount").GetInt64(), Text(l, "dataState"), Text(l, "metrics"),
            Number(l, "p"), TextOrNull(l, "planHash"), l.GetProperty("units").GetBytesFromBase64())
        {
            Arms = l.TryGetProperty("arms", out var arms) ? arms.GetBytesFromBase64() : [],
        }),
        Hypotheses = [.. e.GetProperty("hypotheses").EnumerateArray().Select(h => new Hypothesis(Text(h, "metric"), Text(h, "contrast"), Number(h, "p"), Text(h, "role")))],
        Exclusions = [.. e.GetProperty("exclusions").EnumerateArray().Select(x => new Exclusion(Text(x, "reason"), x.GetProperty("rows").GetInt64()))],
        Plan = Part(e, "plan", p => new PlanContent(
            Text(p, "roles"), TextOrNull(p, "name"), p.GetProperty("unitCount").GetInt64(), Text(p, "hash"), Text(p, "text"),
            p.GetProperty("units").GetBytesFromBase64())),
        Override = Part(e, "override", o => new OverrideContent(
            o.GetProperty("target") is { ValueKind: JsonValueKind.Number } target ? target.GetInt64() : null, Text(o, "by"), Text(o, "action"), Text(o, "reason"))),
        Finding = e.TryGetProperty("finding", out var finding) ? finding.GetString() : null,
    };

    private static T? Part<T>(JsonElement e, string name, Func<JsonElement, T> read)
        where T : class => e.TryGetProperty(name, out var part) ? read(part) : null;

    private static string Text(JsonElement e, string name) => e.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is missing");

    private static string? TextOrNull(JsonElement e, string name) => e.GetProperty(name).GetString();

    private static double? Number(JsonElement e, string name) =>
        e.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
