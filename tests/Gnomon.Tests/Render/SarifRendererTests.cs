using System.Text.Json;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Render.Sarif;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class SarifRendererTests
{
    [Fact]
    public void Checks_are_rules_and_those_that_fired_are_results_on_the_data()
    {
        using var log = JsonDocument.Parse(SarifRenderer.Render(Samples.Ship()));
        var run = log.RootElement.GetProperty("runs")[0];
        Assert.Equal("2.1.0", log.RootElement.GetProperty("version").GetString());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Assert.Equal(5, rules.Count);
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["warning", "note"], results.Select(r => r.GetProperty("level").GetString()));
        Assert.All(results, r => Assert.Equal(r.GetProperty("ruleId").GetString(), rules[r.GetProperty("ruleIndex").GetInt32()]));
        Assert.All(results, r => Assert.Equal("visits.csv", Uri(r)));
    }

    [Fact]
    public void A_failed_check_is_an_error()
    {
        using var log = JsonDocument.Parse(SarifRenderer.Render(Samples.SplitBroken()));
        var levels = log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Select(r => r.GetProperty("level").GetString());
        Assert.Equal(["warning", "error"], levels);
    }

    [Theory]
    [InlineData("data/my file.csv", "data/my%20file.csv")]
    [InlineData("C:\\data\\a.csv", "C%3A/data/a.csv")]
    [InlineData("/tmp/a b.csv", "file:///tmp/a%20b.csv")]
    [InlineData("postgres://me:secret@host/db?table=t", "postgres://host/db?table=t")]
    [InlineData("-", "-")]
    public void Sources_become_uris_without_passwords(string source, string uri)
    {
        var finding = Samples.SplitBroken();
        finding = finding with { Provenance = finding.Provenance with { Data = [new DataIdentity(source, 1, 1, null)] } };
        using var log = JsonDocument.Parse(SarifRenderer.Render(finding));
        Assert.Equal(uri, Uri(log.RootElement.GetProperty("runs")[0].GetProperty("results")[0]));
    }

    private static string? Uri(JsonElement result) =>
        result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString();
}
