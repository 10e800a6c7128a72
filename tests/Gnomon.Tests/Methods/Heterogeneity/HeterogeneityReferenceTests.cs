using Gnomon.Methods;
using Gnomon.Methods.Heterogeneity;
using Xunit;

namespace Gnomon.Tests.Methods.Heterogeneity;

/// <summary>Scores, calibration, targeting and cuts against numpy, scipy and statsmodels (tests/reference/heterogeneity/make.py): 1e-9 relative, the rounding of sums in another order.</summary>
public sealed class HeterogeneityReferenceTests
{
    private const double Relative = 1e-9;
    private static readonly System.Text.Json.JsonElement All = MethodReference.Load("heterogeneity/heterogeneity.json");

    [Fact]
    public void One_prediction_gives_the_scores_of_the_two_arm_form()
    {
        var c = All.GetProperty("aipw");
        var scores = EffectScores.Of(c.Numbers("y"), Flags(c, "treated"), c.Number("share"), c.Numbers("predicted"));
        Assert.All(c.Numbers("scores").Zip(scores), p => Assert.Equal(p.First, p.Second, 1e-10));
    }

    [Fact]
    public void The_cross_fitted_prediction_is_that_of_weighted_ridge_by_folds()
    {
        var c = All.GetProperty("crossfit");
        var codes = c.Items("codes").Select(column => column.EnumerateArray().Select(v => v.GetByte()).ToArray()).ToList();
        var features = c.Numbers("bins").Select((b, i) => new Feature($"f{i}", [.. Enumerable.Range(0, (int)b - 1).Select(x => (double)x)], [], (int)b, false)).ToList();
        byte[] fold = [.. c.Counts("fold").Select(f => (byte)f)];
        var scores = EffectScores.CrossFitted(FeatureTable.Of(features, codes), c.Numbers("y"), Flags(c, "treated"), c.Number("share"), fold);
        Assert.All(c.Numbers("scores").Zip(scores), p => Assert.Equal(p.First, p.Second, 1e-7));
    }

    [Fact]
    public void The_calibration_slope_has_the_errors_of_HC3()
    {
        var c = All.GetProperty("calibration");
        var result = EffectCalibration.Test(c.Numbers("scores"), c.Numbers("predicted"));
        MethodReference.Close(c.Number("mean"), result.MeanEffect.Value, Relative);
        MethodReference.Close(c.Number("meanError"), result.MeanEffect.StandardError, Relative);
        MethodReference.Close(c.Number("slope"), result.Slope.Value, Relative);
        MethodReference.Close(c.Number("slopeError"), result.Slope.StandardError, Relative);
        MethodReference.Close(c.Number("low"), result.Slope.Low, Relative);
        MethodReference.Close(c.Number("high"), result.Slope.High, Relative);
        MethodReference.Close(c.Number("pOneSided"), result.Slope.PValue, 1e-8);
    }

    [Theory]
    [InlineData("distinct")]
    [InlineData("ties")]
    public void Targeting_areas_are_the_plain_sums_over_ranks(string name)
    {
        var c = All.Items("rate").Single(r => r.GetProperty("name").GetString() == name);
        var result = TargetingCurve.Of(c.Numbers("scores"), c.Numbers("priority"), points: 2);
        MethodReference.Close(c.Number("autoc"), result.Autoc.Value, Relative);
        MethodReference.Close(c.Number("qini"), result.Qini.Value, Relative);
        MethodReference.Close(c.Number("topHalf"), result.Points[0].Effect, Relative);
        MethodReference.Close(c.Number("gainHalf"), result.Points[0].Gain, Relative);
    }

    [Fact]
    public void A_rule_is_worth_the_mean_of_what_it_treats()
    {
        var c = All.GetProperty("value");
        var result = TargetingValue.Of(c.Numbers("scores"), Flags(c, "treat"), c.Number("cost"));
        foreach (var (name, got) in new[] { ("nobody", result.OverNobody), ("everybody", result.OverEverybody), ("all", result.Everybody) })
        {
            MethodReference.Close(c.GetProperty(name).Number("value"), got.Value, Relative);
            MethodReference.Close(c.GetProperty(name).Number("error"), got.StandardError, Relative);
        }

        var none = TargetingValue.Of([1.0, 2, 4], [false, false, false]);
        Assert.Equal((0.0, 0.0, 0.0), (none.Share, none.OverNobody.Value, none.OverNobody.StandardError));
        Assert.Equal(-none.Everybody.Value, none.OverEverybody.Value);
    }

