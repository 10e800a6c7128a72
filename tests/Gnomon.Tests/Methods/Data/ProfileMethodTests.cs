using System.Text.Json;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class AssociationTests
{
    static readonly JsonElement Reference = MethodReference.Load("data/association.json");

    // Source: scipy pearsonr, spearmanr, rankdata (make.py); 1e-10.
    [Fact]
    public void Correlations_agree_with_scipy()
    {
        var (x, y) = (Reference.Numbers("x"), Reference.Numbers("y"));
        Same(Reference.Numbers("pearson"), Association.Pearson(x, y)!);
        Same(Reference.Numbers("spearman"), Association.Spearman(x, y)!);
        Assert.Equal(Reference.Numbers("ranks"), Midranks.Of(x));

        static void Same(double[] e, CorrelationResult r)
        {
            MethodReference.Close(e[0], r.Correlation, 1e-10);
            MethodReference.Close(e[1], r.PValue, 1e-9);
            MethodReference.Close(e[2], r.Low, 1e-9);
            MethodReference.Close(e[3], r.High, 1e-9);
        }
    }

    [Fact]
    public void Tables_agree_with_scipy()
    {
        var table = Reference.Counts("table");
        var test = ContingencyTest.ChiSquare(table, 4)!;
        MethodReference.Close(Reference.Number("chi2"), test.Statistic, 1e-11);
        MethodReference.Close(Reference.Number("chi2p"), test.PValue, 1e-10);
        Assert.Equal(Reference.Number("df"), test.DegreesOfFreedom);
        MethodReference.Close(Reference.Number("smallestExpected"), test.SmallestExpected, 1e-12);
        MethodReference.Close(Reference.Number("cramersV"), Association.CramersV(table, 4)!.Value, 1e-10);
        MethodReference.Close(Reference.Number("mutualInformation"), Association.MutualInformation(table, 4), 1e-10);
        Assert.Null(ContingencyTest.ChiSquare([3, 0, 5, 0], 2));
    }

    [Fact]
    public void Correlation_ratio_agrees_with_analysis_of_variance()
    {
        int[] groups = [.. Reference.Counts("groups").Select(g => (int)g)];
        var r = Association.CorrelationRatio(groups, Reference.Numbers("values"))!;
        MethodReference.Close(Reference.Number("eta"), r.Value, 1e-10);
        MethodReference.Close(Reference.Number("etaP"), r.PValue, 1e-9);
    }

    [Fact]
    public void Binned_information_sees_what_correlation_cannot()
    {
        var rng = new Rng(2);
        double[] x = [.. Enumerable.Range(0, 2_000).Select(_ => rng.NextNormal())];
        double[] y = [.. x.Select(v => v * v + 0.1 * rng.NextNormal())];
        var table = Association.CrossTable(Association.EqualFrequencyBins(x, 8), Association.EqualFrequencyBins(y, 8), 8, 8);
        Assert.True(Association.MutualInformation(table, 8, biasCorrected: true) > 0.7);
        Assert.True(Math.Abs(Association.Pearson(x, y)!.Correlation) < 0.15);
    }

    // Intervals of Pearson at rho = 0.6 and Spearman (true rank correlation 6/pi asin(0.3) = 0.5819), n = 60.
    [Fact]
    public void Intervals_cover()
    {
        var rng = new Rng(4);
        int pearson = 0, spearman = 0;
        for (var run = 0; run < 1_500; run++)
        {
            double[] x = [.. Enumerable.Range(0, 60).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => 0.6 * v + 0.8 * rng.NextNormal())];
            var p = Association.Pearson(x, y)!;
            var s = Association.Spearman(x, y)!;
            pearson += p.Low <= 0.6 && 0.6 <= p.High ? 1 : 0;
            spearman += s.Low <= 0.5819 && 0.5819 <= s.High ? 1 : 0;
        }
        Assert.InRange(pearson / 1_500.0, 0.931, 0.969);
        Assert.InRange(spearman / 1_500.0, 0.925, 0.975);
    }

    // Source: scipy mannwhitneyu (no continuity correction) and the full matrix of comparisons for DeLong's variance (make.py); 1e-10.
    [Fact]
    public void Area_under_the_curve_agrees_with_scipy()
    {
        var c = MethodReference.Load("data/auc.json");
        var r = AreaUnderCurve.Of(c.Numbers("positives"), c.Numbers("negatives"));
        MethodReference.Close(c.Number("auc"), r.Auc, 1e-12);
        MethodReference.Close(c.Number("aucFromU"), r.Auc, 1e-12);
        MethodReference.Close(c.Number("se"), r.StandardError, 1e-10);
        MethodReference.Close(c.Number("p"), r.PValue, 1e-10);
        var m = MissingnessDependence.Numeric(c.Numbers("positives"), c.Numbers("negatives"))!;
        MethodReference.Close(c.Number("welchP"), m.Difference.PValue, 1e-10);
    }

    [Fact]
    public void Area_interval_covers_and_full_separation_is_answered()
    {
        var rng = new Rng(5);
        var covered = 0;
        for (var run = 0; run < 1_500; run++)
        {
            double[] a = [.. Enumerable.Range(0, 40).Select(_ => rng.NextNormal() + 1)];
            double[] b = [.. Enumerable.Range(0, 60).Select(_ => rng.NextNormal())];
            var r = AreaUnderCurve.Of(a, b);
            covered += r.Low <= 0.7602499 && 0.7602499 <= r.High ? 1 : 0;
        }
        Assert.InRange(covered / 1_500.0, 0.931, 0.97);
        var separated = AreaUnderCurve.Of([5, 6, 7], [1, 2, 3]);
        Assert.Equal(1, separated.High);
        Assert.InRange(separated.Low, 0.2, 0.4);
    }
}

