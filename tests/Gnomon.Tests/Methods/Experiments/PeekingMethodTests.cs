using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Plans with looks, and what may be said after them, against rpact 3.3.4 and against plain numerical integration (make-peeking.R, make-peeking.py).</summary>
public sealed class PeekingMethodTests
{
    static JsonElement R => MethodReference.Load("experiments/peeking-r.json");

    static JsonElement Python => MethodReference.Load("experiments/peeking.json");

    static AlphaSpending Spending(string name) => name switch
    {
        "asOF" or "bsOF" => AlphaSpending.ObrienFleming,
        "asP" or "bsP" => AlphaSpending.Pocock,
        "asKD" or "bsKD" => AlphaSpending.KimDeMets,
        _ => AlphaSpending.HaybittlePeto,
    };

    // rpact, two-sided; 1e-4 on z (rpact's own quadrature), 1e-6 on the error spent.
    [Fact]
    public void Stopping_bounds_agree_with_rpact()
    {
        foreach (var c in R.Items("bounds"))
        {
            var parameter = c.GetProperty("parameter").ValueKind == JsonValueKind.Number ? c.Number("parameter") : 3;
            var rule = new StoppingRule { Spending = Spending(c.GetProperty("rule").GetString()!), Rho = parameter, InterimZ = parameter };
            var looks = GroupSequential.Bounds(c.Numbers("information"), c.Number("alpha"), rule);
            var (z, spent) = (c.Numbers("criticalZ"), c.Numbers("spent"));
            for (var k = 0; k < z.Length; k++)
            {
                Assert.Equal(z[k], looks[k].CriticalZ!.Value, 1e-4);
                Assert.Equal(spent[k], looks[k].CumulativeAlpha, 1e-6);
            }
        }
    }

    // rpact's one-sided designs at half the size: a crossing on the other side moves nothing in the first five digits.
    [Fact]
    public void Futility_bounds_and_their_cost_agree_with_rpact()
    {
        foreach (var c in R.Items("futility"))
        {
            var rule = new StoppingRule
            {
                Spending = Spending(c.GetProperty("rule").GetString()!), Rho = Math.Max(1, c.Number("rho")),
                BetaSpending = Spending(c.GetProperty("beta").GetString()!), BetaRho = Math.Max(1, c.Number("betaRho")),
                Futility = c.GetProperty("binding").GetBoolean() ? FutilityStopping.Binding : FutilityStopping.NonBinding,
            };
            var plan = PowerGroupSequential.Plan(c.Numbers("information"), 0.05, c.Number("power"), rule);
            var z = c.Numbers("criticalZ");
            for (var k = 0; k < z.Length; k++)
                Assert.Equal(z[k], plan.Looks[k].CriticalZ!.Value, 1e-4);
            var futility = c.GetProperty("futilityZ").ValueKind == JsonValueKind.Array ? c.Numbers("futilityZ") : [c.Number("futilityZ")];
            for (var k = 0; k < futility.Length; k++)
                Assert.Equal(futility[k], plan.Looks[k].FutilityZ!.Value, 1e-4);
            Assert.Equal(c.Number("inflation"), plan.Inflation, 1e-4);
            Assert.Equal(Math.Sqrt(c.Number("shift")), plan.PlannedZ, 1e-4);
            var power = c.Numbers("cumulative");
            for (var k = 0; k < power.Length; k++)
                Assert.Equal(power[k], plan.Power[k], 1e-4);
            Assert.Equal(c.Number("expectedEffect"), plan.Inflation * plan.ExpectedUnderEffect, 1e-4);
            Assert.Equal(c.Number("expectedNone"), plan.Inflation * plan.ExpectedUnderNone, 1e-4);
            Assert.InRange(plan.Size, 0, 0.05 + 1e-6);
            if (rule.Futility == FutilityStopping.NonBinding)
                Assert.Equal(0.05, plan.SizeOverruled, 1e-6);
            else
                Assert.True(plan.SizeOverruled > 0.05);
            Assert.Equal(plan.Looks[^1].CriticalZ, plan.Looks[^1].FutilityZ);
        }
    }

    // rpact's final confidence intervals and median-unbiased estimates; its search stops at 1e-4.
    [Fact]
    public void Estimates_after_stopping_agree_with_rpact()
    {
        foreach (var c in R.Items("stagewise"))
        {
            var n = c.Numbers("n");
            var z = c.Numbers("criticalZ");
            var count = n.Length;
            var high = z[..(count - 1)];
            var low = Array.ConvertAll(high, _ => double.NegativeInfinity);
            var result = StagewiseInference.At(n, low, high, c.Numbers("means")[^1], c.Number("se"), 0.95);
            Assert.Equal(c.Number("low"), result.Low, 1e-4);
            Assert.Equal(c.Number("high"), result.High, 1e-4);
            Assert.Equal(c.Number("estimate"), result.Estimate, 1e-4);
        }
    }

