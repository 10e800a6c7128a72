using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>The sampled posterior beside a fit.</summary>
public sealed class RegressPriorTests
{
    [Theory]
    [InlineData("price", "auto", "normal:0,2.5")]
    [InlineData("sold", "auto", "cauchy:0,2.5")]
    [InlineData("viewings", "poisson", "student:4,0,1")]
    public void The_posterior_stands_beside_the_fit_with_its_checks(string target, string family, string prior)
    {
        var options = new RegressOptions { Target = target, Family = family, On = ["area", "district"], Prior = prior };
        var finding = RegressData.Ask(RegressData.Homes(), options);
        var slope = finding.Estimates.Single(e => e.Name == "posterior coefficient" && e.Metric == "area");
        var coefficient = finding.Tables.Single(t => t.Id == "coefficients").Rows.Single(r => (string?)r[0] == "area");

        // A wide prior and 400 rows: the posterior lies where the likelihood does.
        Assert.InRange(slope.Value, (double)coefficient[3]!, (double)coefficient[4]!);
        Assert.InRange((slope.High - slope.Low) / ((double)coefficient[4]! - (double)coefficient[3]!), 0.8, 1.25);
        Assert.Equal("Pass", finding.Status("poor-mixing"));
        Assert.Equal("Pass", finding.Status("posterior-predictive-misfit"));
        Assert.Contains(finding.Limitations, l => l.StartsWith("The posterior rests on the prior", StringComparison.Ordinal));
        Assert.Equal(
            Gnomon.Render.Json.FindingJson.Write(finding with { Provenance = finding.Provenance with { Seconds = 0, StartedAt = default, Command = [] } }),
            Gnomon.Render.Json.FindingJson.Write(RegressData.Ask(RegressData.Homes(), options with { Threads = 1 }) is var one ? one with { Provenance = one.Provenance with { Seconds = 0, StartedAt = default, Command = [] } } : one));
    }

    [Fact]
    public void A_tight_prior_pulls_the_slope_to_its_centre()
    {
        var wide = RegressData.Ask(RegressData.Homes(), new RegressOptions { Target = "price", On = ["area"], Prior = "normal:0,2.5" });
        var tight = RegressData.Ask(RegressData.Homes(), new RegressOptions { Target = "price", On = ["area"], Prior = "normal:0,0.01" });
        Assert.True(Math.Abs(tight.Estimates.Single(e => e.Name == "posterior coefficient").Value) < 0.5 * wide.Estimates.Single(e => e.Name == "posterior coefficient").Value);
    }

    [Theory]
    [InlineData("normal:0", "bad-prior")]
    [InlineData("student:0,0,1", "bad-prior")]
    [InlineData("beta:1,1", "bad-prior")]
    public void A_wrong_prior_has_one_message(string prior, string code) =>
        Assert.Equal(code, Assert.Single(new RegressOptions { Target = "y", On = ["x"], Prior = prior }.Validate()).Code);

    [Fact]
    public void A_prior_goes_with_separate_rows_of_three_laws()
    {
        var options = new RegressOptions { Target = "price", On = ["area"], Prior = "normal:0,1" };
        Assert.Equal("options-conflict", Assert.Single((options with { Family = "gamma" }).Validate()).Code);
        Assert.Equal("options-conflict", Assert.Single((options with { Cluster = ["district"] }).Validate()).Code);
        Assert.Empty(options.Validate());

        // Separated classes: the fit is penalised, the posterior needs nothing but its prior.
        double[] x = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        var finding = RegressData.Ask(Table.With("x", x).And("y", [.. x.Select(v => v < 20 ? 0.0 : 1)]), new RegressOptions { Target = "y", On = ["x"], Prior = "normal:0,2.5" });
        Assert.True(double.IsFinite(finding.Estimates.Single(e => e.Name == "posterior coefficient").Value));
    }
}
