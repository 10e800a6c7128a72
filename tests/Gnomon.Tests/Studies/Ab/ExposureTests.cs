using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --exposed</c> and the triggered analysis behind it.</summary>
public sealed class ExposureTests
{
    [Fact]
    public void The_effect_among_the_exposed_stands_beside_the_one_over_all()
    {
        var finding = Ask.Ab(Experiment(1, 20_000, 0.2, 0.2), Options());
        var exposed = finding.Estimates.Single(e => e.Name == "difference among exposed");
        var overall = finding.Estimates.Single(e => e.Name == "difference over all, by exposure");
        var assigned = AbData.Primary(finding);
        Assert.InRange(2.0, exposed.Low, exposed.High);
        Assert.InRange(0.4, overall.Low, overall.High);
        Assert.True(overall.High - overall.Low < 0.6 * (assigned.High - assigned.Low), "the noise of four fifths is left out");
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "exposure-imbalance").Status);
        Assert.Contains(finding.Limitations, l => l.Contains("The decision rests on all assigned units", StringComparison.Ordinal));
    }

    [Fact]
    public void Uneven_exposure_fails_and_gives_no_effect_among_the_exposed()
    {
        var finding = Ask.Ab(Experiment(2, 20_000, 0.2, 0.24), Options());
        Assert.Equal(CheckStatus.Fail, AbData.Check(finding, "exposure-imbalance").Status);
        Assert.DoesNotContain(finding.Estimates, e => e.Name.Contains("expos", StringComparison.Ordinal));
        Assert.Contains("exposure-imbalance", finding.Decision.Because);
    }

    [Fact]
    public void Answers_are_yes_or_no()
    {
        var data = Experiment(3, 1_000, 0.2, 0.2);
        Assert.Equal("bad-exposure", Assert.Throws<GnomonError>(() => Ask.Ab(data, Options() with { Exposed = "word" })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Ab(data, Options() with { Cluster = "word" })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(data, Options() with { Exposed = "expsed" })).Code);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void The_overall_effect_by_exposure_covers()
    {
        const int draws = 2_000;
        var covered = 0;
        for (var r = 0; r < draws; r++)
        {
            var rng = new Rng(r).Stream("triggered");
            var sums = new[] { new MomentsAccumulator(0), new MomentsAccumulator(0) };
            for (var i = 0; i < 600; i++)
            {
                if (rng.NextDouble() < 0.3)
                {
                    var arm = rng.NextInt(2);
                    sums[arm].Add((2 * arm) + rng.NextNormal());
                }
            }

            var result = TriggeredEffect.Of(sums[1].ToMoments(), sums[0].ToMoments(), 600);
            covered += result.Overall.Low <= 0.6 && 0.6 <= result.Overall.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)draws, 0.93, 0.97);
    }

    // Closed form: share 1/2, difference 2 with error 0.5 on 40 of 80 units.
    [Fact]
    public void The_overall_error_is_the_delta_method()
    {
        var (x, y) = (new Moments(20, 5, 20 * 19 * 0.125), new Moments(20, 3, 20 * 19 * 0.125));
        var result = TriggeredEffect.Of(x, y, 80);
        Assert.Equal(0.5, result.Share);
        Assert.Equal(1.0, result.Overall.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.25 * 0.25 + 4 * 0.25 / 80), result.Overall.StandardError, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => TriggeredEffect.Of(x, y, 39));
    }

    private static AbOptions Options() => new() { Unit = "unit", Variant = "arm", Metric = ["minutes"], Split = "50/50", Exposed = "seen" };

    // The exposed gain 2 minutes; the others only vary.
    private static Table Experiment(int seed, int n, double control, double treated)
    {
        var rng = new Rng(seed).Stream("exposure");
        bool[] arm = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.5)];
        bool[] seen = [.. arm.Select(b => rng.NextDouble() < (b ? treated : control))];
        return Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", arm.Select(b => (string?)(b ? "B" : "A"))).And("seen", seen)
            .And("word", Enumerable.Range(0, n).Select(i => (string?)$"w{i % 3}"))
            .And("minutes", Enumerable.Range(0, n).Select(i => 10 + 4 * rng.NextNormal() + (arm[i] && seen[i] ? 2 : 0)).ToArray());
    }
}
