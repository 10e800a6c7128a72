using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>Groups that were not randomised, ranks, pairs, several groups.</summary>
internal static class GroupPaths
{
    // Chance that a normal value with this shift exceeds one without.
    private const double Shift = 0.6;

    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("ranks", "Brunner and Munzel's test of P(X > Y)", "25 values of standard deviation 3 against 60 of 1 (with an effect: shifted)", (rng, real) =>
        {
            var effect = real ? 2 * Shift : 0;
            return Draws.Read(BrunnerMunzel.Test(Values(rng, 25, 3, effect), Values(rng, 60, 1, 0)), Normal.Cdf(effect / Math.Sqrt(10)));
        }),
        new("trimmed", "Yuen's t, a fifth trimmed from each tail", "30 and 50 values of Student's t with 3 degrees of freedom", (rng, real) =>
        {
            var effect = real ? 0.8 : 0;
            return Draws.Read(TrimmedMeans.Yuen(Heavy(rng, 30, effect), Heavy(rng, 50, 0)), effect);
        }),
        new("pairs", "paired t", "12 pairs, correlation 0.6", (rng, real) =>
        {
            var effect = real ? 0.8 : 0;
            var (x, y) = (new double[12], new double[12]);
            for (var i = 0; i < x.Length; i++)
            {
                var own = Math.Sqrt(0.6) * rng.NextNormal();
                (x[i], y[i]) = (effect + own + Math.Sqrt(0.4) * rng.NextNormal(), own + Math.Sqrt(0.4) * rng.NextNormal());
            }

            return Draws.Read(OneSampleT.Paired(x, y), effect);
        }),
        new("several-groups", "Welch's analysis of variance", "20, 30, 40 and 50 values, standard deviations 3, 1, 2 and 1", (rng, real) =>
        {
            Moments[] groups = [Of(rng, 20, 3, real ? 1.5 : 0), Of(rng, 30, 1, 0), Of(rng, 40, 2, 0), Of(rng, 50, 1, real ? 0.5 : 0)];
            return new TrustDraw(WelchAnova.Test(groups).PValue < 0.05, true);
        }) { HasInterval = false },
        new("all-pairs", "Games and Howell's procedure", "the same four groups, any pair called", (rng, real) =>
        {
            Moments[] groups = [Of(rng, 20, 3, 0), Of(rng, 30, 1, 0), Of(rng, 40, 2, 0), Of(rng, 50, 1, real ? 1 : 0)];
            return new TrustDraw(GamesHowell.Test(groups).Any(p => p.Contrast.PValue < 0.05), true);
        }) { HasInterval = false },
    ];

    private static double[] Values(Rng rng, int n, double deviation, double mean) => [.. Enumerable.Range(0, n).Select(_ => mean + deviation * rng.NextNormal())];

    private static Moments Of(Rng rng, int n, double deviation, double mean) => Moments.Of(Values(rng, n, deviation, mean));

    // A normal over the root of a chi-square with 3 degrees of freedom, divided by 3.
    private static double[] Heavy(Rng rng, int n, double mean) => [.. Enumerable.Range(0, n).Select(_ => mean + rng.NextNormal() / Math.Sqrt(2 * rng.NextGamma(1.5) / 3))];
}
