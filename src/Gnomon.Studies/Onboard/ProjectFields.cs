using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Onboard;

/// <summary>The fields of one object of a project file; what is misspelt or of the wrong kind is refused with its place.</summary>
internal sealed partial class ProjectFields
{
    private readonly JsonElement _object;
    private readonly string _where;

    /// <param name="element">The object.</param>
    /// <param name="where">Its place, for messages: <c>project.json, tables[2]</c>.</param>
    /// <param name="known">Every field it may have.</param>
    public ProjectFields(JsonElement element, string where, params string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new GnomonError("project-field", $"{where} should be an object of fields; it is {Kind(element)}.", where, $"Write {{ \"{known[0]}\": ... }}.");
        }

        (_object, _where) = (element, where);
        foreach (var field in element.EnumerateObject().Where(f => !known.Contains(f.Name)))
        {
            throw new GnomonError("project-field", $"{where} has a field '{field.Name}', which a project does not have there. Fields: {string.Join(", ", known)}.", where,
                NearestName.To(field.Name, known) is { } near ? $"Did you mean '{near}'?" : "Take it out, or say it in the description.");
        }
    }

    /// <summary>Null when it is not there or empty.</summary>
    public string? Text(string field)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null : throw Wrong(field, value, "a text");
    }

    public string Required(string field) => Text(field) ?? throw new GnomonError("project-field", $"{_where} has no {field}.", _where, $"Add \"{field}\": \"...\".");

    /// <summary>An id goes into links and file names.</summary>
    public string Id()
    {
        var id = Required("id");
        return IdPattern().IsMatch(id) ? id : throw new GnomonError("project-id", $"{_where}: the id '{id}' holds more than letters, digits, '_', '-' and '.'.", _where, "Write a plain id; the description says the rest.");
    }

    public double? Number(string field) =>
        !_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(field, value, "a number");

    public long? Whole(string field) =>
        Number(field) is not { } number ? null : number == Math.Floor(number) && Math.Abs(number) < 9e15 ? (long)number : throw Wrong(field, _object.GetProperty(field), "a whole number");

    /// <summary>A change as a share: -0.25, or "-25%".</summary>
    public double? Share(string field)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return Number(field);
        }

        return value.GetString()!.Trim() is [.., '%'] text && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && double.IsFinite(percent)
            ? percent / 100
            : throw Wrong(field, value, "a share as -0.25 or \"-25%\"");
    }

    public bool Flag(string field) => _object.TryGetProperty(field, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw Wrong(field, value, "true or false"),
    };

    public DateOnly? Date(string field) => Text(field) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Wrong(field, _object.GetProperty(field), "a date as 2026-03-31");

    /// <summary>A list of texts; one text stands for a list of one.</summary>
    public IReadOnlyList<string> List(string field)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => Text(field) is { } one ? [one] : [],
            JsonValueKind.Array => [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()!.Trim() : throw Wrong(field, v, "a list of texts"))],
            _ => throw Wrong(field, value, "a list of texts"),
        };
    }

    public IReadOnlyList<double> Numbers(string field)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.GetDouble() > 0 ? v.GetDouble() : throw Wrong(field, v, "a list of numbers above 0"))]
            : throw Wrong(field, value, "a list of numbers above 0");
    }

    public IReadOnlyList<T> Objects<T>(string field, Func<JsonElement, string, T> read)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((v, i) => read(v, $"{_where}, {field}[{i}]"))] : throw Wrong(field, value, "a list");
    }

    public T? Object<T>(string field, Func<JsonElement, string, T> read)
        where T : class => _object.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? read(value, $"{_where}, {field}") : null;

    /// <summary>Names and texts: <c>{ "orders.csv": "9f86..." }</c>.</summary>
    public IReadOnlyList<(string Name, string Text)> Pairs(string field)
    {
        if (!_object.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject().Select(p => (p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()!.Trim() : throw Wrong(field, p.Value, "names with texts")))]
            : throw Wrong(field, value, "names with texts");
    }

    private GnomonError Wrong(string field, JsonElement value, string wanted) =>
        new("project-field", $"{_where}: {field} should be {wanted}; it is {Kind(value)}.", _where, $"Mend \"{field}\".");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => $"the text '{value.GetString()}'",
        JsonValueKind.Null => "nothing",
        _ => value.GetRawText(),
    };

    [GeneratedRegex(@"^[\p{L}\p{Nd}_][\p{L}\p{Nd}_.\-]*$")]
    private static partial Regex IdPattern();
}
