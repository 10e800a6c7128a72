using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Design;

/// <summary><c>design --kind bandit --rule linear-ucb</c>: groups that are stated, and contexts of a log.</summary>
public sealed class ContextualDesignTests
{
    private static readonly DesignOptions Groups = new() { Kind = "bandit", Rule = "linear-ucb", Contexts = 3, ContextSd = 0.08, Baseline = 0.2, Mde = "0.02", Traffic = "200/day", Days = 7 };

    [Fact]
    public void Contexts_that_matter_are_worth_more_than_one_arm_for_everybody()
    {
        var finding = Ask.Design(Groups with { ContextSd = 0.12, Days = 21 });
        var rules = Rules(finding);
        Assert.True((double)rules["LinUCB"][3]! < (double)rules["Thompson sampling, no context"][3]!, "what was learned by context loses less afterwards");
        Assert.Contains("fixed test of the same traffic", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Estimates, e => e.Name.StartsWith("false winners", StringComparison.Ordinal) && e.Low < e.High);
        Assert.Equal(2, finding.Plots.Count);
        Assert.Equal(5, rules.Count);
    }

    [Fact]
    public void A_log_brings_its_own_contexts()
    {
        var rng = new Rng(11).Stream("log");
        var rows = Enumerable.Range(0, 4_000).Select(_ => (Arm: rng.NextInt(2), Phone: rng.NextDouble() < 0.5, Hour: rng.NextInt(24))).Select(r => (r.Arm, r.Phone, r.Hour, Click: rng.NextDouble() < 0.2 + (r.Arm == 1 ? r.Phone ? 0.15 : -0.1 : 0) ? 1L : 0L)).ToArray();
        var table = Table.With("item", rows.Select(r => (string?)(r.Arm == 0 ? "A" : "B"))).And("device", rows.Select(r => (string?)(r.Phone ? "phone" : "desk"))).And("hour", rows.Select(r => (long)r.Hour)).And("click", rows.Select(r => r.Click));
        var options = new DesignOptions { Kind = "bandit", Rule = "linear-thompson", Variant = "item", Metric = "click", Context = ["device", "hour"], Traffic = "200/day", Days = 14 };
        var finding = Ask.Design(table, options);
        var rules = Rules(finding);
        Assert.True((double)rules["linear Thompson sampling"][3]! < (double)rules["Thompson sampling, no context"][3]!, "the device decides which arm is better");
        Assert.Contains(finding.Limitations, l => l.Contains("device, hour", StringComparison.Ordinal));
        Assert.Equal("not-binary", Assert.Throws<GnomonError>(() => Ask.Design(table, options with { Metric = "hour" })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Design(table, options with { Context = ["devise"] })).Code);
    }

    [Fact]
    public void What_is_missing_or_does_not_belong_is_named()
    {
        Assert.Contains((Groups with { Contexts = null }).Validate(), e => e.Where == "--contexts");
        Assert.Contains((Groups with { Traffic = null }).Validate(), e => e.Where == "--traffic");
        Assert.Contains((Groups with { Floor = 0.1 }).Validate(), e => e.Where == "--floor");
        Assert.Contains((Groups with { Rule = "thompson" }).Validate(), e => e.Code == "options-conflict");
        Assert.Contains((Groups with { Data = "log.csv" }).Validate(), e => e.Where == "--context");
        Assert.Empty(Groups.Validate());
        Assert.Equal("bad-effect", Assert.Throws<GnomonError>(() => Ask.Design(Groups with { Mde = "0.9" })).Code);
    }

    private static Dictionary<string, IReadOnlyList<object?>> Rules(Finding finding) => finding.Tables.Single(t => t.Id == "rules").Rows.ToDictionary(r => (string)r[0]!);
}
