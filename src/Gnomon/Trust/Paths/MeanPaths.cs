using Gnomon.Methods.Inference;

namespace Gnomon.Trust.Paths;

/// <summary>Means of two arms.</summary>
internal static class MeanPaths
{
    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("welch-small", "Welch's t", "10 and 10 normal values", (rng, real) =>
        {
            var effect = real ? 1.0 : 0;
            return Draws.Read(WelchT.Test(Draws.Sample(rng, 10, r => effect + r.NextNormal()), Draws.Sample(rng, 10, r => r.NextNormal())), effect);
        }),
        new("welch-unequal", "Welch's t", "10 values of standard deviation 4 against 40 of standard deviation 1", (rng, real) =>
        {
            var effect = real ? 3.0 : 0;
            return Draws.Read(WelchT.Test(Draws.Sample(rng, 10, r => effect + 4 * r.NextNormal()), Draws.Sample(rng, 40, r => r.NextNormal())), effect);
        }),
        new("welch-skewed", "Welch's t", "1,200 and 1,200 lognormal values of skewness 1.75, where 355 times its square is 1,087", (rng, real) =>
        {
            var effect = real ? 0.06 : 0;
            return Draws.Read(WelchT.Test(Draws.Sample(rng, 1_200, r => effect + Draws.LogNormal(r, 0.5)), Draws.Sample(rng, 1_200, r => Draws.LogNormal(r, 0.5))), effect);
        }),
        new("adjusted", "Lin's regression on a pre-period", "150 and 150 units, correlation 0.7 with the pre-period", (rng, real) =>
        {
            var effect = real ? 0.25 : 0;
            (double, double) Unit(Numerics.Random.Rng r, double shift)
            {
                var pre = r.NextNormal();
                return (shift + 0.7 * pre + Math.Sqrt(0.51) * r.NextNormal(), pre);
            }

            return Draws.Read(LinAdjustment.Compare(Draws.Joint(rng, 150, r => Unit(r, effect)), Draws.Joint(rng, 150, r => Unit(r, 0))).Difference, effect);
        }),
        new("ratio", "ratio of totals, delta method", "400 and 400 units with 1 to 7 visits each, spend tied to the unit", (rng, real) =>
        {
            var effect = real ? 0.3 : 0;
            (double, double) Unit(Numerics.Random.Rng r, double shift)
            {
                var visits = 1 + r.NextInt(7);
                var own = 2 + 0.8 * r.NextNormal();
                var spend = 0.0;
                for (var v = 0; v < visits; v++)
                {
                    spend += own + shift + 1.5 * r.NextNormal();
                }

                return (spend, visits);
            }

            return Draws.Read(RatioMetric.Compare(Draws.Joint(rng, 400, r => Unit(r, effect)), Draws.Joint(rng, 400, r => Unit(r, 0))).Difference, effect);
        }),
    ];
}
