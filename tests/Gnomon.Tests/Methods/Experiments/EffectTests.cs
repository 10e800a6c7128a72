using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class NoveltyTests
{
    // Source: statsmodels WLS with the scale fixed at 1, and a sandwich with the full covariance of days (make.py); 1e-9.
    [Fact]
    public void Slope_and_projection_agree_with_statsmodels()
    {
        var c = MethodReference.Load("experiments/novelty.json");
        var days = c.Numbers("days");
        var difference = c.Numbers("difference");
        var variance = c.Numbers("variance");
        ExposureDayEffect[] effects = [.. days.Select((d, i) => new ExposureDayEffect(d, difference[i], variance[i]))];
        var r = Novelty.Slope(effects, c.Number("horizon"));
        MethodReference.Close(c.Number("slope"), r.Slope.Value, 1e-9);
        MethodReference.Close(c.Number("slopeSe"), r.Slope.StandardError, 1e-9);
        MethodReference.Close(c.Number("projected"), r.Projected.Value, 1e-9);
        MethodReference.Close(c.Number("projectedSe"), r.Projected.StandardError, 1e-9);
        MethodReference.Close(c.Number("average"), r.Average.Value, 1e-9);
        MethodReference.Close(c.Number("lackOfFit"), r.LackOfFit!.Value, 1e-9);
    }

    [Fact]
    public void Clustered_errors_agree_with_the_sandwich()
    {
        var c = MethodReference.Load("experiments/novelty.json");
        var r = Novelty.Slope([0, 1, 2, 3, 4], Rows(c, "first"), Rows(c, "second"), 30);
        MethodReference.Close(c.Number("clusteredSlope"), r.Slope.Value, 1e-9);
        MethodReference.Close(c.Number("clusteredSlopeSe"), r.Slope.StandardError, 1e-9);
        MethodReference.Close(c.Number("clusteredProjected"), r.Projected.Value, 1e-9);
        MethodReference.Close(c.Number("clusteredProjectedSe"), r.Projected.StandardError, 1e-9);
        Assert.Null(r.LackOfFit);
    }

    // Units with a strong own level: daily effects are correlated, the clustered slope test must still hold 5 %.
    [Fact]
    public void Clustered_slope_keeps_its_size()
    {
        var rng = new Rng(5);
        var alarms = 0;
        for (var run = 0; run < 1_000; run++)
        {
            var r = Novelty.Slope([0, 1, 2, 3, 4, 5, 6], Arm(rng), Arm(rng), 30);
            alarms += r.Slope.PValue < 0.05 ? 1 : 0;
        }
        Assert.InRange(alarms / 1_000.0, 0.027, 0.073);
    }

    static CoMoments Arm(Rng rng)
    {
        var rows = new double[7 * 150];
        for (var unit = 0; unit < 150; unit++)
        {
            var own = rng.NextNormal();
            for (var day = 0; day < 7; day++)
                rows[unit * 7 + day] = own + rng.NextNormal();
        }
        return CoMoments.OfRows(rows, 7);
    }

    static CoMoments Rows(JsonElement c, string name) =>
        CoMoments.OfRows([.. c.Items(name).SelectMany(r => r.EnumerateArray()).Select(v => v.GetDouble())], 5);
}

public sealed class GroupComparisonTests
{
    // Source: R oneway.test with and without var.equal (make.R); 1e-9.
    [Fact]
    public void Weekday_tests_agree_with_r()
    {
        var c = MethodReference.Load("experiments/groups.json");
        var group = c.Counts("group");
        var values = c.Numbers("values");
        Moments[] moments = [.. Enumerable.Range(1, 3).Select(g => Moments.Of([.. values.Where((_, i) => group[i] == g)]))];
        Same(c.GetProperty("welch"), WeekdayEffect.WelchTest(moments));
        Same(c.GetProperty("classic"), WeekdayEffect.FTest(moments));

        static void Same(JsonElement e, OneWayResult r)
        {
            MethodReference.Close(e.Number("F"), r.Statistic, 1e-9);
            MethodReference.Close(e.Number("df2"), r.DegreesOfFreedom2, 1e-9);
            MethodReference.Close(e.Number("p"), r.PValue, 1e-8);
        }
    }

    // Source: R manova, Wilks (make.R); for two arms Wilks' F is Hotelling's exactly.
    [Fact]
    public void Balance_agrees_with_manova()
    {
        var c = MethodReference.Load("experiments/groups.json");
        var arms = Arms(c, extra: false);
        var three = CovariateBalance.Hotelling(arms);
        Same(c.GetProperty("three"), three);
        MethodReference.Close(c.GetProperty("three").Number("wilks"), three.Statistic, 1e-10);
        Same(c.GetProperty("two"), CovariateBalance.Hotelling(arms.AsSpan(0, 2)));

        static void Same(JsonElement e, CovariateBalanceResult r)
        {
            MethodReference.Close(e.Number("F"), r.F, 1e-9);
            Assert.Equal(e.Number("df1"), r.DegreesOfFreedom1, 1e-9);
            Assert.Equal(e.Number("df2"), r.DegreesOfFreedom2, 1e-9);
            MethodReference.Close(e.Number("p"), r.PValue, 1e-8);
        }
    }

