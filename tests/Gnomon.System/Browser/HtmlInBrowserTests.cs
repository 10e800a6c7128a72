using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gnomon.Core.Findings;
using Gnomon.Render.Html;
using Gnomon.Render.Json;
using Xunit;

namespace Gnomon.System.Browser;

public sealed class HtmlInBrowserTests : IDisposable
{
    // A name that no server answers to (RFC 2606).
    private const string Outside = "http://gnomon-page.test/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gnomon-page-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("ship", 2)]
    [InlineData("split-broken", 0)]
    [InlineData("profile-wide", 1)]
    [InlineData("hostile", 1)]
    public void The_page_draws_its_charts_without_a_word_on_the_console(string name, int charts)
    {
        Chromium.SkipIfAbsent();
        var run = Chromium.Run(Page(Sample(name)), "--dump-dom");
        Assert.Empty(run.Console);
        Assert.Equal(charts, Regex.Count(run.Output, "<svg[^>]*class=\"marks\""));
        Assert.DoesNotContain("could not be drawn", run.Output.Split("<script")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(500)]
    public void The_screenshot_is_not_blank(int width)
    {
        Chromium.SkipIfAbsent();
        Assert.True(Ink(Page(Sample("ship")), width) > 0.02);
        Assert.True(Ink("about:blank", width) < 0.001);
    }

    [Fact]
    public void The_page_fetches_nothing_even_when_a_plot_asks_for_it()
    {
        Chromium.SkipIfAbsent();
        var finding = Sample("ship");
        var greedy = new Plot("p", $"see {Outside}", new JsonObject
        {
            ["data"] = new JsonObject { ["url"] = Outside + "data.json" },
            ["mark"] = "point",
            ["encoding"] = new JsonObject { ["x"] = new JsonObject { ["field"] = "a", ["type"] = "quantitative" } },
        });
        Assert.DoesNotContain(Asked(Page(finding)), line => line.Contains("gnomon-page.test", StringComparison.Ordinal) || line.Contains("vega.github.io", StringComparison.Ordinal));
        var page = Page(finding with { Plots = [greedy] });
        Assert.DoesNotContain(Asked(page), line => line.Contains("gnomon-page.test", StringComparison.Ordinal));
        // The refusal is heard, so silence on the console of other pages means something.
        Assert.Contains(Chromium.Run(page, "--dump-dom").Console, line => line.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_that_does_fetch_is_seen()
    {
        Chromium.SkipIfAbsent();
        var path = Path.Combine(_folder.FullName, "control.html");
        File.WriteAllText(path, $"<!doctype html><img src=\"{Outside}x.png\">");
        Assert.Contains(Asked(new Uri(path).AbsoluteUri), line => line.Contains("gnomon-page.test", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Asked(string url)
    {
        using var proxy = new ListeningProxy();
        Chromium.Run(url, "--dump-dom", $"--proxy-server={proxy.Address}");
        return proxy.Asked;
    }

    private double Ink(string url, int width)
    {
        var picture = Path.Combine(_folder.FullName, $"{width}.png");
        Chromium.Run(url, $"--screenshot={picture}", $"--window-size={width},1600");
        return Png.Ink(picture);
    }

    private string Page(Finding finding)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.html");
        File.WriteAllText(path, HtmlRenderer.Render(finding));
        return new Uri(path).AbsoluteUri;
    }

    private static Finding Sample(string name) => FindingJson.Read(File.ReadAllText(Path.Combine(Root(), "tests", "golden", "render", $"{name}.json")));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
