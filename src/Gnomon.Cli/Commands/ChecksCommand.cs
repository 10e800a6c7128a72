using System.Globalization;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon checks [list | show ID] [--json]</c>: the guards, from their cards.</summary>
internal sealed class ChecksCommand : ICommand
{
    public string Name => "checks";

    public string Summary => "List the checks that guard every finding, or show one.";

    public IReadOnlyList<OptionShape> Options { get; } = [OptionShape.Switch("json", "Print the cards as JSON.")];

    public IReadOnlyList<string> Words => ["list", "show"];

    public IEnumerable<string> Help(int width) => ["gnomon checks [list] [--json]", "gnomon checks show ID [--json]"];

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 2);
        var one = line.Positionals switch
        {
            [] or ["list"] => null,
            ["show", var id] => Catalogue.Check(id),
            ["show"] => throw new GnomonError("option-missing", "Which check?", "show", "Write gnomon checks show ID; gnomon checks lists them."),
            [var id] => Catalogue.Check(id),
            _ => throw new GnomonError("unknown-word", $"gnomon checks has no word '{line.Positionals[0]}'.", line.Positionals[0], "Write list or show ID."),
        };
        if (line.Has("json"))
        {
            surface.Out.WriteLine(Json(one is null ? Catalogue.Checks : [one]));
            return ExitCode.Answered;
        }

        foreach (var text in one is null ? List(surface.Width) : Show(one.Card, surface.Width))
        {
            surface.Out.WriteLine(text);
        }

        return ExitCode.Answered;
    }

    internal static string Word(CheckLevel level) => level switch
    {
        CheckLevel.Blocking => "blocking",
        CheckLevel.Warning => "warning",
        _ => "note",
    };

    private static IEnumerable<string> List(int width) =>
        Columns.Two([.. Catalogue.Checks.Select(c => (c.Card.Id, $"[{Word(c.Card.Level)}] {c.Card.Asks}"))], width, indent: 0, widest: 40);

    private static IEnumerable<string> Show(CheckCard card, int width)
    {
        var rows = new List<(string, string)>
        {
            ("Asks", card.Asks),
            ("Fires when", card.FiresWhen),
            ("Means", card.Means),
            ("Do", card.Remedy),
            ("Level", card.Level == CheckLevel.Blocking ? $"blocking: a failure turns the decision into {card.ActsBy.Word()}" : Word(card.Level)),
            ("Promise", string.Create(CultureInfo.InvariantCulture, $"catches {card.DetectionRate * 100:0.##} % of the flaws it was built for; alarms on at most {card.FalseAlarmRate * 100:0.###} % of clean data")),
            ("Source", card.Source),
        };
        if (card.Aliases.Count > 0)
        {
            rows.Add(("Also called", string.Join(", ", card.Aliases)));
        }

        return Columns.Two(rows, width).Prepend(card.Id);
    }

    private static string Json(IReadOnlyList<Check> checks) => JsonDocumentText.Write("gnomon.checks/1", writer =>
    {
        writer.WriteStartArray("checks");
        foreach (var card in checks.Select(c => c.Card))
        {
            writer.WriteStartObject();
            writer.WriteString("id", card.Id);
            writer.WriteString("level", Word(card.Level));
            writer.WriteString("asks", card.Asks);
            writer.WriteString("firesWhen", card.FiresWhen);
            writer.WriteString("means", card.Means);
            writer.WriteString("remedy", card.Remedy);
            writer.WriteString("source", card.Source);
            if (card.Level == CheckLevel.Blocking)
            {
                writer.WriteString("actsBy", card.ActsBy.Word());
            }

            writer.WriteNumber("detectionRate", card.DetectionRate);
            writer.WriteNumber("falseAlarmRate", card.FalseAlarmRate);
            writer.WriteStartArray("aliases");
            card.Aliases.ToList().ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
