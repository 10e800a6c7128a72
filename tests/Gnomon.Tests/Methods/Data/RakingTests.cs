using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class RakingTests
{
    // Source: R survey 4.1.1 rake, svymean (second_file.R). Its stopping rule leaves about 1e-9 of a weight; its variance sweeps the margins ten times: 1e-6.
    [Fact]
    public void Weights_mean_and_error_agree_with_R_survey()
    {
        var reference = MethodReference.Load("data/raking.json");
        RakingMargin[] margins =
        [
            new("area", Groups(reference, "area"), [0.79, 0.21]), new("age", Groups(reference, "age"), [0.25, 0.25, 0.25, 0.25]), new("plan", Groups(reference, "plan"), [0.5, 0.3, 0.2]),
        ];
        var y = reference.Numbers("y");
        var fit = Raking.Fit(margins, y.Length);
        Assert.True(fit.Converged);
        Assert.InRange(fit.LargestError, 0, 1e-12);
        foreach (var (expected, actual) in reference.Numbers("weights").Zip(fit.Weights))
            MethodReference.Close(expected, actual, 1e-8);
        MethodReference.Close(reference.Number("effective"), fit.EffectiveSize, 1e-8);
        var mean = Raking.Mean(y, fit.Weights, margins);
        MethodReference.Close(reference.Number("mean"), mean.Mean, 1e-8);
        MethodReference.Close(reference.Number("se"), mean.StandardError, 1e-6);
    }

    [Fact]
    public void One_margin_is_poststratification_and_rural_tenants_cost_what_Kish_says()
    {
        var groups = Enumerable.Range(0, 8_000).Select(i => i < 320 ? 1 : 0).ToArray();
        var fit = Raking.Fit([new("area", groups, [0.79, 0.21])], groups.Length);
        Assert.Equal(0.21 / 0.04, fit.Weights[0], 1e-12);
        Assert.Equal(0.79 / 0.96, fit.Weights[^1], 1e-12);
        var (w, v) = (0.21 / 0.04, 0.79 / 0.96);
        Assert.Equal(8_000 / (0.04 * w * w + 0.96 * v * v), fit.EffectiveSize, 1e-8);
        Assert.Equal(8_000 / fit.EffectiveSize, fit.DesignEffect, 1e-12);
    }

    [Fact]
    public void Trimmed_weights_keep_their_sum_and_none_is_above_the_limit()
    {
        double[] weights = [10, 1, 1, 1, 1, 1, 1, 1, 1, 6];
        var trimmed = Raking.Trim(weights, 3);
        Assert.Equal(10, trimmed.Sum(), 1e-10);
        Assert.All(trimmed, w => Assert.InRange(w, 0, 3 + 1e-9));
        Assert.Equal(trimmed[1], trimmed[8], 1e-12);
        Assert.Equal(weights.Select(w => w / 2.4), Raking.Trim(weights, 50), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_group_without_rows_is_refused_by_name_and_a_row_without_a_value_is_left_alone()
    {
        var wrong = Assert.Throws<NotEstimableException>(() => Raking.Fit([new("area", [0, 0, 0], [0.5, 0.5])], 3));
        Assert.Contains("area", wrong.Message, StringComparison.Ordinal);
        var fit = Raking.Fit([new("area", [0, 0, 1, -1], [0.5, 0.5])], 4);
        Assert.Equal(1, fit.Weights[3], 1e-12);
        Assert.Equal(1.5, fit.Weights[2], 1e-12);
        Assert.Throws<TooFewRowsException>(() => Raking.Fit([new("area", [0], [1.0])], 1));
        Assert.Throws<TooFewRowsException>(() => Raking.Mean([1, double.NaN], [1, 1], []));
    }

    // Rows come from two strata at the wrong rates, the mean differs between them: the interval holds the population's mean as often as it says.
    [Fact]
    public void The_interval_of_the_weighted_mean_covers_as_often_as_it_says()
    {
        var rng = new Rng(11);
        var covered = 0;
        const int Draws = 1_000;
        for (var d = 0; d < Draws; d++)
        {
            var groups = new int[300];
            var other = new int[300];
            var y = new double[300];
            for (var i = 0; i < y.Length; i++)
            {
                groups[i] = rng.NextDouble() < 0.15 ? 1 : 0;
                other[i] = rng.NextDouble() < 0.5 ? 1 : 0;
                y[i] = 2 * groups[i] + 0.5 * other[i] + rng.NextNormal();
            }
            RakingMargin[] margins = [new("g", groups, [0.6, 0.4]), new("h", other, [0.3, 0.7])];
            var mean = Raking.Mean(y, Raking.Fit(margins, y.Length).Weights, margins);
            covered += mean.Low <= 1.15 && 1.15 <= mean.High ? 1 : 0;
        }
        Assert.InRange(covered / (double)Draws, 0.927, 0.973);
    }

    static int[] Groups(System.Text.Json.JsonElement reference, string name) => [.. reference.Numbers(name).Select(v => (int)v)];
}
