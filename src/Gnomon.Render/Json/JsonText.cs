using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gnomon.Render.Json;

/// <summary>How every JSON text of this project is written: two spaces, line feeds, readable characters, finite numbers.</summary>
internal static class JsonText
{
    internal static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentCharacter = ' ',
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    /// <summary>The shortest text that reads back to the same bits.</summary>
    internal static void Number(this Utf8JsonWriter writer, string name, double value, string owner)
    {
        if (!double.IsFinite(value))
        {
            throw new InvalidOperationException($"{owner}: '{name}' is {value}. A quantity that cannot be computed is left out of a finding, with a limitation that says why.");
        }

        writer.WriteNumber(name, value);
    }

    internal static void NumberIfAny(this Utf8JsonWriter writer, string name, double? value, string owner)
    {
        if (value is { } number)
        {
            writer.Number(name, number, owner);
        }
    }

    internal static void StringIfAny(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    internal static void Strings(this Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
