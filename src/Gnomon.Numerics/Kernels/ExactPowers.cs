using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Numerics.Kernels;

/// <summary>Deviations from a pivot and their second, third and fourth powers, summed without rounding in one pass over a run of values.</summary>
/// <remarks>The bins of <see cref="ExactSum"/>, all four sums at once and eight values wide: two bins for the lower powers, three for the higher ones, whose digits reach further down.</remarks>
internal static class ExactPowers
{
    /// <summary>Values of one run at most: so many pieces of a bin stay within the 53 bits of a double, lane by lane.</summary>
    public const int LongestRun = 1024;

    const int Lanes = 8;

    // 1,024 values are 128 a lane, of 45 bits each: below 2^53.
    const int BinBits = 45;

    /// <summary>Whether the processor has vectors of eight doubles.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>Adds d = x - pivot and its powers, each rounded once. What is not added, because the values are too far apart for the bins or not finite, is left to the caller.</summary>
    /// <param name="values">At most <see cref="LongestRun"/>.</param>
    /// <param name="pivot">Finite.</param>
    /// <param name="largest">The largest deviation of the run in size.</param>
    /// <param name="sum1">Takes d; <paramref name="sum2"/> its square, <paramref name="sum3"/> and <paramref name="sum4"/> the third and fourth power.</param>
    /// <returns>Whether the first two and whether the last two were added.</returns>
    [SkipLocalsInit]
    public static (bool Lower, bool Upper) Add(
        ReadOnlySpan<double> values, double pivot, double largest, ExactSum sum1, ExactSum sum2, ExactSum sum3, ExactSum sum4)
    {
        var square = largest * largest;
        if (!Bins.TryBelow(largest, out var b1) || !Bins.TryBelow(square, out var b2) || !Bins.TryBelow(largest * square, out var b3) || !Bins.TryBelow(square * square, out var b4))
        {
            return (false, false);
        }

        // What does not fill a vector is filled up with the pivot, which adds nothing.
        var whole = values.Length / Lanes;
        Span<double> rest = stackalloc double[Lanes];
        rest.Fill(pivot);
        values[(whole * Lanes)..].CopyTo(rest);

        Unsafe.SkipInit(out Sums sums);
        sums.Magic11 = b1.Magic(0);
        sums.Magic12 = b1.Magic(1);
        sums.Magic21 = b2.Magic(0);
        sums.Magic22 = b2.Magic(1);
        sums.Magic31 = b3.Magic(0);
        sums.Magic32 = b3.Magic(1);
        sums.Magic33 = b3.Magic(2);
        sums.Magic41 = b4.Magic(0);
        sums.Magic42 = b4.Magic(1);
        sums.Magic43 = b4.Magic(2);
        Reduce(ref MemoryMarshal.GetReference(values), whole, ref MemoryMarshal.GetReference(rest), pivot, ref sums);

        var (hasLower, hasUpper) = (IsZero(sums.Lower), IsZero(sums.Upper));
        if (hasLower)
        {
            b1.AddTo(sum1, 0, sums.S11);
            b1.AddTo(sum1, 1, sums.S12);
            b2.AddTo(sum2, 0, sums.S21);
            b2.AddTo(sum2, 1, sums.S22);
        }

        if (hasUpper)
        {
            b3.AddTo(sum3, 0, sums.S31);
            b3.AddTo(sum3, 1, sums.S32);
            b3.AddTo(sum3, 2, sums.S33);
            b4.AddTo(sum4, 0, sums.S41);
            b4.AddTo(sum4, 1, sums.S42);
            b4.AddTo(sum4, 2, sums.S43);
        }

        return (hasLower, hasUpper);
    }

