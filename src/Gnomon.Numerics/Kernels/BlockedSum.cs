using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Numerics.Kernels;

/// <summary>Sums by fixed blocks of 4,096 with four fixed lanes, blocks added pairwise: the same bits on every machine.</summary>
internal static class BlockedSum
{
    const int BlockLength = 4096;

    /// <summary>Sum of x[i] y[i]; the spans have the same length.</summary>
    public static double OfProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length > BlockLength)
        {
            var half = (x.Length / BlockLength + 1) / 2 * BlockLength;
            return OfProducts(x[..half], y[..half]) + OfProducts(x[half..], y[half..]);
        }

        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var lanes = Vector256<double>.Zero;
        var i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            lanes += Vector256.LoadUnsafe(ref a, (nuint)i) * Vector256.LoadUnsafe(ref b, (nuint)i);
        }

        var sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
