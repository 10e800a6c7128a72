using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Ranks;

/// <summary>Two samples in rising order and what one walk through both of them counts.</summary>
internal sealed class SortedPair
{
    const int ParallelFrom = 1 << 16;

    SortedPair(double[] x, double[] y)
    {
        X = x;
        Y = y;
    }

    public double[] X { get; }

    public double[] Y { get; }

    /// <summary>Twice the pairs with x above y plus the pairs that are equal: whole, so that nothing is rounded.</summary>
    public long TwiceU { get; private set; }

    /// <summary>Sum over groups of equal values of t^3 - t.</summary>
    public Int128 TieSum { get; private set; }

    public bool HasTies => TieSum > 0;

    /// <summary>Sum of squared placements 2 (y below x) + (y equal to x) over x; and of x over y.</summary>
    public Int128 SquaresX { get; private set; }

    public Int128 SquaresY { get; private set; }

    public static SortedPair Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            throw new TooFewRowsException(x.IsEmpty ? "The first sample" : "The second sample", 0, 1);
        }

        var pair = new SortedPair(x.ToArray(), y.ToArray());
        if (x.Length + y.Length >= ParallelFrom)
        {
            Parallel.Invoke(() => RadixSort.Sort(pair.X), () => RadixSort.Sort(pair.Y));
        }
        else
        {
            RadixSort.Sort(pair.X);
            RadixSort.Sort(pair.Y);
        }

        RequireFinite(pair.X);
        RequireFinite(pair.Y);
        pair.Walk();
        return pair;
    }

    // Infinities sort to the ends, and NaN beyond them.
    static void RequireFinite(double[] sorted)
    {
        if (!double.IsFinite(sorted[0]) || !double.IsFinite(sorted[^1]))
        {
            throw new ArgumentException("All values must be finite.");
        }
    }

    void Walk()
    {
        var (x, y) = (X, Y);
        int i = 0, j = 0;
        while (i < x.Length || j < y.Length)
        {
            var value = i < x.Length && (j == y.Length || x[i] <= y[j]) ? x[i] : y[j];
            var (startX, startY) = (i, j);
            while (i < x.Length && x[i] == value)
            {
                i++;
            }

            while (j < y.Length && y[j] == value)
            {
                j++;
            }

            Count(startX, i - startX, startY, j - startY);
        }
    }

    void Count(long belowX, long equalX, long belowY, long equalY)
    {
        var placeX = 2 * belowY + equalY;
        var placeY = 2 * belowX + equalX;
        TwiceU += equalX * placeX;
        SquaresX += (Int128)equalX * ((Int128)placeX * placeX);
        SquaresY += (Int128)equalY * ((Int128)placeY * placeY);
        Int128 t = equalX + equalY;
        if (t > 1)
        {
            TieSum += t * t * t - t;
        }
    }
}
