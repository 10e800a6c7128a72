using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Methods.Regression;

/// <summary>Element-wise work and dot products of short spans, with four fixed lanes: the same bits on every machine.</summary>
internal static class Vectors
{
    /// <summary>to += factor * from.</summary>
    public static void AddScaled(Span<double> to, ReadOnlySpan<double> from, double factor)
    {
        ref var goal = ref MemoryMarshal.GetReference(to);
        ref var source = ref MemoryMarshal.GetReference(from);
        var f = Vector256.Create(factor);
        var i = 0;
        for (; i <= to.Length - 4; i += 4)
        {
            Vector256.FusedMultiplyAdd(f, Vector256.LoadUnsafe(ref source, (nuint)i), Vector256.LoadUnsafe(ref goal, (nuint)i)).StoreUnsafe(ref goal, (nuint)i);
        }

        for (; i < to.Length; i++)
        {
            to[i] = Math.FusedMultiplyAdd(factor, from[i], to[i]);
        }
    }

    /// <summary>to *= by.</summary>
    public static void Multiply(Span<double> to, ReadOnlySpan<double> by)
    {
        ref var goal = ref MemoryMarshal.GetReference(to);
        ref var source = ref MemoryMarshal.GetReference(by);
        var i = 0;
        for (; i <= to.Length - 4; i += 4)
        {
            (Vector256.LoadUnsafe(ref source, (nuint)i) * Vector256.LoadUnsafe(ref goal, (nuint)i)).StoreUnsafe(ref goal, (nuint)i);
        }

        for (; i < to.Length; i++)
        {
            to[i] *= by[i];
        }
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var lanes = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            lanes = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i), lanes);
        }

        var sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        for (; i < a.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        }

        return sum;
    }
}
