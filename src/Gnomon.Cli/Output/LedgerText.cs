using System.Globalization;
using System.Text.Json;
using Gnomon.Cli.Help;
using Gnomon.Data.Ledger;

namespace Gnomon.Cli.Output;

/// <summary>Ledger entries as lines of text and as JSON.</summary>
internal static class LedgerText
{
    public static IEnumerable<string> List(string location, IReadOnlyList<LedgerLine> entries)
    {
        if (entries.Count == 0)
        {
            return [$"{location} holds no such entry."];
        }

        IReadOnlyList<string> head = ["no", "when", "kind", "verb", "decision", "units", "tests", "p", "what"];
        return Columns.Grid([head, .. entries.Select(Row)]).Append(string.Empty).Append(string.Create(CultureInfo.InvariantCulture, $"{entries.Count} entries of {location}"));
    }

    public static IEnumerable<string> Show(LedgerDetail entry, int width)
    {
        var line = entry.Line;
        var rows = new List<(string, string)>
        {
            ("Entry", Whole(line.Sequence)),
            ("When", When(line.At)),
            ("Kind", line.Kind),
            ("Hash", entry.Hash),
            ("Before", entry.PreviousHash),
        };
        AddIf(rows, "Experiment", entry.Experiment is { } e ? e.Name ?? e.Roles : null);
        AddIf(rows, "Units", line.UnitCount is { } units ? Whole(units) : null);
        AddIf(rows, "Data state", entry.DataState);
        AddIf(rows, "Plan", entry.PlanHash);
        AddIf(rows, "Tested", entry.Hypotheses.Count == 0 ? null : string.Join("; ", entry.Hypotheses.Select(h => $"{h.Metric}, {h.Contrast}{(h.PValue is { } p ? $", p {Number(p)}" : string.Empty)} ({h.Role})")));
        AddIf(rows, "Set aside", entry.Exclusions.Count == 0 ? null : string.Join("; ", entry.Exclusions.Select(x => $"{Whole(x.Rows)} rows: {x.Reason}")));
        AddIf(rows, "Overrides", line.Target is { } target ? $"entry {Whole(target)} with {entry.Override?.Action}, by {entry.Override?.By}: {entry.Override?.Reason}" : null);
        AddIf(rows, "Overridden by", line.OverriddenBy is { } by ? $"entry {Whole(by)}" : null);
        AddIf(rows, "Plan text", entry.Plan?.Json);
        return Columns.Two(rows, width, indent: 0);
    }

    public static string Verified(string location, LedgerVerification outcome) => outcome.Head is { } head
        ? $"{location}: {outcome.Summary}\nhead {head.Hash} (note it elsewhere; verify with --head)"
        : $"{location}: {outcome.Summary}";

    public static string Json(string location, IReadOnlyList<LedgerLine> entries) => JsonDocumentText.Write("gnomon.ledger-list/1", writer =>
    {
        writer.WriteString("ledger", location);
        writer.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            Write(writer, entry);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static string Json(string location, LedgerDetail entry) => JsonDocumentText.Write("gnomon.ledger-entry/1", writer =>
    {
        writer.WriteString("ledger", location);
        Write(writer, entry.Line);
        writer.WriteString("hash", entry.Hash);
        writer.WriteString("previousHash", entry.PreviousHash);
        WriteIf(writer, "roles", entry.Experiment?.Roles);
        WriteIf(writer, "dataState", entry.DataState);
        WriteIf(writer, "planHash", entry.PlanHash);
        writer.WriteStartArray("hypothesesTested");
        foreach (var h in entry.Hypotheses)
        {
            writer.WriteStartObject();
            writer.WriteString("metric", h.Metric);
            writer.WriteString("contrast", h.Contrast);
            WriteIf(writer, "p", h.PValue);
            writer.WriteString("role", h.Role);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("exclusions");
        foreach (var x in entry.Exclusions)
        {
            writer.WriteStartObject();
            writer.WriteString("reason", x.Reason);
            writer.WriteNumber("rows", x.Rows);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (entry.Override is { } o)
        {
            writer.WriteStartObject("override");
            writer.WriteString("by", o.By);
            writer.WriteString("action", o.Action);
            writer.WriteString("reason", o.Reason);
            writer.WriteEndObject();
        }

        WriteRawIf(writer, "plan", entry.Plan?.Json);
        WriteRawIf(writer, "finding", entry.FindingJson);
    });

    public static string Json(string location, LedgerVerification outcome) => JsonDocumentText.Write("gnomon.ledger-verification/1", writer =>
    {
        writer.WriteString("ledger", location);
        writer.WriteBoolean("intact", outcome.Intact);
        writer.WriteNumber("entries", outcome.Entries);
        if (outcome.FirstBroken is { } broken)
        {
            writer.WriteNumber("firstBroken", broken);
        }

        WriteIf(writer, "difference", outcome.Difference);
        WriteIf(writer, "head", outcome.Head?.Hash);
        writer.WriteString("witness", outcome.Witness.ToString().ToLowerInvariant());
        writer.WriteString("summary", outcome.Summary);
    });

    private static IReadOnlyList<string> Row(LedgerLine e) =>
    [
        Whole(e.Sequence), When(e.At), e.Kind, e.Verb,
        e.OverriddenBy is null ? e.Action : $"{e.Action} (overridden)",
        e.UnitCount is { } units ? Whole(units) : "-", Whole(e.Hypotheses), e.PValue is { } p ? Number(p) : "-",
        e.Title ?? e.Experiment ?? (e.Target is { } target ? $"overrides entry {Whole(target)}" : string.Empty),
    ];

    private static void Write(Utf8JsonWriter writer, LedgerLine e)
    {
        writer.WriteNumber("sequence", e.Sequence);
        writer.WriteString("at", e.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("kind", e.Kind);
        writer.WriteString("verb", e.Verb);
        writer.WriteString("action", e.Action);
        WriteIf(writer, "title", e.Title);
        WriteIf(writer, "experiment", e.Experiment);
        if (e.UnitCount is { } units)
        {
            writer.WriteNumber("units", units);
        }

        writer.WriteNumber("hypotheses", e.Hypotheses);
        WriteIf(writer, "p", e.PValue);
        if (e.Target is { } target)
        {
            writer.WriteNumber("overrides", target);
        }

        if (e.OverriddenBy is { } by)
        {
            writer.WriteNumber("overriddenBy", by);
        }
    }

    private static void WriteIf(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteIf(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteRawIf(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
        }
    }

    private static void AddIf(List<(string, string)> rows, string term, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            rows.Add((term, text));
        }
    }

    private static string When(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value < 0.0001 ? "<0.0001" : value.ToString("0.####", CultureInfo.InvariantCulture);
}
