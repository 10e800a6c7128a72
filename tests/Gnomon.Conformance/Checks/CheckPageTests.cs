using System.Globalization;
using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Xunit;

namespace Gnomon.Conformance.Checks;

/// <summary>docs/checks is written from the cards; a page that no longer says what the card says fails here.</summary>
public sealed class CheckPageTests
{
    private const string Folder = "docs/checks";

    public static TheoryData<string> Ids => CheckSubjects.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_check_has_its_page(string id) => Repository.Says($"{Folder}/{id}.md", Page(CheckSubjects.Of(id)));

    [Fact]
    public void The_index_lists_every_check() => Repository.Says($"{Folder}/README.md", Index());

    [Fact]
    public void No_page_outlives_its_check()
    {
        var known = Catalogue.Checks.Select(c => $"{c.Card.Id}.md").Append("README.md");
        var pages = Directory.Exists(Path.Combine(Repository.Root, Folder)) ? Directory.GetFiles(Path.Combine(Repository.Root, Folder)).Select(Path.GetFileName) : [];
        Assert.Empty(pages.Except(known));
    }

    private static string Page(Check check)
    {
        var card = check.Card;
        var text = new StringBuilder($"# {card.Id}\n\n{card.Asks}\n\n");
        text.Append("| | |\n|---|---|\n");
        Row("Fires when", card.FiresWhen);
        Row("What it means", card.Means);
        Row("What to do", card.Remedy);
        Row("Level", Level(card));
        Row("Promise", string.Create(CultureInfo.InvariantCulture, $"catches at least {card.DetectionRate * 100:0.##} % of the planted flaws; alarms on at most {card.FalseAlarmRate * 100:0.###} % of clean twins"));
        Row("Runs on", $"`{check.EvidenceType.Name}`, whichever verb states it");
        Row("Source", card.Source);
        if (card.Aliases.Count > 0)
        {
            Row("Also called", string.Join(", ", card.Aliases));
        }

        return text.Append($"\nMeasure the promise on your machine: `gnomon trust --check {card.Id}`\n").ToString();

        void Row(string term, string value) => text.Append($"| {term} | {Cell(value)} |\n");
    }

    private static string Index()
    {
        var text = new StringBuilder("# Checks\n\nEvery finding is guarded by the checks that apply to it; nobody has to ask for them. Written from the checks' cards.\n\n");
        text.Append("| check | level | question |\n|---|---|---|\n");
        foreach (var card in Catalogue.Checks.Select(c => c.Card))
        {
            text.Append($"| [{card.Id}]({card.Id}.md) | {card.Level.ToString().ToLowerInvariant()} | {Cell(card.Asks)} |\n");
        }

        return text.ToString();
    }

    private static string Level(CheckCard card) => card.Level switch
    {
        CheckLevel.Blocking => $"blocking: a failure turns the decision into `{card.ActsBy.Word()}`",
        CheckLevel.Warning => "warning: the decision stands, with the flaw named",
        _ => "note: a sentence among the limitations",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
