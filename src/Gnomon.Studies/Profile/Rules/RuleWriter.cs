using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>Rules as a file that people read and edit: one rule a line.</summary>
internal static class RuleWriter
{
    /// <exception cref="GnomonError"><c>file-not-written</c>.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"The rules could not be written to {path}: {wrong.Message}", "--write-rules", "Name a file in a folder that exists and can be written.", wrong);
        }
    }

    public static string Text(IReadOnlyList<Rule> rules, string source, long rows, string? sha256)
    {
        var text = new StringBuilder();
        text.Append("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"schema\": \"{RuleFile.SchemaName}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"learnedFrom\": {{ \"source\": {Quoted(source)}, \"rows\": {rows}{Hash(sha256)} }},\n");
        text.Append("  \"rules\": [\n");
        text.AppendJoin(",\n", rules.Select(r => "    " + One(r)));
        text.Append("\n  ]\n}\n");
        return text.ToString();
    }

    private static string Hash(string? sha256) => sha256 is null ? string.Empty : $", \"sha256\": \"{sha256}\"";

    private static string One(Rule rule) => "{ " + string.Join(", ", Members(rule).Select(m => $"\"{m.Name}\": {m.Value}")) + " }";

    private static IEnumerable<(string Name, string Value)> Members(Rule rule)
    {
        yield return ("id", Quoted(rule.Id));
        yield return ("kind", Quoted(rule.Kind.Word()));
        yield return rule.Columns.Count == 1 && rule.Kind != RuleKind.Columns ? ("column", Quoted(rule.Column)) : ("columns", List(rule.Columns));
        if (rule.Type is { } type)
        {
            yield return ("type", Quoted(type));
        }

        foreach (var (name, end) in new[] { ("min", rule.Min), ("max", rule.Max) })
        {
            if (end is not null)
            {
                yield return (name, end.Moment is null ? end.Number.ToString("R", CultureInfo.InvariantCulture) : Quoted(end.Text));
            }
        }

        if (rule.Values.Count > 0)
        {
            yield return ("values", List(rule.Values));
        }

        if (rule.Pattern is { } pattern)
        {
            yield return ("pattern", Quoted(pattern));
        }

        if (rule.Other is { } other)
        {
            yield return ("to", $"{{ \"file\": {Quoted(other)}, \"column\": {Quoted(rule.OtherColumn!)} }}");
        }

        if (rule.Learned is { } learned)
        {
            yield return ("learned", FormattableString.Invariant($"{{ \"rows\": {learned.Rows}, \"broken\": {learned.Broken} }}"));
        }
    }

    private static string List(IReadOnlyList<string> texts) => "[" + string.Join(", ", texts.Select(Quoted)) + "]";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