    [Fact]
    public void Redundant_and_constant_covariates_are_dropped_without_changing_the_answer()
    {
        var c = MethodReference.Load("experiments/groups.json");
        var plain = CovariateBalance.Hotelling(Arms(c, extra: false));
        var extra = CovariateBalance.Hotelling(Arms(c, extra: true));
        Assert.Equal(2, extra.Dropped.Count);
        MethodReference.Close(plain.F, extra.F, 1e-8);
        Assert.Equal(plain.DegreesOfFreedom1, extra.DegreesOfFreedom1);
    }

    [Fact]
    public void False_alarms_stay_at_the_size()
    {
        var rng = new Rng(6);
        int balance = 0, welch = 0;
        for (var run = 0; run < 1_500; run++)
        {
            var arms = new CoMoments[2];
            for (var a = 0; a < 2; a++)
                arms[a] = CoMoments.OfRows([.. Enumerable.Range(0, 120).Select(_ => rng.NextNormal())], 3);
            balance += CovariateBalance.Hotelling(arms).PValue < 0.05 ? 1 : 0;
            Moments[] days = [.. Enumerable.Range(1, 7).Select(d => Moments.Of([.. Enumerable.Range(0, 30).Select(_ => d * rng.NextNormal())]))];
            welch += WeekdayEffect.WelchTest(days).PValue < 0.05 ? 1 : 0;
        }
        Assert.InRange(balance / 1_500.0, 0.031, 0.069);
        Assert.InRange(welch / 1_500.0, 0.031, 0.069);
    }

    static CoMoments[] Arms(JsonElement c, bool extra)
    {
        var group = c.Counts("group");
        double[][] x = [c.Numbers("x1"), c.Numbers("x2"), c.Numbers("x3")];
        if (extra)
            x = [.. x, [.. x[0].Select((v, i) => 2 * v - x[1][i])], [.. x[0].Select(_ => 4.0)]];
        return [.. Enumerable.Range(1, 3).Select(g => CoMoments.OfColumns([.. x.Select(col => col.Where((_, i) => group[i] == g).ToArray())]))];
    }
}

public sealed class GuardrailTests
{
    // Source: scipy ttest_ind(equal_var=False) one-sided, on shifted and scaled arms (make.py); 1e-10.
    [Fact]
    public void All_forms_agree_with_scipy()
    {
        var c = MethodReference.Load("experiments/guardrail.json");
        var x = Moments.Of(c.Numbers("treatment"));
        var y = Moments.Of(c.Numbers("control"));
        foreach (var (name, better) in new[] { ("higher", DesiredDirection.Higher), ("lower", DesiredDirection.Lower) })
        {
            var e = c.GetProperty(name);
            var absolute = GuardrailTest.Absolute(x, y, e.GetProperty("absolute").Number("margin"), better);
            var relative = GuardrailTest.Relative(x, y, e.GetProperty("relative").Number("margin"), better);
            MethodReference.Close(e.Number("harm"), absolute.HarmPValue, 1e-10);
            MethodReference.Close(e.GetProperty("absolute").Number("p"), absolute.NonInferiorPValue, 1e-10);
            MethodReference.Close(e.GetProperty("relative").Number("p"), relative.NonInferiorPValue, 1e-10);
        }
    }

    [Fact]
    public void The_bound_inverts_the_test()
    {
        var x = new Moments(50, 9.6, 300);
        var y = new Moments(70, 10, 420);
        var bound = GuardrailTest.Absolute(x, y, 0, DesiredDirection.Higher).Bound;
        Assert.Equal(0.05, GuardrailTest.Absolute(x, y, -bound, DesiredDirection.Higher).NonInferiorPValue, 1e-10);
        var upper = GuardrailTest.Absolute(x, y, 0, DesiredDirection.Lower).Bound;
        Assert.Equal(0.05, GuardrailTest.Absolute(x, y, upper, DesiredDirection.Lower).NonInferiorPValue, 1e-10);
    }

    // At the margin exactly, non-inferiority is claimed in 5 % of experiments, also for a relative margin on a skewed metric.
    [Fact]
    public void Size_at_the_relative_margin_holds()
    {
        var rng = new Rng(13);
        var claimed = 0;
        for (var run = 0; run < 2_000; run++)
        {
            double[] x = [.. Enumerable.Range(0, 150).Select(_ => 0.9 * rng.NextGamma(2))];
            double[] y = [.. Enumerable.Range(0, 300).Select(_ => rng.NextGamma(2))];
            claimed += GuardrailTest.Relative(Moments.Of(x), Moments.Of(y), 0.1, DesiredDirection.Higher).NonInferiorPValue < 0.05 ? 1 : 0;
        }
        Assert.InRange(claimed / 2_000.0, 0.033, 0.067);
    }
}

