using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Html;
using Gnomon.Render.Json;
using Gnomon.Render.Junit;
using Gnomon.Render.Markdown;
using Gnomon.Render.Sarif;
using Gnomon.Render.Terminal;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class GoldenTests
{
    private const string Ledger = "second look at this experiment; ledger in .gnomon/ledger.sqlite";

    public static TheoryData<string> Names => [.. Samples.Golden.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_form_is_as_it_was_accepted(string name)
    {
        var finding = Samples.Golden[name];
        Golden.Check($"{name}.json", FindingJson.Write(finding) + "\n");
        Golden.Check($"{name}.txt", TerminalRenderer.Text(finding, new TerminalOptions { Width = 100, Unicode = true, LedgerLine = Ledger }));
        Golden.Check($"{name}.md", MarkdownRenderer.Render(finding, Ledger));
        Golden.Check($"{name}.junit.xml", JunitRenderer.Render(finding, CheckStatus.Warn));
        Golden.Check($"{name}.sarif.json", SarifRenderer.Render(finding) + "\n");
        Golden.Check($"{name}.html", Golden.WithoutLibrary(HtmlRenderer.Render(finding, Ledger)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_finding_read_from_its_json_renders_the_same(string name)
    {
        var finding = Samples.Golden[name];
        var read = FindingJson.Read(FindingJson.Write(finding));
        Assert.Equal(HtmlRenderer.Render(finding), HtmlRenderer.Render(read));
        Assert.Equal(TerminalRenderer.Text(finding), TerminalRenderer.Text(read));
        Assert.Equal(MarkdownRenderer.Render(finding), MarkdownRenderer.Render(read));
    }

    [Fact]
    public void A_finding_of_every_action_renders_in_every_form()
    {
        foreach (var action in Enum.GetValues<DecisionAction>())
        {
            var finding = Samples.Minimal(action);
            Assert.All(
                new[] { FindingJson.Write(finding), TerminalRenderer.Text(finding), MarkdownRenderer.Render(finding), JunitRenderer.Render(finding), SarifRenderer.Render(finding), HtmlRenderer.Render(finding) },
                text => Assert.NotEmpty(text));
        }
    }
}
