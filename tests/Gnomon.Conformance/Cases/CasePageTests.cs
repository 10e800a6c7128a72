using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gnomon.Cases;
using Gnomon.Core.Findings;
using Gnomon.Render.Json;
using Gnomon.Render.Terminal;
using Xunit;

namespace Gnomon.Conformance.Cases;

/// <summary>
/// Each case's page shows what the command really prints; <c>finding.json</c> and <c>terminal.txt</c> beside it hold the whole answer to its first trap at the
/// full size. GNOMON_ACCEPT=1 writes all three.
/// </summary>
public sealed class CasePageTests
{
    private const double Tolerance = 1e-9;
    private static readonly ConcurrentDictionary<string, Lazy<SceneRun>> Runs = new(StringComparer.Ordinal);

    public static TheoryData<string> Ids => CaseSubjects.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_finding_is_the_golden_one(string id)
    {
        var path = $"cases/{id}/finding.json";
        var text = FindingJson.Write(Lead(id).Portable) + "\n";
        var file = Path.Combine(Repository.Root, path);
        if (!File.Exists(file) || Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            Repository.Says(path, text);
            return;
        }

        var difference = Difference(JsonNode.Parse(File.ReadAllText(file)), JsonNode.Parse(text), "$");
        Assert.True(difference is null, $"{path}: {difference}. Run the tests once with GNOMON_ACCEPT=1, read the difference, commit it.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_terminal_shows_the_golden_text(string id) => Repository.Says($"cases/{id}/terminal.txt", Terminal(id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_is_fresh(string id)
    {
        var one = Casebook.Find(id);
        foreach (var (part, text) in new[] { ("facts", Facts(one)), ("command", Command(one)), ("output", $"\n```\n{Terminal(id)}```\n\n"), ("scenes", Scenes(one)) })
        {
            Repository.SaysBetween($"cases/{id}/page.md", $"<!-- {part} -->", $"<!-- /{part} -->", text, $"# {one.Card.Title}\n");
        }
    }

    private static SceneRun Lead(string id) => Runs.GetOrAdd(id, _ => new Lazy<SceneRun>(() =>
    {
        var one = Casebook.Find(id);
        return CaseSubjects.Run(one, one.Traps[0], new Draw(1, Full: true));
    })).Value;

    private static string Terminal(string id) => TerminalRenderer.Text(Lead(id).Portable, new TerminalOptions { Width = 100, Unicode = false });

    private static string Facts(Case one)
    {
        var text = new StringBuilder("\n| | |\n|---|---|\n");
        text.Append(CultureInfo.InvariantCulture, $"| Level | {one.Card.Level.ToString().ToLowerInvariant()} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| Verbs | {string.Join(", ", one.Card.Verbs)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| Fires | {string.Join(", ", one.Catches.Select(c => $"[{c}](../../../docs/checks/{c}.md)"))} |\n");
        foreach (var gap in one.Card.Gaps)
        {
            text.Append(CultureInfo.InvariantCulture, $"| Not yet | {gap} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Command(Case one)
    {
        var scene = one.Traps[0];
        var text = new StringBuilder("\n```\n");
        if (scene.EarlierLooks.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"gnomon {scene.Command} {scene.EarlierLooks[0]}\n   ({scene.EarlierLooks.Count} earlier looks like this one, then)\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"gnomon {scene.Command}\n```\n\nThe same in C#:\n\n```csharp\nvar finding = Ask.{char.ToUpperInvariant(one.Card.Verbs[0][0])}{one.Card.Verbs[0][1..]}({scene.InCode!.Text});\n```\n\n").ToString();
    }

    private static string Scenes(Case one)
    {
        var text = new StringBuilder("\n| data set | what is in it | what fires | decision |\n|---|---|---|---|\n");
        foreach (var scene in one.Scenes)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {scene.Name} | {scene.Data} | {(scene.Fires.Count == 0 ? "nothing" : string.Join(", ", scene.Fires))} | {scene.Action.Word()} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nRun any of them: `gnomon cases run {one.Card.Id} --scene {one.Scenes[^1].Name}`\n\n").ToString();
    }

    // Words exactly, numbers within a relative tolerance.
    private static string? Difference(JsonNode? golden, JsonNode? seen, string where)
    {
        switch (golden, seen)
        {
            case (null, null):
                return null;
            case (JsonObject a, JsonObject b):
                return a.Select(p => p.Key).SequenceEqual(b.Select(p => p.Key), StringComparer.Ordinal)
                    ? a.Select(p => Difference(p.Value, b[p.Key], $"{where}.{p.Key}")).FirstOrDefault(d => d is not null)
                    : $"{where} has other fields";
            case (JsonArray a, JsonArray b):
                return a.Count == b.Count
                    ? a.Zip(b).Select((p, i) => Difference(p.First, p.Second, $"{where}[{i}]")).FirstOrDefault(d => d is not null)
                    : $"{where} has {b.Count} items, golden {a.Count}";
            case (JsonValue a, JsonValue b) when a.GetValueKind() == System.Text.Json.JsonValueKind.Number && b.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                var (x, y) = (a.GetValue<double>(), b.GetValue<double>());
                return Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), 1e-3) ? null : string.Create(CultureInfo.InvariantCulture, $"{where} is {y:R}, golden {x:R}");
            default:
                return golden?.ToJsonString() == seen?.ToJsonString() ? null : $"{where} is {seen?.ToJsonString()}, golden {golden?.ToJsonString()}";
        }
    }
}
