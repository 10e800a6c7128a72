using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>Distance correlation of two columns.</summary>
/// <param name="Correlation">In [0, 1]; in the population 0 only when the columns are independent. Always above 0 in a sample, and large in small ones.</param>
/// <param name="Unbiased">The bias-corrected squared distance correlation: around 0 for independent columns, below 0 half of the time.</param>
/// <param name="PValue">p-value of independence.</param>
/// <param name="Permutations">Relabellings behind p; 0 when p comes from the chi-square bound.</param>
/// <param name="Count">Pairs.</param>
public sealed record DistanceCorrelationResult(double Correlation, double Unbiased, double PValue, int Permutations, long Count);

/// <summary>Whether two columns depend on each other in any way, bent and many-valued ones included.</summary>
/// <remarks>
/// Sources: Szekely, Rizzo and Bakirov 2007, Annals of Statistics 35; bias correction and its test: Szekely and Rizzo 2013, Journal of Multivariate Analysis 117, 2014, Annals of Statistics 42;
/// in n log n steps after Huo and Szekely 2016, Technometrics 58; chi-square bound of p: Shen, Panda and Vogelstein 2022, Journal of Computational and Graphical Statistics 31.
/// Agrees with R's <c>energy::dcor</c> and <c>bcdcor</c> to 1e-10. It has no interval of known coverage, so none is given.
/// </remarks>
public static class DistanceCorrelation
{
    const int BlockLength = 32;

    /// <summary>Distance correlation with its test.</summary>
    /// <param name="x">At least 4 finite values.</param>
    /// <param name="y">Finite values, paired with <paramref name="x"/>.</param>
    /// <param name="permutations">Relabellings of <paramref name="y"/>, at least 99; 0 for the chi-square bound, which is a little conservative and costs nothing.</param>
    /// <param name="seed">The same seed gives the same p for any number of threads.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 pairs.</exception>
    /// <exception cref="NotEstimableException">A column does not vary.</exception>
    public static DistanceCorrelationResult Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int permutations = 999, ulong seed = 1)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The columns have {x.Length} and {y.Length} values; they must be paired.");
        }

        if (x.Length < 4)
        {
            throw new TooFewRowsException("The table", x.Length, 4);
        }

        if (permutations is not 0 and < 99)
        {
            throw new ArgumentOutOfRangeException(nameof(permutations), permutations, "At least 99 relabellings are needed, or 0 for the bound.");
        }

        return Test(DistanceColumn.Of(x), DistanceColumn.Of(y), permutations, seed);
    }

    /// <summary>As the other, for columns that were prepared once for many pairs.</summary>
    /// <param name="a">First column, at least 4 values.</param>
    /// <param name="b">Second column, paired with <paramref name="a"/>.</param>
    /// <param name="permutations">As above.</param>
    /// <param name="seed">As above.</param>
    /// <exception cref="NotEstimableException">A column does not vary.</exception>
    public static DistanceCorrelationResult Test(DistanceColumn a, DistanceColumn b, int permutations = 0, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Count, a.Count);
        double n = a.Count;
        var cross = Cross(a, b);
        double varianceX = Biased(2.0 * n * a.Squares, a, a), varianceY = Biased(2.0 * n * b.Squares, b, b);
        if (!(varianceX > 0) || !(varianceY > 0))
        {
            throw new NotEstimableException("A column does not vary, so nothing can depend on it.");
        }

        var scale = Math.Sqrt(varianceX) * Math.Sqrt(varianceY);
        var correlation = Math.Sqrt(Math.Clamp(Biased(cross, a, b) / scale, 0.0, 1.0));
        var unbiasedScale = Math.Sqrt(Corrected(2.0 * n * a.Squares, a, a)) * Math.Sqrt(Corrected(2.0 * n * b.Squares, b, b));
        var unbiased = unbiasedScale > 0 ? Corrected(cross, a, b) / unbiasedScale : 0.0;
        if (permutations == 0)
        {
            var bound = unbiased > 0 ? ChiSquared.Sf(n * unbiased + 1.0, 1.0) : 1.0;
            return new(correlation, unbiased, bound, 0, a.Count);
        }

        // Only the cross term moves when y is relabelled, and with it the plain covariance.
        var observed = Biased(cross, a, b);
        var extreme = Extreme(a, b, observed * (1.0 - 1e-10), permutations, seed);
        return new(correlation, unbiased, (extreme + 1.0) / (permutations + 1.0), permutations, a.Count);
    }

    static long Extreme(DistanceColumn a, DistanceColumn b, double bound, int permutations, ulong seed)
    {
        var root = new Rng(seed);
        var counts = new long[(permutations + BlockLength - 1) / BlockLength];
        Parallel.For(0, counts.Length, block =>
        {
            var rng = root.Stream("distance-correlation", block);
            var order = Enumerable.Range(0, b.Values.Length).ToArray();
            var end = Math.Min(permutations, (block + 1) * BlockLength);
            for (var i = block * BlockLength; i < end; i++)
            {
                rng.Shuffle(order.AsSpan());
                var moved = b.Relabelled(order);
                counts[block] += Biased(Cross(a, moved), a, moved) >= bound ? 1 : 0;
            }
        });
        return counts.Sum();
    }

    /// <summary>Squared distance covariance, all terms divided by n.</summary>
    static double Biased(double cross, DistanceColumn a, DistanceColumn b)
    {
        double n = a.Values.Length;
        return cross / (n * n) - 2.0 * RowProducts(a, b) / (n * n * n) + a.Total / (n * n) * (b.Total / (n * n));
    }

    /// <summary>The unbiased squared distance covariance.</summary>
    static double Corrected(double cross, DistanceColumn a, DistanceColumn b)
    {
        double n = a.Values.Length;
        return cross / (n * (n - 3.0)) - 2.0 * RowProducts(a, b) / (n * (n - 2.0) * (n - 3.0)) + a.Total / (n * (n - 1.0)) * (b.Total / ((n - 2.0) * (n - 3.0)));
    }

    static double RowProducts(DistanceColumn a, DistanceColumn b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Rows.Length; i++)
        {
            sum += a.Rows[i] * b.Rows[i];
        }

        return sum;
    }

    // Sum over all ordered pairs of |x_i - x_j| |y_i - y_j|: walking up x, a tree over the ranks of y tells for each point how many earlier ones lie below it in y, and their sums.
    static double Cross(DistanceColumn a, DistanceColumn b)
    {
        var n = a.Values.Length;
        var tree = new (double Count, double X, double Y, double Xy)[n + 1];
        double count = 0, sumX = 0, sumY = 0, sumXy = 0, total = 0;
        foreach (var i in a.Order)
        {
            double x = a.Values[i], y = b.Values[i];
            double belowCount = 0, belowX = 0, belowY = 0, belowXy = 0;
            for (var k = b.Rank[i] + 1; k > 0; k -= k & -k)
            {
                belowCount += tree[k].Count;
                belowX += tree[k].X;
                belowY += tree[k].Y;
                belowXy += tree[k].Xy;
            }

            var below = x * y * belowCount - x * belowY - y * belowX + belowXy;
            var all = x * y * count - x * sumY - y * sumX + sumXy;
            total += 2.0 * below - all;
            for (var k = b.Rank[i] + 1; k <= n; k += k & -k)
            {
                ref var node = ref tree[k];
                node = (node.Count + 1.0, node.X + x, node.Y + y, node.Xy + x * y);
            }

            count++;
            sumX += x;
            sumY += y;
            sumXy += x * y;
        }

        return 2.0 * total;
    }
}
