using Gnomon.Methods.Bayes;
using Gnomon.Methods.Data;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>One way in which a tool may have run "the" test on the same data.</summary>
/// <param name="Name">The test and its settings.</param>
/// <param name="Statistic">Its statistic: t, z, chi-square, F or U; null for exact tests without one.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom, of the denominator for an F; null where there are none.</param>
/// <param name="PValue">Its p-value; null for a Bayes factor.</param>
/// <param name="DefaultOf">Tools that run it unless told otherwise; empty when it must be asked for.</param>
/// <param name="BayesFactor">How many times likelier the data are with an effect than without; null for a test.</param>
public sealed record TestSetting(string Name, double? Statistic, double? DegreesOfFreedom, double? PValue, string DefaultOf, double? BayesFactor = null);

/// <summary>The settings under which tools run the same question, each computed on the same data: what differs between tools is nearly always one of these, not rounding.</summary>
/// <remarks>
/// Defaults of R 4.2 (t.test, wilcox.test, chisq.test, prop.test, oneway.test, aov), SciPy 1.10 (ttest_ind, mannwhitneyu, chi2_contingency, f_oneway) and statsmodels 0.13 by running them;
/// of Excel, JASP and jamovi by their manuals. Each list begins with the setting that Gnomon uses.
/// </remarks>
public static class TestSettings
{
    /// <summary>Two independent samples of numbers.</summary>
    /// <param name="x">First sample, at least 2 values.</param>
    /// <param name="y">Second sample, at least 2 values.</param>
    /// <exception cref="NotEstimableException">No value differs from the others of its sample.</exception>
    public static IReadOnlyList<TestSetting> Means(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Moments a = Moments.Of(x), b = Moments.Of(y);
        var welch = WelchT.Test(a, b);
        var (t, df) = Student(a, b);
        var z = (a.Mean - b.Mean) / Math.Sqrt(a.VarianceOfMean + b.VarianceOfMean);
        var pair = SortedPair.Of(x, y);
        var ranks = MannWhitney.Test(pair);
        List<TestSetting> settings =
        [
            new("Welch t", welch.Statistic, welch.DegreesOfFreedom, welch.PValue, "R"),
            new("Student t (equal spread)", t, df, StudentT.TwoSided(t, df), "SciPy, statsmodels, Excel, JASP, jamovi"),
            new("Welch t, one-sided", welch.Statistic, welch.DegreesOfFreedom, StudentT.Sf(Math.Abs(welch.Statistic), welch.DegreesOfFreedom!.Value), string.Empty),
            new("Student t, one-sided", t, df, StudentT.Sf(Math.Abs(t), df), string.Empty),
            new("z test", z, null, TwoByTwo.TwoSided(z), string.Empty),
            new("Mann-Whitney, corrected", ranks.U, null, MannWhitney.NormalP(pair), "R and SciPy, ties or many values"),
            new("Mann-Whitney, uncorrected", ranks.U, null, MannWhitney.NormalP(pair, continuity: false), string.Empty),
        ];
        if (ranks.IsExact)
        {
            settings.Insert(5, new("Mann-Whitney, exact", ranks.U, null, ranks.PValue, pair.HasTies ? string.Empty : "R below 50 values, SciPy up to 8"));
        }

        var size = (double)a.Count * b.Count / (a.Count + b.Count);
        settings.Add(new("Bayes factor, Cauchy 0.707", t, df, null, "JASP, jamovi, R BayesFactor", Bayes.BayesFactor.Cauchy(t, df, size)));
        return settings;
    }

