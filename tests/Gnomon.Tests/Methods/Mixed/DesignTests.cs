using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

/// <summary>
/// R 4.2.2: car 3.1 (<c>Anova(type = 2, white.adjust = "hc3")</c>), stats <c>anova(mlm, test = "Spherical")</c>, lmerTest 3.1.3 (tests/reference/mixed/make-designs.R). Closed forms to 1e-9; the
/// mixed designs to what the optimisers and numerical derivatives of both sides leave.
/// </summary>
public sealed class DesignTests
{
    private static readonly JsonElement Reference = ReferenceFile.Open("mixed", "designs.json");

    [Fact]
    public void TypeTwoTestsWithRobustErrorsAgreeWithCar()
    {
        var d = Reference.GetProperty("between");
        var (a, b) = (MixedData.Codes(d, "a"), MixedData.Codes(d, "b"));
        var fit = LeastSquares.Fit(Crossed(Levels(a, 3), Levels(b, 2)), d.Numbers("y"));
        var robust = RobustErrors.Heteroskedastic(fit, HcKind.Hc3);
        WaldTest[] tests = [TermTest.TypeTwo(fit, robust, [1, 2], [4, 5])!, TermTest.TypeTwo(fit, robust, [3], [4, 5])!, TermTest.TypeTwo(fit, robust, [4, 5], [])!];
        WaldTest[] classical = [.. new[] { new[] { 1, 2 }, [3] }.Select(t => TermTest.TypeTwo(fit, RobustErrors.Classical(fit), t, [4, 5])!), TermTest.TypeTwo(fit, RobustErrors.Classical(fit), [4, 5], [])!];
        for (var i = 0; i < 3; i++)
        {
            Close.Relative(d.Numbers("F")[i], tests[i].Statistic, 1e-9, $"F {i}");
            Close.Relative(d.Numbers("p")[i], tests[i].PValue, 1e-8, $"p {i}");
            Close.Relative(d.Numbers("classicalF")[i], classical[i].Statistic, 1e-9, $"classical F {i}");
            Assert.Equal(d.Number("df"), tests[i].DenominatorDegrees);
        }

        var simple = d.GetProperty("simple").EnumerateArray().ToList();
        var first = TermTest.Joint(fit, robust, [[0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]])!;
        var second = TermTest.Joint(fit, robust, [[0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]])!;
        Close.Relative(simple[0].Number("f"), first.Statistic, 1e-9);
        Close.Relative(simple[1].Number("f"), second.Statistic, 1e-9);
        Close.Relative(simple[1].Number("p"), second.PValue, 1e-8);
        var mean = robust.Contrast(fit, [1, 0, 1, 0.5, 0, 0.5]);
        var third = d.GetProperty("emmA").EnumerateArray().ElementAt(2);
        Close.Relative(third.Number("mean"), mean.Value, 1e-9);
        Close.Relative(third.Number("low"), mean.Low, 1e-9);
        Close.Relative(third.Number("high"), mean.High, 1e-9);
    }

    [Fact]
    public void RepeatedMeasuresAgreeWithR()
    {
        var d = Reference.GetProperty("within");
        double[][] wide = [.. d.GetProperty("wide").EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var test = RepeatedMeasures.Test(wide);
        Close.Relative(d.Number("F"), test.Sphericity.Statistic, 1e-9);
        Assert.Equal(d.Number("df1"), test.Sphericity.DegreesBetween);
        Assert.Equal(d.Number("df2"), test.Sphericity.DegreesWithin);
        Close.Relative(d.Number("p"), test.Sphericity.PValue, 1e-9);
        Close.Relative(d.Number("epsilonGG"), test.EpsilonGreenhouseGeisser, 1e-9);
        Close.Relative(d.Number("epsilonHF"), test.EpsilonHuynhFeldt, 1e-9);
        Close.Relative(d.Number("pGG"), test.GreenhouseGeisser.PValue, 1e-9);
        Close.Relative(d.Number("pHF"), test.HuynhFeldt.PValue, 1e-9);

        // The same F from a mixed model with a random level per unit.
        var n = wide[0].Length;
        double[] y = [.. wide.SelectMany(w => w)];
        int[] codes = [.. Enumerable.Range(0, y.Length).Select(i => i / n)];
        var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([.. Levels(codes, 4, 0)]), y, [RandomTerm.Intercept("u", [.. Enumerable.Range(0, y.Length).Select(i => i % n)])]);
        var joint = fit.Covariance.Joint(fit, [1, 2, 3])!;
        Close.Relative(d.Number("lmerF"), joint.Statistic, 1e-6);
        Close.Relative(d.Number("lmerDf"), joint.DenominatorDegrees!.Value, 1e-5);
        Close.Relative(test.Sphericity.Statistic, joint.Statistic, 1e-7);
    }

