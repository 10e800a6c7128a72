using System.Globalization;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;

namespace Gnomon.Benchmarks;

/// <summary>The group-sequential design that bench/peers/looks_rpact.R makes: 5 looks, futility as advice, its size and its power at 25 effects.</summary>
internal static class LooksWorkload
{
    public static string Run()
    {
        double[] times = [0.2, 0.4, 0.6, 0.8, 1];
        var rule = new StoppingRule { Futility = FutilityStopping.NonBinding };
        double Curve()
        {
            var plan = PowerGroupSequential.Plan(times, 0.05, 0.8, rule);
            var sum = 0.0;
            for (var i = 1; i <= 25; i++)
            {
                sum += PowerGroupSequential.Power(plan.Looks, plan.PlannedZ * i / 12.5);
            }

            return sum;
        }

        var check = Curve();
        return string.Create(CultureInfo.InvariantCulture, $"{{\"looks-5-power-curve\": {Program.Median(() => Curve(), 15):R}, \"check\": {check:R}}}");
    }
}
