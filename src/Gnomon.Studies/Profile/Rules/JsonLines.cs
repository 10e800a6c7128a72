using System.Text;
using System.Text.Json;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>A JSON text that remembers the line of everything in it.</summary>
internal sealed record JsonItem(int Line, JsonTokenType Kind, string Text)
{
    public IReadOnlyList<KeyValuePair<string, JsonItem>> Members { get; init; } = [];

    public IReadOnlyList<JsonItem> Items { get; init; } = [];

    public JsonItem? Find(string name) => Members.Where(m => m.Key == name).Select(m => m.Value).FirstOrDefault();
}

/// <summary>Reads JSON, comments and trailing commas allowed, as hands leave them.</summary>
internal static class JsonLines
{
    /// <exception cref="JsonException">The text is not JSON; its line counts from 0.</exception>
    public static JsonItem Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 });
        var lines = new LineCounter(bytes);
        reader.Read();
        var item = Read(ref reader, lines);
        while (reader.Read())
        {
            throw new JsonException("Something follows the end of the rules.", null, lines.At(reader.TokenStartIndex) - 1, null);
        }

        return item;
    }

    private static JsonItem Read(ref Utf8JsonReader reader, LineCounter lines)
    {
        var line = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<KeyValuePair<string, JsonItem>>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members.Add(new(name, Read(ref reader, lines)));
                }

                return new JsonItem(line, JsonTokenType.StartObject, string.Empty) { Members = members };
            case JsonTokenType.StartArray:
                var items = new List<JsonItem>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, lines));
                }

                return new JsonItem(line, JsonTokenType.StartArray, string.Empty) { Items = items };
            case JsonTokenType.String:
                return new JsonItem(line, JsonTokenType.String, reader.GetString()!);
            default:
                return new JsonItem(line, reader.TokenType, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    // Tokens come in order, so the text is counted once.
    private sealed class LineCounter(byte[] bytes)
    {
        private long _at;
        private int _line = 1;

        public int At(long index)
        {
            for (; _at < index; _at++)
            {
                _line += bytes[_at] == (byte)'\n' ? 1 : 0;
            }

            return _line;
        }
    }
}
