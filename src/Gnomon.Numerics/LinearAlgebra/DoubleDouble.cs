using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Numerics.LinearAlgebra;

/// <summary>An unevaluated sum of two doubles: about 32 significant digits, for residuals that cancel.</summary>
/// <remarks>Sources: Dekker 1971, Numerische Mathematik 18; Knuth, The Art of Computer Programming 2, 4.2.2; Li et al. 2002, ACM TOMS 28.</remarks>
[StructLayout(LayoutKind.Auto)]
readonly struct DoubleDouble(double high, double low)
{
    public double High { get; } = high;

    public double Low { get; } = low;

    public double Value => High + Low;

    /// <summary>this + a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoubleDouble PlusProduct(double a, double b)
    {
        var product = a * b;
        return Plus(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    /// <summary>this + (a + b), where b is the small part of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoubleDouble Plus(double a, double b)
    {
        var sum = High + a;
        var back = sum - High;
        var error = High - (sum - back) + (a - back) + Low + b;
        var top = sum + error;
        return new DoubleDouble(top, error - (top - sum));
    }
}
