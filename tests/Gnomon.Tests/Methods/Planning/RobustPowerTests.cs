using System.Text.Json;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Trimmed means, Brunner-Munzel, Hsieh's formulas and the search for a simulated power. Reference: tests/reference/planning/make-robust.py (scipy).</summary>
public sealed class RobustPowerTests
{
    private static readonly JsonElement Reference = MethodReference.Load("planning/robust.json");

    [Fact]
    public void Shapes_agree_with_scipy_and_a_normal_law_has_the_shape_of_its_quantiles()
    {
        double[] amounts = [.. File.ReadLines(Path.Combine(ReferenceFolder(), "history.csv")).Skip(1).Select(l => double.Parse(l.Split(',')[6], System.Globalization.CultureInfo.InvariantCulture))];
        foreach (var c in Reference.Items("shape"))
        {
            var shape = PowerTrimmedMeans.Shape(amounts, c.Number("trim"));
            MethodReference.Close(c.Number("mean"), shape.Mean, 1e-12);
            MethodReference.Close(c.Number("deviation"), shape.Deviation, 1e-12);
        }

        double[] normal = [.. Enumerable.Range(0, 200_001).Select(i => 3 * Gnomon.Numerics.Distributions.Normal.Quantile((i + 0.5) / 200_001))];
        Assert.Equal(PowerTrimmedMeans.NormalShape(3, 0.2).Deviation, PowerTrimmedMeans.Shape(normal, 0.2).Deviation, 1e-4);
        Assert.Equal(3, PowerTrimmedMeans.NormalShape(3, 0).Deviation);
    }

    // Tolerance: 3.3 Monte Carlo errors of scipy's runs, and what the docstring allows the formula.
    [Fact]
    public void Formulas_are_near_what_scipy_finds_by_simulation()
    {
        foreach (var c in Reference.Items("yuen"))
        {
            var o = new PowerOptions { AllocationRatio = c.Number("m") / c.Number("n") };
            Near(c, PowerTrimmedMeans.Power(c.Number("n"), c.Number("shift"), PowerTrimmedMeans.NormalShape(1, c.Number("trim")).Deviation, c.Number("trim"), o), 0.01);
        }
    }

    // Both sides simulate: 3.3 errors of the difference.
    [Fact]
    [Trait("speed", "slow")]
    public void Brunner_munzel_has_the_power_that_scipy_finds_and_its_size_without_an_effect()
    {
        foreach (var c in Reference.Items("munzel"))
        {
            var shift = Math.Sqrt(2) * Gnomon.Numerics.Distributions.Normal.Quantile(c.Number("superiority"));
            var here = PowerBrunnerMunzel.Simulate((int)c.Number("n"), (int)c.Number("m"), r => r.NextNormal(), r => r.NextNormal() + shift, runs: 8_000);
            Near(c, here.Power, 3.3 * here.StandardError);
            if (c.Number("n") == 60)
            {
                Assert.Equal(here, PowerBrunnerMunzel.Simulate(60, 60, r => r.NextNormal(), r => r.NextNormal() + shift, runs: 8_000, threads: 1));
            }
        }

        Assert.Equal(0.05, PowerBrunnerMunzel.Simulate(50, 70, r => r.NextNormal(), r => 3 * r.NextNormal(), runs: 5_000).Power, 0.012);
        Assert.Equal(0, PowerBrunnerMunzel.Simulate(5, 5, r => r.NextDouble(), r => 2 + r.NextDouble(), runs: 100).Power);
    }

    [Fact]
    public void Hsieh_s_sizes_are_the_formulas_of_the_paper()
    {
        foreach (var c in Reference.Items("hsieh"))
        {
            double? share = c.GetProperty("share").ValueKind == JsonValueKind.Null ? null : c.Number("share");
            var n = PowerLogisticHsieh.SampleSize(c.Number("ratio"), c.Number("baseline"), c.Number("power"), share, c.Number("overlap"));
            MethodReference.Close(c.Number("n"), n, 1e-11);
            Assert.Equal(c.Number("power"), PowerLogisticHsieh.Power(n, c.Number("ratio"), c.Number("baseline"), share, c.Number("overlap")), 1e-11);
            Assert.Equal(c.Number("ratio"), PowerLogisticHsieh.DetectableOddsRatio(n, c.Number("baseline"), c.Number("power"), true, share, c.Number("overlap"))!.Value, 1e-9);
        }

        // Hsieh, Bloch and Larsen 1998: a log odds ratio of 0.405, half of the units with the event, 95 % power.
        Assert.Equal(317, Math.Ceiling(PowerLogisticHsieh.SampleSize(Math.Exp(0.405), 0.5, 0.95)));
    }