    [Theory]
    [InlineData("split", "arm", "time")]
    [InlineData("crossed", "a", "b")]
    public void MixedDesignsAgreeWithCarAndLmerTest(string name, string first, string second)
    {
        var d = Reference.GetProperty(name);
        var (a, b, u) = (Texts(d, first), Texts(d, second), MixedData.Codes(d, "u"));
        var levels = (a.Max() + 1, b.Max() + 1);
        List<RandomTerm> terms = [RandomTerm.Intercept("u", u)];
        if (name == "crossed")
        {
            terms.Add(RandomTerm.Intercept("u:a", [.. u.Select((v, i) => v * 10 + a[i])]));
            terms.Add(RandomTerm.Intercept("u:b", [.. u.Select((v, i) => v * 10 + b[i])]));
        }

        var fit = LinearMixedModel.Fit(Crossed([.. Levels(a, levels.Item1, 0)], [.. Levels(b, levels.Item2, 0)]), d.Numbers("y"), terms);
        int[] one = [1], two = [2, 3], both = [4, 5];
        WaldTest[] tests = [TermTest.TypeTwo(fit, fit.Covariance, one, both)!, TermTest.TypeTwo(fit, fit.Covariance, two, both)!, TermTest.TypeTwo(fit, fit.Covariance, both, [])!];
        var expected = d.GetProperty("tests").EnumerateArray().ToList();
        Close.Relative(d.Number("sigma"), fit.Sigma, 1e-5);
        for (var i = 0; i < 3; i++)
        {
            Close.Relative(expected[i].Number("f"), tests[i].Statistic, 1e-5, $"F {i}");
            Close.Relative(expected[i].Number("denominator"), tests[i].DenominatorDegrees!.Value, 1e-3, $"df {i}");
            Close.Relative(expected[i].Number("p"), tests[i].PValue, 1e-3, $"p {i}");
            Close.Relative(d.Numbers("carChisq")[i], tests[i].Statistic * tests[i].Degrees, 1e-5, $"car's chi-square {i}");
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void TheInteractionWithRobustErrorsKeepsItsLevel()
    {
        // Unequal spread and sizes, no effect at all: 2,000 draws.
        var rejected = 0;
        int[] a = [.. Enumerable.Range(0, 90).Select(i => i < 40 ? 1 : i < 70 ? 2 : 3)], b = [.. Enumerable.Range(0, 90).Select(i => i % 3 == 0 ? 1 : 2)];
        var design = Crossed(Levels(a, 3), Levels(b, 2));
        for (var seed = 0; seed < 2_000; seed++)
        {
            var rng = new Gnomon.Numerics.Random.Rng(seed).Stream("factorial");
            var fit = LeastSquares.Fit(design, Array.ConvertAll(a, l => (l == 3 ? 3 : 1) * rng.NextNormal()));
            rejected += TermTest.TypeTwo(fit, RobustErrors.Heteroskedastic(fit, HcKind.Hc3), [4, 5], [])!.PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected / 2_000.0, 0.025, 0.067);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void GreenhouseGeisserKeepsItsLevelWhereSphericityFails()
    {
        // 12 units, 4 conditions, the last three times as noisy: 4,000 draws.
        int corrected = 0, plain = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var rng = new Gnomon.Numerics.Random.Rng(seed).Stream("sphericity");
            double[] unit = [.. Enumerable.Range(0, 12).Select(_ => rng.NextNormal())];
            var test = RepeatedMeasures.Test([.. Enumerable.Range(0, 4).Select(k => Array.ConvertAll(unit, u => u + (k == 3 ? 4 : 1) * rng.NextNormal()))]);
            corrected += test.GreenhouseGeisser.PValue < 0.05 ? 1 : 0;
            plain += test.Sphericity.PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(corrected / 4_000.0, 0.03, 0.064);
        Assert.True(plain / 4_000.0 > 0.064, $"sphericity assumed: {plain}");
    }

    [Fact]
    public void WhatHasNoAnswerIsRefused()
    {
        Assert.Throws<TooFewRowsException>(() => RepeatedMeasures.Test([[1, 2, 3]]));
        Assert.Throws<TooFewRowsException>(() => RepeatedMeasures.Test([[1], [2]]));
        Assert.Throws<NotEstimableException>(() => RepeatedMeasures.Test([[1, 2, 3], [2, 3, 4]]));
        Assert.Throws<ArgumentException>(() => RepeatedMeasures.Test([[1, 2, 3], [2, 3]]));
    }

    private static int[] Texts(JsonElement d, string name)
    {
        string[] texts = [.. d.GetProperty(name).EnumerateArray().Select(v => v.GetString()!)];
        var levels = texts.Distinct().Order(StringComparer.Ordinal).ToList();
        return Array.ConvertAll(texts, levels.IndexOf);
    }

    private static List<double[]> Levels(int[] codes, int count, int from = 1) => [.. Enumerable.Range(from + 1, count - 1).Select(l => Array.ConvertAll(codes, c => c == l ? 1.0 : 0.0))];

    private static DesignMatrix Crossed(List<double[]> a, List<double[]> b) =>
        DesignMatrix.WithIntercept([.. a, .. b, .. a.SelectMany(x => b.Select(y => x.Select((v, i) => v * y[i]).ToArray()))]);
}
