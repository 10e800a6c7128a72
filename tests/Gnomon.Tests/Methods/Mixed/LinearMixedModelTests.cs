using System.Text.Json;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

/// <summary>
/// Values of R 4.2.2 with lme4 1.1.31 and lmerTest 3.1.3, the optimum polished by Newton steps on lme4's own deviance function (tests/reference/mixed/make.R). Tolerances: estimates and
/// criterion differ by what both optimisers leave (1e-8 and less of the criterion); degrees of freedom rest on numerical derivatives on both sides.
/// </summary>
public sealed class LinearMixedModelTests
{
    private static readonly JsonElement Reference = ReferenceFile.Open("mixed", "mixed.json");

    public static TheoryData<string, string> Cases => new()
    {
        { "sleepstudy", "slope" }, { "sleepstudy", "slopeMl" }, { "sleepstudy", "uncorrelated" }, { "sleepstudy", "intercept" }, { "penicillin", "fit" }, { "pastes", "fit" }, { "pastes", "fitMl" },
        { "cake", "fit" }, { "unbalanced", "fit" }, { "unbalanced", "weighted" }, { "crossed", "fit" }, { "nested", "fit" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithLme4AndLmerTest(string data, string name)
    {
        var expected = Reference.GetProperty(data).GetProperty(name);
        var fit = MixedData.Fit(data, name);
        var errors = MixedData.List(expected, "se");
        var table = fit.Table();
        for (var j = 0; j < table.Count; j++)
        {
            // A coefficient near 0 is known to its error's digits, not to its own.
            Close.Absolute(MixedData.List(expected, "beta")[j], table[j].Value, 1e-6 * Math.Max(Math.Abs(MixedData.List(expected, "beta")[j]), 0.01 * errors[j]), $"coefficient {j}");
            Close.Relative(errors[j], table[j].StandardError, 1e-6, $"error {j}");
            Close.Relative(MixedData.List(expected, "df")[j], table[j].DegreesOfFreedom, 1e-4, $"df {j}");
            Close.Relative(Math.Max(MixedData.List(expected, "p")[j], 1e-300), table[j].PValue!.Value, 1e-4, $"p {j}");
        }

        Close.Relative(expected.Number("criterion"), fit.Criterion, 1e-10, "criterion");
        Close.Relative(expected.Number("aic"), fit.Aic, 1e-10, "AIC");
        Close.Relative(expected.Number("sigma"), fit.Sigma, 1e-6, "sigma");
        foreach (var row in expected.GetProperty("components").EnumerateArray())
        {
            var group = row.GetProperty("group").GetString()!;
            if (group != "Residual")
            {
                var of = Find(fit, group, Named(row.GetProperty("var1").GetString()!));
                var second = row.GetProperty("var2").GetString()!;
                var (i, j) = (of.Names.ToList().IndexOf(Named(row.GetProperty("var1").GetString()!)), second.Length == 0 ? -1 : of.Names.ToList().IndexOf(Named(second)));
                if (j < 0)
                {
                    Close.Relative(row.Number("vcov"), of.Covariance[i * of.Names.Count + i], 1e-5, $"variance of {group}");
                }
                else
                {
                    Close.Absolute(row.Number("sdcor"), of.Correlation(i, j)!.Value, 1e-5, $"correlation of {group}");
                }
            }
        }

        var residuals = MixedData.List(expected, "residual");
        for (var i = 0; i < residuals.Length; i++)
        {
            Close.Absolute(residuals[i], fit.Residuals[i], 1e-5 * fit.Sigma, $"residual {i}");
        }

        Close.Relative(expected.Number("fixedVariance") + 1e-12, fit.Shares().Fixed + 1e-12, 1e-5, "variance of the fixed part");
        foreach (var test in expected.GetProperty("tests").EnumerateArray())
        {
            var rows = test.GetProperty("index").EnumerateArray().Select(i => Unit(fit.Coefficients.Count, i.GetInt32())).ToList();
            var joint = fit.Covariance.Joint(rows)!;
            Close.Relative(test.Number("f"), joint.Statistic, 1e-5, "F");
            Assert.Equal((int)test.Number("numerator"), joint.Degrees);
            Close.Relative(test.Number("denominator"), joint.DenominatorDegrees!.Value, 1e-4, "denominator df");
            Close.Relative(test.Number("p"), joint.PValue, 1e-4, "p");
        }
    }

    [Theory]
    [InlineData("sleepstudy", "slope")]
    [InlineData("penicillin", "fit")]
    [InlineData("pastes", "fit")]
    [InlineData("unbalanced", "weighted")]
    [InlineData("crossed", "fit")]
    public void PredictedGroupEffectsAgreeWithLme4(string data, string name)
    {
        var expected = Reference.GetProperty(data).GetProperty(name).GetProperty("ranef").EnumerateArray().ToList();
        var fit = MixedData.Fit(data, name);
        var effects = fit.GroupEffects();
        Assert.Equal(expected.Count, effects.Count);
        foreach (var row in expected)
        {
            var group = Key(row.GetProperty("group").GetString()!);
            var level = MixedData.Level(data, group, row.GetProperty("level").GetString()!);
            var effect = effects.Single(e => e.Group == group && e.Level == level && e.Effect == Named(row.GetProperty("term").GetString()!));
            Close.Absolute(row.Number("value"), effect.Value, 2e-5 * row.Number("sd"), $"{effect.Effect} of {group} {level}");
            Close.Relative(row.Number("sd"), effect.ConditionalDeviation, 1e-5, $"conditional deviation of {group} {level}");
        }
    }

    private static RandomCovariance Find(MixedFit fit, string group, string name) =>
        fit.Random.Single(r => r.Group == Key(group) && r.Names.Contains(name));

    // lme4 numbers the terms of uncorrelated effects: Subject, Subject.1.
    private static string Key(string group) => (group.Contains('.', StringComparison.Ordinal) ? group[..group.IndexOf('.', StringComparison.Ordinal)] : group).ToLowerInvariant();

    private static string Named(string name) => name == "(Intercept)" ? RandomTerm.InterceptName : name.ToLowerInvariant();

    private static double[] Unit(int size, int index)
    {
        var row = new double[size];
        row[index] = 1.0;
        return row;
    }
    [Fact]
    public void SearchStopsWhereTheDevianceIsLarge()
    {
        // Deviance near 3e5: its rounding lies above any fixed gap, and a search that knows no better runs to its limit (over 1,000 evaluations).
        var rng = new Rng(14);
        var (x, y, codes) = (new double[20_000], new double[20_000], new int[20_000]);
        for (var g = 0; g < 1_000; g++)
        {
            var (level, slope) = (250 * rng.NextNormal(), 60 * rng.NextNormal());
            for (var i = 0; i < 20; i++)
            {
                var row = (20 * g) + i;
                (x[row], codes[row]) = (i, g);
                y[row] = 2_500 + level + ((100 + slope) * i) + (250 * rng.NextNormal());
            }
        }

        double[] ones = [.. x.Select(_ => 1.0)];
        var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([x]), y, [new RandomTerm("g", codes, [ones, x], [RandomTerm.InterceptName, "x"])]);
        Assert.InRange(fit.Criterion, 2e5, 4e5);
        Assert.InRange(fit.Evaluations, 1, 400);
    }
}
