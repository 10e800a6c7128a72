using System.Text.Json;
using Gnomon.Cases;
using Gnomon.Cli.Output;
using Gnomon.Core.Findings;

namespace Gnomon.Cli.Commands;

/// <summary>What <c>gnomon cases --json</c> prints.</summary>
internal static class CasesJson
{
    public static string Word(CaseLevel level) => level switch
    {
        CaseLevel.Basic => "basic",
        CaseLevel.Intermediate => "intermediate",
        _ => "advanced",
    };

    public static string List(IReadOnlyList<Case> cases) => JsonDocumentText.Write("gnomon.cases/1", writer =>
    {
        writer.WriteStartArray("cases");
        foreach (var one in cases)
        {
            writer.WriteStartObject();
            Card(writer, one, verdict: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static string One(Case chosen, bool verdict) => JsonDocumentText.Write("gnomon.case/1", writer =>
    {
        Card(writer, chosen, verdict);
        writer.WriteString("command", $"gnomon {chosen.Traps[0].Command}");
        if (!verdict)
        {
            return;
        }

        writer.WriteString("lesson", chosen.Card.Lesson);
        Texts(writer, "gaps", chosen.Card.Gaps);
        writer.WriteStartArray("scenes");
        foreach (var scene in chosen.Scenes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", scene.Name);
            writer.WriteString("data", scene.Data);
            writer.WriteString("command", $"gnomon {scene.Command}");
            Texts(writer, "fires", scene.Fires);
            writer.WriteString("action", scene.Action.Word());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (Casebook.Page(chosen) is { } page)
        {
            writer.WriteString("page", page);
        }
    });

    public static string Run(SceneRun run) => JsonDocumentText.Write("gnomon.case-run/1", writer =>
    {
        writer.WriteString("case", run.Case.Card.Id);
        writer.WriteString("scene", run.Scene.Name);
        writer.WriteNumber("seed", run.Draw.Seed);
        writer.WriteString("size", run.Draw.Full ? "full" : "small");
        writer.WriteString("command", $"gnomon {(run.Draw.Full ? run.Scene.Command : run.Scene.SmallCommand ?? run.Scene.Command)}");
        Texts(writer, "files", [.. Directory.EnumerateFiles(run.Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]);
        writer.WriteBoolean("asPromised", run.Holds);
        Texts(writer, "faults", [.. run.Faults()]);
        writer.WriteString("lesson", run.Case.Card.Lesson);
        writer.WritePropertyName("finding");
        writer.WriteRawValue(FindingText.Json(run.Finding));
    });

    public static string Check(IReadOnlyList<SceneVerdict> verdicts, int seeds, bool full) => JsonDocumentText.Write("gnomon.case-check/1", writer =>
    {
        writer.WriteString("version", ProductVersion.Text);
        writer.WriteNumber("seeds", seeds);
        writer.WriteString("size", full ? "full" : "small");
        writer.WriteBoolean("kept", verdicts.All(v => v.Kept));
        writer.WriteStartArray("scenes");
        foreach (var v in verdicts)
        {
            writer.WriteStartObject();
            writer.WriteString("case", v.Case.Card.Id);
            writer.WriteString("scene", v.Scene.Name);
            writer.WriteNumber("asPromised", v.Good);
            writer.WriteNumber("numbersCompared", v.NumbersCompared);
            writer.WriteNumber("numbersWrong", v.NumbersWrong);
            writer.WriteBoolean("kept", v.Kept);
            if (v.FirstFault is not null)
            {
                writer.WriteString("fault", v.FirstFault);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Card(Utf8JsonWriter writer, Case one, bool verdict)
    {
        var card = one.Card;
        writer.WriteString("id", card.Id);
        writer.WriteString("area", card.Area);
        writer.WriteString("level", Word(card.Level));
        writer.WriteString("title", card.Title);
        writer.WriteString("situation", card.Situation);
        Texts(writer, "verbs", card.Verbs);
        if (verdict)
        {
            Texts(writer, "keywords", card.Keywords);
            Texts(writer, "catches", one.Catches);
            writer.WriteString("action", one.Traps[0].Action.Word());
        }
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
