using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab;

/// <summary>An object of a plan file, read by name. A promise in a form that is not understood is refused: dropped in silence it would let the plan say less than was written.</summary>
/// <param name="Object">The plan, or a block of it.</param>
/// <param name="Where">Where it is read from, for messages.</param>
internal readonly record struct PlanReading(JsonElement Object, string Where)
{
    /// <summary>A text, or a number as it is written; null where the field is absent.</summary>
    /// <exception cref="GnomonError">Anything else.</exception>
    public string? Text(string name) => !Object.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Wrong(name, value, "a text"),
    };

    /// <summary>A number; null where the field is absent.</summary>
    /// <exception cref="GnomonError">Anything else.</exception>
    public double? Number(string name) => !Object.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(name, value, "a number");

    /// <summary>Texts, or one text; empty where the field is absent.</summary>
    /// <exception cref="GnomonError">Anything else.</exception>
    public IReadOnlyList<string> List(string name)
    {
        if (!Object.TryGetProperty(name, out var value))
        {
            return [];
        }

        var items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        foreach (var item in items)
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                throw Wrong(name, item, "a list of texts");
            }
        }

        return [.. items.Select(i => i.GetString()!).Where(t => t.Length > 0)];
    }

    /// <summary>The name of a field that stands twice in the object, or in one within it; null where each stands once.</summary>
    public static string? Doubled(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(Doubled).FirstOrDefault(name => name is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = element.EnumerateObject().ToList();
        return fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key ?? fields.Select(f => Doubled(f.Value)).FirstOrDefault(name => name is not null);
    }

    private GnomonError Wrong(string name, JsonElement value, string wanted) => new(
        "plan-field", $"{Where}: {name} holds {value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            JsonValueKind.String => $"the text \"{value.GetString()}\"",
            JsonValueKind.Number => $"the number {value.GetRawText()}",
            JsonValueKind.Array => "a list",
            _ => "an object",
        }}; it must be {wanted}.", Where, value.ValueKind == JsonValueKind.Null ? $"Leave {name} out, or say what it is." : $"Write {wanted}; see docs/verbs/ab.md.");
}
