using System.Text.Json;
using Gnomon.Methods.Mixed;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

/// <summary>
/// Intervals by the definition: R evaluates lme4's deviance function at given standard deviations, minimises over the others and finds the root (tests/reference/mixed/make.R). Two optimisers
/// and two root finders leave about 1e-6. lme4's own <c>confint</c> interpolates the profile by splines: three digits.
/// </summary>
public sealed class MixedProfileTests
{
    private static readonly JsonElement Reference = ReferenceFile.Open("mixed", "mixed.json");

    [Theory]
    [InlineData("sleepstudyMl", "sleepstudy", "slopeMl")]
    [InlineData("sleepstudyReml", "sleepstudy", "slope")]
    [InlineData("pastesMl", "pastes", "fitMl")]
    public void ComponentsAgreeWithTheProfileOfLme4sDeviance(string profile, string data, string name)
    {
        var fit = MixedData.Fit(data, name);
        var intervals = MixedProfile.Components(fit);
        var expected = Reference.GetProperty("profiles").GetProperty(profile).EnumerateArray().ToList();
        if (data == "pastes")
        {
            // lme4 puts the grouping with more groups first.
            expected = [expected[1], expected[0], expected[2]];
        }

        Assert.Equal(expected.Count, intervals.Count);
        for (var i = 0; i < intervals.Count; i++)
        {
            Close.Relative(expected[i].Number("estimate"), intervals[i].Estimate, 1e-5, $"estimate {i}");
            Close.Absolute(expected[i].Number("low"), intervals[i].Low, 1e-4 * Math.Abs(expected[i].Number("high")), $"low {i}");
            Close.Relative(expected[i].Number("high"), intervals[i].High, 1e-4, $"high {i}");
        }
    }

    [Fact]
    public void CoefficientsAgreeWithLme4sConfint()
    {
        var fit = MixedData.Fit("sleepstudy", "slopeMl");
        var expected = Reference.GetProperty("lme4Confint");
        for (var j = 0; j < 2; j++)
        {
            var interval = MixedProfile.Coefficient(fit, j);
            Close.Relative(expected.Numbers("low")[4 + j], interval.Low, 1e-4, $"low {j}");
            Close.Relative(expected.Numbers("high")[4 + j], interval.High, 1e-4, $"high {j}");
        }
    }

    [Fact]
    public void ARestrictedFitHasNoProfileOfACoefficient() =>
        Assert.Throws<ArgumentException>(() => MixedProfile.Coefficient(MixedData.Fit("sleepstudy", "slope"), 1));

    [Fact]
    public void ASlopeIsTestedAgainstTheMixtureOfChiSquares()
    {
        var expected = Reference.GetProperty("boundaryTest");
        var test = Assert.Single(RandomTermTest.All(MixedData.Fit("sleepstudy", "slope")));
        Assert.Equal(("subject", "days", 2), (test.Group, test.Effect, test.Degrees));
        Close.Relative(expected.Number("statistic"), test.Statistic, 1e-7);
        Close.Relative(expected.Number("p"), test.PValue, 1e-6);
    }
}
