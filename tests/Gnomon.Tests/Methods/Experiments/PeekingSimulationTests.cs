using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>What the methods for many looks promise, drawn.</summary>
[Trait("speed", "slow")]
public sealed class PeekingSimulationTests
{
    // Median-unbiased: half of the estimates below the truth; the interval holds it in 95 %. 2,000 draws: 3.3 standard errors are 0.037 and 0.016.
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.5)]
    [InlineData(3.0)]
    public void After_stopping_the_stagewise_interval_covers_and_the_estimate_is_unbiased_in_the_median(double drift)
    {
        const int Draws = 2_000;
        double[] times = [0.25, 0.5, 0.75, 1];
        var plan = PowerGroupSequential.Plan(times, 0.05, 0.8, new StoppingRule { Spending = AlphaSpending.Pocock, Futility = FutilityStopping.Binding });
        var high = plan.Looks.Select(l => l.CriticalZ!.Value).ToArray();
        var low = plan.Looks.Select(l => l.FutilityZ!.Value).ToArray();
        var rng = new Rng(41).Stream("stagewise");
        var (covered, below, naive) = (0, 0, 0);
        for (var run = 0; run < Draws; run++)
        {
            var (b, k) = (0.0, 0);
            for (; ; k++)
            {
                b += 0.25 * drift + 0.5 * rng.NextNormal();
                var z = b / Math.Sqrt(times[k]);
                if (k == 3 || z >= high[k] || z <= low[k])
                    break;
            }

            var result = StagewiseInference.At(times[..(k + 1)], low[..k], high[..k], b / times[k], 1 / Math.Sqrt(times[k]));
            covered += result.Low <= drift && drift <= result.High ? 1 : 0;
            below += result.Estimate < drift ? 1 : 0;
            naive += b / times[k] < drift ? 1 : 0;
        }

        Assert.Equal(0.95, (double)covered / Draws, 0.016);
        Assert.Equal(0.5, (double)below / Draws, 0.037);
        Assert.InRange(naive, 0, Draws);
    }

    // 20 looks at counts so small that no normal approximation would do: the sequence may miss at no more than 5 % of experiments, all looks together.
    [Theory]
    [InlineData(0.02, 0.02)]
    [InlineData(0.3, 0.5)]
    public void The_beta_binomial_sequence_covers_at_all_looks_together(double control, double treatment)
    {
        const int Draws = 600;
        var rng = new Rng(42).Stream("beta-binomial");
        var missed = 0;
        for (var run = 0; run < Draws; run++)
        {
            var (t, c) = (0L, 0L);
            for (var look = 1; look <= 20; look++)
            {
                t += rng.NextBinomial(10, treatment);
                c += rng.NextBinomial(10, control);
                var result = BetaBinomialSequence.Difference(t, 10 * look, c, 10 * look);
                if (result.Low > treatment - control || result.High < treatment - control)
                {
                    missed++;
                    break;
                }
            }
        }

        Assert.InRange((double)missed / Draws, 0, 0.05 + 3.3 * Math.Sqrt(0.05 * 0.95 / Draws));
    }

    // One-sided size 2.5 % over 60 looks without harm; with harm of half a standard error of the last look it is mostly found.
    [Fact]
    public void The_harm_process_keeps_its_size_over_many_looks_and_finds_harm()
    {
        var (alarms, found) = (0, 0);
        const int Draws = 4_000;
        for (var run = 0; run < Draws; run++)
        {
            var rng = new Rng(43).Stream("harm", run);
            alarms += Alarm(rng, 0) ? 1 : 0;
            found += run < 1_000 && Alarm(rng, -0.06) ? 1 : 0;
        }

        Assert.InRange((double)alarms / Draws, 0, 0.025 + 3.3 * Math.Sqrt(0.025 * 0.975 / Draws));
        Assert.InRange(found / 1_000.0, 0.8, 1);

        static bool Alarm(Rng rng, double effect)
        {
            var sum = 0.0;
            for (var look = 1; look <= 60; look++)
            {
                sum += 100 * effect + 10 * rng.NextNormal();
                var n = 100.0 * look;
                if (HarmProcess.At(sum / n, 1 / Math.Sqrt(n), n, 3_000).EValue >= 40)
                    return true;
            }

            return false;
        }
    }

    // Futility obeyed: the planned power, and no more than the size. 20,000 draws.
    [Theory]
    [InlineData(FutilityStopping.Binding)]
    [InlineData(FutilityStopping.NonBinding)]
    public void A_plan_with_futility_has_its_power_and_size(FutilityStopping futility)
    {
        const int Draws = 20_000;
        double[] times = [0.2, 0.4, 0.6, 0.8, 1];
        var plan = PowerGroupSequential.Plan(times, 0.05, 0.8, new StoppingRule { Futility = futility });
        var rng = new Rng(44).Stream("futility");
        var (wins, alarms) = (0, 0);
        for (var run = 0; run < Draws; run++)
        {
            wins += Stops(plan.PlannedZ) ? 1 : 0;
            alarms += Stops(0) ? 1 : 0;
        }

        Assert.Equal(0.8, (double)wins / Draws, 0.0094);
        Assert.Equal(plan.Size, (double)alarms / Draws, 0.0051);

        bool Stops(double drift)
        {
            var b = 0.0;
            for (var k = 0; k < 5; k++)
            {
                b += 0.2 * drift + Math.Sqrt(0.2) * rng.NextNormal();
                var z = b / Math.Sqrt(times[k]);
                if (z >= plan.Looks[k].CriticalZ!.Value || z <= -plan.Looks[k].CriticalZ!.Value)
                    return true;
                if (z <= plan.Looks[k].FutilityZ!.Value)
                    return false;
            }

            return false;
        }
    }
}
