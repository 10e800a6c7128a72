using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Profile.Question;

/// <summary>What has been written down of a question.</summary>
internal sealed record QuestionCard
{
    public const string SchemaName = "gnomon.question/1";
    private static readonly string[] Known = ["schema", "ask", "goal", "unit", "population", "outcome", "asOf", "horizonDays", "action", "costs", "metric", "smallestEffect"];
    private static readonly string[] Goals = ["describe", "predict", "cause"];

    /// <summary>The words in which it was asked.</summary>
    public string? Ask { get; init; }

    /// <summary>describe, predict or cause.</summary>
    public string? Goal { get; init; }

    public string? Unit { get; init; }

    public string? Population { get; init; }

    /// <summary>Days without an event after which a unit counts as gone.</summary>
    public int? InactiveDays { get; init; }

    /// <summary>The column that says it outright, with its value.</summary>
    public (string Column, string Value)? Event { get; init; }

    public DateOnly? AsOf { get; init; }

    public int? HorizonDays { get; init; }

    public string? Action { get; init; }

    /// <summary>What it costs to act in vain, and to miss a case.</summary>
    public (double FalseAlarm, double Missed)? Costs { get; init; }

    public string? Metric { get; init; }

    /// <summary>Change of the rate that is worth the effort, as a proportion.</summary>
    public double? SmallestEffect { get; init; }

    public bool HasOutcome => InactiveDays is not null || Event is not null;

    /// <exception cref="GnomonError">The file cannot be read, or a field is not what it should be.</exception>
    public static QuestionCard Read(string path)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            root = document.RootElement.Clone();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("question-not-read", $"The question card could not be read from {path}: {wrong.Message}", "--question", "Write one first: gnomon profile DATA --write-question FILE.", wrong);
        }
        catch (JsonException wrong)
        {
            throw new GnomonError("bad-question", $"{path} is not JSON (line {(wrong.LineNumber ?? 0) + 1}).", "--question", "Mend that line; a comma may be missing or too many.", wrong);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "is not a JSON object", "Begin with { \"ask\": \"...\" }.");
        }

        if (root.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => !Known.Contains(n)) is { } name)
        {
            throw Wrong(path, $"has a field '{name}'", $"Fields of a card: {string.Join(", ", Known[1..])}.");
        }

        var reader = new Reader(path, root);
        var goal = reader.Text("goal");
        return goal is not null && !Goals.Contains(goal)
            ? throw Wrong(path, $"has the goal '{goal}'", $"Goals: {string.Join(", ", Goals)}.")
            : new QuestionCard
            {
                Ask = reader.Text("ask"), Goal = goal, Unit = reader.Text("unit"), Population = reader.Text("population"), Action = reader.Text("action"), Metric = reader.Text("metric"),
                InactiveDays = (int?)reader.Inside("outcome")?.Number("inactiveDays", 1, 3_650), Event = reader.Inside("outcome")?.Event(), AsOf = reader.Day("asOf"),
                HorizonDays = (int?)reader.Number("horizonDays", 1, 3_650), Costs = reader.Inside("costs")?.Costs(), SmallestEffect = reader.Number("smallestEffect", 1e-6, 1),
            };
    }

    /// <summary>The card as text, fields that nobody has filled left null.</summary>
    public string Write()
    {
        object? outcome = Event is { } e ? new Dictionary<string, object> { ["column"] = e.Column, ["value"] = e.Value } : InactiveDays is { } days ? new Dictionary<string, object> { ["inactiveDays"] = days } : null;
        var fields = new Dictionary<string, object?>
        {
            ["schema"] = SchemaName, ["ask"] = Ask, ["goal"] = Goal, ["unit"] = Unit, ["population"] = Population, ["outcome"] = outcome, ["asOf"] = AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["horizonDays"] = HorizonDays, ["action"] = Action, ["costs"] = Costs is { } c ? new Dictionary<string, object> { ["falseAlarm"] = c.FalseAlarm, ["missed"] = c.Missed } : null, ["metric"] = Metric, ["smallestEffect"] = SmallestEffect,
        };
        var lines = fields.Select(f => $"  {JsonSerializer.Serialize(f.Key)}: {JsonSerializer.Serialize(f.Value)}");
        return $"{{\n{string.Join(",\n", lines)}\n}}\n";
    }

    private static GnomonError Wrong(string path, string what, string hint) => new("bad-question", $"{path} {what}.", "--question", hint);

    private sealed record Reader(string Path, JsonElement At)
    {
        public string? Text(string name) => Find(name) is { } v ? v.ValueKind == JsonValueKind.String ? string.IsNullOrWhiteSpace(v.GetString()) ? null : v.GetString() : throw Wrong(Path, $"has a '{name}' that is not a text", $"Write \"{name}\": \"...\".") : null;

        public double? Number(string name, double least, double most) => Find(name) is not { } v ? null
            : v.ValueKind == JsonValueKind.Number && v.GetDouble() >= least && v.GetDouble() <= most ? v.GetDouble()
            : throw Wrong(Path, string.Create(CultureInfo.InvariantCulture, $"has a '{name}' that is not a number from {least} to {most}"), $"Write a number, such as \"{name}\": {(most > 1 ? "60" : "0.02")}.");

        public DateOnly? Day(string name) => Text(name) is not { } text ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Wrong(Path, $"has an '{name}' of '{text}', which is not a day", $"Write \"{name}\": \"2026-05-31\".");

        public Reader? Inside(string name) => Find(name) is not { } v ? null : v.ValueKind == JsonValueKind.Object ? this with { At = v } : throw Wrong(Path, $"has '{name}' without braces", name == "costs" ? "Write \"costs\": { \"falseAlarm\": 10, \"missed\": 200 }." : "Write \"outcome\": { \"inactiveDays\": 60 } or { \"column\": \"event\", \"value\": \"cancel\" }.");

        public (string Column, string Value)? Event() => Text("column") is { } column ? (column, Text("value") ?? throw Wrong(Path, "names a column of the outcome without its value", "Add \"value\".")) : null;

        public (double FalseAlarm, double Missed)? Costs() => Number("falseAlarm", 0, 1e12) is { } alarm && Number("missed", 0, 1e12) is { } missed && alarm + missed > 0 ? (alarm, missed) : null;

        private JsonElement? Find(string name) => At.TryGetProperty(name, out var v) && v.ValueKind != JsonValueKind.Null ? v : null;
    }
}