    // No call in here: what lives beyond one would be kept in memory and not in registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static void Reduce(ref double first, int whole, ref double rest, double pivot, ref Sums sums)
    {
        var centre = Vector512.Create(pivot);
        Vector512<double> m11 = Vector512.Create(sums.Magic11), m12 = Vector512.Create(sums.Magic12);
        Vector512<double> m21 = Vector512.Create(sums.Magic21), m22 = Vector512.Create(sums.Magic22);
        Vector512<double> m31 = Vector512.Create(sums.Magic31), m32 = Vector512.Create(sums.Magic32), m33 = Vector512.Create(sums.Magic33);
        Vector512<double> m41 = Vector512.Create(sums.Magic41), m42 = Vector512.Create(sums.Magic42), m43 = Vector512.Create(sums.Magic43);
        Vector512<double> s11 = Vector512<double>.Zero, s12 = s11, s21 = s11, s22 = s11, s31 = s11, s32 = s11, s33 = s11, s41 = s11, s42 = s11, s43 = s11;
        Vector512<double> lower = s11, upper = s11;
        for (var i = 0; i <= whole; i++)
        {
            ref var at = ref i < whole ? ref Unsafe.Add(ref first, i * Lanes) : ref rest;
            var d = Vector512.LoadUnsafe(ref at) - centre;
            var p = d * d;

            var q = d + m11 - m11;
            var r = d - q;
            s11 += q;
            q = r + m12 - m12;
            s12 += q;
            lower |= r ^ q;

            q = p + m21 - m21;
            r = p - q;
            s21 += q;
            q = r + m22 - m22;
            s22 += q;
            lower |= r ^ q;

            d *= p;
            q = d + m31 - m31;
            r = d - q;
            s31 += q;
            q = r + m32 - m32;
            s32 += q;
            r -= q;
            q = r + m33 - m33;
            s33 += q;
            upper |= r ^ q;

            p *= p;
            q = p + m41 - m41;
            r = p - q;
            s41 += q;
            q = r + m42 - m42;
            s42 += q;
            r -= q;
            q = r + m43 - m43;
            s43 += q;
            upper |= r ^ q;
        }

        // A number that is not finite leaves its trace in the first sum.
        var spoilt = s11 - s11;
        sums.Lower = lower | spoilt;
        sums.Upper = upper | spoilt;
        (sums.S11, sums.S12, sums.S21, sums.S22) = (s11, s12, s21, s22);
        (sums.S31, sums.S32, sums.S33) = (s31, s32, s33);
        (sums.S41, sums.S42, sums.S43) = (s41, s42, s43);
    }

    // A difference of zero may carry a sign.
    static bool IsZero(Vector512<double> x) => Vector512.EqualsAll(x.AsInt64() & Vector512.Create(long.MaxValue), Vector512<long>.Zero);

    /// <summary>What <see cref="Reduce"/> takes and gives: the numbers that cut, the pieces by bin, and what lay below the last one.</summary>
    struct Sums
    {
        public double Magic11, Magic12, Magic21, Magic22, Magic31, Magic32, Magic33, Magic41, Magic42, Magic43;
        public Vector512<double> S11, S12, S21, S22, S31, S32, S33, S41, S42, S43;
        public Vector512<double> Lower, Upper;
    }

    /// <summary>Positions of the bins below a power of two: bin k holds multiples of 2^(Exponent - 45 (k + 1)).</summary>
    readonly record struct Bins(int Exponent)
    {
        // Far enough from the ends that no bin leaves the range of normal doubles.
        const int Highest = 900;
        const int Lowest = -800;

        public static bool TryBelow(double largest, out Bins bins)
        {
            bins = new Bins(largest > 0 && largest <= double.MaxValue ? Math.ILogB(largest) + 1 : largest == 0 ? 0 : int.MaxValue);
            return bins.Exponent is >= Lowest and <= Highest;
        }

        // 1.5 * 2^52 units: adding and taking away leaves the multiple of the unit that is nearest.
        public double Magic(int bin) => 1.5 * PowerOfTwo(52 + Unit(bin));

        public void AddTo(ExactSum sum, int bin, Vector512<double> lanes)
        {
            var units = Vector512.ConvertToInt64Native(lanes * Vector512.Create(PowerOfTwo(-Unit(bin))));
            sum.AddUnits(Vector512.Sum(units), Unit(bin));
        }

        int Unit(int bin) => Exponent - BinBits * (bin + 1);

        static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
    }
}