    // Trapezoid integration on 4,001 points and scipy's roots: 1e-5 on effects in standard errors.
    [Fact]
    public void Estimates_after_stopping_agree_with_plain_integration()
    {
        foreach (var c in Python.Items("stagewise"))
        {
            var se = c.Number("se");
            var result = StagewiseInference.At(c.Numbers("times"), c.Numbers("low"), c.Numbers("high"), c.Number("estimate"), se, c.Number("level"));
            Assert.Equal(c.Number("median") / se, result.Estimate / se, 1e-5);
            Assert.Equal(c.Number("lower") / se, result.Low / se, 1e-5);
            Assert.Equal(c.Number("upper") / se, result.High / se, 1e-5);
            Assert.Equal(c.Number("p"), result.PValue, 1e-6);
        }
    }

    [Fact]
    public void A_single_look_is_the_usual_interval()
    {
        var result = StagewiseInference.At([1], [], [], 0.3, 0.1);
        Assert.Equal(0.3, result.Estimate, 1e-8);
        Assert.Equal(0.3 - 0.1959963985, result.Low, 1e-8);
        Assert.Equal(0.0026997961, result.PValue, 1e-9);
        var extreme = StagewiseInference.At([1, 2], [-3], [3], 250, 1);
        Assert.InRange(extreme.Low, 0, extreme.Estimate);
        Assert.InRange(extreme.High, extreme.Estimate, 300);
    }

    // The same integration; 1e-5. With one look to come the predictive power also has its closed form.
    [Fact]
    public void Conditional_and_predictive_power_agree_with_plain_integration()
    {
        foreach (var c in Python.Items("power"))
        {
            double[] futility = c.GetProperty("futilityZ").ValueKind == JsonValueKind.Array ? c.Numbers("futilityZ") : [];
            var prior = c.GetProperty("prior").ValueKind == JsonValueKind.Array ? c.Numbers("prior") : null;
            var result = SequentialPower.At(c.Number("z"), c.Number("information"), c.Numbers("coming"), c.Numbers("criticalZ"), c.Number("plannedZ"), futility, prior?[0] ?? 0, prior?[1]);
            Assert.Equal(c.Number("onTrend"), result.OnTrend, 1e-5);
            Assert.Equal(c.Number("ifNull"), result.IfNull, 1e-5);
            Assert.Equal(c.Number("ifPlanned"), result.IfPlanned!.Value, 1e-5);
            Assert.Equal(c.Number("predictive"), result.Predictive, 1e-5);
        }

        var (z, t) = (1.3, 0.4);
        var closed = Gnomon.Numerics.Distributions.Normal.Cdf((z / Math.Sqrt(t) - 1.96) / Math.Sqrt((1 - t) / t)) + Gnomon.Numerics.Distributions.Normal.Cdf((-1.96 - z / Math.Sqrt(t)) / Math.Sqrt((1 - t) / t));
        Assert.Equal(closed, SequentialPower.At(z, t, [1.0], [1.96]).Predictive, 1e-9);
        Assert.Equal(ConditionalPower.At(z, t, 1.96, 2.8).IfPlanned!.Value, SequentialPower.At(z, t, [1.0], [1.96], 2.8).IfPlanned!.Value, 1e-12);
    }

    // Published: a flat prior watched daily for 28 days calls a winner in 23 % of null experiments; five looks at 87 % in 0.289, one look in 0.13.
    [Fact]
    public void False_winner_rates_agree_with_plain_integration_and_simulation()
    {
        foreach (var c in Python.Items("winner"))
        {
            var ratio = c.GetProperty("ratio").ValueKind == JsonValueKind.Number ? c.Number("ratio") : double.PositiveInfinity;
            var result = PosteriorPeeking.FalseWinnerRate(c.Numbers("times"), c.Number("threshold"), ratio);
            Assert.Equal(c.Number("winner"), result.Winner, 1e-5);
            Assert.Equal(c.Number("either"), result.Either, 1e-5);
            Assert.Equal(c.Number("oneLook"), result.OneLook, 1e-9);
        }

        Assert.Equal(0.289, PosteriorPeeking.FalseWinnerRate([1, 2, 3, 4, 5], 0.87).Winner, 0.003);
    }

