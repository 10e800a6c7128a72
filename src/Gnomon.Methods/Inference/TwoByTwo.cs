using System.Runtime.InteropServices;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Successes and trials of two groups, validated once.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TwoByTwo(long Xs, long Xn, long Ys, long Yn)
{
    public double RateX => (double)Xs / Xn;

    public double RateY => (double)Ys / Yn;

    public double Difference => RateX - RateY;

    public double Total => (double)Xn + Yn;

    public double PooledRate => ((double)Xs + Ys) / Total;

    public double UnpooledError => Math.Sqrt(RateX * (1.0 - RateX) / Xn + RateY * (1.0 - RateY) / Yn);

    public double SmallestExpected => Math.Min(PooledRate, 1.0 - PooledRate) * Math.Min(Xn, Yn);

    public TwoByTwo Swapped => new(Ys, Yn, Xs, Xn);

    public static TwoByTwo Of(long xs, long xn, long ys, long yn, double level)
    {
        InferenceGuard.Successes(xs, xn, "The first group");
        InferenceGuard.Successes(ys, yn, "The second group");
        InferenceGuard.Level(level);
        return new(xs, xn, ys, yn);
    }

    /// <summary>The pooled z of the hypothesis of equal rates: its square is Pearson's chi-square without correction.</summary>
    /// <exception cref="NotEstimableException">All units, or none, are successes.</exception>
    public double PooledZ()
    {
        var rate = PooledRate;
        var variance = rate * (1.0 - rate) * (1.0 / Xn + 1.0 / Yn);
        return variance > 0
            ? Difference / Math.Sqrt(variance)
            : throw new NotEstimableException("All units have the same outcome, so the score test has no standard error; an exact test has an answer.");
    }

    public static double TwoSided(double z) => Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(z)));
}
