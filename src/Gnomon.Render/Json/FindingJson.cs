using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Json;

/// <summary>The finding as <c>gnomon.finding/1</c>: the contract outside tools parse. Writing and reading are exact inverses.</summary>
public static class FindingJson
{
    /// <summary>Indented JSON, two spaces, line feeds, no final newline. Same finding, same text.</summary>
    /// <exception cref="InvalidOperationException">The finding holds a number that is not finite or a table cell of an unknown type: a defect of the study.</exception>
    public static string Write(Finding finding) => Encoding.UTF8.GetString(WriteUtf8(finding));

    /// <inheritdoc cref="Write(Finding)"/>
    public static byte[] WriteUtf8(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return FindingWriter.Write(finding);
    }

    /// <summary>Reads what <see cref="Write(Finding)"/> wrote, or any text that keeps to the contract; fields it does not know are ignored.</summary>
    /// <exception cref="GnomonError"><c>finding-not-json</c>, <c>finding-schema</c> (another or no schema), or <c>finding-malformed</c> with the path of the field.</exception>
    public static Finding Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return FindingReader.Read(json);
    }
}
