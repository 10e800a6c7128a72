using System.Text;
using System.Text.Json;

namespace Gnomon.Data.Ledger;

/// <summary>A list of texts as one JSON array: read on every run, so by the plain reader instead of a document.</summary>
internal static class JsonTexts
{
    public static string Write(IEnumerable<string> texts)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            foreach (var text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The texts; null when it is no such array.</summary>
    public static IReadOnlyList<string>? Read(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            var texts = new List<string>();
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                texts.Add(reader.GetString()!);
            }

            return reader.TokenType == JsonTokenType.EndArray ? texts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
