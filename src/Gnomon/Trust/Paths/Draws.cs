using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>Short ways to draw data and to read a contrast.</summary>
internal static class Draws
{
    public static TrustDraw Read(ContrastResult result, double truth, double alpha = 0.05) =>
        new(result.PValue < alpha, result.Low <= truth && truth <= result.High);

    public static Moments Sample(Rng rng, int n, Func<Rng, double> draw)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = draw(rng);
        }

        return Moments.Of(values);
    }

    public static CoMoments Joint(Rng rng, int n, Func<Rng, (double A, double B)> draw)
    {
        var sums = new CoMomentsAccumulator([0, 0]);
        var row = new double[2];
        for (var i = 0; i < n; i++)
        {
            (row[0], row[1]) = draw(rng);
            sums.Add(row);
        }

        return sums.ToCoMoments();
    }

    public static double LogNormal(Rng rng, double sigma) => Math.Exp(sigma * rng.NextNormal());
}
