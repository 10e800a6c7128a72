using System.Numerics;

namespace Gnomon.Methods.Data;

/// <summary>Number of distinct values from their 64-bit hashes, in 16 KB.</summary>
/// <remarks>
/// Sources: Flajolet et al. 2007; estimator of Ertl 2017 (arXiv 1702.01284, algorithm 6), which needs no bias table.
/// The state depends only on the set of hashes: order, repetition and splitting change nothing. Hashes must be uniform over 64 bits.
/// </remarks>
public sealed class HyperLogLog
{
    const int Precision = 14;
    const int Registers = 1 << Precision;
    const int MaxRank = 64 - Precision + 1;

    readonly byte[] _ranks = new byte[Registers];

    /// <summary>Relative standard error of <see cref="Estimate"/>: 1.04 / sqrt(16,384) = 0.8 %; smaller below about 10,000 values.</summary>
    public static double RelativeStandardError => 1.04 / Math.Sqrt(Registers);

    /// <summary>Adds one hash.</summary>
    public void Add(ulong hash)
    {
        var register = (int)(hash >> (64 - Precision));
        // A guard bit ends the run of zeros at the hash's last bit.
        var rest = (hash << Precision) | (1UL << (Precision - 1));
        var rank = (byte)(BitOperations.LeadingZeroCount(rest) + 1);
        if (rank > _ranks[register])
            _ranks[register] = rank;
    }

    /// <summary>Adds many hashes.</summary>
    public void Add(ReadOnlySpan<ulong> hashes)
    {
        foreach (var hash in hashes)
            Add(hash);
    }

    /// <summary>Takes in another sketch; the result is the same as adding its hashes here.</summary>
    public void Merge(HyperLogLog other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < Registers; i++)
            _ranks[i] = Math.Max(_ranks[i], other._ranks[i]);
    }

    /// <summary>Estimated number of distinct hashes.</summary>
    public double Estimate()
    {
        Span<int> histogram = stackalloc int[MaxRank + 1];
        histogram.Clear();
        foreach (var rank in _ranks)
            histogram[rank]++;
        var z = Registers * Tau(1 - (double)histogram[MaxRank] / Registers);
        for (var k = MaxRank - 1; k >= 1; k--)
            z = 0.5 * (z + histogram[k]);
        z += Registers * Sigma((double)histogram[0] / Registers);
        const double AlphaInfinity = 0.72134752044448170; // 1 / (2 ln 2)
        return double.IsPositiveInfinity(z) ? 0 : AlphaInfinity * Registers * Registers / z;
    }

    static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