public sealed class RobustOutliersTests
{
    // Source: statsmodels medcouple, scipy median_abs_deviation, numpy quantile (make.py); 1e-12.
    [Fact]
    public void Medcouple_mad_and_quartiles_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("data/robust.json").Items("cases"))
        {
            var x = c.Numbers("x");
            Assert.Equal(c.Number("medcouple"), Medcouple.Of(x), 1e-12);
            var q = c.Numbers("q");
            for (var i = 0; i < 3; i++)
                Assert.Equal(q[i], RobustOutliers.Quantile(x, 0.25 * (i + 1)), 1e-12);
            var fences = RobustOutliers.MedianMad(x)!;
            Assert.Equal(c.Number("mad") * 7, fences.High - fences.Low, 1e-9);
        }
    }

    [Fact]
    public void Medcouple_flips_with_the_sample_and_is_quick_on_many_values()
    {
        var rng = new Rng(7);
        double[] x = [.. Enumerable.Range(0, 40_000).Select(_ => rng.NextExponential()).Order()];
        double[] y = [.. x.Select(v => -v).Reverse()];
        var mc = Medcouple.Of(x);
        // Exponential: about 1/3 (Brys, Hubert and Struyf 2004, table 1).
        Assert.Equal(1.0 / 3, mc, 0.02);
        Assert.Equal(-mc, Medcouple.Of(y), 1e-12);
        Assert.Equal(0, Medcouple.Of([1, 2, 3, 4, 5]), 1e-15);
    }

    [Fact]
    public void The_adjusted_boxplot_spares_skewed_data()
    {
        var rng = new Rng(8);
        double[] x = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Exp(0.6 * rng.NextNormal())).Order()];
        var adjusted = RobustOutliers.AdjustedBoxplot(x)!;
        Assert.True((adjusted.Above + adjusted.Below) / 5_000.0 < 0.015);
        var plain = RobustOutliers.MedianMad(x)!;
        Assert.True(plain.Above > adjusted.Above);
        Assert.Null(RobustOutliers.MedianMad([1, 1, 1, 1, 9]));
    }
}

public sealed class KolmogorovSmirnovTests
{
    // Source: R ks.test, exact with ties up to 10,000 pairs, limiting beyond (make.R); 1e-9.
    [Fact]
    public void Exact_and_limiting_p_values_agree_with_r()
    {
        foreach (var c in MethodReference.Load("data/kolmogorov-smirnov.json").Items("cases"))
        {
            var r = KolmogorovSmirnov.TestSorted(c.Numbers("x"), c.Numbers("y"));
            Assert.Equal(c.Number("d"), r.Statistic, 1e-12);
            Assert.Equal(c.GetProperty("exact").GetBoolean(), r.Exact);
            MethodReference.Close(c.Number("p"), r.PValue, r.Exact ? 1e-9 : 1e-7);
        }
    }

    [Fact]
    public void Limiting_distribution_is_continuous_where_its_series_change()
    {
        MethodReference.Close(KolmogorovSmirnov.LimitP(1 - 1e-12), KolmogorovSmirnov.LimitP(1), 1e-10);
        // Smirnov 1948: the 5 % point is 1.3581.
        Assert.Equal(0.05, KolmogorovSmirnov.LimitP(1.3581), 0.00001);
    }

