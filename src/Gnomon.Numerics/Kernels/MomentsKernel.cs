using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Numerics.Kernels;

/// <summary>Moments of a span by fixed blocks: the mean of a block, then the centred powers while it is still in the first-level cache.</summary>
/// <remarks>Four Vector256 accumulators whatever the hardware, blocks merged pairwise in their order: neither threads nor instruction sets reach the bits.</remarks>
internal static unsafe class MomentsKernel
{
    internal const int BlockLength = 4096;
    const double UnitRoundoff = 1.1102230246251565e-16;
    const int BlocksPerTask = 64;
    const int ParallelFrom = 1 << 18;

    public static Moments MeanVariance(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return new Moments(0, 0.0, 0.0);
        }

        double pivot;
        var blocks = new Block[(values.Length + BlockLength - 1) / BlockLength];
        fixed (double* start = values)
        {
            var source = new Source(start, values.Length);
            ForEachTask(values.Length, blocks.Length, i => blocks[i] = MeanVarianceOf(source.At(i), source.LengthAt(i), source.Pivot));
            pivot = source.Pivot;
        }

        var whole = MergePairwise(blocks);
        var moments = new Moments(whole.Count, pivot + whole.Offset, whole.M2);
        return Checked(IsRounding(moments) ? moments with { M2 = 0.0 } : moments, values);
    }

    public static Moments Full(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return Moments.Empty;
        }

        double pivot;
        var blocks = new Moments[(values.Length + BlockLength - 1) / BlockLength];
        fixed (double* start = values)
        {
            var source = new Source(start, values.Length);
            ForEachTask(values.Length, blocks.Length, i => blocks[i] = FullOf(source.At(i), source.LengthAt(i), source.Pivot));
            pivot = source.Pivot;
        }

        for (var width = 1; width < blocks.Length; width *= 2)
        {
            for (var i = 0; i + width < blocks.Length; i += 2 * width)
            {
                blocks[i] = Moments.Merge(blocks[i], blocks[i + width]);
            }
        }

        var moments = blocks[0] with { Mean = pivot + blocks[0].Mean };
        return Checked(IsRounding(moments) ? moments with { M2 = 0.0, M3 = 0.0, M4 = 0.0 } : moments, values);
    }

    // Less than half a unit in the last place of the mean per value: equal values whose mean was rounded. Callers rely on 0 for a sample without variation.
    static bool IsRounding(Moments moments) => moments.M2 <= moments.Count * Math.Pow(UnitRoundoff * moments.Mean, 2.0);

    static void ForEachTask(int length, int blockCount, Action<int> run)
    {
        if (length < ParallelFrom)
        {
            for (var i = 0; i < blockCount; i++)
            {
                run(i);
            }

            return;
        }

        // Every block writes its own slot, so the schedule cannot be seen in the result.
        Parallel.For(0, (blockCount + BlocksPerTask - 1) / BlocksPerTask, task =>
        {
            var end = Math.Min(blockCount, (task + 1) * BlocksPerTask);
            for (var i = task * BlocksPerTask; i < end; i++)
            {
                run(i);
            }
        });
    }

    static Moments Checked(Moments moments, ReadOnlySpan<double> values)
    {
        if (double.IsFinite(moments.Mean) && double.IsFinite(moments.M2) && double.IsFinite(moments.M4 ?? 0.0))
        {
            return moments;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"Moments need finite values; the value at index {i} is not.", nameof(values));
            }
        }

        throw new ArgumentException("The spread of these values overflows a double; rescale them.", nameof(values));
    }

    static Block MeanVarianceOf(double* p, int length, double pivot)
    {
        var mean = Sum(p, length) / length;
        var centre = Vector256.Create(mean);
        Vector256<double> d0 = default, d1 = default, d2 = default, d3 = default;
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= length - 16; i += 16)
        {
            var a = Vector256.Load(p + i) - centre;
            var b = Vector256.Load(p + i + 4) - centre;
            var c = Vector256.Load(p + i + 8) - centre;
            var d = Vector256.Load(p + i + 12) - centre;
            d0 += a;
            d1 += b;
            d2 += c;
            d3 += d;
            s0 += a * a;
            s1 += b * b;
            s2 += c * c;
            s3 += d * d;
        }

        var residue = AddLanes((d0 + d1) + (d2 + d3));
        var square = AddLanes((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
        {
            var d = p[i] - mean;
            residue += d;
            square += d * d;
        }

        // The rounded mean is off by residue / n: Chan's corrected two-pass form.
        var shift = residue / length;
        return new Block(length, (mean - pivot) + shift, Math.Max(0.0, square - residue * shift));
    }

    static Moments FullOf(double* p, int length, double pivot)
    {
        var centre = Sum(p, length) / length;
        var middle = Vector256.Create(centre);
        Vector256<double> s1 = default, s2 = default, s3 = default, s4 = default;
        var low = Vector256.Create(p[0]);
        var high = low;
        var i = 0;
        for (; i <= length - 4; i += 4)
        {
            var x = Vector256.Load(p + i);
            low = Vector256.ConditionalSelect(Vector256.LessThan(x, low), x, low);
            high = Vector256.ConditionalSelect(Vector256.GreaterThan(x, high), x, high);
            var d = x - middle;
            var square = d * d;
            s1 += d;
            s2 += square;
            s3 += square * d;
            s4 += square * square;
        }

        var sums = new PowerSums(AddLanes(s1), AddLanes(s2), AddLanes(s3), AddLanes(s4));
        var min = Math.Min(Math.Min(low[0], low[1]), Math.Min(low[2], low[3]));
        var max = Math.Max(Math.Max(high[0], high[1]), Math.Max(high[2], high[3]));
        for (; i < length; i++)
        {
            sums = sums.With(p[i] - centre);
            min = Math.Min(min, p[i]);
            max = Math.Max(max, p[i]);
        }

        return sums.ToMoments(length, centre - pivot, min, max);
    }

    static double Sum(double* p, int length)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= length - 16; i += 16)
        {
            s0 += Vector256.Load(p + i);
            s1 += Vector256.Load(p + i + 4);
            s2 += Vector256.Load(p + i + 8);
            s3 += Vector256.Load(p + i + 12);
        }

        var sum = AddLanes((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
        {
            sum += p[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double AddLanes(Vector256<double> v) => (v[0] + v[1]) + (v[2] + v[3]);

    static Block MergePairwise(Block[] blocks)
    {
        for (var width = 1; width < blocks.Length; width *= 2)
        {
            for (var i = 0; i + width < blocks.Length; i += 2 * width)
            {
                blocks[i] = blocks[i].MergedWith(blocks[i + width]);
            }
        }

        return blocks[0];
    }

    [StructLayout(LayoutKind.Auto)]
    readonly struct Source(double* start, int length)
    {
        readonly double* _start = start;
        readonly int _length = length;

        /// <summary>Mean of the first block. Block means are kept as offsets from it, so that merging does not lose the low bits of a large mean.</summary>
        public double Pivot { get; } = Sum(start, Math.Min(BlockLength, length)) / Math.Min(BlockLength, length);

        public double* At(int block) => _start + (long)block * BlockLength;

        public int LengthAt(int block) => Math.Min(BlockLength, _length - block * BlockLength);
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Block(long Count, double Offset, double M2)
    {
        public Block MergedWith(Block other)
        {
            double na = Count;
            double nb = other.Count;
            var delta = other.Offset - Offset;
            var step = delta / (na + nb);
            return new Block(Count + other.Count, Offset + step * nb, M2 + other.M2 + delta * step * na * nb);
        }
    }
}
