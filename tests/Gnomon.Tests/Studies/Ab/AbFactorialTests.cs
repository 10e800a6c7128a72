using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Groups;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --factors</c>: the story around the method, and Dunnett beside Holm in plain <c>ab</c>.</summary>
public sealed class AbFactorialTests
{
    private static readonly AbOptions Two = new() { Unit = "unit", Factors = ["tutorial", "push"], Metric = ["kept"] };

    [Fact]
    public void Both_are_shipped_as_one_when_they_give_more_than_their_sum()
    {
        var finding = Ask.Ab(Shares(13_650, 0.20, 0.22, 0.22, 0.26), Two);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("tutorial=yes, push=yes does best", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("do not add up", finding.Decision.Summary, StringComparison.Ordinal);
        var interaction = finding.Estimates[0];
        Assert.Equal("interaction", interaction.Name);
        Assert.Equal(0.02, interaction.Value, 1e-9);
        var odds = MethodReference.Load("factorial/factorial.json").GetProperty("logit").Items("terms").Last();
        MethodReference.Close(odds.Number("value"), finding.Estimates.Single(e => e.Name == "interaction, log-odds").Value, 1e-8);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interaction-ignored").Status);
        Assert.Contains("acting together is a term of the analysis", AbData.Check(finding, "interaction-ignored").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "sample-ratio-mismatch").Status);
        Assert.Contains(finding.Plots, p => p.Id == "interaction");
    }

