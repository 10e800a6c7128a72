using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Resampling;

/// <summary>The median of a sorted sample, of its resamples, and of the sample without one row.</summary>
internal sealed class SortedMedian(double[] sorted)
{
    readonly int _n = sorted.Length;

    public double Value => _n % 2 == 1 ? sorted[_n / 2] : 0.5 * (sorted[_n / 2 - 1] + sorted[_n / 2]);

    /// <summary>One draw of the median of n values taken with replacement.</summary>
    public double Resampled(Rng rng)
    {
        // Ranks count from 1: the middle one, or the lower of the two.
        var rank = (_n + 1) / 2;
        double below = rng.NextGamma(rank), above = rng.NextGamma(_n + 1 - rank);
        var lower = below / (below + above);
        if (_n % 2 == 1)
        {
            return At(lower);
        }

        // The next one is the smallest of the n - rank draws above it.
        var next = lower + (1 - lower) * -Elementary.Expm1(-rng.NextExponential() / (_n - rank));
        return 0.5 * (At(lower) + At(next));
    }

    /// <summary>Influences of the rows, from the medians without each of them: n - 1 times the mean of those less each.</summary>
    public Moments LeftOut()
    {
        var influence = new double[_n];
        for (var i = 0; i < _n; i++)
        {
            influence[i] = Without(i);
        }

        var mean = Moments.Of(influence).Mean;
        for (var i = 0; i < _n; i++)
        {
            influence[i] = (_n - 1.0) * (mean - influence[i]);
        }

        return Moments.Of(influence);
    }

    double Without(int row)
    {
        var left = _n - 1;
        var upper = Skipping(left / 2, row);
        return left % 2 == 1 ? upper : 0.5 * (Skipping(left / 2 - 1, row) + upper);
    }

    double Skipping(int index, int row) => sorted[index < row ? index : index + 1];

    double At(double u) => sorted[Math.Min(_n - 1, (int)(u * _n))];
}
