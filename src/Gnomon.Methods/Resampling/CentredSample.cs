using System.Runtime.InteropServices;
using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Resampling;

/// <summary>A sample as deviations from its mean, with its moments.</summary>
internal sealed record CentredSample(Moments Moments, double[] Deviations)
{
    /// <summary>Sum of cubed influence values of the mean over n cubed.</summary>
    public double ThirdInfluence => (Moments.M3 ?? 0.0) / ((double)Moments.Count * Moments.Count * Moments.Count);

    /// <summary>Sum of squared influence values of the mean over n squared.</summary>
    public double SecondInfluence => Moments.M2 / ((double)Moments.Count * Moments.Count);

    public static CentredSample Of(ReadOnlySpan<double> sample, string what)
    {
        if (sample.Length < 2)
        {
            throw new TooFewRowsException(what, sample.Length, 2);
        }

        var moments = Moments.Of(sample);
        var deviations = new double[sample.Length];
        for (var i = 0; i < deviations.Length; i++)
        {
            deviations[i] = sample[i] - moments.Mean;
        }

        return new(moments, deviations);
    }
}

/// <summary>Mean of one resample's deviations and the variance of that mean.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Drawn(double Mean, double VarianceOfMean)
{
    public static Drawn Of(ResampleSums sums, int n)
    {
        var mean = sums.Sum / n;
        return new(mean, Math.Max(0.0, sums.Squares - sums.Sum * mean) / (n - 1.0) / n);
    }

    public Drawn Minus(Drawn other) => new(Mean - other.Mean, VarianceOfMean + other.VarianceOfMean);
}
