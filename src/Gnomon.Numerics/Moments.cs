using Gnomon.Numerics.Kernels;

namespace Gnomon.Numerics;

/// <summary>Count, mean and centred sums of powers of a sample: all that tests of means need, mergeable between parts of the data.</summary>
/// <param name="Count">Number of values, at least 0.</param>
/// <param name="Mean">Their mean, in the values' unit; 0 for an empty sample.</param>
/// <param name="M2">Sum of squared deviations from the mean.</param>
/// <param name="M3">Sum of cubed deviations; null when it was not computed.</param>
/// <param name="M4">Sum of fourth powers of the deviations; null when it was not computed.</param>
/// <param name="Min">Smallest value; null when it was not computed or there is none.</param>
/// <param name="Max">Largest value; null when it was not computed or there is none.</param>
/// <remarks>Merging: Chan, Golub and LeVeque 1979; higher powers: Pebay 2008, Sandia report SAND2008-6212.</remarks>
public sealed record Moments(long Count, double Mean, double M2, double? M3 = null, double? M4 = null, double? Min = null, double? Max = null)
{
    /// <summary>The sample without values.</summary>
    public static Moments Empty { get; } = new(0, 0.0, 0.0, 0.0, 0.0);

    /// <summary>M2 / (n - 1): the unbiased variance. Needs 2 values.</summary>
    public double Variance => M2 / (Needs(2) - 1);

    /// <summary>Square root of <see cref="Variance"/>.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>Variance of the mean: <see cref="Variance"/> / n.</summary>
    public double VarianceOfMean => Variance / Count;

    /// <summary>Standard error of the mean. Needs 2 values.</summary>
    public double StandardError => Math.Sqrt(VarianceOfMean);

    /// <summary>Plain skewness g1 = m3 / m2^1.5. Needs third powers and values that differ.</summary>
    public double Skewness => M3Known / Count / Math.Pow(SecondAboutMean, 1.5);

    /// <summary>Skewness G1 adjusted for bias under normality (Joanes and Gill 1998); needs 3 values.</summary>
    public double AdjustedSkewness => Skewness * Math.Sqrt((double)Count * (Count - 1)) / (Needs(3) - 2);

    /// <summary>Plain excess kurtosis g2 = m4 / m2^2 - 3. Needs fourth powers and values that differ.</summary>
    public double ExcessKurtosis => M4Known / Count / (SecondAboutMean * SecondAboutMean) - 3.0;

    /// <summary>Excess kurtosis G2 adjusted for bias under normality (Joanes and Gill 1998); needs 4 values.</summary>
    public double AdjustedExcessKurtosis => ((Count + 1.0) * ExcessKurtosis + 6.0) * (Count - 1.0) / ((Needs(4) - 2.0) * (Count - 3.0));

    /// <summary>Whether third and fourth powers are there.</summary>
    public bool HasHigherPowers => M3 is not null && M4 is not null;

    double SecondAboutMean => M2 > 0
        ? M2 / Count
        : throw new InvalidOperationException("Skewness and kurtosis need values that differ.");

    double M3Known => M3 ?? throw new InvalidOperationException("These moments hold no third powers.");

    double M4Known => M4 ?? throw new InvalidOperationException("These moments hold no fourth powers.");

    /// <summary>All moments of finite values. The same bits on every machine and for any number of threads.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or the spread overflows a double.</exception>
    public static Moments Of(ReadOnlySpan<double> values) => MomentsKernel.Full(values);

    /// <summary>Count, mean and M2 alone: one read of memory, two passes per block of 4,096. The same bits on every machine and for any number of threads.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or the spread overflows a double.</exception>
    public static Moments MeanVariance(ReadOnlySpan<double> values) => MomentsKernel.MeanVariance(values);

    /// <summary>The moments of both samples together. Parts that one side lacks are lacking in the result.</summary>
    public static Moments Merge(Moments a, Moments b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == 0 ? b : a;
        }

        double na = a.Count;
        double nb = b.Count;
        var n = na + nb;
        var delta = b.Mean - a.Mean;
        var step = delta / n;
        var cross = delta * step * na * nb;
        return new Moments(
            a.Count + b.Count,
            na >= nb ? a.Mean + step * nb : b.Mean - step * na,
            a.M2 + b.M2 + cross,
            a.M3 + b.M3 + cross * step * (na - nb) + 3.0 * step * (na * b.M2 - nb * a.M2),
            a.M4 + b.M4 + cross * step * step * (na * na - na * nb + nb * nb)
                + 6.0 * step * step * (na * na * b.M2 + nb * nb * a.M2) + 4.0 * step * (na * b.M3 - nb * a.M3),
            a.Min is { } lowA && b.Min is { } lowB ? Math.Min(lowA, lowB) : null,
            a.Max is { } highA && b.Max is { } highB ? Math.Max(highA, highB) : null);
    }

    long Needs(long count) => Count >= count
        ? Count
        : throw new InvalidOperationException($"This figure needs {count} values; the sample has {Count}.");
}
