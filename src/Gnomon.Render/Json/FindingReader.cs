using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Render.Json;

/// <summary>Reads a finding back, naming the first field that does not fit.</summary>
internal static class FindingReader
{
    internal static Finding Read(string json)
    {
        using var document = Parse(json);
        var root = new JsonField(document.RootElement, string.Empty);
        RequireSchema(root);
        return new Finding
        {
            Question = root["question"].String(),
            Title = root["title"].String(),
            Decision = ReadDecision(root["decision"]),
            Estimates = Each(root, "estimates", ReadEstimate),
            Checks = Each(root, "checks", ReadCheck),
            Limitations = Each(root, "limitations", f => f.String()),
            Next = Each(root, "next", f => f.String()),
            Plots = Each(root, "plots", ReadPlot),
            Tables = Each(root, "tables", ReadTable),
            Provenance = ReadProvenance(root["provenance"]),
        };
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new GnomonError("finding-not-json", $"The text is not JSON: {e.Message}", inner: e, hint: "Pass a finding.json as Gnomon wrote it.");
        }
    }

    private static void RequireSchema(JsonField root)
    {
        var schema = root.Element.ValueKind == JsonValueKind.Object && root.Optional("schema") is { Element.ValueKind: JsonValueKind.String } field ? field.String() : null;
        if (schema != Finding.SchemaName)
        {
            throw new GnomonError(
                "finding-schema",
                schema is null ? $"The JSON has no 'schema'; '{Finding.SchemaName}' was expected." : $"The JSON is '{schema}'; this version reads '{Finding.SchemaName}'.",
                "schema",
                "Pass a finding.json written by this version of Gnomon.");
        }
    }

    private static IReadOnlyList<T> Each<T>(JsonField parent, string name, Func<JsonField, T> read) => parent.Optional(name)?.Each(read) ?? [];

    private static Decision ReadDecision(JsonField f) => new(ReadAction(f["action"]), f["summary"].String(), Each(f, "because", b => b.String()));

    private static DecisionAction ReadAction(JsonField f)
    {
        try
        {
            return DecisionActions.Parse(f.String());
        }
        catch (ArgumentException)
        {
            throw f.Wrong($"one of {string.Join(", ", Enum.GetValues<DecisionAction>().Select(a => a.Word()))}");
        }
    }

    private static Estimate ReadEstimate(JsonField f) => new()
    {
        Name = f["name"].String(),
        Metric = f.Optional("metric")?.String(),
        Contrast = f.Optional("contrast")?.String(),
        Value = f["value"].Number(),
        Low = f["low"].Number(),
        High = f["high"].Number(),
        Level = f["level"].Number(),
        Unit = f["unit"].String(),
        P = f.Optional("p")?.Number(),
        N = f["n"].Whole(),
        Method = f["method"].String(),
        Role = f["role"].String(),
    };

    private static CheckReport ReadCheck(JsonField f)
    {
        var status = f["status"];
        return new CheckReport(
            f["id"].String(),
            CheckWords.Parse(status.String()) ?? throw status.Wrong("pass, warn, fail or skipped"),
            f.Optional("statistic")?.Number(),
            f.Optional("threshold")?.Number(),
            f.Optional("p")?.Number(),
            f["evidence"].String(),
            f["remedy"].String(),
            f["source"].String());
    }

    private static Plot ReadPlot(JsonField f) =>
        new(f["id"].String(), f["title"].String(), JsonObject.Create(f["vegaLite"].Object().Element.Clone())!);

    private static ResultTable ReadTable(JsonField f) =>
        new(f["id"].String(), f["title"].String(), f["columns"].Each(c => c.String()), f["rows"].Each(r => r.Each(ReadCell)));

    private static object? ReadCell(JsonField f) => f.Element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => f.String(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => ReadNumberCell(f),
        _ => throw f.Wrong("a text, a number, true, false or null"),
    };

    // A point or an exponent marks a double; a count is written without.
    private static object ReadNumberCell(JsonField f)
    {
        if (f.Element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 && f.Element.TryGetInt64(out var whole))
        {
            return whole;
        }

        return f.Number();
    }

    private static Provenance ReadProvenance(JsonField f) => new()
    {
        Version = f["version"].String(),
        Command = f["command"].Each(c => c.String()),
        Seed = f["seed"].Whole(),
        Engine = f["engine"].String(),
        Data = f["data"].Each(ReadData),
        StartedAt = ReadTime(f["startedAt"]),
        Seconds = f["seconds"].Number(),
    };

    private static DataIdentity ReadData(JsonField f) => new(
        f["source"].String(), f.Optional("rows")?.Whole(), f["columns"].Count(), f.Optional("sha256")?.String());

    private static DateTimeOffset ReadTime(JsonField f) =>
        DateTimeOffset.TryParse(f.String(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw f.Wrong("a time such as 2026-01-01T00:00:00Z");
}
