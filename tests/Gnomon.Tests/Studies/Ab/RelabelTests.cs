using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --relabel</c>, and the expressions that a named plan carries.</summary>
public sealed class RelabelTests
{
    [Fact]
    public void The_size_on_these_units_is_told_and_heavy_tails_show()
    {
        var rng = new Rng(3);
        var arm = Enumerable.Range(0, 600).Select(i => (string?)(i % 2 == 0 ? "A" : "B"));
        var calm = Table.With("arm", arm).And("spend", Enumerable.Range(0, 600).Select(_ => 20 + rng.NextNormal()).ToArray());
        var finding = Ask.Ab(calm, new AbOptions { Variant = "arm", Metric = ["spend"], Relabel = 2_000 });
        Assert.Equal("Pass", AbData.Check(finding, "aa-false-positive-rate").Status.ToString());
        Assert.Equal(1.0, finding.Tables.Single(t => t.Id == "relabelled").Rows.Sum(r => (double)r[2]!), 1e-9);
        Assert.Contains(finding.Limitations, l => l.StartsWith("With the arms of these units drawn again at random 2,000 times", StringComparison.Ordinal));

        // One unit holds nearly everything: Welch's test then hardly ever rejects.
        var heavy = Table.With("arm", arm).And("spend", Enumerable.Range(0, 600).Select(i => i == 7 ? 1e6 : rng.NextDouble()).ToArray());
        Assert.Equal("Fail", AbData.Check(Ask.Ab(heavy, new AbOptions { Variant = "arm", Metric = ["spend"], Relabel = 1_000 }), "aa-false-positive-rate").Status.ToString());
    }

    [Fact]
    public void Shares_are_drawn_without_visiting_units_and_without_the_option_nothing_is_said()
    {
        var options = new AbOptions { Counts = ["A=500/5000", "B=540/5000"], Relabel = 1_000 };
        Assert.Equal("Pass", AbData.Check(Ask.Ab(options), "aa-false-positive-rate").Status.ToString());
        Assert.DoesNotContain(Ask.Ab(options with { Relabel = null }).Checks, c => c.Id == "aa-false-positive-rate");
    }

    [Fact]
    public void What_has_no_value_per_unit_is_refused_by_name()
    {
        var repeated = Table.With("unit", Enumerable.Range(0, 400).Select(i => (long)(i / 2))).And("arm", Enumerable.Range(0, 400).Select(i => (string?)(i / 2 % 2 == 0 ? "A" : "B"))).And("spend", Enumerable.Range(0, 400).Select(i => i % 7.0).ToArray());
        Assert.Equal("not-supported", Assert.Throws<GnomonError>(() => Ask.Ab(repeated, AbData.Options("spend") with { Relabel = 1_000 })).Code);
        Assert.Equal("not-supported", Assert.Throws<GnomonError>(() => Ask.Ab(new AbOptions { Stats = ["A=100,5,2", "B=100,5.2,2"], Relabel = 1_000 })).Code);
    }

    [Fact]
    public void A_named_plan_carries_the_expression_of_every_database()
    {
        var finding = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Experiment = "checkout", Unit = "user_id", Control = "old" });
        var rows = finding.Tables.Single(t => t.Id == "assignment").Rows;
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.Contains("'checkout:'", (string)r[1]!, StringComparison.Ordinal));
        Assert.All(rows, r => Assert.Contains("'old'", (string)r[1]!, StringComparison.Ordinal));
        Assert.DoesNotContain(Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%" }).Tables, t => t.Id == "assignment");
    }
}
