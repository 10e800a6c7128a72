using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gnomon.Core.Findings;
using Gnomon.Render.Html;
using Gnomon.Render.Json;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class HtmlRendererTests
{
    public static TheoryData<string> Names => [.. Samples.Golden.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_finding_inside_is_the_finding(string name)
    {
        var html = HtmlRenderer.Render(Samples.Golden[name]);
        var inside = Regex.Match(html, "<script type=\"application/json\" id=\"finding\">(?<it>.*?)</script>", RegexOptions.Singleline).Groups["it"].Value;
        Assert.Equal(FindingJson.Write(Samples.Golden[name]), FindingJson.Write(FindingJson.Read(inside)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_in_the_page_points_outside(string name)
    {
        var page = Golden.WithoutLibrary(HtmlRenderer.Render(Samples.Golden[name]));
        var markup = Regex.Replace(page, "<script type=\"application/json\".*?</script>", string.Empty, RegexOptions.Singleline);
        Assert.DoesNotMatch("(?i)\\s(?:src|href|srcset|action|data|poster|background)\\s*=", markup);
        Assert.DoesNotMatch("(?i)url\\s*\\(|@import|https?:", markup);
        Assert.Contains("default-src 'none'", markup, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", markup, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_script_is_allowed_by_its_hash_and_no_other(string name)
    {
        var html = HtmlRenderer.Render(Samples.Golden[name]);
        var allowed = Regex.Matches(html, "'(?<it>sha256-[^']+)'").Select(m => m.Groups["it"].Value).Order().ToList();
        var scripts = Regex.Matches(html, "<script>(?<it>.*?)</script>", RegexOptions.Singleline).Select(m => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(m.Groups["it"].Value)))).Order().ToList();
        Assert.Equal(allowed, scripts);
        Assert.Equal(Samples.Golden[name].Plots.Count > 0 ? 4 : 0, scripts.Count);
    }

    [Fact]
    public void Without_plots_the_chart_library_stays_out_and_with_plots_its_licences_come_along()
    {
        Assert.InRange(HtmlRenderer.Render(Samples.SplitBroken()).Length, 1, 60_000);
        var page = HtmlRenderer.Render(Samples.Ship());
        Assert.Equal(3, Regex.Count(page, "Redistributions of source code must retain the above copyright notice"));
        Assert.DoesNotContain("sourceMappingURL", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_of_the_estimates_is_not_drawn_beside_their_picture()
    {
        var finding = Ask.Ab(new Gnomon.Studies.Ab.AbOptions { Counts = ["A=500/11034", "B=420/11037"] });
        Assert.Equal(["effect"], finding.Plots.Select(p => p.Id));
        var page = HtmlRenderer.Render(finding);
        Assert.Equal(2, Regex.Count(page, "<table class=\"picture\"")); // the difference and the lift
        Assert.DoesNotContain("class=\"chart\"", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1, 60_000);

        // A forest plot of other rows is something else, and keeps the place by which the script finds it.
        var other = Gnomon.Core.Findings.Plots.IntervalPlot.Build([new Gnomon.Core.Findings.Plots.IntervalRow("else", 1, 0, 2)], "else", new Gnomon.Core.Findings.Plots.PlotUnit("relative", Change: true));
        page = HtmlRenderer.Render(finding with { Plots = [.. finding.Plots, new Plot("else", "Something else", other)] });
        Assert.Equal(["plot-1"], Regex.Matches(page, "class=\"chart\" id=\"(?<id>[^\"]+)\"").Select(m => m.Groups["id"].Value));
    }

    [Fact]
    public void Text_of_the_user_stays_text()
    {
        var page = Golden.WithoutLibrary(HtmlRenderer.Render(Samples.HostileNames(), Samples.Hostile));
        Assert.DoesNotContain("<script>alert", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("</table> - <b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page.Split("<script type=\"application/json\"")[0]);
        Assert.DoesNotContain('\u001B', page);
        // Five scripts are ours: the finding, three libraries, the drawing.
        Assert.Equal(5, Regex.Count(page, "<script"));
        Assert.Equal(5, Regex.Count(page, "</script>"));
        Assert.Contains("aria-label=\"&lt;script&gt;alert(1)&lt;/script&gt; &quot;q&quot; &#39;a&#39; &amp;", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tags_are_balanced(string name)
    {
        var page = Golden.WithoutLibrary(HtmlRenderer.Render(Samples.Golden[name]));
        var open = new Stack<string>();
        foreach (Match tag in Regex.Matches(page, @"<(?<end>/?)(?<name>[a-z][a-z0-9]*)(?:[^>""]|""[^""]*"")*?(?<self>/?)>"))
        {
            var element = tag.Groups["name"].Value;
            if (element is "meta" || tag.Groups["self"].Length > 0)
            {
                continue;
            }

            if (tag.Groups["end"].Length == 0)
            {
                open.Push(element);
            }
            else
            {
                Assert.Equal(open.Pop(), element);
            }
        }

        Assert.Empty(open);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_can_be_read_by_structure(string name)
    {
        var page = Golden.WithoutLibrary(HtmlRenderer.Render(Samples.Golden[name]));
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<h1>"));
        Assert.All(Regex.Matches(page, "<th[ >][^>]*>"), m => Assert.True(m.Value.Contains("scope=", StringComparison.Ordinal), m.Value));
        var ids = Regex.Matches(page, " id=\"(?<it>[^\"]+)\"").Select(m => m.Groups["it"].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(Regex.Matches(page, "aria-labelledby=\"(?<it>[^\"]+)\"").Select(m => m.Groups["it"].Value), id => Assert.Contains(id, ids));
        Assert.All(Regex.Matches(page, "<svg[^>]*>").Select(m => m.Value), svg => Assert.True(svg.Contains("aria-hidden", StringComparison.Ordinal) || svg.Contains("overflow", StringComparison.Ordinal) || svg.Contains("focusable", StringComparison.Ordinal)));
        Assert.Matches("<title>.+</title>", page);
    }

    [Fact]
    public void The_verdict_comes_first_and_carries_its_tone()
    {
        var page = HtmlRenderer.Render(Samples.SplitBroken());
        Assert.Contains("<body class=\"stop\">", page, StringComparison.Ordinal);
        var at = new[] { "<h1>", "class=\"summary\"", "sample-ratio-mismatch</bdi>", "class=\"picture\"", "What limits this answer", "id=\"next\"", "<footer>" }.Select(t => page.IndexOf(t, page.IndexOf("<body", StringComparison.Ordinal), StringComparison.Ordinal)).ToList();
        Assert.Equal(at.Order(), at);
        Assert.Contains("Do not ship: Does arm B change converted?", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_drawn_without_a_script()
    {
        var page = HtmlRenderer.Render(Samples.SplitBroken());
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("<circle class=\"point\"", page, StringComparison.Ordinal);
        Assert.Contains("<line class=\"none\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_on_the_axis_are_those_of_the_numbers()
    {
        // One row, no reference lines: the axis runs from 0 to the upper bound with 4 % of room on each side.
        var page = HtmlRenderer.Render(Samples.SplitBroken());
        double Position(string pattern) => double.Parse(Regex.Match(page, pattern).Groups["it"].Value, CultureInfo.InvariantCulture);
        double At(double value) => 100 * (value + (0.04 * 0.006)) / (1.08 * 0.006);
        Assert.Equal(At(0), Position("<line class=\"none\" x1=\"(?<it>[0-9.]+)%"), 0.01);
        Assert.Equal(At(0.0002), Position("<line class=\"range\" x1=\"(?<it>[0-9.]+)%"), 0.01);
        Assert.Equal(At(0.0060), Position("<line class=\"range\" x1=\"[0-9.]+%\" x2=\"(?<it>[0-9.]+)%"), 0.01);
        Assert.Equal(At(0.0031), Position("<circle class=\"point\" cx=\"(?<it>[0-9.]+)%"), 0.01);
    }

    [Fact]
    public void Text_has_the_contrast_of_wcag_aa_in_light_and_dark()
    {
        var style = Regex.Match(HtmlRenderer.Render(Samples.SplitBroken()), "<style>(?<it>.*?)</style>", RegexOptions.Singleline).Groups["it"].Value;
        var themes = Regex.Matches(style, @"--bg: (?<bg>#\w{6}); --fg: (?<ink>#\w{6}); --muted: (?<ink>#\w{6});.*?--go: (?<ink>#\w{6}); --stop: (?<ink>#\w{6}); --wait: (?<ink>#\w{6});", RegexOptions.Singleline);
        Assert.Equal(3, themes.Count); // light, dark, paper
        foreach (Match theme in themes)
        {
            var paper = theme.Groups["bg"].Value;
            var inks = theme.Groups["ink"].Captures.Select(c => c.Value).ToList();
            Assert.Equal(5, inks.Count);
            Assert.All(inks, ink => Assert.True(Contrast(paper, ink) >= 4.5, $"{ink} on {paper}: {Contrast(paper, ink):0.00}"));
        }
    }

    [Fact]
    public void Every_action_has_a_page()
    {
        foreach (var action in Enum.GetValues<DecisionAction>())
        {
            var page = HtmlRenderer.Render(Samples.Minimal(action));
            Assert.Matches("<h1><span class=\"symbol\" aria-hidden=\"true\">[✔✖▲]</span> [A-Z]", page);
            Assert.DoesNotContain("<section", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_can_be_read_back_whole()
    {
        var name = new string('n', 5_000) + " <&>\"'";
        var page = HtmlRenderer.Render(Samples.Minimal(DecisionAction.Answer) with { Title = name });
        Assert.Contains(name, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    // WCAG 2.2, relative luminance and contrast ratio.
    private static double Contrast(string a, string b)
    {
        double x = Luminance(a), y = Luminance(b);
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var c = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
