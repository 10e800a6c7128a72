using System.Globalization;
using System.Text;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Json;
using Gnomon.Render.Words;

namespace Gnomon.Render.Sarif;

/// <summary>
/// A finding as SARIF 2.1.0 (OASIS): checks are rules, those that fired are results on the data, for code-scanning views.
/// A failed check is an error, a warning a warning; one that could not run is a note.
/// </summary>
public static class SarifRenderer
{
    private const string RuleCheck = "rule-violation";
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    public static string Render(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return Encoding.UTF8.GetString(JsonText.Write(JsonText.Indented, w => WriteLog(w, finding)));
    }

    private static void WriteLog(Utf8JsonWriter w, Finding finding)
    {
        w.WriteStartObject();
        w.WriteString("$schema", Schema);
        w.WriteString("version", "2.1.0");
        w.WriteStartArray("runs");
        w.WriteStartObject();
        WriteTool(w, finding);
        WriteInvocation(w, finding.Provenance);
        w.WriteString("columnKind", "utf16CodeUnits");
        WriteResults(w, finding);
        w.WriteStartObject("properties");
        w.WriteString("question", finding.Question);
        w.WriteString("title", finding.Title);
        w.WriteString("action", finding.Decision.Action.Word());
        w.WriteString("summary", finding.Decision.Summary);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter w, Finding finding)
    {
        w.WriteStartObject("tool");
        w.WriteStartObject("driver");
        w.WriteString("name", "gnomon");
        w.WriteString("version", finding.Provenance.Version);
        w.WriteStartArray("rules");
        foreach (var check in finding.Checks)
        {
            w.WriteStartObject();
            w.WriteString("id", check.Id);
            Text(w, "shortDescription", check.Id.Replace('-', ' '));
            Text(w, "help", check.Remedy);
            w.WriteStartObject("properties");
            w.WriteString("source", check.Source);
            w.WriteEndObject();
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter w, Provenance p)
    {
        w.WriteStartArray("invocations");
        w.WriteStartObject();
        w.WriteString("commandLine", Prose.Command(p));
        w.WriteBoolean("executionSuccessful", value: true);
        w.WriteString("startTimeUtc", p.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
        w.WriteEndObject();
        w.WriteEndArray();
    }

    private static void WriteResults(Utf8JsonWriter w, Finding finding)
    {
        w.WriteStartArray("results");
        foreach (var (index, check) in finding.Checks.Index().Where(c => c.Item.Status != CheckStatus.Pass))
        {
            w.WriteStartObject();
            w.WriteString("ruleId", check.Id);
            w.WriteNumber("ruleIndex", index);
            w.WriteString("level", check.Status switch { CheckStatus.Fail => "error", CheckStatus.Warn => "warning", _ => "note" });
            Text(w, "message", check.Status == CheckStatus.Skipped ? $"The check could not run: {check.Evidence}" : $"{check.Evidence}. {check.Remedy}");
            WriteLocations(w, finding.Provenance);
            w.WriteEndObject();
        }

        WriteBrokenRules(w, finding);
        w.WriteEndArray();
    }

    // Each broken rule stands at its own line of the file of rules, under the check over all of them.
    private static void WriteBrokenRules(Utf8JsonWriter w, Finding finding)
    {
        var check = finding.Checks.Index().FirstOrDefault(c => c.Item.Id == RuleCheck);
        if (RuleTable.Contract(finding) is not { } contract || check.Item is null)
        {
            return;
        }

        foreach (var rule in RuleTable.Of(finding).Where(r => r.IsBroken))
        {
            w.WriteStartObject();
            w.WriteString("ruleId", RuleCheck);
            w.WriteNumber("ruleIndex", check.Index);
            w.WriteString("level", "error");
            Text(w, "message", rule.Which.Length == 0 ? $"{rule.Says}." : $"{rule.Says}. {rule.Which}.");
            w.WriteStartArray("locations");
            WriteLocation(w, contract, Math.Max(1, rule.Line));
            w.WriteEndArray();
            w.WriteStartObject("partialFingerprints");
            w.WriteString("rule/v1", rule.Rule);
            w.WriteEndObject();
            w.WriteEndObject();
        }
    }

    private static void WriteLocation(Utf8JsonWriter w, string source, int line)
    {
        w.WriteStartObject();
        w.WriteStartObject("physicalLocation");
        w.WriteStartObject("artifactLocation");
        w.WriteString("uri", Uri(source));
        w.WriteEndObject();
        w.WriteStartObject("region");
        w.WriteNumber("startLine", line);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static void WriteLocations(Utf8JsonWriter w, Provenance p)
    {
        w.WriteStartArray("locations");
        foreach (var data in p.Data)
        {
            // Viewers need a line to stand on; the check speaks of the whole source.
            WriteLocation(w, data.Source, 1);
        }

        w.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter w, string name, string text)
    {
        w.WriteStartObject(name);
        w.WriteString("text", text);
        w.WriteEndObject();
    }

    private static string Uri(string source)
    {
        if (source.Contains("://", StringComparison.Ordinal) && System.Uri.TryCreate(source, UriKind.Absolute, out var absolute))
        {
            // A connection may carry a password; a report may not.
            return absolute.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);
        }

        var path = string.Join('/', source.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));
        return path.StartsWith('/') ? "file://" + path : path;
    }
}
