using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Render.Json;

/// <summary>A place in a JSON text that knows its path, so that a wrong field can be named.</summary>
internal readonly record struct JsonField(JsonElement Element, string Path)
{
    internal JsonField Object() => Expect(JsonValueKind.Object, "an object");

    internal string String() => Expect(JsonValueKind.String, "a text").Element.GetString()!;

    internal long Whole() => Expect(JsonValueKind.Number, "a whole number").Element.TryGetInt64(out var value) ? value : throw Wrong("a whole number");

    internal int Count() => Whole() is >= 0 and <= int.MaxValue and var value ? (int)value : throw Wrong("a count");

    internal double Number() => Expect(JsonValueKind.Number, "a number").Element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Wrong("a finite number");

    /// <summary>A field that must be there.</summary>
    internal JsonField this[string name] => Optional(name) ?? throw new GnomonError(
        "finding-malformed", $"The finding has no '{Join(name)}'.", Join(name), "Pass a finding.json as Gnomon wrote it.");

    /// <summary>A field that may be missing or null.</summary>
    internal JsonField? Optional(string name) =>
        Object().Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonField(value, Join(name)) : null;

    /// <summary>The items of an array.</summary>
    internal IReadOnlyList<T> Each<T>(Func<JsonField, T> read)
    {
        var path = Path;
        return [.. Expect(JsonValueKind.Array, "a list").Element.EnumerateArray().Select((item, i) => read(new JsonField(item, $"{path}[{i}]")))];
    }

    internal GnomonError Wrong(string wanted) => new(
        "finding-malformed", $"'{Path}' of the finding must be {wanted}; it is {Shown}.", Path, "Pass a finding.json as Gnomon wrote it.");

    private string Shown => Element.GetRawText() is { Length: <= 40 } text ? text : Element.GetRawText()[..40] + "...";

    private JsonField Expect(JsonValueKind kind, string wanted) => Element.ValueKind == kind ? this : throw Wrong(wanted);

    private string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
