using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>--mde: a percentage holds for every primary metric, a number for the first, a name for its own.</summary>
public sealed class AbWorthwhileTests
{
    [Theory]
    [InlineData("10%", new[] { "converted", "revenue" })]
    [InlineData("0.02", new[] { "converted" })]
    [InlineData("revenue=0.5", new[] { "revenue" })]
    [InlineData("0.02,revenue=2%", new[] { "converted", "revenue" })]
    [InlineData("converted=0.02, revenue=0.4", new[] { "converted", "revenue" })]
    public void The_effect_is_held_against_the_metrics_it_is_meant_for(string mde, string[] metrics)
    {
        var lines = Ask(mde).Tables.Single(t => t.Id == Core.Findings.Plots.ReferenceLines.TableId).Rows;
        Assert.Equal(metrics, lines.Where(r => (string)r[2]! != "relative").Select(r => (string)r[3]!));

        // Each stands on the axis of the lift too.
        Assert.Equal(metrics, lines.Where(r => (string)r[2]! == "relative").Select(r => (string)r[3]!));
    }

    [Fact]
    public void Named_and_unnamed_effects_have_the_size_they_say()
    {
        var finding = Ask("10%,revenue=0.5");
        var lines = finding.Tables.Single(t => t.Id == Core.Findings.Plots.ReferenceLines.TableId).Rows.ToDictionary(r => ((string)r[3]!, IsRelative: (string)r[2]! == "relative"), r => (double)r[1]!);
        var control = finding.Tables.Single(t => t.Id == "arms").Rows[0];
        Assert.Equal(0.1 * (double)control[2]!, lines[("converted", false)], 12);
        Assert.Equal(0.1, lines[("converted", true)], 12);
        Assert.Equal(0.5, lines[("revenue", false)], 12);
        Assert.Equal(0.5 / (double)control[3]!, lines[("revenue", true)], 12);
    }

    [Theory]
    [InlineData("5", "--mde must be", false)]
    [InlineData("zero", "--mde must be a positive number or percentage, or METRIC=EFFECT pairs; got 'zero'.", true)]
    [InlineData("-0.1", "must be a positive number", true)]
    [InlineData("0", "must be a positive number", true)]
    [InlineData("0,003", "must be a positive number", true)]
    [InlineData("0.1,0.2", "holds two effects without a metric", true)]
    [InlineData("revenue=1,revenue=2", "names 'revenue' twice", true)]
    [InlineData("revenu=1", "Primary metrics: converted, revenue", true)]
    [InlineData("=1", "which is not a primary metric", true)]
    public void What_cannot_be_read_is_one_clear_message(string mde, string says, bool refused)
    {
        var error = Record.Exception(() => Ask(mde)) as GnomonError;
        Assert.Equal(refused ? "bad-mde" : null, error?.Code);
        if (refused)
        {
            Assert.Contains(says, error!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_metric_whose_own_name_holds_an_equals_sign_can_be_named()
    {
        var finding = Gnomon.Ask.Ab(Data().And("plan", Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? "pro" : "free")), AbData.Options("plan=pro", "revenue") with { Mde = "plan=pro=0.1" });
        Assert.Equal(["plan=pro", "plan=pro"], finding.Tables.Single(t => t.Id == Core.Findings.Plots.ReferenceLines.TableId).Rows.Select(r => (string)r[3]!));
    }

    [Fact]
    public void A_share_of_a_control_value_of_zero_is_no_effect_to_hold_against()
    {
        var finding = Gnomon.Ask.Ab(new AbOptions { Counts = ["A=0/400", "B=9/400"], Mde = "5%" });
        Assert.DoesNotContain(finding.Tables, t => t.Id == Core.Findings.Plots.ReferenceLines.TableId);
        Gnomon.Render.Json.FindingJson.Write(finding);
    }

    private static Finding Ask(string mde) => Gnomon.Ask.Ab(Data(), AbData.Options("converted", "revenue") with { Mde = mde });

    private static Table Data()
    {
        var rng = new Rng(5);
        var all = Enumerable.Range(0, 400).ToArray();
        return Table.With("unit", all.Select(i => (long)i)).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", all.Select(i => i % 5 < 2 ? 1L : 0L)).And("revenue", all.Select(_ => 20 + 3 * rng.NextNormal()));
    }
}
