using System.Runtime.InteropServices;

namespace Gnomon.Methods.Data;

/// <summary>The medcouple: a robust measure of skewness in [-1, 1].</summary>
/// <remarks>
/// Source: Brys, Hubert and Struyf 2004, JCGS 13. Exact for any length in O(n log n): the kernel matrix is monotone in rows and columns,
/// so its entries up to a value are counted in one staircase walk, and the median is found by bisection over the 64-bit ordering of doubles.
/// </remarks>
public static class Medcouple
{
    /// <param name="sorted">Finite values, ascending, at least 3.</param>
    public static double Of(ReadOnlySpan<double> sorted)
    {
        if (sorted.Length < 3)
            throw new TooFewRowsException("The sample", sorted.Length, 3);
        var n = sorted.Length;
        var median = n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
        var upper = new List<double>();
        var lower = new List<double>();
        foreach (var v in sorted)
        {
            if (v >= median)
                upper.Add(v - median);
            if (v <= median)
                lower.Add(v - median);
        }
        var kernel = new Kernel([.. upper], [.. lower]);
        var count = (long)upper.Count * lower.Count;
        var low = kernel.Select((count - 1) / 2);
        return count % 2 == 1 ? low : 0.5 * (low + kernel.Select(count / 2));
    }

    /// <summary>h(i, j) over upper values i and lower values j, both ascending; it grows with each index.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly struct Kernel(double[] upper, double[] lower)
    {
        public double Select(long rank)
        {
            // Bisection on the ordering of doubles ends on an entry of the matrix after at most 64 steps.
            long low = Key(-1), high = Key(1);
            while (low < high)
            {
                var middle = low + (high - low) / 2;
                if (CountUpTo(Value(middle)) > rank)
                    high = middle;
                else
                    low = middle + 1;
            }
            return Value(low);
        }

        long CountUpTo(double limit)
        {
            var total = 0L;
            var j = lower.Length;
            for (var i = 0; i < upper.Length; i++)
            {
                while (j > 0 && Entry(i, j - 1) > limit)
                    j--;
                total += j;
            }
            return total;
        }

        double Entry(int i, int j)
        {
            var (a, b) = (upper[i], lower[j]);
            if (a != 0 || b != 0)
                return (a + b) / (a - b);
            // Values tied with the median: the published rule, the sign of (position among ties) sum; here both lists ascend.
            var fromStart = i;
            var fromEnd = lower.Length - 1 - j;
            return Math.Sign(fromStart - fromEnd);
        }

        static long Key(double value)
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            return bits < 0 ? long.MinValue - bits : bits;
        }

        static double Value(long key) => BitConverter.Int64BitsToDouble(key < 0 ? long.MinValue - key : key);
    }
}
