using Gnomon.Methods;
using Gnomon.Methods.Families;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Families;

public sealed class NextEffectTests
{
    // Source: scipy (tests/reference/families/next-effect.py); 1e-8.
    [Fact]
    public void The_model_agrees_with_scipy()
    {
        foreach (var c in MethodReference.Load("families/next-effect.json").Items("cases"))
        {
            var r = NextEffect.Of(c.Numbers("y"), c.Numbers("se"), c.Number("level"));
            foreach (var (name, value) in new[]
            {
                ("mean", r.Mean), ("meanLow", r.MeanInterval.Low), ("meanHigh", r.MeanInterval.High), ("spread", r.Spread), ("spreadLow", r.SpreadInterval.Low), ("spreadHigh", r.SpreadInterval.High),
                ("inconsistency", r.Inconsistency), ("low", r.Next.Low), ("high", r.Next.High), ("above", r.ShareAboveZero),
            })
            {
                Assert.Equal(c.Number(name), value, 1e-8 * Math.Max(1, Math.Abs(c.Number(name))));
            }
        }
    }

    // BCG trials: the interval of the variance as metafor's documentation prints it, four decimals.
    [Fact]
    public void The_published_interval_of_the_spread_is_reproduced()
    {
        var bcg = MethodReference.Load("families/next-effect.json").Items("cases").First();
        var r = NextEffect.Of(bcg.Numbers("y"), bcg.Numbers("se"));
        Assert.Equal(0.1197, r.SpreadInterval.Low * r.SpreadInterval.Low, 5e-5);
        Assert.Equal(1.1115, r.SpreadInterval.High * r.SpreadInterval.High, 5e-5);
    }

    [Fact]
    public void Alike_and_too_few_estimates()
    {
        var r = NextEffect.Of([0.1, 0.1, 0.1], [0.1, 0.2, 0.1]);
        Assert.True(r is { Spread: 0, Inconsistency: 0 } && r.SpreadInterval.Low == 0 && double.IsFinite(r.Next.Low) && r.ShareAboveZero is > 0.5 and < 1);
        Assert.Throws<TooFewRowsException>(() => NextEffect.Of([0.1, 0.2], [0.1, 0.1]));
    }

    // 30 experiments whose errors are as large as the spread of the true effects: the next true effect lies within in 95 %. 800 draws: 3.3 standard errors are 0.0255.
    [Fact]
    [Trait("speed", "slow")]
    public void The_next_effect_lies_within_the_interval()
    {
        const int Draws = 800;
        var rng = new Rng(81).Stream("next-effect");
        var (held, mean, spread) = (0, 0, 0);
        for (var run = 0; run < Draws; run++)
        {
            double[] se = [.. Enumerable.Range(0, 30).Select(_ => 0.7 + 0.6 * rng.NextDouble())];
            double[] y = [.. se.Select(s => 0.5 + rng.NextNormal() + s * rng.NextNormal())];
            var r = NextEffect.Of(y, se);
            held += r.Next.Contains(0.5 + rng.NextNormal()) ? 1 : 0;
            mean += r.MeanInterval.Contains(0.5) ? 1 : 0;
            spread += r.SpreadInterval.Contains(1) ? 1 : 0;
        }

        Assert.Equal(0.95, (double)held / Draws, 0.0255);
        Assert.Equal(0.95, (double)mean / Draws, 0.0255);
        Assert.Equal(0.95, (double)spread / Draws, 0.0255);
    }
}
