using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Numerics.Kernels;

/// <content>
/// Runs of numbers as vectors, without rounding: each number is cut at fixed bit positions below the largest one of the run, and the pieces of one position, multiples of the same
/// unit, are summed as doubles that never leave their 53 bits. Source: the extraction of Rump, Ogita and Oishi 2008 (SIAM Journal on Scientific Computing 31), the bins of Demmel and
/// Nguyen 2015 (IEEE Transactions on Computers 64). A run whose numbers reach below the last bin is left to the plain way.
/// </content>
public sealed partial class ExactSum
{
    const int ShortestBinned = 32;
    const int LongestBinned = 1024;

    // 1,024 pieces of 42 bits stay below 2^53.
    const int BinBits = 42;
    const int HighestExponent = 900;
    const int LowestExponent = -800;
    const int MostMisses = 4;
    const int RunsToSitOut = 32;

    int _misses;
    int _wideRuns;

    /// <summary>Adds all numbers, none of which is larger in size than <paramref name="largest"/>.</summary>
    internal void Add(ReadOnlySpan<double> values, double largest)
    {
        if (values.Length is < ShortestBinned or > LongestBinned)
        {
            Add(values);
        }
        else if (IsSittingOut || !AddBinned(values, largest))
        {
            AddPlain(values);
        }
    }

    // False when nothing was added: numbers too far apart, not finite, or no vectors here.
    bool AddBinned(ReadOnlySpan<double> values)
    {
        if (IsSittingOut)
        {
            return false;
        }

        var largest = Vector256<double>.Zero;
        foreach (ref readonly var x in MemoryMarshal.Cast<double, Vector256<double>>(values))
        {
            largest = Vector256.MaxNative(largest, Vector256.Abs(x));
        }

        return AddBinned(values, Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3])));
    }

    bool IsSittingOut => !Vector256.IsHardwareAccelerated || (_misses >= MostMisses && _misses++ < MostMisses + RunsToSitOut);

    bool AddBinned(ReadOnlySpan<double> values, double max)
    {
        var exponent = max > 0 && max <= double.MaxValue ? Math.ILogB(max) + 1 : max == 0 ? 0 : int.MaxValue;
        if (exponent > HighestExponent || exponent < LowestExponent)
        {
            return false;
        }

        // 1.5 * 2^52 units: adding and taking away leaves the multiple of the unit that is nearest.
        var top = Math.ScaleB(1.5, 52 + exponent - BinBits);
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);

        // Two bins hold most runs; where they did not, the next runs start with three.
        if (_wideRuns > 0)
        {
            _wideRuns--;
        }
        else if (InTwoBins(vectors, top))
        {
            AddRest(values, 4 * vectors.Length);
            return true;
        }
        else
        {
            _wideRuns = RunsToSitOut;
        }

        if (!InThreeBins(vectors, top))
        {
            _misses = Math.Min(_misses + 1, MostMisses);
            return false;
        }

        _misses = 0;
        AddRest(values, 4 * vectors.Length);
        return true;
    }

    bool InTwoBins(ReadOnlySpan<Vector256<double>> vectors, double top)
    {
        var (m1, m2) = (Vector256.Create(top), Vector256.Create(Math.ScaleB(top, -BinBits)));
        Vector256<double> s1 = Vector256<double>.Zero, s2 = s1, left = s1;
        foreach (ref readonly var x in vectors)
        {
            var q = x + m1 - m1;
            var r = x - q;
            s1 += q;
            q = r + m2 - m2;
            s2 += q;
            left |= Vector256.Abs(r - q);
        }

        if (left != Vector256<double>.Zero)
        {
            return false;
        }

        Add(Vector256.Sum(s1));
        Add(Vector256.Sum(s2));
        return true;
    }

    bool InThreeBins(ReadOnlySpan<Vector256<double>> vectors, double top)
    {
        var (m1, m2, m3) = (Vector256.Create(top), Vector256.Create(Math.ScaleB(top, -BinBits)), Vector256.Create(Math.ScaleB(top, -2 * BinBits)));
        Vector256<double> s1 = Vector256<double>.Zero, s2 = s1, s3 = s1, left = s1;
        foreach (ref readonly var x in vectors)
        {
            var q = x + m1 - m1;
            var r = x - q;
            s1 += q;
            q = r + m2 - m2;
            r -= q;
            s2 += q;
            q = r + m3 - m3;
            s3 += q;
            left |= Vector256.Abs(r - q);
        }

        if (left != Vector256<double>.Zero)
        {
            return false;
        }

        Add(Vector256.Sum(s1));
        Add(Vector256.Sum(s2));
        Add(Vector256.Sum(s3));
        return true;
    }

    void AddRest(ReadOnlySpan<double> values, int from)
    {
        for (var i = from; i < values.Length; i++)
        {
            Add(values[i]);
        }
    }
}