    // scipy roots of the same ratio with a dense search of its minimum: 1e-8.
    [Fact]
    public void Beta_binomial_sequences_agree_with_scipy()
    {
        foreach (var c in Python.Items("proportion"))
        {
            var interval = BetaBinomialSequence.Proportion((long)c.Number("k"), (long)c.Number("n"), c.Number("level"));
            Assert.Equal(c.Number("low"), interval.Low, 1e-9);
            Assert.Equal(c.Number("high"), interval.High, 1e-9);
        }

        foreach (var c in Python.Items("difference"))
        {
            var result = BetaBinomialSequence.Difference((long)c.Number("kt"), (long)c.Number("nt"), (long)c.Number("kc"), (long)c.Number("nc"), c.Number("level"));
            Assert.Equal(c.Number("low"), result.Low, 1e-8);
            Assert.Equal(c.Number("high"), result.High, 1e-8);
            Assert.Equal(c.Number("logE"), result.LogEValue, 1e-8);
        }
    }

    // The mixture integrated by scipy's quad: 1e-8.
    [Fact]
    public void The_harm_process_agrees_with_the_integral_it_stands_for()
    {
        foreach (var c in Python.Items("harm"))
        {
            var result = HarmProcess.At(c.Number("benefit"), c.Number("se"), c.Number("n"), c.Number("tuned"), c.Number("margin"), c.Number("level"));
            Assert.Equal(c.Number("logE"), result.LogEValue, 1e-8);
            Assert.Equal(c.Number("bound"), result.Bound, 1e-9);
        }
    }

    // scipy's roots of the same equation: 1e-7.
    [Fact]
    public void A_learned_prior_agrees_with_scipy()
    {
        foreach (var c in Python.Items("learned"))
        {
            var prior = EffectPrior.Learn(c.Numbers("y"), c.Numbers("se"));
            Assert.Equal(c.Number("deviation"), prior.Deviation, 1e-7);
            Assert.Equal(c.Number("low"), prior.Low, 1e-6);
            Assert.Equal(c.Number("high"), prior.High, 1e-6);
        }

        Assert.Throws<TooFewRowsException>(() => EffectPrior.Learn([1, 2, 3, 4], [1, 1, 1, 1]));
        Assert.Throws<NotEstimableException>(() => EffectPrior.Learn([0.1, -0.1, 0.2, 0, 0], [1, 1, 1, 1, 1]));
    }

    // scipy.stats.chisquare: 1e-10 relative.
    [Fact]
    public void Slices_of_an_imbalance_are_ranked_by_what_they_add()
    {
        foreach (var c in Python.Items("slices"))
        {
            var groups = c.Items("groups").Select((g, i) => (Name: $"s{i}", Observed: (IReadOnlyList<long>)[.. g.EnumerateArray().Select(v => v.GetInt64())])).ToList();
            long[] total = [.. Enumerable.Range(0, groups[0].Observed.Count).Select(i => groups.Sum(g => g.Observed[i]))];
            var ranked = SampleRatioSlices.Rank(groups, c.Numbers("shares"), total);
            var (statistic, p, rest) = (c.Numbers("statistic"), c.Numbers("p"), c.Numbers("rest"));
            foreach (var slice in ranked)
            {
                var i = int.Parse(slice.Name[1..], System.Globalization.CultureInfo.InvariantCulture);
                MethodReference.Close(statistic[i], slice.Statistic, 1e-10);
                MethodReference.Close(p[i], slice.PValue, 1e-8);
                MethodReference.Close(rest[i], slice.RestPValue!.Value, 1e-8);
                Assert.Equal(Math.Min(1, slice.PValue * groups.Count), slice.AdjustedPValue, 1e-15);
            }

            Assert.Equal(ranked.Select(s => s.PValue).Order(), ranked.Select(s => s.PValue));
        }
    }

    [Fact]
    public void Arguments_without_meaning_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new StoppingRule { Spending = AlphaSpending.HaybittlePeto }.Spent(0.5, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StoppingRule { Spending = AlphaSpending.KimDeMets, Rho = 0 }.Spent(0.5, 0.05));
        Assert.Throws<ArgumentException>(() => StagewiseInference.At([1, 2], [], [], 0.1, 0.1));
        Assert.Throws<ArgumentException>(() => SequentialPower.At(1, 0.5, [0.4, 1], [2, 2]));
        Assert.Throws<TooFewRowsException>(() => BetaBinomialSequence.Proportion(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HarmProcess.At(0, 0, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosteriorPeeking.FalseWinnerRate([1], 0.5));
    }

    [Fact]
    public void More_units_than_planned_spend_what_is_left()
    {
        var looks = GroupSequential.Bounds([0.5, 1.2], 0.05, new StoppingRule());
        Assert.Equal(0.05, looks[1].CumulativeAlpha, 1e-12);
        Assert.Equal(0.05, GroupSequential.StoppingProbability([0.5 / 1.2, 1], [looks[0].CriticalZ!.Value, looks[1].CriticalZ!.Value])[^1], 1e-8);
    }
}
