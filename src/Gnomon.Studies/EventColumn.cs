using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies;

/// <summary>The column that says whether a follow-up ended with the event, as --event names it: COLUMN, or COLUMN=VALUE.</summary>
internal sealed record EventColumn(string Column, string? Value)
{
    private static readonly string[] Yes = ["yes", "true", "y", "t", "1", "died", "dead", "death", "deceased", "churned", "event", "failed", "failure", "cancelled", "canceled", "left"];
    private static readonly string[] No = ["no", "false", "n", "f", "0", "alive", "censored", "active", "ongoing", "none", "open", "running"];

    public static EventColumn Of(string text, Schema schema)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return schema.Find(text) is null && equals > 0
            ? new EventColumn(schema.Require(text[..equals].Trim(), "--event").Name, text[(equals + 1)..].Trim())
            : new EventColumn(schema.Require(text, "--event").Name, null);
    }

    /// <summary>As it is said.</summary>
    public string Text => Value is null ? Column : $"{Column} = {Value}";

    /// <summary>Whether each of the rows ended with the event; rows have a value.</summary>
    public bool[] Read(TextColumn column, int[] rows)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var i in rows)
        {
            used.Add(column.Dictionary[column.Codes[i]]);
        }

        var events = Events(used);
        var ended = new bool[rows.Length];
        for (var i = 0; i < ended.Length; i++)
        {
            ended[i] = events.Contains(column.Dictionary[column.Codes[rows[i]]]);
        }

        return Array.Exists(ended, e => e)
            ? ended
            : throw new GnomonError(
                "no-events", $"No row ended with the event: {Column} is {(used.Count == 1 ? $"'{used.Min}' in every row" : "never one of the values that mean yes")}. Without one event nothing is known about when it comes.",
                "--event", $"Follow the units longer, or name the value that means the event: --event {Column}=VALUE.");
    }

    private HashSet<string> Events(SortedSet<string> used)
    {
        if (Value is not null)
        {
            var same = used.Where(v => v == Value || Same(v, Value)).ToHashSet(StringComparer.Ordinal);
            return same.Count > 0
                ? same
                : throw new GnomonError(
                    "level-not-found", $"{Column} is never '{Value}'. Values: {string.Join(", ", used.Take(10))}.", "--event", NearestName.To(Value, used) is { } near ? $"Did you mean '{near}'?" : null);
        }

        var events = used.Where(v => Is(Yes, v)).ToHashSet(StringComparer.Ordinal);
        var unknown = used.Where(v => !Is(Yes, v) && !Is(No, v)).ToList();
        return unknown.Count == 0
            ? events
            : throw new GnomonError(
                "event-unclear", $"{Column} holds {Figures.Count(used.Count, "value")} ({string.Join(", ", used.Take(6))}{(used.Count > 6 ? ", ..." : string.Empty)}), and '{unknown[0]}' says neither yes nor no.", "--event",
                $"Name the value that means the event: --event {Column}={used.Max}.");
    }

    private static bool Is(string[] words, string value) => Array.Exists(words, w => string.Equals(w, value, StringComparison.OrdinalIgnoreCase) || Same(w, value));

    // 1 and 1.0 are one value.
    private static bool Same(string a, string b) =>
        double.TryParse(a, System.Globalization.CultureInfo.InvariantCulture, out var x) && double.TryParse(b, System.Globalization.CultureInfo.InvariantCulture, out var y) && x == y;
}