    [Fact]
    public void Size_holds_on_small_and_large_samples()
    {
        var rng = new Rng(9);
        int small = 0, large = 0;
        for (var run = 0; run < 2_000; run++)
        {
            small += P(rng, 20, 25) < 0.05 ? 1 : 0;
            large += P(rng, 120, 130) < 0.05 ? 1 : 0;
        }
        Assert.InRange(small / 2_000.0, 0, 0.067);
        Assert.InRange(large / 2_000.0, 0.02, 0.067);

        static double P(Rng rng, int n, int m)
        {
            double[] x = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal()).Order()];
            double[] y = [.. Enumerable.Range(0, m).Select(_ => rng.NextNormal()).Order()];
            return KolmogorovSmirnov.TestSorted(x, y).PValue;
        }
    }
}

public sealed class PopulationShiftTests
{
    // Source: scipy wasserstein_distance (make.py); 1e-12.
    [Fact]
    public void Wasserstein_distance_agrees_with_scipy()
    {
        var c = MethodReference.Load("data/wasserstein.json");
        MethodReference.Close(c.Number("distance"), PopulationShift.Wasserstein(c.Numbers("first"), c.Numbers("second")), 1e-12);
    }

    [Fact]
    public void A_shift_is_named_and_twins_are_not()
    {
        var rng = new Rng(10);
        var fired = 0;
        for (var run = 0; run < 200; run++)
        {
            var columns = new List<ShiftResult>();
            for (var c = 0; c < 5; c++)
                columns.Add(PopulationShift.Numeric(Draw(rng, 400, 0), Draw(rng, 400, 0))!);
            columns.Add(PopulationShift.Category(Counts(rng, 0.3), Counts(rng, 0.3))!);
            fired += PopulationShift.Judge(columns).Any(v => v.Shifted) ? 1 : 0;
        }
        Assert.InRange(fired / 200.0, 0, 0.03);
        Assert.True(PopulationShift.Judge([PopulationShift.Numeric(Draw(rng, 2_000, 0), Draw(rng, 2_000, 0.3))!])[0].Shifted);
        Assert.True(PopulationShift.Judge([PopulationShift.Category(Counts(rng, 0.3), Counts(rng, 0.45))!])[0].Shifted);
        // Real but tiny: significant, under the floor, silent.
        var tiny = PopulationShift.Numeric(Draw(rng, 60_000, 0), Draw(rng, 60_000, 0.05))!;
        Assert.True(tiny.PValue < 1e-4);
        Assert.False(PopulationShift.Judge([tiny])[0].Shifted);

        static double[] Draw(Rng rng, int n, double shift) => [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal() + shift).Order()];
        static long[] Counts(Rng rng, double p)
        {
            var a = rng.NextBinomial(1_000, p);
            return [a, 995 - a, 3, 2];
        }
    }
}