    [Fact]
    public void The_first_cut_is_the_best_of_all_cuts()
    {
        var c = All.GetProperty("cut");
        var (number, category) = (new byte[900], new byte[900]);
        int[] levels = [.. c.Counts("cat").Select(v => (int)v)];
        Feature[] features = [Feature.OfNumbers("num", c.Numbers("num"), 63, number), Feature.OfCategories("cat", levels, ["0", "1", "2", "3", "4"], 63, category)];
        var table = FeatureTable.Of(features, [number, category]);
        var (scores, treated) = (c.Numbers("scores"), Flags(c, "treated"));
        var found = EffectSegments.Find(table, scores, treated, table, scores, new EffectSegmentsOptions { Depth = 1, LeastArm = 25 });
        Assert.Equal(2, found.Segments.Count);
        var first = Assert.Single(found.Segments[0].Conditions);
        Assert.Equal(c.GetProperty("column").GetString(), features[first.Feature].Name);
        Assert.Equal(c.Counts("left").Select(v => (int)v), Enumerable.Range(0, 12).Where(b => (first.Bins >> b & 1) == 1));
        Assert.Equal(900, found.Segments.Sum(s => s.Units));
    }

    [Fact]
    public void Rare_groups_of_a_column_are_counted_as_one()
    {
        var c = All.GetProperty("balance");
        var test = ColumnBalance.Test([.. c.Items("counts").Select(g => (IReadOnlyList<long>)[.. g.EnumerateArray().Select(v => v.GetInt64())])])!;
        MethodReference.Close(c.Number("statistic"), test.Statistic, Relative);
        MethodReference.Close(c.Number("p"), test.PValue, Relative);
        Assert.Equal((int)c.Number("df"), test.DegreesOfFreedom);
        Assert.Null(ColumnBalance.Test([]));
        Assert.Null(ColumnBalance.Test([[10, 12]]));
    }

    [Fact]
    public void What_cannot_be_answered_is_refused_by_name()
    {
        double[] flat = [.. Enumerable.Repeat(1.0, 200)];
        double[] rising = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
        Assert.Throws<NotEstimableException>(() => EffectCalibration.Test(rising, flat));
        Assert.Throws<TooFewRowsException>(() => EffectCalibration.Test([1, 2], [1, 2]));
        Assert.Throws<NotEstimableException>(() => TargetingCurve.Of(rising, flat));
        Assert.Throws<NotEstimableException>(() => TargetingCurve.Of(flat, rising));
        Assert.Throws<TooFewRowsException>(() => TargetingCurve.Of([1.0, 2], [1.0, 2]));
        Assert.Throws<NotEstimableException>(() => TargetingValue.Of([1.0, 1], [true, true]));
        var bin = new byte[50];
        var table = FeatureTable.Of([Feature.OfNumbers("x", rising.AsSpan(0, 50), 5, bin)], [bin]);
        Assert.Throws<TooFewRowsException>(() => EffectForest.Fit(table, rising[..50]));
        Assert.Throws<TooFewRowsException>(() => EffectSegments.Find(table, rising[..50], new bool[50], table, rising[..50]));
        Assert.Throws<TooFewRowsException>(() => EffectScores.CrossFitted(table, rising.AsSpan(0, 50), new bool[50], 0.5, new byte[50]));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectScores.Of([1.0], [true], 1.0, [0.0]));
    }

    [Fact]
    public void Bins_hold_quantiles_levels_and_missing_values()
    {
        var bins = new byte[8];
        var number = Feature.OfNumbers("x", [3, 1, 2, 2, double.NaN, 9, 9, 9], 4, bins);
        Assert.True(number.HasMissing);
        Assert.Equal(number.Bins - 1, bins[4]);
        Assert.All(Enumerable.Range(0, 8).Where(i => i != 4), i => Assert.True(bins[i] < number.MissingBin));
        Assert.True(bins[1] <= bins[2] && bins[2] == bins[3] && bins[3] <= bins[0] && bins[0] <= bins[5]);
        var category = Feature.OfCategories("c", [0, 0, 0, 1, 1, 2, 3, -1], ["a", "b", "c", "d"], 3, bins);
        Assert.Equal(["a", "b", Feature.OtherLevels], category.Levels);
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 3], bins);
        Assert.Equal(1, Feature.OfNumbers("same", [4, 4, 4, 4], 4, bins).Bins);
    }

    private static bool[] Flags(System.Text.Json.JsonElement e, string name) => [.. e.GetProperty(name).EnumerateArray().Select(v => v.GetBoolean())];
}
