using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Render.Json;

/// <summary>What the user can mend, as <c>gnomon.error/1</c>.</summary>
public static class ErrorJson
{
    public const string SchemaName = "gnomon.error/1";

    /// <summary>Indented JSON without a final newline; <c>where</c> and <c>hint</c> are left out when there is nothing to say.</summary>
    public static string Write(GnomonError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Encoding.UTF8.GetString(JsonText.Write(JsonText.Indented, w =>
        {
            w.WriteStartObject();
            w.WriteString("schema", SchemaName);
            w.WriteStartObject("error");
            w.WriteString("code", error.Code);
            w.WriteString("message", error.Message);
            w.StringIfAny("where", error.Where);
            w.StringIfAny("hint", error.Hint);
            w.WriteEndObject();
            w.WriteEndObject();
        }));
    }
}
