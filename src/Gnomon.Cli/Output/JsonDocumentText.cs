using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gnomon.Cli.Output;

/// <summary>Small JSON documents of the commands that are not findings: a schema name, then the body.</summary>
internal static class JsonDocumentText
{
    public static string Write(string schema, Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", schema);
            body(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
