using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gnomon.Numerics.Random;

namespace Gnomon.Numerics.Kernels;

/// <summary>Sum and sum of squares of one resample.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResampleSums(double Sum, double Squares);

/// <summary>Sums over a sample drawn with replacement, without forming it.</summary>
/// <remarks>
/// An index is the high part of 32 random bits times n, two per step of the generator: shares of single rows are off by at most n / 2^32 of themselves.
/// Four accumulators in a fixed order.
/// </remarks>
public static class Resample
{
    /// <summary>Sum of n values drawn from the n values.</summary>
    public static double Sum(ReadOnlySpan<double> values, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ref var start = ref MemoryMarshal.GetReference(values);
        var n = (ulong)values.Length;
        var state = rng.Detach();
        double a = 0.0, b = 0.0, c = 0.0, d = 0.0;
        var i = values.Length;
        for (; i >= 4; i -= 4)
        {
            var first = state.Next();
            var second = state.Next();
            a += Pick(ref start, n, (uint)first);
            b += Pick(ref start, n, first >> 32);
            c += Pick(ref start, n, (uint)second);
            d += Pick(ref start, n, second >> 32);
        }

        for (; i > 0; i--)
        {
            a += Pick(ref start, n, state.Next() >> 32);
        }

        rng.Resume(state);
        return (a + b) + (c + d);
    }

    /// <summary>Sum and sum of squares of n values drawn from the n values; centre the values first.</summary>
    public static ResampleSums SumAndSquares(ReadOnlySpan<double> values, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ref var start = ref MemoryMarshal.GetReference(values);
        var n = (ulong)values.Length;
        var state = rng.Detach();
        double a = 0.0, b = 0.0, squaresA = 0.0, squaresB = 0.0;
        var i = values.Length;
        for (; i >= 2; i -= 2)
        {
            var bits = state.Next();
            var x = Pick(ref start, n, (uint)bits);
            var y = Pick(ref start, n, bits >> 32);
            a += x;
            b += y;
            squaresA += x * x;
            squaresB += y * y;
        }

        if (i > 0)
        {
            var x = Pick(ref start, n, state.Next() >> 32);
            a += x;
            squaresA += x * x;
        }

        rng.Resume(state);
        return new(a + b, squaresA + squaresB);
    }

    /// <summary>Fills <paramref name="into"/> with values drawn from <paramref name="values"/>.</summary>
    public static void Fill(ReadOnlySpan<double> values, Span<double> into, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ref var start = ref MemoryMarshal.GetReference(values);
        var n = (ulong)values.Length;
        var state = rng.Detach();
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Pick(ref start, n, state.Next() >> 32);
        }

        rng.Resume(state);
    }

    // bits below 2^32, so the product fits and the index stays below n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Pick(ref double start, ulong n, ulong bits) => Unsafe.Add(ref start, (nint)((bits * n) >> 32));
}
