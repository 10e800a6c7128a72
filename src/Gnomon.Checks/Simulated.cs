using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks;

/// <summary>Draws of sufficient statistics for planted flaws and clean twins: what a sample of that size would have given.</summary>
internal static class Simulated
{
    public static Moments Proportion(Rng rng, long n, double p) => BernoulliMoments.Of(rng.NextBinomial(n, p), n);

    /// <summary>Mean and spread of <paramref name="n"/> normal values, drawn from their exact joint law.</summary>
    public static Moments Normal(Rng rng, long n, double mean, double sd) =>
        new(n, mean + sd * rng.NextNormal() / Math.Sqrt(n), 2 * sd * sd * rng.NextGamma((n - 1) / 2.0));

    public static Moments Sample(int n, Func<double> draw)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = draw();
        }

        return Moments.Of(values);
    }
}