    [Fact]
    public void Size_power_and_effect_undo_one_another()
    {
        var o = new PowerOptions { AllocationRatio = 1.5, Alpha = 0.01 };
        foreach (var wanted in new[] { 0.3, 0.8, 0.99 })
        {
            var yuen = PowerTrimmedMeans.SampleSize(0.7, 2, wanted, 0.1, o).First;
            Assert.Equal(wanted, PowerTrimmedMeans.Power(yuen, 0.7, 2, 0.1, o), 1e-10);
            Assert.Equal(0.7, PowerTrimmedMeans.MinimumDetectableDifference(yuen, 2, wanted, 0.1, o), 1e-9);
        }

        // Trim 0 is Welch's test; no effect, the size of the test.
        Assert.Equal(PowerTwoMeans.Power(40, 1, 2), PowerTrimmedMeans.Power(40, 1, 2, 0), 1e-12);
        Assert.Equal(0.05, PowerTrimmedMeans.Power(40, 0, 2), 1e-12);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerTrimmedMeans.Power(20, 1, 1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerTrimmedMeans.Power(2, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerTrimmedMeans.SampleSize(0, 1, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerBrunnerMunzel.Simulate(1, 5, r => 0, r => 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLogisticHsieh.Power(20, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatedSearch.Find((_, _) => null!, 0.04, 0.05, 1, 1, 10, 100));
    }

    // A z test whose power is known: the place found is the true one but for the Monte Carlo error that is stated.
    [Theory]
    [InlineData(0.8, 1.0)]
    [InlineData(0.8, 500.0)]
    [InlineData(0.95, 20.0)]
    [InlineData(0.2, 20.0)]
    public void The_search_finds_the_place_from_anywhere(double power, double start)
    {
        var found = SimulatedSearch.Find((t, runs) => PowerSimulation.Run(rng => Math.Abs(rng.NextNormal() + 0.1 * t) > 1.959963984540054, runs, 5), power, 0.05, start, 0.5, 1e6, 20_000)!;
        var truth = Gnomon.Numerics.Optimizers.Brent.Root(t => Gnomon.Numerics.Distributions.Normal.Cdf(0.1 * t - 1.959963984540054) + Gnomon.Numerics.Distributions.Normal.Cdf(-0.1 * t - 1.959963984540054) - power, 0, 100, 1e-12).X;
        Assert.InRange(found.At, truth - 3.9 * found.StandardError, truth + 3.9 * found.StandardError);
        Assert.Equal(power, found.Power.Power, 3 * found.Power.StandardError);
    }

    [Fact]
    public void The_search_says_when_the_power_is_out_of_reach_and_when_the_least_place_has_it()
    {
        SimulatedPower At(double t, int runs) => PowerSimulation.Run(rng => Math.Abs(rng.NextNormal() + t) > 1.96, runs, 5);
        Assert.Null(SimulatedSearch.Find(At, 0.8, 0.05, 1, 0.1, 2, 2_000));
        Assert.Equal(4, SimulatedSearch.Find(At, 0.8, 0.05, 9, 4, 100, 2_000)!.At);
    }

    // Whole sizes: the smallest that reaches the power; here n / 10 of the runs reject.
    [Fact]
    public void Whole_sizes_are_rounded_up()
    {
        var found = SimulatedSearch.Find((t, runs) => new SimulatedPower(Math.Min(1, Math.Round(t * t) / 10), 0, new Interval(0, 1), runs), 0.75, 0.05, 1, 1, 100, 1_000, t => Math.Sqrt(Math.Ceiling(t * t - 1e-9)))!;
        Assert.Equal(8, found.At * found.At, 1e-9);
    }

    private static void Near(JsonElement simulated, double planned, double more)
    {
        var (power, runs) = (simulated.Number("power"), simulated.Number("runs"));
        Assert.True(Math.Abs(planned - power) < 3.3 * Math.Sqrt(power * (1 - power) / runs) + more, $"formula {planned:0.0000}, scipy {power:0.0000}");
    }

    internal static string ReferenceFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gnomon.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "tests", "reference", "planning");
    }
}