public sealed class MissingnessTests
{
    // Source: an own row-by-row EM in numpy (make.py); 1e-6, the EM tolerance.
    [Fact]
    public void Littles_test_agrees_with_an_independent_em()
    {
        var c = MethodReference.Load("data/little-mcar.json");
        double?[][] rows = [.. c.Items("rows").Select(r => r.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble()).ToArray())];
        var r = LittleMcar.Test(Patterns(rows), 4)!;
        MethodReference.Close(c.Number("statistic"), r.Statistic, 1e-6);
        Assert.Equal(c.Number("df"), r.DegreesOfFreedom);
        MethodReference.Close(c.Number("p"), r.PValue, 1e-5);
        Assert.True(r.Converged);
    }

    [Fact]
    public void Littles_test_keeps_its_size_and_sees_dependence()
    {
        var rng = new Rng(14);
        int alarms = 0, caught = 0;
        for (var run = 0; run < 300; run++)
        {
            alarms += P(0) < 0.05 ? 1 : 0;
            caught += run < 50 && P(0.45) < 0.01 ? 1 : 0;
        }
        Assert.InRange(alarms / 300.0, 0.012, 0.092);
        Assert.True(caught >= 48);

        double P(double dependence)
        {
            var rows = new double?[250][];
            for (var i = 0; i < rows.Length; i++)
            {
                var a = rng.NextNormal();
                var b = 0.5 * a + rng.NextNormal();
                rows[i] = [a, rng.NextDouble() < (a > 0 ? 0.15 + dependence : 0.15) ? null : b, rng.NextDouble() < 0.1 ? null : rng.NextNormal()];
            }
            return LittleMcar.Test(Patterns(rows), 3)!.PValue;
        }
    }

    [Fact]
    public void Collinear_columns_do_not_break_it()
    {
        var rng = new Rng(15);
        var rows = new double?[100][];
        for (var i = 0; i < rows.Length; i++)
        {
            var a = rng.NextNormal();
            rows[i] = [a, 2 * a + 1, i % 4 == 0 ? null : rng.NextNormal()];
        }
        var r = LittleMcar.Test(Patterns(rows), 3)!;
        Assert.Equal(1, r.DegreesOfFreedom);
        Assert.InRange(r.PValue, 1e-6, 1);
        Assert.Null(LittleMcar.Test([new([0], CoMoments.OfRows([1, 2, 3], 1))], 1));
    }

    [Fact]
    public void Missing_rates_by_category_are_tested_with_intervals()
    {
        var r = MissingnessDependence.Category([30, 5, 6], [170, 195, 194])!;
        Assert.Equal(3, r.Rates.Count);
        Assert.Equal(0.15, r.Rates[0].Rate, 1e-15);
        Assert.Equal(11.0 / 400, r.Rates[0].RateElsewhere, 1e-15);
        Assert.True(r.Rates[0].Difference.Low > 0.05);
        Assert.True(r.PValue < 1e-6);
        Assert.True(r.IsMaterial);
        Assert.False(MissingnessDependence.Category([20, 22], [980, 978])!.IsMaterial);
        Assert.Null(MissingnessDependence.Category([0, 0], [5, 5]));
    }

    static List<MissingPattern> Patterns(double?[][] rows) =>
    [
        .. rows.GroupBy(r => string.Concat(r.Select(v => v is null ? '0' : '1')), StringComparer.Ordinal)
            .Where(g => g.Key.Contains('1', StringComparison.Ordinal)).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g =>
            {
                int[] observed = [.. Enumerable.Range(0, g.Key.Length).Where(i => g.Key[i] == '1')];
                return new MissingPattern(observed, CoMoments.OfRows([.. g.SelectMany(r => observed.Select(i => r[i]!.Value))], observed.Length));
            }),
    ];
}

public sealed class SentinelScanTests
{
    [Fact]
    public void Codes_caps_and_spikes_are_found()
    {
        var rng = new Rng(16);
        double[] ages = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Round(18 + 60 * rng.NextDouble(), 1)), .. Enumerable.Repeat(999.0, 400)];
        var code = Assert.Single(SentinelScan.Find(Table(ages)));
        Assert.Equal(999, code.Value);
        Assert.Equal(SentinelKind.IsolatedExtreme, code.Kind);
        double[] capped = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Min(730, Math.Round(900 * rng.NextDouble())))];
        var cap = Assert.Single(SentinelScan.Find(Table(capped)));
        Assert.Equal(730, cap.Value);
        Assert.Equal(SentinelKind.EndOfRange, cap.Kind);
        double[] zero = [.. Enumerable.Range(0, 5_000).Select(_ => rng.NextNormal()), .. Enumerable.Repeat(0.0, 300)];
        Assert.Equal(SentinelKind.RoundCode, Assert.Single(SentinelScan.Find(Table(zero))).Kind);
    }

    // Shapes that peak by nature: nothing may be named in 95 of 100 (here in all 40 of each kind but two).
    [Theory]
    [InlineData("geometric")]
    [InlineData("zipf")]
    [InlineData("poisson")]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("likert")]
    public void Natural_shapes_are_silent(string shape)
    {
        var fired = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var rng = new Rng(100 + seed);
            double[] x = [.. Enumerable.Range(0, 20_000).Select(_ => Draw(rng, shape))];
            fired += SentinelScan.Find(Table(x)).Count > 0 ? 1 : 0;
        }
        Assert.InRange(fired, 0, 2);

        static double Draw(Rng rng, string shape) => shape switch
        {
            "geometric" => Math.Floor(rng.NextExponential() * 1.5),
            "zipf" => Math.Floor(1 / Math.Sqrt(rng.NextDouble() + 1e-9)),
            "poisson" => rng.NextPoisson(1.2),
            "uniform" => rng.NextInt(101),
            "normal" => Math.Round(rng.NextNormal(), 1),
            _ => 1 + rng.NextInt(5),
        };
    }

    static ValueCount[] Table(double[] x) => [.. x.GroupBy(v => v).OrderBy(g => g.Key).Select(g => new ValueCount(g.Key, g.LongCount()))];
}
