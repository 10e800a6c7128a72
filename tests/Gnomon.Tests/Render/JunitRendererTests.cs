using System.Xml.Linq;
using Gnomon.Core.Checks;
using Gnomon.Render.Junit;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class JunitRendererTests
{
    [Fact]
    public void A_warning_fails_only_when_asked_to()
    {
        var lenient = Suite(JunitRenderer.Render(Samples.Ship()));
        var strict = Suite(JunitRenderer.Render(Samples.Ship(), CheckStatus.Warn));
        Assert.Equal(("5", "0", "1"), ((string?)lenient.Attribute("tests"), (string?)lenient.Attribute("failures"), (string?)lenient.Attribute("skipped")));
        Assert.Equal("1", (string?)strict.Attribute("failures"));
        Assert.Single(strict.Descendants("failure"));
        Assert.Equal("extreme-values", (string?)strict.Descendants("failure").Single().Parent!.Attribute("name"));
        Assert.Equal("no pre-period column was named", (string?)strict.Descendants("skipped").Single().Attribute("message"));
    }

    [Fact]
    public void A_failed_check_fails_always_with_evidence_and_remedy()
    {
        var failure = Suite(JunitRenderer.Render(Samples.SplitBroken())).Descendants("failure").Single();
        Assert.Equal("observed 52,100 / 47,900, planned 50 / 50", (string?)failure.Attribute("message"));
        Assert.Contains("do not reweight", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        var suite = Suite(JunitRenderer.Render(Samples.HostileNames()));
        Assert.Contains("<script>alert(1)</script> \"q\" 'a' & [red]x[/]", (string?)suite.Descendants("failure").Single().Attribute("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckStatus.Pass)]
    [InlineData(CheckStatus.Skipped)]
    public void Only_warn_and_fail_are_levels(CheckStatus level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => JunitRenderer.Render(Samples.Ship(), level));

    private static XElement Suite(string xml) => XDocument.Parse(xml).Root!.Element("testsuite")!;
}
