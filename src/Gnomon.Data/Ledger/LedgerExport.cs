using System.Text;
using System.Text.Json;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The ledger as JSON Lines.</summary>
/// <remarks>
/// First line: <c>{"schema":"gnomon.ledger/1","entries":N,"head":HASH}</c>. Then one entry a line, with <c>previous</c> and <c>hash</c>.
/// Findings and plans are text fields, because the hash covers their exact text; sketches are base64 of 8-byte little-endian hashes.
/// </remarks>
internal static class LedgerExport
{
    /// <summary>Writes everything; returns the number of entries.</summary>
    public static long Write(SqliteDatabase database, TextWriter writer, CancellationToken cancellation)
    {
        var count = EntryReader.Count(database);
        using var reader = new EntryReader(database);
        var head = count == 0 ? EntryChain.Genesis : Entry(reader, database.Path, count).Seal.Hash;
        WriteLine(writer, json =>
        {
            json.WriteString("schema", LedgerSchema.Name);
            json.WriteNumber("entries", count);
            json.WriteString("head", Convert.ToHexStringLower(head));
        });
        for (var sequence = 1L; sequence <= count; sequence++)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = Entry(reader, database.Path, sequence);
            WriteLine(writer, json => Write(json, entry));
        }

        return count;
    }

    private static SealedEntry Entry(EntryReader reader, string path, long sequence) =>
        reader.Read(sequence) ?? throw LedgerErrors.Damaged(path, $"entry {sequence} is missing");

    private static void WriteLine(TextWriter writer, Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        writer.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, SealedEntry entry)
    {
        var content = entry.Content;
        json.WriteNumber("sequence", content.Sequence);
        json.WriteString("at", content.At);
        json.WriteString("kind", content.Kind);
        json.WriteString("verb", content.Verb);
        json.WriteString("action", content.Action);
        WriteLook(json, content.Look);
        WriteHypotheses(json, content);
        WriteExclusions(json, content);
        WritePlan(json, content.Plan);
        WriteOverride(json, content.Override);
        if (content.Finding is { } finding)
        {
            json.WriteString("finding", finding);
        }

        json.WriteString("previous", Convert.ToHexStringLower(entry.Seal.Previous));
        json.WriteString("hash", Convert.ToHexStringLower(entry.Seal.Hash));
    }

    private static void WriteLook(Utf8JsonWriter json, LookContent? look)
    {
        if (look is null)
        {
            return;
        }

        json.WriteStartObject("look");
        json.WriteString("roles", look.Roles);
        json.WriteString("name", look.Name);
        json.WriteNumber("unitCount", look.UnitCount);
        json.WriteString("dataState", look.DataState);
        json.WriteString("metrics", look.Metrics);
        WriteNumber(json, "p", look.PValue);
        json.WriteString("planHash", look.PlanHash);
        json.WriteBase64String("units", look.Units);
        if (look.Arms.Length > 0)
        {
            json.WriteBase64String("arms", look.Arms);
        }

        json.WriteEndObject();
    }

    private static void WriteHypotheses(Utf8JsonWriter json, EntryContent content)
    {
        json.WriteStartArray("hypotheses");
        foreach (var hypothesis in content.Hypotheses)
        {
            json.WriteStartObject();
            json.WriteString("metric", hypothesis.Metric);
            json.WriteString("contrast", hypothesis.Contrast);
            WriteNumber(json, "p", hypothesis.PValue);
            json.WriteString("role", hypothesis.Role);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteExclusions(Utf8JsonWriter json, EntryContent content)
    {
        json.WriteStartArray("exclusions");
        foreach (var exclusion in content.Exclusions)
        {
            json.WriteStartObject();
            json.WriteString("reason", exclusion.Reason);
            json.WriteNumber("rows", exclusion.Rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePlan(Utf8JsonWriter json, PlanContent? plan)
    {
        if (plan is null)
        {
            return;
        }

        json.WriteStartObject("plan");
        json.WriteString("roles", plan.Roles);
        json.WriteString("name", plan.Name);
        json.WriteNumber("unitCount", plan.UnitCount);
        json.WriteString("hash", plan.Hash);
        json.WriteString("text", plan.Json);
        json.WriteBase64String("units", plan.Units);
        json.WriteEndObject();
    }

    private static void WriteOverride(Utf8JsonWriter json, OverrideContent? decision)
    {
        if (decision is null)
        {
            return;
        }

        json.WriteStartObject("override");
        WriteNumber(json, "target", decision.Target);
        json.WriteString("by", decision.By);
        json.WriteString("action", decision.Action);
        json.WriteString("reason", decision.Reason);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
