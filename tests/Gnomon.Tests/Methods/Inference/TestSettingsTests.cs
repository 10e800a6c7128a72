using System.Text.Json;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: the numbers that R 4.2.2 (with BayesFactor 0.9.12), SciPy 1.10 and statsmodels 0.13 print for the same data under their defaults. Tolerance 1e-9 relative, Fisher 1e-7 (R's own), Bayes factors 1e-4 (R's quadrature).</summary>
public sealed class TestSettingsTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("inference", "settings.json");

    [Fact]
    public void Means_under_every_setting()
    {
        foreach (var item in Reference.GetProperty("means").EnumerateArray())
        {
            var settings = TestSettings.Means(Numbers(item, "x"), Numbers(item, "y"));
            P(item, "welch", settings, "Welch t");
            P(item, "student", settings, "Student t (equal spread)");
            P(item, "scipyDefault", settings, "Student t (equal spread)");
            P(item, "statsmodelsDefault", settings, "Student t (equal spread)");
            P(item, "welchGreater", settings, "Welch t, one-sided");
            P(item, "studentGreater", settings, "Student t, one-sided");
            P(item, "z", settings, "z test");
            P(item, "ranksCorrected", settings, "Mann-Whitney, corrected");
            P(item, "ranksUncorrected", settings, "Mann-Whitney, uncorrected");
            P(item, "rDefaultRanks", settings, Named(settings, "R below 50"));
            P(item, "scipyRanks", settings, Named(settings, item.GetProperty("y").GetArrayLength() <= 8 ? "up to 8" : "many values"));
            Close.Relative(item.GetProperty("bayes").GetDouble(), settings.Single(s => s.BayesFactor is not null).BayesFactor!.Value, 1e-4, "Bayes factor");
        }

        // R takes the exact test below 50 values without ties, and says so; otherwise the corrected normal one.
        static string Named(IReadOnlyList<TestSetting> settings, string tool) =>
            (settings.FirstOrDefault(s => s.DefaultOf.Contains(tool, StringComparison.Ordinal)) ?? settings.Single(s => s.Name == "Mann-Whitney, corrected")).Name;
    }

    [Fact]
    public void Shares_under_every_setting()
    {
        foreach (var item in Reference.GetProperty("shares").EnumerateArray())
        {
            var settings = TestSettings.Shares(item.GetProperty("a").GetInt64(), item.GetProperty("n").GetInt64(), item.GetProperty("b").GetInt64(), item.GetProperty("m").GetInt64());
            foreach (var name in new[] { "rProp", "rChi", "scipyChi" })
            {
                P(item, name, settings, "chi-square, Yates-corrected");
            }

            foreach (var name in new[] { "rPlain", "scipyPlain", "statsmodels" })
            {
                P(item, name, settings, "chi-square, plain (pooled z)");
            }

            P(item, "wald", settings, "unpooled z (Wald)");
            P(item, "g", settings, "G test (likelihood ratio)");
            P(item, "rFisher", settings, "Fisher exact", 1e-7);
            P(item, "scipyFisher", settings, "Fisher exact", 1e-7);
        }
    }

    [Fact]
    public void Pairs_under_every_setting()
    {
        foreach (var item in Reference.GetProperty("pairs").EnumerateArray())
        {
            var settings = TestSettings.Pairs(Numbers(item, "d"));
            P(item, "t", settings, "paired t");
            P(item, "corrected", settings, "Wilcoxon, corrected");
            P(item, "uncorrected", settings, "Wilcoxon, uncorrected");
            var exact = settings.FirstOrDefault(s => s.Name == "Wilcoxon, exact" && s.DefaultOf.Length > 0);
            var isSmall = item.GetProperty("d").GetArrayLength() < 50;
            P(item, "rDefault", settings, exact is not null && isSmall ? exact.Name : "Wilcoxon, corrected");
            P(item, "scipyDefault", settings, exact is not null && isSmall ? exact.Name : "Wilcoxon, uncorrected");
            Close.Relative(item.GetProperty("bayes").GetDouble(), settings.Single(s => s.BayesFactor is not null).BayesFactor!.Value, 1e-4, "Bayes factor");
        }
    }

    [Fact]
    public void Groups_under_every_setting()
    {
        foreach (var item in Reference.GetProperty("groups").EnumerateArray())
        {
            var settings = TestSettings.Groups([.. item.GetProperty("groups").EnumerateArray().Select(g => g.EnumerateArray().Select(v => v.GetDouble()).ToArray())]);
            P(item, "welch", settings, "Welch ANOVA");
            P(item, "classical", settings, "ANOVA (equal spread)");
            P(item, "scipyF", settings, "ANOVA (equal spread)");
            P(item, "kruskal", settings, "Kruskal-Wallis");
            P(item, "scipyKruskal", settings, "Kruskal-Wallis");
        }
    }

    [Fact]
    public void Two_factors_under_every_type_of_sums_of_squares()
    {
        foreach (var item in Reference.GetProperty("twoway").EnumerateArray())
        {
            int[] a = [.. Numbers(item, "a").Select(v => (int)v)], b = [.. Numbers(item, "b").Select(v => (int)v)];
            var terms = TwoWayTypes.Of(a, b, Numbers(item, "y"));
            for (var type = 1; type <= 3; type++)
            {
                var p = Numbers(item, $"p{type}");
                Close.Relative(p[0], terms.Single(t => t.Term == 0 && t.Type == type).PValue, 1e-8, $"first factor, type {type}");
                Close.Relative(p[1], terms.Single(t => t.Term == 1 && t.Type == type).PValue, 1e-8, $"second factor, type {type}");
                Close.Relative(p[2], terms.Single(t => t.Term == 2).PValue, 1e-8, "interaction");
            }

            var squares = Numbers(item, "ss");
            Close.Relative(squares[0], terms.Single(t => t is { Term: 0, Type: 1 }).SumOfSquares, 1e-10, "sum of squares");
            var settings = TestSettings.TwoWay(a, b, Numbers(item, "y"), "dose", "site");
            Assert.Equal(7, settings.Count);
            Assert.Equal(settings.Single(s => s.Name == "dose, type III").PValue, terms.Single(t => t is { Term: 0, Type: 3 }).PValue);
        }

        Assert.Throws<Gnomon.Methods.NotEstimableException>(() => TwoWayTypes.Of([0, 0, 1, 1, 0], [0, 1, 0, 0, 1], [1, 2, 3, 4, 5]));
        Assert.Throws<Gnomon.Methods.TooFewRowsException>(() => TwoWayTypes.Of([0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 4]));
    }

    [Fact]
    public void What_has_no_test_is_refused()
    {
        Assert.Throws<Gnomon.Methods.NotEstimableException>(() => TestSettings.Shares(0, 10, 0, 12));
        Assert.Throws<Gnomon.Methods.NotEstimableException>(() => TestSettings.Means([1, 1], [1, 1, 1]));
        Assert.Equal("Boschloo exact", TestSettings.Shares(0, 20, 3, 20)[0].Name);
        Assert.All(TestSettings.Shares(0, 20, 3, 20), s => Assert.InRange(s.PValue!.Value, 0, 1));
    }

    static void P(JsonElement item, string name, IReadOnlyList<TestSetting> settings, string setting, double tolerance = 1e-9) =>
        Close.Relative(item.GetProperty(name).GetDouble(), settings.Single(s => s.Name == setting).PValue!.Value, tolerance, $"{name}: {setting}");

    static double[] Numbers(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
