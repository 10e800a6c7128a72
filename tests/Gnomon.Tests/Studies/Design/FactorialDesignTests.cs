using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Factorial;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Design;

/// <summary><c>design --kind factorial</c> against R (tests/reference/factorial/design.json), by simulation, and on to <c>ab --factors</c>.</summary>
public sealed class FactorialDesignTests : IDisposable
{
    private static readonly JsonElement Reference = MethodReference.Load("factorial/design.json");
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-factorial-design").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Whole units: the search of R goes unit by unit, so sizes are equal exactly.
    [Fact]
    public void Sizes_are_those_of_R()
    {
        foreach (var row in Reference.Items("exact"))
        {
            var finding = Ask.Design(new DesignOptions { Factors = row.GetProperty("factors").GetString(), EffectOf = row.GetProperty("effect").GetString(), Sd = row.Number("sd"), Mde = FormattableString.Invariant($"{row.Number("mde")}") });
            Assert.Equal(row.GetProperty("total").GetInt64(), Total(finding));
        }
    }

    // Simulated power: 3.3 binomial errors of 4,000 and 200,000 draws; the mean variance of shares adds at most 0.005 of its own.
    [Fact]
    public void Power_is_what_simulations_find()
    {
        var lm = Reference.GetProperty("lm");
        Assert.Equal(lm.Number("power"), Power(new DesignOptions { Factors = "2x3", EffectOf = "1x2", Sd = 2, Mde = "0.7", Units = lm.GetProperty("total").GetInt64() }), 0.021);
        var shares = Reference.GetProperty("shares");
        Assert.Equal(shares.Number("power"), Power(new DesignOptions { Factors = "2x2", EffectOf = "1x2", Baseline = 0.2, Mde = "0.06", Units = 4 * shares.GetProperty("perCell").GetInt64() }), 0.008);
    }