public sealed class OutlierInfluenceTests
{
    [Fact]
    public void The_downdate_equals_recomputation()
    {
        var rng = new Rng(17);
        double[] x = [.. Enumerable.Range(0, 2_000).Select(_ => Math.Exp(1.2 * rng.NextNormal())).OrderDescending()];
        foreach (var k in new[] { 1, 5, 50 })
        {
            var expected = Moments.Of(x.AsSpan(k));
            var actual = OutlierInfluence.Without(Moments.Of(x), x.AsSpan(0, 60), k);
            Assert.Equal(expected.Count, actual.Count);
            MethodReference.Close(expected.Mean, actual.Mean, 1e-12);
            MethodReference.Close(expected.M2, actual.M2, 1e-10);
            MethodReference.Close(expected.M3!.Value, actual.M3!.Value, 1e-9);
            MethodReference.Close(expected.M4!.Value, actual.M4!.Value, 1e-8);
            Assert.Equal(expected.Max, actual.Max);
        }
    }

    [Fact]
    public void One_whale_that_carries_the_result_is_shown()
    {
        var rng = new Rng(18);
        double[] x = [5_000, .. Enumerable.Range(0, 999).Select(_ => rng.NextExponential()).OrderDescending()];
        double[] y = [.. Enumerable.Range(0, 1_000).Select(_ => rng.NextExponential() + 0.2).OrderDescending()];
        var r = OutlierInfluence.RemoveTop(Moments.Of(x), x.AsSpan(0, 3), Moments.Of(y), y.AsSpan(0, 3), 1);
        Assert.True(r.SignChanged);
        Assert.True(r.All.Value > 4 && r.Changed.Value < 0);
        var xCapped = Moments.Of([.. x.Select(v => Math.Min(v, 6))]);
        var yCapped = Moments.Of([.. y.Select(v => Math.Min(v, 6))]);
        Assert.True(OutlierInfluence.Winsorised(Moments.Of(x), xCapped, 3, Moments.Of(y), yCapped, 2).SignChanged);
    }

    [Fact]
    public void Wrong_top_values_are_refused()
    {
        var m = Moments.Of([1, 2, 3, 4]);
        Assert.Throws<ArgumentException>(() => OutlierInfluence.Without(m, [3.0, 2.0], 1));
        Assert.Throws<TooFewRowsException>(() => OutlierInfluence.Without(m, [4.0, 3.0, 2.0], 3));
    }
}

public sealed class ReportedResultTests
{
    // Source: scipy and statsmodels, one value per setting (make.py); 1e-9.
    [Fact]
    public void Each_setting_agrees_with_its_tool()
    {
        foreach (var c in MethodReference.Load("experiments/reported-result.json").Items("cases"))
        {
            var expected = c.Numbers("ps");
            var r = ReportedResult.PossiblePs(
                ReportedCount.Exact((long)c.Number("a"), (long)c.Number("n")), ReportedCount.Exact((long)c.Number("b"), (long)c.Number("m")), new(0.5, 2));
            for (var i = 0; i < expected.Length; i++)
            {
                MethodReference.Close(expected[i], r.Settings[i].Low, 1e-9);
                Assert.Equal(r.Settings[i].Low, r.Settings[i].High);
            }
        }
    }

    // 4.5 against 4.8 % of 50,000 with "p = .03": no z test gives it (.0243); only a continuity correction or Fisher's test (.0252) rounds to .03.
    [Fact]
    public void The_checkout_example_does_not_fit_the_standard_test()
    {
        var r = ReportedResult.PossiblePs(ReportedCount.Exact(2_250, 50_000), ReportedCount.Exact(2_400, 50_000), new(0.03, 2));
        Assert.False(r.StandardFits);
        Assert.Equal(0.0243, r.Settings[0].Low, 0.00005);
        Assert.Equal(["two-sided chi-square with continuity correction", "two-sided Fisher exact"], r.Settings.Where(s => s.Fits).Select(s => s.Setting));
        Assert.False(ReportedResult.PossiblePs(ReportedCount.Exact(2_250, 50_000), ReportedCount.Exact(2_400, 50_000), new(0.030, 3)).Fits);
    }

    [Fact]
    public void Rounded_rates_allow_a_range_of_counts()
    {
        var first = ReportedCount.FromPercent(4.5, 1, 50_000);
        Assert.Equal(new ReportedCount(2_225, 2_275, 50_000), first);
        var r = ReportedResult.PossiblePs(first, ReportedCount.FromPercent(4.8, 1, 50_000), new(0.03, 2));
        Assert.True(r.StandardFits);
        Assert.True(ReportedResult.PossiblePs(first, ReportedCount.FromPercent(4.6, 1, 50_000), new(1.0, 1)).StandardFits);
        Assert.Throws<ArgumentException>(() => ReportedCount.FromPercent(33.4, 1, 10));
    }
}
