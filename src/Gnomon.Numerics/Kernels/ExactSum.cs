using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Numerics.Kernels;

/// <summary>A sum of doubles without rounding: its value does not depend on the order of the numbers, nor on how they were split and merged.</summary>
/// <remarks>
/// The small superaccumulator of Neal 2015, Fast Exact Summation Using Small and Large Superaccumulators (arXiv:1505.05571): 67 signed 64-bit chunks whose
/// weights are 32 bits apart, so 2,047 numbers fit before carries must move. About 540 bytes; adding allocates nothing. Not safe for concurrent use.
/// Long runs are first summed in bins of equal weight, as vectors, which loses nothing either.
/// </remarks>
public sealed partial class ExactSum
{
    const int ChunkCount = 67;
    const int AddsBetweenCarries = 2047;
    const long MantissaMask = (1L << 52) - 1;
    const long LowMask = 0xFFFFFFFFL;

    // Chunk i counts units of 2^(32 i - 1075).
    const int UnitExponent = -1075;

    Chunks _chunks;
    int _addsLeft = AddsBetweenCarries;

    /// <summary>Whether a NaN or an infinity was added; it is not part of the sum, and <see cref="ToDouble"/> then refuses.</summary>
    public bool HasNonFinite { get; private set; }

    /// <summary>Adds one number.</summary>
    public void Add(double value)
    {
        if (_addsLeft == 0)
        {
            Carry();
        }

        _addsLeft--;
        AddTo(ref FirstChunk, value);
    }

