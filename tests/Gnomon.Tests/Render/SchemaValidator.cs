using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gnomon.Tests.Render;

/// <summary>JSON Schema 2020-12 for the keywords that docs/finding.schema.json uses; any other keyword is refused, so that none is silently ignored.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "title", "description", "$defs"];

    /// <returns>One line per violation; empty when the value fits.</returns>
    internal IReadOnlyList<string> Validate(JsonElement value)
    {
        var errors = new List<string>();
        Check(root, value, "$", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject().Where(k => !Annotations.Contains(k.Name)))
        {
            if (!Holds(keyword.Name, keyword.Value, value, path, errors))
            {
                errors.Add($"{path}: {keyword.Name} {keyword.Value.GetRawText()}");
            }
        }
    }

    private bool Holds(string keyword, JsonElement limit, JsonElement value, string path, List<string> errors)
    {
        switch (keyword)
        {
            case "$ref":
                Check(root.GetProperty("$defs").GetProperty(limit.GetString()!["#/$defs/".Length..]), value, path, errors);
                return true;
            case "properties":
                foreach (var property in Members(value).Where(p => limit.TryGetProperty(p.Name, out _)))
                {
                    Check(limit.GetProperty(property.Name), property.Value, $"{path}.{property.Name}", errors);
                }

                return true;
            case "items":
                foreach (var (index, item) in Items(value).Index())
                {
                    Check(limit, item, $"{path}[{index}]", errors);
                }

                return true;
            case "type":
                return limit.ValueKind == JsonValueKind.Array ? limit.EnumerateArray().Any(t => IsType(t.GetString()!, value)) : IsType(limit.GetString()!, value);
            case "required":
                return value.ValueKind != JsonValueKind.Object || limit.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "const":
                return JsonElement.DeepEquals(limit, value);
            case "enum":
                return limit.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value));
            case "minLength":
                return value.ValueKind != JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() >= limit.GetInt32();
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, limit.GetString()!);
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() >= limit.GetDouble();
            case "maximum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() <= limit.GetDouble();
            case "exclusiveMinimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() > limit.GetDouble();
            case "exclusiveMaximum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() < limit.GetDouble();
            default:
                throw new NotSupportedException($"The validator does not know '{keyword}'; teach it before the schema uses it.");
        }
    }

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };

    private static IEnumerable<JsonProperty> Members(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];

    private static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
