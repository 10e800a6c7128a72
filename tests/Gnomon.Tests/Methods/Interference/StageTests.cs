using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Against scipy and statsmodels (tests/reference/interference/stages.json; closed forms, 1e-9 relative): Welch tests of the same numbers, the crossover also as a model with a parameter per unit.</summary>
public sealed class StageTests
{
    [Fact]
    public void A_crossover_agrees_with_scipy_and_with_the_model_of_units()
    {
        var e = ReferenceFile.Open("interference", "stages.json").GetProperty("crossover");
        TwoPeriods Of(string name) => new(Numbers(e.GetProperty(name)[0]), Numbers(e.GetProperty(name)[1]));
        var result = Crossover.Compare(Of("ab"), Of("ba"));
        Same(e.GetProperty("effect"), result.Effect);
        Same(e.GetProperty("period"), result.Period);
        Same(e.GetProperty("carryOver"), result.CarryOver);
        Same(e.GetProperty("firstPeriod"), result.FirstPeriod);
        Close.Relative(e.Number("modelEffect"), result.Effect.Value, 1e-9, "model");
        Close.Relative(e.Number("modelPeriod"), result.Period.Value, 1e-8, "model");
    }

    [Fact]
    public void Two_stages_agree_with_scipy_and_statsmodels()
    {
        var file = ReferenceFile.Open("interference", "stages.json");
        double? Maybe(JsonElement e) => e.ValueKind == JsonValueKind.Null ? null : e.GetDouble();
        SaturatedCluster[] clusters = [.. file.GetProperty("clusters").EnumerateArray().Select(c => new SaturatedCluster(c[0].GetDouble(), Maybe(c[1]), Maybe(c[2]), c[3].GetDouble()))];
        var result = TwoStage.Estimate(clusters);
        Assert.Equal(3, result.Effects.Count);
        Assert.Null(result.Effects[0].Direct);
        foreach (var (expected, effects) in file.GetProperty("effects").EnumerateArray().Zip(result.Effects.Skip(1)))
        {
            Assert.Equal(expected.Number("share"), effects.Saturation);
            Same(expected.GetProperty("direct"), effects.Direct!);
            Same(expected.GetProperty("spillOver"), effects.SpillOver!);
            Same(expected.GetProperty("total"), effects.Total!);
            Same(expected.GetProperty("overall"), effects.Overall!);
        }

        Close.Relative(file.GetProperty("slope").Number("value"), result.Slope!.Value, 1e-9);
        Close.Relative(file.GetProperty("slope").Number("error"), result.Slope.StandardError, 1e-9);
    }

