using System.Runtime.InteropServices;

namespace Gnomon.Numerics.Kernels;

/// <summary>Sums of the first four powers of deviations from a centre near the mean.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PowerSums(double S1, double S2, double S3, double S4)
{
    public PowerSums With(double d)
    {
        var square = d * d;
        return new(S1 + d, S2 + square, S3 + square * d, S4 + square * square);
    }

    /// <summary>Moves the sums from <paramref name="centre"/> to the mean.</summary>
    public Moments ToMoments(long count, double centre, double? min, double? max)
    {
        var shift = S1 / count;
        var m2 = Math.Max(0.0, S2 - shift * S1);
        if (m2 == 0)
        {
            return new Moments(count, centre + shift, 0.0, 0.0, 0.0, min, max);
        }

        var m3 = S3 - shift * (3.0 * S2 - 2.0 * shift * S1);
        var m4 = Math.Max(0.0, S4 - shift * (4.0 * S3 - shift * (6.0 * S2 - 3.0 * shift * S1)));
        return new Moments(count, centre + shift, m2, m3, m4, min, max);
    }
}
