using Gnomon.Methods.Survival;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>Times to an event, watched for limited time.</summary>
internal static class SurvivalPaths
{
    private const int Units = 80;
    private const double Horizon = 1;

    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("mean-time", "difference of restricted mean times, Greenwood's errors", "80 and 80 units, exponential times, a third to a half lost to follow-up (with an effect: half the hazard)", (rng, real) =>
        {
            var (times, events) = Draw(rng, real);
            var x = KaplanMeier.Fit(times.AsSpan(0, Units), events.AsSpan(0, Units)).Mean(Horizon);
            var y = KaplanMeier.Fit(times.AsSpan(Units), events.AsSpan(Units)).Mean(Horizon);
            var (difference, error) = (x.Mean - y.Mean, Math.Sqrt((x.StandardError * x.StandardError) + (y.StandardError * y.StandardError)));
            var truth = real ? Mean(0.5) - Mean(1) : 0;
            var reach = Normal.Quantile(0.975) * error;
            return new TrustDraw(Math.Abs(difference) > reach, Math.Abs(difference - truth) <= reach);
        }),
        new("log-rank", "log-rank test", "the same times", (rng, real) =>
        {
            var (times, events) = Draw(rng, real);
            var group = new int[2 * Units];
            Array.Fill(group, 1, Units, Units);
            return new TrustDraw(LogRank.Test(times, events, group).PValue < 0.05, true);
        })
        { HasInterval = false },
        new("hazards", "Cox regression, Efron's ties, Wald interval", "the same times, in whole tenths", (rng, real) =>
        {
            var (times, events) = Draw(rng, real);
            var x = new double[2 * Units];
            Array.Fill(x, 1.0, 0, Units);
            var fit = CoxRegression.Fit(Array.ConvertAll(times, t => Math.Ceiling(10 * t) / 10), events, x, 1).Coefficients[0];
            var truth = real ? 0.5 : 1;
            return new TrustDraw(fit.PValue < 0.05, fit.Low <= truth && truth <= fit.High);
        }),
    ];

    // Exponential times with hazard 1 (or one half), watched until an exponential time with hazard one half.
    private static (double[] Times, bool[] Events) Draw(Rng rng, bool real)
    {
        var (times, events) = (new double[2 * Units], new bool[2 * Units]);
        for (var i = 0; i < times.Length; i++)
        {
            var time = rng.NextExponential() / (real && i < Units ? 0.5 : 1);
            var watched = rng.NextExponential() / 0.5;
            (times[i], events[i]) = (Math.Min(time, watched), time <= watched);
        }

        return (times, events);
    }

    private static double Mean(double hazard) => (1 - Math.Exp(-hazard * Horizon)) / hazard;
}
