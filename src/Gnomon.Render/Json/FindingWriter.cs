using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Json;

/// <summary>Writes a finding field by field, in the order of the contract. No reflection: start-up time matters.</summary>
internal static class FindingWriter
{
    // Raw values are not indented by the writer: finding, tables, table, rows.
    private static ReadOnlySpan<byte> RowIndent => "\n        "u8;

    internal static byte[] Write(Finding finding) => JsonText.Write(JsonText.Indented, w => WriteFinding(w, finding));

    private static void WriteFinding(Utf8JsonWriter w, Finding f)
    {
        w.WriteStartObject();
        w.WriteString("schema", Finding.SchemaName);
        w.WriteString("question", f.Question);
        w.WriteString("title", f.Title);
        w.WriteStartObject("decision");
        w.WriteString("action", f.Decision.Action.Word());
        w.WriteString("summary", f.Decision.Summary);
        w.Strings("because", f.Decision.Because);
        w.WriteEndObject();
        Each(w, "estimates", f.Estimates, WriteEstimate);
        Each(w, "checks", f.Checks, WriteCheck);
        w.Strings("limitations", f.Limitations);
        w.Strings("next", f.Next);
        Each(w, "plots", f.Plots, WritePlot);
        Each(w, "tables", f.Tables, WriteTable);
        WriteProvenance(w, f.Provenance);
        w.WriteEndObject();
    }

    private static void Each<T>(Utf8JsonWriter w, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        w.WriteStartArray(name);
        foreach (var item in items)
        {
            write(w, item);
        }

        w.WriteEndArray();
    }

    private static void WriteEstimate(Utf8JsonWriter w, Estimate e)
    {
        var owner = $"estimate '{e.Name}' of '{e.Metric}'";
        w.WriteStartObject();
        w.WriteString("name", e.Name);
        w.StringIfAny("metric", e.Metric);
        w.StringIfAny("contrast", e.Contrast);
        w.Number("value", e.Value, owner);
        w.Number("low", e.Low, owner);
        w.Number("high", e.High, owner);
        w.Number("level", e.Level, owner);
        w.WriteString("unit", e.Unit);
        w.NumberIfAny("p", e.P, owner);
        w.WriteNumber("n", e.N);
        w.WriteString("method", e.Method);
        w.WriteString("role", e.Role);
        w.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter w, CheckReport c)
    {
        var owner = $"check '{c.Id}'";
        w.WriteStartObject();
        w.WriteString("id", c.Id);
        w.WriteString("status", CheckWords.Word(c.Status));
        w.NumberIfAny("statistic", c.Statistic, owner);
        w.NumberIfAny("threshold", c.Threshold, owner);
        w.NumberIfAny("p", c.P, owner);
        w.WriteString("evidence", c.Evidence);
        w.WriteString("remedy", c.Remedy);
        w.WriteString("source", c.Source);
        w.WriteEndObject();
    }

    private static void WritePlot(Utf8JsonWriter w, Plot p)
    {
        w.WriteStartObject();
        w.WriteString("id", p.Id);
        w.WriteString("title", p.Title);
        w.WritePropertyName("vegaLite");
        try
        {
            p.VegaLite.WriteTo(w);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"plot '{p.Id}' holds a value that JSON cannot carry, such as a number that is not finite: {e.Message}", e);
        }

        w.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter w, ResultTable t)
    {
        w.WriteStartObject();
        w.WriteString("id", t.Id);
        w.WriteString("title", t.Title);
        w.Strings("columns", t.Columns);
        w.WriteStartArray("rows");
        foreach (var row in t.Rows)
        {
            // A row per line: a table of 200 columns stays readable in a diff.
            byte[] line = [.. RowIndent, .. JsonText.Write(JsonText.OneLine, cells => WriteRow(cells, t.Id, row))];
            w.WriteRawValue(line, skipInputValidation: true);
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter w, string table, IReadOnlyList<object?> row)
    {
        w.WriteStartArray();
        foreach (var cell in row)
        {
            WriteCell(w, table, cell);
        }

        w.WriteEndArray();
    }

    private static void WriteCell(Utf8JsonWriter w, string table, object? cell)
    {
        switch (cell)
        {
            case null:
                w.WriteNullValue();
                break;
            case string text:
                w.WriteStringValue(text);
                break;
            case bool flag:
                w.WriteBooleanValue(flag);
                break;
            case long number:
                w.WriteNumberValue(number);
                break;
            case int number:
                w.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                WriteDoubleCell(w, number);
                break;
            default:
                throw new InvalidOperationException($"table '{table}' holds {cell} ({cell.GetType().Name}); cells are string, long, finite double, bool or null.");
        }
    }

    // 5.0 stays a double when it is read again; 5 is a count.
    private static void WriteDoubleCell(Utf8JsonWriter w, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        w.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text);
    }

    private static void WriteProvenance(Utf8JsonWriter w, Provenance p)
    {
        w.WriteStartObject("provenance");
        w.WriteString("version", p.Version);
        w.Strings("command", p.Command);
        w.WriteNumber("seed", p.Seed);
        w.WriteString("engine", p.Engine);
        w.WriteStartArray("data");
        foreach (var data in p.Data)
        {
            w.WriteStartObject();
            w.WriteString("source", data.Source);
            if (data.Rows is { } rows)
            {
                w.WriteNumber("rows", rows);
            }

            w.WriteNumber("columns", data.Columns);
            w.StringIfAny("sha256", data.Sha256);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteString("startedAt", p.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        w.Number("seconds", p.Seconds, "provenance");
        w.WriteEndObject();
    }
}