    [Fact]
    public void A_market_agrees_with_two_way_clustering()
    {
        var e = ReferenceFile.Open("interference", "market.json");
        double[] y = [.. e.GetProperty("y").EnumerateArray().SelectMany(Numbers)];
        bool[] Arms(string side) => [.. e.GetProperty(side).EnumerateArray().Select(v => v.GetBoolean())];
        var result = TwoSided.Estimate(y, Arms("buyers"), Arms("sellers"));
        foreach (var (name, contrast) in new[] { ("total", result.Total), ("direct", result.Direct), ("buyer", result.BuyerSpillOver), ("seller", result.SellerSpillOver) })
        {
            Close.Relative(e.GetProperty(name).Number("value"), contrast.Value, 1e-9, name);
            Close.Relative(e.GetProperty(name).Number("error"), contrast.StandardError, 1e-9, name);
            Close.Relative(e.GetProperty(name).Number("p"), contrast.PValue, 1e-8, name);
        }

        Assert.Throws<TooFewRowsException>(() => TwoSided.Estimate(new double[12], [true, false, false], [true, true, false, false]));
        Assert.Throws<NotEstimableException>(() => TwoSided.Estimate(new double[16], [true, true, false, false], [true, true, false, false]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_a_market_cover()
    {
        const int runs = 1_000;
        int total = 0, direct = 0, buyer = 0;
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("market");
            bool[] buyers = [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0)], sellers = [.. Enumerable.Range(0, 24).Select(i => i % 2 == 0)];
            double[] b = [.. buyers.Select(_ => rng.NextNormal())], s = [.. sellers.Select(_ => 0.7 * rng.NextNormal())];
            double[] y = [.. from i in Enumerable.Range(0, 30) from j in Enumerable.Range(0, 24) select b[i] + s[j] + rng.NextNormal() + (buyers[i] ? -0.3 : 0) + (sellers[j] ? 0.2 : 0) + (buyers[i] && sellers[j] ? 1 : 0)];
            var result = TwoSided.Estimate(y, buyers, sellers);
            total += Covers(result.Total, 0.9);
            direct += Covers(result.Direct, 1);
            buyer += Covers(result.BuyerSpillOver, -0.3);
        }

        Assert.InRange(total / (double)runs, 0.925, 0.975);
        Assert.InRange(buyer / (double)runs, 0.925, 0.975);

        // Without spread of the effect itself over buyers or sellers the direct effect's interval is on the safe side.
        Assert.InRange(direct / (double)runs, 0.925, 1);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => Crossover.Compare(new([1], [2]), new([1, 2], [2, 4])));
        Assert.Throws<NotEstimableException>(() => Crossover.Compare(new([1, 1], [2, 2]), new([1, 1], [2, 2])));
        Assert.Throws<TooFewRowsException>(() => TwoStage.Estimate([new(0, null, 1, 1), new(0, null, 2, 2), new(0, null, 3, 3), new(0, null, 3, 3)]));
        var full = TwoStage.Estimate([new(0, null, 1, 1), new(0, null, 2, 2), new(1, 3, null, 3), new(1, 5, null, 5)]);
        Assert.Null(full.Effects[1].Direct);
        Assert.Null(full.Effects[1].SpillOver);
        Assert.Null(full.Slope);
        Assert.Equal(2.5, full.Effects[1].Total!.Value, 12);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_what_they_say()
    {
        const int runs = 2_000;
        int within = 0, carry = 0, direct = 0, spill = 0, overall = 0;
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("stages");
            TwoPeriods Order(int n, double first, double second, double spread)
            {
                double[] level = [.. Enumerable.Range(0, n).Select(_ => 3 * rng.NextNormal())];
                return new([.. level.Select(l => l + first + spread * rng.NextNormal())], [.. level.Select(l => l + second + spread * rng.NextNormal())]);
            }

            // Effect 1, period 0.5; the treatment leaves nothing behind.
            var cross = Crossover.Compare(Order(8, 0, 1.5, 1), Order(12, 1, 0.5, 2));
            within += Covers(cross.Effect, 1);
            carry += cross.CarryOver.PValue < 0.05 ? 1 : 0;
            var clusters = Enumerable.Range(0, 24).Select(i =>
            {
                double share = i % 3 * 0.4, level = 0.8 * rng.NextNormal() + share;
                double? treated = share > 0 ? level + 0.5 + 0.3 * rng.NextNormal() : null;
                var control = level + 0.3 * rng.NextNormal();
                return new SaturatedCluster(share, treated, control, treated is { } t ? share * t + (1 - share) * control : control);
            }).ToList();
            var top = TwoStage.Estimate(clusters).Effects[2];
            direct += Covers(top.Direct!, 0.5);
            spill += Covers(top.SpillOver!, 0.8);
            overall += Covers(top.Overall!, 0.8 + 0.8 * 0.5);
        }

        foreach (var share in new[] { within, direct, spill, overall })
        {
            Assert.InRange(share / (double)runs, 0.934, 0.966);
        }

        Assert.InRange(carry / (double)runs, 0.034, 0.066);
    }

    private static int Covers(ContrastResult c, double truth) => c.Low <= truth && truth <= c.High ? 1 : 0;

    private static double[] Numbers(JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];

    private static void Same(JsonElement expected, ContrastResult c)
    {
        Close.Relative(expected.Number("value"), c.Value, 1e-9, "value");
        Close.Relative(expected.Number("low"), c.Low, 1e-8, "low");
        Close.Relative(expected.Number("high"), c.High, 1e-8, "high");
        Close.Relative(expected.Number("degrees"), c.DegreesOfFreedom!.Value, 1e-9, "degrees");
        Close.Relative(expected.Number("p"), c.PValue, 1e-7, "p");
    }
}