    /// <summary>Adds all numbers.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        while (!values.IsEmpty)
        {
            var run = values[..Math.Min(values.Length, LongestBinned)];
            if (run.Length < ShortestBinned || !AddBinned(run))
            {
                AddPlain(run);
            }

            values = values[run.Length..];
        }
    }

    void AddPlain(ReadOnlySpan<double> values)
    {
        ref var first = ref FirstChunk;
        while (!values.IsEmpty)
        {
            if (_addsLeft == 0)
            {
                Carry();
            }

            var count = Math.Min(_addsLeft, values.Length);
            AddRun(ref first, ref MemoryMarshal.GetReference(values), count);
            _addsLeft -= count;
            values = values[count..];
        }
    }

    /// <summary>Adds what another sum holds; the other stays as it is, apart from moving its carries.</summary>
    public void Merge(ExactSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Carry();
        Carry();
        for (var i = 0; i < ChunkCount; i++)
        {
            _chunks[i] += other._chunks[i];
        }

        // Two carried sums hold less than 2^33 per chunk: as much as one number may add.
        _addsLeft--;
        HasNonFinite |= other.HasNonFinite;
    }

    /// <summary>The sum rounded once, to nearest, ties to even; infinite beyond the range of a double.</summary>
    /// <exception cref="InvalidOperationException">A number that was added is not finite.</exception>
    public double ToDouble()
    {
        if (HasNonFinite)
        {
            throw new InvalidOperationException("The sum holds a number that is not finite.");
        }

        Carry();
        var digits = _chunks;
        var isNegative = digits[ChunkCount - 1] < 0;
        if (isNegative)
        {
            for (var i = 0; i < ChunkCount; i++)
            {
                digits[i] = -digits[i];
            }

            Carry(ref digits);
        }

        var magnitude = Round(ref digits);
        return isNegative ? -magnitude : magnitude;
    }

    // Neighbours mostly fall into two adjacent chunks (a factor of 2^64), so three parts are gathered in registers until a number falls outside. Which of the
    // two it is would be a coin toss for the branch predictor, so masks decide.
    void AddRun(ref long first, ref double start, int count)
    {
        var window = 0;
        long part0 = 0, part1 = 0, part2 = 0;
        for (var i = 0; i < count; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(Unsafe.Add(ref start, i));
            var exponent = (int)(bits >> 52) & 0x7FF;
            if ((uint)(exponent - 1) >= 2046)
            {
                AddTo(ref first, Unsafe.Add(ref start, i));
                continue;
            }

            var chunk = exponent >> 5;
            if ((uint)(chunk - window) > 1)
            {
                Flush(ref Unsafe.Add(ref first, window), part0, part1, part2);
                part0 = part1 = part2 = 0;
                window = chunk < window ? chunk : chunk - 1;
            }

            var mantissa = (bits & MantissaMask) | (1L << 52);
            var sign = bits >> 63;
            var shift = exponent & 31;
            var low = (((mantissa << shift) & LowMask) ^ sign) - sign;
            var high = ((mantissa >> (32 - shift)) ^ sign) - sign;
            long isUpper = window - chunk;
            part0 += low & ~isUpper;
            part1 += (low & isUpper) + (high & ~isUpper);
            part2 += high & isUpper;
        }

        Flush(ref Unsafe.Add(ref first, window), part0, part1, part2);
    }

    static void Flush(ref long chunk, long part0, long part1, long part2)
    {
        chunk += part0;
        Unsafe.Add(ref chunk, 1) += part1;
        Unsafe.Add(ref chunk, 2) += part2;
    }

    void AddTo(ref long first, double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7FF;
        var mantissa = bits & MantissaMask;
        if ((uint)(exponent - 1) >= 2046)
        {
            if (exponent != 0)
            {
                HasNonFinite = true;
                return;
            }

            exponent = 1;
        }
        else
        {
            mantissa |= 1L << 52;
        }

        var sign = bits >> 63;
        var shift = exponent & 31;
        ref var chunk = ref Unsafe.Add(ref first, exponent >> 5);
        chunk += (((mantissa << shift) & LowMask) ^ sign) - sign;
        Unsafe.Add(ref chunk, 1) += ((mantissa >> (32 - shift)) ^ sign) - sign;
    }

    /// <summary>Adds <paramref name="units"/> times 2^<paramref name="exponent"/>.</summary>
    /// <param name="units">Below 2^62 in size.</param>
    /// <param name="exponent">At least that of the smallest subnormal.</param>
    internal void AddUnits(long units, int exponent)
    {
        if (_addsLeft == 0)
        {
            Carry();
        }

        _addsLeft--;
        var position = exponent - UnitExponent;
        var sign = units >> 63;
        var size = (ulong)((units ^ sign) - sign);
        var shift = position & 31;
        var low = size << shift;
        ref var chunk = ref Unsafe.Add(ref FirstChunk, position >> 5);
        chunk += ((long)(low & LowMask) ^ sign) - sign;
        Unsafe.Add(ref chunk, 1) += ((long)(low >> 32) ^ sign) - sign;
        Unsafe.Add(ref chunk, 2) += ((long)(size >> 1 >> (63 - shift)) ^ sign) - sign;
    }

    void Carry()
    {
        Carry(ref _chunks);
        _addsLeft = AddsBetweenCarries;
    }

    static void Carry(ref Chunks chunks)
    {
        for (var i = 0; i < ChunkCount - 1; i++)
        {
            chunks[i + 1] += chunks[i] >> 32;
            chunks[i] &= LowMask;
        }
    }

    static double Round(ref Chunks digits)
    {
        var top = ChunkCount - 1;
        while (top > 2 && digits[top] == 0)
        {
            top--;
        }

        var window = ((UInt128)(ulong)digits[top] << 64) | ((UInt128)(ulong)digits[top - 1] << 32) | (ulong)digits[top - 2];
        if (window == 0)
        {
            return 0.0;
        }

        // Bit 1 of chunk 0 is the smallest subnormal.
        var lowest = 32 * (top - 2);
        var highestBit = lowest + 127 - (int)UInt128.LeadingZeroCount(window);
        var lastKept = Math.Max(highestBit - 52, 1);
        var shift = lastKept - lowest;
        var kept = (ulong)(window >> shift);
        var rest = window & ((UInt128.One << shift) - 1);
        var half = UInt128.One << (shift - 1);
        if (rest > half || (rest == half && ((kept & 1) == 1 || AnyBelow(ref digits, top - 2))))
        {
            kept++;
        }

        return Math.ScaleB(kept, lastKept + UnitExponent);
    }

    static bool AnyBelow(ref Chunks digits, int end)
    {
        for (var i = 0; i < end; i++)
        {
            if (digits[i] != 0)
            {
                return true;
            }
        }

        return false;
    }

    ref long FirstChunk => ref Unsafe.As<Chunks, long>(ref _chunks);

    [InlineArray(ChunkCount)]
    struct Chunks
    {
        long _first;
    }
}
