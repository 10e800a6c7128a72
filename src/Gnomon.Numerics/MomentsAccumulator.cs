using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Numerics;

/// <summary>Moments of values that arrive one by one, in any order and in any number of parts: the result has the same bits.</summary>
/// <remarks>
/// Sums d = x - pivot and its powers exactly. Each power is rounded once per value, so digits are lost only where the pivot lies many standard deviations
/// from the mean: k deviations cost about 2 log10(k) digits of the variance. Take a pivot that does not depend on the order of rows, such as a rounded mean.
/// </remarks>
public sealed class MomentsAccumulator
{
    const int Buffer = 1024;

    readonly double _pivot;
    readonly ExactSum _sum1 = new();
    readonly ExactSum _sum2 = new();
    readonly ExactSum? _sum3;
    readonly ExactSum? _sum4;
    long _count;
    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    /// <param name="pivot">A finite value near the mean.</param>
    /// <param name="order">Highest power: 2, or 4 for skewness and kurtosis too.</param>
    public MomentsAccumulator(double pivot = 0.0, int order = 2)
    {
        Require.Finite(pivot);
        if (order is not (2 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, "Must be 2 or 4.");
        }

        _pivot = pivot;
        if (order == 4)
        {
            _sum3 = new();
            _sum4 = new();
        }
    }

    /// <summary>Values added so far.</summary>
    public long Count => _count;

    /// <summary>Adds one finite value.</summary>
    public void Add(double value)
    {
        var d = value - _pivot;
        var square = d * d;
        _count++;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        _sum1.Add(d);
        _sum2.Add(square);
        _sum3?.Add(d * square);
        _sum4?.Add(square * square);
    }

    /// <summary>Adds finite values.</summary>
    /// <returns>The largest of them; negative infinity for none.</returns>
    [SkipLocalsInit]
    public double Add(ReadOnlySpan<double> values)
    {
        var highest = double.NegativeInfinity;
        Span<double> deviations = stackalloc double[Buffer];
        Span<double> powers = stackalloc double[Buffer];
        while (!values.IsEmpty)
        {
            var count = Math.Min(Buffer, values.Length);
            highest = Math.Max(highest, AddBlock(values[..count], deviations[..count], powers[..count]));
            values = values[count..];
        }

        return highest;
    }

    /// <summary>Adds what another accumulator holds.</summary>
    /// <exception cref="ArgumentException">The other has another pivot or order.</exception>
    public void Merge(MomentsAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._pivot != _pivot || (other._sum3 is null) != (_sum3 is null))
        {
            throw new ArgumentException("Only accumulators of the same pivot and order can be merged.", nameof(other));
        }

        _sum1.Merge(other._sum1);
        _sum2.Merge(other._sum2);
        _sum3?.Merge(other._sum3!);
        _sum4?.Merge(other._sum4!);
        _count += other._count;
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The moments of all values added so far.</summary>
    /// <exception cref="InvalidOperationException">A value was not finite.</exception>
    public Moments ToMoments()
    {
        if (_count == 0)
        {
            return Moments.Empty;
        }

        if (_min == _max && !_sum1.HasNonFinite)
        {
            return new Moments(_count, _min, 0.0, _sum3 is null ? null : 0.0, _sum3 is null ? null : 0.0, _min, _max);
        }

        var sums = new PowerSums(_sum1.ToDouble(), _sum2.ToDouble(), _sum3?.ToDouble() ?? 0.0, _sum4?.ToDouble() ?? 0.0);
        var moments = sums.ToMoments(_count, _pivot, _min, _max);
        return _sum3 is null ? moments with { M3 = null, M4 = null } : moments;
    }

    // Returns the largest value.
    double AddBlock(ReadOnlySpan<double> values, Span<double> deviations, Span<double> powers)
    {
        // Rounding keeps order, so the largest deviation belongs to an end, and so do its powers.
        var (largest, highest) = Widen(values);
        var largestSquare = largest * largest;
        _count += values.Length;
        var (hasLower, hasUpper) = (false, false);
        if (ExactPowers.IsSupported && _sum3 is not null)
        {
            (hasLower, hasUpper) = ExactPowers.Add(values, _pivot, largest, _sum1, _sum2, _sum3, _sum4!);
        }

        if (hasLower && hasUpper)
        {
            return highest;
        }

        Deviate(values, deviations, powers);
        if (!hasLower)
        {
            _sum1.Add(deviations, largest);
            _sum2.Add(powers, largestSquare);
        }

        if (hasUpper || _sum3 is null || _sum4 is null)
        {
            return highest;
        }

        for (var i = 0; i < powers.Length; i++)
        {
            var square = powers[i];
            powers[i] = square * square;
            deviations[i] *= square;
        }

        _sum3.Add(deviations, largest * largestSquare);
        _sum4.Add(powers, largestSquare * largestSquare);
        return highest;
    }

    void Deviate(ReadOnlySpan<double> values, Span<double> deviations, Span<double> powers)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var d = values[i] - _pivot;
            deviations[i] = d;
            powers[i] = d * d;
        }
    }

    // Takes the values into the range; returns the largest deviation in size, and the largest value.
    (double Deviation, double Value) Widen(ReadOnlySpan<double> values)
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        var (low, low2) = (Vector512.Create(double.PositiveInfinity), Vector512.Create(double.PositiveInfinity));
        var (high, high2) = (-low, -low);
        var i = 0;
        for (; i <= values.Length - 16; i += 16)
        {
            var value = Vector512.LoadUnsafe(ref x, (nuint)i);
            var next = Vector512.LoadUnsafe(ref x, (nuint)i + 8);
            (low, low2) = (Vector512.MinNative(value, low), Vector512.MinNative(next, low2));
            (high, high2) = (Vector512.MaxNative(value, high), Vector512.MaxNative(next, high2));
        }

        var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
        if (i > 0)
        {
            (low, high) = (Vector512.MinNative(low, low2), Vector512.MaxNative(high, high2));
            for (var lane = 0; lane < Vector512<double>.Count; lane++)
            {
                (lowest, highest) = (Math.Min(lowest, low[lane]), Math.Max(highest, high[lane]));
            }
        }

        for (; i < values.Length; i++)
        {
            lowest = Math.Min(lowest, values[i]);
            highest = Math.Max(highest, values[i]);
        }

        _min = Math.Min(_min, lowest);
        _max = Math.Max(_max, highest);
        return (Math.Max(Math.Abs(lowest - _pivot), Math.Abs(highest - _pivot)), highest);
    }
}