    // The planned main effect of a share in a 2 x 2: found by the analysis of ab in 0.8 of 3,000 draws.
    [Fact]
    public void The_analysis_finds_what_was_planned()
    {
        var finding = Ask.Design(new DesignOptions { Factors = "2x2", Baseline = 0.1, Mde = "0.03" });
        var (n, grid, found) = ((int)(Total(finding) / 4), new FactorialGrid([2, 2]), 0);
        for (var d = 0; d < 3_000; d++)
        {
            var rng = new Rng(d).Stream("plan");
            Moments Of(double p)
            {
                var k = Enumerable.Range(0, n).Count(_ => rng.NextDouble() < p);
                return new Moments(n, k / (double)n, k * (double)(n - k) / n);
            }

            var fit = FactorialFit.Of(grid, [new(0, 0, Of(0.10)), new(1, 0, Of(0.10)), new(2, 0, Of(0.13)), new(3, 0, Of(0.13))]);
            found += fit.Test([0]).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(found / 3_000.0, 0.8 - 0.025, 0.8 + 0.025);
    }

    [Fact]
    public void An_interaction_costs_four_times_a_main_effect_and_the_finding_says_so()
    {
        var finding = Ask.Design(new DesignOptions { Factors = "tutorial:2,push:2", Sd = 3, Mde = "0.5", EffectOf = "tutorial:push" });
        Assert.Contains("an interaction tutorial × push of 0.5", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("takes 4 times the units of a main effect: 4,524 against 1,136", StringComparison.Ordinal));
        var rows = finding.Tables.Single(t => t.Id == "effects").Rows;
        Assert.Equal(["tutorial", "push", "tutorial × push"], rows.Select(r => r[0]));

        // Half the effect for a quarter of the variance: what the planned size sees of a main effect.
        Assert.Equal(0.5, (double)rows[2][3]! / 1.0, 1e-3);
        Assert.Equal(2, (double)rows[2][3]! / (double)rows[0][3]!, 5e-3);
    }

    [Fact]
    public void Size_effect_and_power_of_shares_undo_one_another()
    {
        var options = new DesignOptions { Factors = "2x3", EffectOf = "1x2", Baseline = 0.3, Units = 6_000 };
        var seen = (double)Ask.Design(options).Tables.Single(t => t.Id == "effects").Rows[2][3]!;
        var again = Ask.Design(options with { Units = null, Mde = FormattableString.Invariant($"{seen:R}") });
        Assert.InRange(Total(again), 5_994, 6_006);
        Assert.True(Total(Ask.Design(options with { Units = null, Mde = "-0.1" })) < Total(Ask.Design(options with { Units = null, Mde = "0.1" })), "shares below 0.3 vary less than shares above it");
    }

    [Fact]
    public void A_fraction_is_written_and_read_with_the_same_aliases()
    {
        var design = Ask.Design(new DesignOptions { Factors = "a:2,b:2,c:2", Fraction = "1/2", Sd = 1, Mde = "0.5" });
        Assert.Contains(design.Limitations, l => l.Contains("4 of 8 cells are run (resolution III)", StringComparison.Ordinal));
        Assert.Contains(design.Limitations, l => l.Contains("a = b × c", StringComparison.Ordinal));
        var cells = design.Tables.Single(t => t.Id == "cells").Rows;
        Assert.Equal(4, cells.Count);
        var rng = new Rng(3).Stream("fraction");
        var rows = cells.SelectMany(c => Enumerable.Range(0, 40).Select(_ => (A: (long)c[0]!, B: (long)c[1]!, C: (long)c[2]!, Y: rng.NextNormal()))).ToArray();
        var read = Ask.Ab(Table.With("a", rows.Select(r => r.A)).And("b", rows.Select(r => r.B)).And("c", rows.Select(r => r.C)).And("y", rows.Select(r => r.Y)), new AbOptions { Factors = ["a", "b", "c"], Metric = ["y"] });
        Assert.Contains(read.Limitations, l => l.StartsWith("a cannot be told from b × c", StringComparison.Ordinal));
        Assert.Contains(read.Limitations, l => l.Contains("resolution III", StringComparison.Ordinal));
    }

    [Fact]
    public void The_plan_is_written_by_cell_and_read_by_ab()
    {
        var path = Path.Combine(_folder, "plan.json");
        var design = Ask.Design(new DesignOptions { Factors = "a:2,b:2", Baseline = 0.3, Mde = "0.3", Metric = "kept", Unit = "unit", Plan = path, Hypothesis = "h", Guardrail = ["bad<=+60%"] });
        Assert.Contains(design.Next, n => n.Contains("--factors a,b --metric kept", StringComparison.Ordinal));
        using var plan = JsonDocument.Parse(File.ReadAllText(path));
        var perCell = plan.RootElement.GetProperty("unitsPerArm").GetInt64();
        Assert.Equal(Total(design) / 4, perCell);
        Assert.Equal("1/1/1/1", plan.RootElement.GetProperty("split").GetString());
        var rows = Enumerable.Range(0, (int)(4 * perCell)).Select(i => (I: (long)i, A: (long)(i & 1), B: (long)(i >> 1 & 1), Y: (long)(i / 4 % 10 < 3 + 3 * (i & 1) ? 1 : 0), G: (long)(i / 4 % 3 == 0 ? 1 : 0))).ToArray();
        var read = Ask.Ab(Table.With("unit", rows.Select(r => r.I)).And("a", rows.Select(r => r.A)).And("b", rows.Select(r => r.B)).And("kept", rows.Select(r => r.Y)).And("bad", rows.Select(r => r.G)), new AbOptions { Unit = "unit", Factors = ["a", "b"], Metric = ["kept"], Plan = path });
        Assert.DoesNotContain("planned units are in", string.Join(" ", read.Limitations), StringComparison.Ordinal);
        Assert.Contains(read.Estimates, e => e is { Metric: "bad", Role: "guardrail" });
    }

    [Theory]
    [InlineData("2x2", "1x3", null)]
    [InlineData("2x2", "1x1", null)]
    [InlineData("a:2,a:2", null, null)]
    [InlineData("a:2,b:1", null, null)]
    [InlineData("1000x1000", null, null)]
    [InlineData("2x3", null, "1/2")]
    [InlineData("2x2x2", null, "1/3")]
    [InlineData("2x2x2x2", null, "1/4")]
    [InlineData("2x2x2", "1x2x3", "1/2")]
    public void What_cannot_be_is_refused_by_name(string factors, string? effect, string? fraction) =>
        Assert.Equal("bad-shape", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Factors = factors, EffectOf = effect, Fraction = fraction, Sd = 1, Mde = "0.5" })).Code);

    private static long Total(Finding finding) => finding.Tables.Single(t => t.Id == "arms").Rows.Sum(r => Convert.ToInt64(r[2], System.Globalization.CultureInfo.InvariantCulture));

    private static double Power(DesignOptions options) => (double)Ask.Design(options).Tables.Single(t => t.Id == "effects").Rows.Single(r => (string)r[0]! == (options.Factors is "2x2" or "2x3" ? "1 × 2" : "factor 1"))[4]!;
}
