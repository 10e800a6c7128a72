using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Survival;

/// <summary>What each row adds to a restricted mean, against R's infinitesimal jackknife.</summary>
public sealed class RestrictedMeanInfluenceTests
{
    private static readonly JsonElement Reference = MethodReference.Load("survival/influence.json");
    private static readonly double[] Times = Reference.Numbers("time");
    private static readonly bool[] Events = [.. Reference.Numbers("event").Select(e => e == 1)];

    // Source: R survival residuals(survfit, type = "auc"); sums of some ninety terms in another order, hence 1e-9 of days.
    [Theory]
    [InlineData("at20", 20)]
    [InlineData("at45", 45)]
    public void Agrees_with_the_infinitesimal_jackknife_of_R(string name, double horizon)
    {
        var expected = Reference.Numbers(name);
        var influence = RestrictedMeanInfluence.Of(Times, Events, horizon);
        Assert.Equal(expected.Length, influence.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], influence[i], 1e-9);
        }
    }

    [Fact]
    public void Sums_to_nothing_and_its_squares_to_Greenwoods_variance()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var rng = new Rng(seed).Stream("influence");
            var times = Enumerable.Range(0, 40).Select(_ => Math.Ceiling(12 * rng.NextExponential())).ToArray();
            var events = Enumerable.Range(0, 40).Select(_ => rng.NextDouble() < 0.6).ToArray();
            var horizon = times.Max() * 0.7;
            var influence = RestrictedMeanInfluence.Of(times, events, horizon);
            var mean = KaplanMeier.Fit(times, events).Mean(horizon);
            Assert.Equal(0, influence.Sum(), 1e-10 * mean.Mean);
            Assert.Equal(mean.StandardError * mean.StandardError, influence.Sum(v => v * v), 1e-10 * mean.Mean);
        }
    }

    // 60 people with 3 rows that share a frailty: the error by person holds what the mean really does from draw to draw, the error by row does not.
    [Fact]
    public void Summed_by_person_it_covers_the_mean_of_rows_that_are_alike()
    {
        const int draws = 400;
        const double horizon = 20;
        var means = new double[draws];
        double byRow = 0, byPerson = 0;
        for (var seed = 0; seed < draws; seed++)
        {
            var rng = new Rng(seed + 1).Stream("alike");
            var frailty = Enumerable.Range(0, 60).Select(_ => Math.Exp(rng.NextNormal())).ToArray();
            var falls = Enumerable.Range(0, 180).Select(i => 15 * rng.NextExponential() / frailty[i / 3]).ToArray();
            var times = Array.ConvertAll(falls, t => Math.Min(t, 30));
            var events = Array.ConvertAll(falls, t => t <= 30);
            var influence = RestrictedMeanInfluence.Of(times, events, horizon);
            means[seed] = KaplanMeier.Fit(times, events).Mean(horizon).Mean;
            byRow += influence.Sum(v => v * v) / draws;
            byPerson += Enumerable.Range(0, 60).Sum(p => Math.Pow(influence[3 * p] + influence[3 * p + 1] + influence[3 * p + 2], 2)) / draws;
        }

        var centre = means.Average();
        var truth = means.Sum(m => (m - centre) * (m - centre)) / (draws - 1);

        // A variance from 400 draws has a relative error of 7 %.
        Assert.InRange(byPerson / truth, 0.78, 1.22);
        Assert.InRange(byRow / truth, 0.3, 0.78);
    }

    [Fact]
    public void Refuses_a_horizon_that_nobody_reached() => Assert.Throws<NotEstimableException>(() => RestrictedMeanInfluence.Of([1, 2, 3], [true, false, false], 10));

    [Fact]
    public void Stays_finite_where_the_last_rows_all_have_the_event()
    {
        var influence = RestrictedMeanInfluence.Of([1, 2, 2], [true, true, true], 3);
        Assert.All(influence, v => Assert.True(double.IsFinite(v)));
        Assert.Equal(0, influence.Sum(), 1e-12);
    }
}