    /// <summary>Two shares from counts.</summary>
    /// <param name="xs">Successes of the first group.</param>
    /// <param name="xn">Size of the first group.</param>
    /// <param name="ys">Successes of the second group.</param>
    /// <param name="yn">Size of the second group.</param>
    /// <exception cref="NotEstimableException">All units have the same outcome.</exception>
    public static IReadOnlyList<TestSetting> Shares(long xs, long xn, long ys, long yn)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, 0.95);
        double m = xn, n = yn, pooled = table.PooledRate;
        var score = Math.Abs(table.PooledZ());
        var error = Math.Abs(table.Difference) > 0 ? Math.Abs(table.Difference) / score : Math.Sqrt(pooled * (1 - pooled) * (1 / m + 1 / n));
        var yates = Math.Max(0, Math.Abs(table.Difference) - 0.5 * (1 / m + 1 / n)) / error;
        var likelihood = 2 * (Term(xs, m * pooled) + Term(xn - xs, m * (1 - pooled)) + Term(ys, n * pooled) + Term(yn - ys, n * (1 - pooled)));
        var fisher = TwoProportions.Fisher(xs, xn, ys, yn);
        List<TestSetting> settings =
        [
            new("chi-square, plain (pooled z)", score * score, 1, TwoByTwo.TwoSided(score), "statsmodels, Excel, JASP, jamovi"),
            new("chi-square, Yates-corrected", yates * yates, 1, TwoByTwo.TwoSided(yates), "R, SciPy"),
        ];
        if (table.UnpooledError > 0)
        {
            var wald = Math.Abs(table.Difference) / table.UnpooledError;
            settings.Add(new("unpooled z (Wald)", wald, null, TwoByTwo.TwoSided(wald), "online calculators"));
        }

        settings.Add(new("pooled z, one-sided", score, null, Normal.Sf(score), string.Empty));
        settings.Add(new("Yates-corrected, one-sided", yates, null, Normal.Sf(yates), string.Empty));
        settings.Add(new("G test (likelihood ratio)", likelihood, 1, ChiSquared.Sf(likelihood, 1), string.Empty));
        settings.Add(new("Fisher exact", null, null, fisher.PValue, "R and SciPy, when asked for Fisher"));
        settings.Add(new("Fisher mid-p", null, null, TwoProportions.FisherMidP(xs, xn, ys, yn).PValue, string.Empty));
        if (table.SmallestExpected < SmallExpected && xn <= TwoProportions.ExactLimit && yn <= TwoProportions.ExactLimit)
        {
            settings.Insert(0, new("Boschloo exact", null, null, TwoProportions.Boschloo(xs, xn, ys, yn).PValue, string.Empty));
        }

        return settings;
    }

    /// <summary>Paired numbers, by their differences.</summary>
    /// <param name="differences">One difference per pair, at least 2, not all 0.</param>
    public static IReadOnlyList<TestSetting> Pairs(ReadOnlySpan<double> differences)
    {
        var paired = OneSampleT.Test(Moments.Of(differences));
        var signed = WilcoxonSignedRank.Test(differences);
        double[] kept = [.. differences.ToArray().Where(d => d != 0)];
        var ranks = Midranks.Of(Array.ConvertAll(kept, Math.Abs));
        List<TestSetting> settings =
        [
            new("paired t", paired.Statistic, paired.DegreesOfFreedom, paired.PValue, "R, SciPy, Excel, JASP, jamovi"),
            new("paired t, one-sided", paired.Statistic, paired.DegreesOfFreedom, paired.PValue / 2, string.Empty),
            new("Wilcoxon, corrected", signed.W, null, WilcoxonSignedRank.NormalP(ranks, signed.W, continuity: true), "R with ties or many pairs, JASP"),
            new("Wilcoxon, uncorrected", signed.W, null, WilcoxonSignedRank.NormalP(ranks, signed.W, continuity: false), "SciPy with ties or many pairs"),
            new("sign test", null, null, SignTest.Test(differences).PValue, string.Empty),
        ];
        if (signed.IsExact)
        {
            settings.Insert(2, new("Wilcoxon, exact", signed.W, null, signed.PValue, kept.Length == differences.Length && kept.Select(Math.Abs).Distinct().Count() == kept.Length ? "R and SciPy below 50 pairs" : string.Empty));
        }

        settings.Add(new("Bayes factor, Cauchy 0.707", paired.Statistic, paired.DegreesOfFreedom, null, "JASP, jamovi, R BayesFactor", Bayes.BayesFactor.Cauchy(paired.Statistic, differences.Length - 1, differences.Length)));
        return settings;
    }

    /// <summary>Several independent groups of numbers.</summary>
    /// <param name="groups">At least 2 groups of at least 2 values.</param>
    public static IReadOnlyList<TestSetting> Groups(IReadOnlyList<double[]> groups)
    {
        var welch = WelchAnova.Test(groups);
        var classical = WelchAnova.Classical(groups);
        var ranks = KruskalWallis.Test(groups).Test;
        return
        [
            new("Welch ANOVA", welch.Statistic, welch.DegreesWithin, welch.PValue, "R oneway.test, jamovi"),
            new("ANOVA (equal spread)", classical.Statistic, classical.DegreesWithin, classical.PValue, "R aov, SciPy, statsmodels, Excel, JASP"),
            new("Kruskal-Wallis", ranks.Statistic, ranks.DegreesBetween, ranks.PValue, "R, SciPy"),
        ];
    }

    /// <summary>Two factors and their interaction, each type of sums of squares; empty cells are refused.</summary>
    /// <param name="first">Level of the first factor in each row, from 0.</param>
    /// <param name="second">Level of the second factor.</param>
    /// <param name="y">Outcome.</param>
    /// <param name="firstName">Name of the first factor.</param>
    /// <param name="secondName">Name of the second factor.</param>
    /// <exception cref="NotEstimableException">A cell is empty, or the outcome does not vary inside the cells.</exception>
    public static IReadOnlyList<TestSetting> TwoWay(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> y, string firstName, string secondName) =>
        [.. TwoWayTypes.Of(first, second, y).Select(t => new TestSetting(
            t.Term switch { 0 => $"{firstName}, type {Roman(t.Type)}", 1 => $"{secondName}, type {Roman(t.Type)}", _ => $"{firstName} : {secondName}, any type" }, t.F, t.ResidualDegrees, t.PValue,
            t.Term == 2 ? "all" : t.Type switch { 1 => "R anova and aov, statsmodels, in this order", 2 => "R car::Anova", _ => "JASP, jamovi, SPSS, SAS" }))];

    static string Roman(int type) => type switch { 1 => "I", 2 => "II", _ => "III" };

    const double SmallExpected = 5;

    static (double T, double DegreesOfFreedom) Student(Moments a, Moments b)
    {
        var df = a.Count + b.Count - 2.0;
        var variance = (a.M2 + b.M2) / df;
        return ((a.Mean - b.Mean) / Math.Sqrt(variance * (1.0 / a.Count + 1.0 / b.Count)), df);
    }

    static double Term(double observed, double expected) => observed > 0 ? observed * Math.Log(observed / expected) : 0;
}