    [Fact]
    public void Parts_that_add_up_are_launched_one_by_one_and_the_interaction_keeps_its_range()
    {
        var finding = Ask.Ab(Shares(13_650, 0.20, 0.22, 0.22, 0.24), Two);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.StartsWith("Launch tutorial=yes with push=yes", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interaction-ignored").Status);
        Assert.Contains(finding.Next, n => n.Contains("units per cell", StringComparison.Ordinal));
        Assert.DoesNotContain("add up:", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factor_that_hurts_alone_is_named_with_its_place()
    {
        var finding = Ask.Ab(Shares(13_650, 0.20, 0.18, 0.22, 0.26), Two);
        Assert.Contains("push hurts where tutorial=no", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interaction-ignored").Status);
    }

    [Fact]
    public void Lower_may_be_better_and_the_reference_may_be_named()
    {
        var table = Shares(13_650, 0.20, 0.22, 0.22, 0.26);
        var worse = Ask.Ab(table, Two with { LowerIsBetter = ["kept"] });
        Assert.Equal(DecisionAction.DoNotShip, worse.Decision.Action);
        var turned = Ask.Ab(table, Two with { Control = "yes,yes" });
        Assert.Equal(DecisionAction.DoNotShip, turned.Decision.Action);
        Assert.Equal("tutorial no - yes × push no - yes", turned.Estimates[0].Contrast);
        Assert.Equal(0.02, turned.Estimates[0].Value, 1e-9);
    }

    [Fact]
    public void An_underpowered_interaction_is_named_with_its_size()
    {
        var finding = Ask.Ab(Shares(3_300, 0.20, 0.22, 0.22, 0.24), Two with { Mde = "0.02" });
        var check = AbData.Check(finding, "underpowered-test");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains(finding.Next, n => n.StartsWith("An interaction of 2 pp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_cell_share_is_a_broken_split_over_all_cells()
    {
        var finding = Ask.Ab(Cells((0, 0, 400, 2000), (0, 1, 440, 2000), (1, 0, 440, 2000), (1, 1, 440, 1700)), Two);
        Assert.Equal(["sample-ratio-mismatch"], finding.Decision.Because);
        var declared = Ask.Ab(Cells((0, 0, 400, 2000), (0, 1, 440, 2000), (1, 0, 440, 2000), (1, 1, 440, 1700)), Two with { Split = "2000/2000/2000/1700" });
        Assert.Equal(CheckStatus.Pass, AbData.Check(declared, "sample-ratio-mismatch").Status);
    }

    [Fact]
    public void Faults_are_named()
    {
        Assert.Equal("empty-cell", Assert.Throws<GnomonError>(() => Ask.Ab(Cells((0, 0, 4, 20), (0, 1, 5, 20), (1, 0, 6, 20)), Two)).Code);
        Assert.Equal("arm-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Shares(50, 0.2, 0.2, 0.4, 0.2), Two with { Control = "no,never" })).Code);
        Assert.Equal("arm-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Shares(50, 0.2, 0.2, 0.4, 0.2), Two with { Control = "no" })).Code);
        Assert.Equal("one-group", Assert.Throws<GnomonError>(() => Ask.Ab(Cells((0, 0, 4, 20), (0, 1, 5, 20)), Two)).Code);
        Assert.Equal("not-estimable", Assert.Throws<GnomonError>(() => Ask.Ab(Shares(50, 1, 1, 1, 1), Two)).Code);
        Assert.Equal("not-estimable", Assert.Throws<GnomonError>(() => Ask.Ab(Cells((0, 0, 0, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)), Two)).Code);
        foreach (var wrong in new[] { Two with { Factors = ["tutorial"] }, Two with { Variant = "push" }, Two with { Pre = ["unit"] }, Two with { Factors = ["push", "push"] }, Two with { Factors = [], Variant = "push", Strata = "tutorial" } })
        {
            Assert.NotEmpty(wrong.Validate());
        }
    }

    // A cell without an event has no log-odds; the differences stand.
    [Fact]
    public void A_cell_without_an_event_leaves_the_log_odds_out()
    {
        var finding = Ask.Ab(Cells((0, 0, 0, 400), (0, 1, 20, 400), (1, 0, 20, 400), (1, 1, 60, 400)), Two);
        Assert.DoesNotContain(finding.Estimates, e => e.Name.Contains("log-odds", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("No log-odds are given", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fraction_names_what_it_cannot_tell_apart()
    {
        var rng = new Rng(4).Stream("fraction");
        var rows = Enumerable.Range(0, 800).Select(i => (A: i & 1, B: i >> 1 & 1)).Select(r => (r.A, r.B, C: r.A ^ r.B, Y: 5 + r.A + rng.NextNormal())).ToArray();
        var table = Table.With("a", rows.Select(r => (long)r.A)).And("b", rows.Select(r => (long)r.B)).And("c", rows.Select(r => (long)r.C)).And("y", rows.Select(r => r.Y));
        var finding = Ask.Ab(table, new AbOptions { Factors = ["a", "b", "c"], Metric = ["y"] });
        Assert.Contains(finding.Limitations, l => l.Contains("resolution III", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("a cannot be told from b × c", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Estimates, e => e.Name == "interaction");
        Assert.Contains("cannot be told from pairs", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("(or b × c)", finding.Estimates[0].Contrast, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_blocks_give_the_classical_answer()
    {
        var finding = Ask.Ab(new AbOptions { Data = MethodReference.DataFile("experiments/npk_factorial.csv"), Factors = ["N", "P", "K"], Strata = "block", Metric = ["yield"] });
        var expected = MethodReference.Load("factorial/factorial.json").GetProperty("npk");
        var n = finding.Estimates.Single(e => e is { Name: "main effect", Contrast: "N 1 - 0" });
        MethodReference.Close(expected.GetProperty("means_difference").Number("N"), n.Value, 1e-9);
        MethodReference.Close(expected.GetProperty("terms").GetProperty("N").Number("p"), n.P!.Value, 1e-7);
        Assert.Contains(finding.Limitations, l => l.StartsWith("N × P × K cannot be told from block", StringComparison.Ordinal));
    }

    // 200 experiments of three idle factors: Holm over seven effects names one in at most a twentieth of them.
    [Fact]
    [Trait("speed", "slow")]
    public void Nothing_is_launched_from_noise()
    {
        const int draws = 200;
        var named = 0;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("idle");
            var rows = Enumerable.Range(0, 400).Select(_ => (A: rng.NextDouble() < 0.5, B: rng.NextDouble() < 0.5, C: rng.NextDouble() < 0.5, Y: rng.NextNormal())).ToArray();
            var table = Table.With("a", rows.Select(r => r.A ? 1L : 0L)).And("b", rows.Select(r => r.B ? 1L : 0L)).And("c", rows.Select(r => r.C ? 1L : 0L)).And("y", rows.Select(r => r.Y));
            named += Ask.Ab(table, new AbOptions { Factors = ["a", "b", "c"], Metric = ["y"] }).Decision.Action is DecisionAction.Inconclusive or DecisionAction.FixDataFirst ? 0 : 1;
        }

        // 3.3 binomial errors above 0.05 at 200 draws.
        Assert.InRange(named, 0, 20);
    }

    [Fact]
    public void Several_arms_have_intervals_that_hold_together()
    {
        var finding = Ask.Ab(AbData.Binary(("A", 200, 1000), ("B", 230, 1000), ("C", 260, 1000)), AbData.Options("converted"));
        static Moments Arm(int k) => new(1000, k / 1000.0, k * (1000.0 - k) / 1000.0);
        var expected = Dunnett.Welch([Arm(200), Arm(230), Arm(260)], 0);
        var together = finding.Estimates.Where(e => e.Name == "difference, all arms together").ToList();
        Assert.Equal(2, together.Count);
        Assert.All(together.Zip(expected), p => MethodReference.Close(p.Second.Contrast.High, p.First.High, 1e-9));
        Assert.DoesNotContain(Ask.Ab(AbData.Binary(("A", 200, 1000), ("B", 230, 1000)), AbData.Options("converted")).Estimates, e => e.Name == "difference, all arms together");
    }

    private static Table Shares(int n, double neither, double push, double tutorial, double both) =>
        Cells((0, 0, (int)Math.Round(neither * n), n), (0, 1, (int)Math.Round(push * n), n), (1, 0, (int)Math.Round(tutorial * n), n), (1, 1, (int)Math.Round(both * n), n));

    private static Table Cells(params (int Tutorial, int Push, int Kept, int Units)[] cells)
    {
        var rows = cells.SelectMany(c => Enumerable.Range(0, c.Units).Select(i => (c.Tutorial, c.Push, Kept: i < c.Kept ? 1L : 0L))).ToArray();
        return Table.With("unit", Enumerable.Range(0, rows.Length).Select(i => (long)i)).And("tutorial", rows.Select(r => (string?)(r.Tutorial == 1 ? "yes" : "no"))).And("push", rows.Select(r => (string?)(r.Push == 1 ? "yes" : "no"))).And("kept", rows.Select(r => r.Kept));
    }
}
