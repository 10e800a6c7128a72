using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gnomon.Core.Findings;
using Gnomon.Render.Html;
using Gnomon.Render.Json;
using Gnomon.Tests.Studies.Onboard;
using Xunit;

namespace Gnomon.Tests.Render;

/// <summary>The handbook: every registered thing has its place, every place is linked, every link leads somewhere, and text stays text.</summary>
public sealed partial class HandbookTests
{
    private const string Hostile = "<b onclick=\"x\">'& </script>";

    [Fact]
    public void Everything_has_a_place_and_no_link_is_dead()
    {
        using var project = new TestProject(json =>
        {
            ((JsonObject)json["features"]![1]!).Remove("owner");
            json["decisions"]![0]!["about"] = new JsonArray();
            json["features"]![0]!["from"] = new JsonArray("gone.area");
        });
        var finding = project.Run();
        Crawl(finding, ["a-homes", "a-buyers", "a-size", "a-room-count", "a-value", "a-fit", "e-zero-area", "e-linear", "p-ada", "p-ben", "t-0"]);
    }

    // 250 of each kind, read through the front door; their files are not there, which is a gap and no reason to leave them out.
    [Fact]
    public void A_thousand_things_are_all_linked()
    {
        using var project = new TestProject(Grow, recorded: false);
        var finding = project.Run(sandbox: false);
        Crawl(finding, [.. finding.Tables.Single(t => t.Id == "assets").Rows.Select(r => $"a-{r[0]}")]);
        Assert.Equal(1_000, finding.Tables.Single(t => t.Id == "assets").Rows.Count);
    }

    [Fact]
    public void The_page_is_the_same_after_a_round_trip_and_fetches_nothing()
    {
        using var project = new TestProject();
        var finding = project.Run();
        var page = HtmlRenderer.Render(finding);
        Assert.Equal(page, HtmlRenderer.Render(FindingJson.Read(FindingJson.Write(finding))));
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        foreach (var says in new[] { "Homes", "Say what a home is worth.", "Numbers come from recorded runs.", "Without the balcony.", "No flats below 40 m2.", "answers/reproduce.json", "Castles.", "Living area.", "A form.", "Nothing: everything has an owner" })
        {
            Assert.Contains(says, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_stays_text()
    {
        using var project = new TestProject(json =>
        {
            json["name"] = Hostile;
            json["purpose"] = Hostile;
            json["standards"] = new JsonArray(Hostile);
            json["people"]![0]!["name"] = Hostile;
            json["people"]![0]!["contact"] = Hostile;
            foreach (var list in new[] { "tables", "features", "models", "jobs", "incidents", "decisions" })
            {
                json[list]![0]!["description"] = Hostile;
            }

            json["tables"]![0]!["caveats"] = new JsonArray(Hostile);
            json["tables"]![0]!["owner"] = Hostile;
            json["tables"]![0]!["columns"]![1]!["caveat"] = Hostile;
            json["incidents"]![0]!["title"] = Hostile;
            json["glossary"]![0]!["term"] = Hostile;
            json["claims"] = new JsonArray(new JsonObject { ["says"] = Hostile });
        });
        var page = HtmlRenderer.Render(project.Run(sandbox: false));
        Assert.DoesNotContain("<b onclick", page, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(page, "</script>"));
    }

    private static void Crawl(Finding finding, IReadOnlyList<string> wanted)
    {
        var page = HtmlRenderer.Render(finding).Split("<script")[0];
        var ids = Ids().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups["id"].Value)).ToList();
        var links = Links().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups["id"].Value)).ToHashSet();
        Assert.Distinct(ids);
        Assert.Empty(wanted.Except(ids));
        Assert.Empty(links.Except(ids)); // no dead link
        Assert.Empty(ids.Where(i => i.StartsWith("a-", StringComparison.Ordinal) || i.StartsWith("e-", StringComparison.Ordinal) || i.StartsWith("p-", StringComparison.Ordinal) || i.StartsWith("t-", StringComparison.Ordinal)).Except(links)); // no orphan
    }

    private static void Grow(JsonObject json)
    {
        JsonArray Many(Func<int, JsonObject> one) => [.. Enumerable.Range(0, 250).Select(i => (JsonNode)one(i))];
        json["tables"] = Many(i => new JsonObject { ["id"] = $"table{i}", ["path"] = $"t{i}.csv" });
        json["features"] = Many(i => new JsonObject { ["id"] = $"feature{i}", ["from"] = new JsonArray($"table{i}", $"table{i * 7 % 250}") });
        json["models"] = Many(i => new JsonObject { ["id"] = $"model{i}", ["features"] = new JsonArray($"feature{i}", $"feature{i * 3 % 250}") });
        json["jobs"] = Many(i => new JsonObject { ["id"] = $"job{i}", ["from"] = new JsonArray($"table{i}"), ["outputs"] = new JsonArray($"model{i}") });
    }

    [GeneratedRegex("\\sid=\"(?<id>[^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#(?<id>[^\"]+)\"")]
    private static partial Regex Links();
}
