using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Ranks;

/// <summary>Outcome of Kendall's rank correlation.</summary>
/// <param name="Tau">tau-b: -1 to 1, ties accounted for.</param>
/// <param name="Low">Lower end of the interval; null for fewer than 5 pairs or perfect agreement.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Two-sided p of independence.</param>
/// <param name="IsExact">True when p is exact: no ties and at most 200 pairs.</param>
/// <param name="Count">Pairs of values.</param>
/// <param name="Level">Confidence level.</param>
public sealed record KendallResult(double Tau, double? Low, double? High, double PValue, bool IsExact, int Count, double Level);

/// <summary>Kendall's tau-b.</summary>
/// <remarks>
/// Sources: Kendall 1938 and 1945, Biometrika 30 and 33; counting by merge sort after Knight 1966, JASA 61, O(n log n); interval on Fisher's scale with variance
/// 0.437 / (n - 4) (Fieller, Hartley and Pearson 1957; Bonett and Wright 2000), meant for |tau| below 0.8. Agrees with scipy <c>kendalltau</c> to 1e-12.
/// </remarks>
public static class KendallTau
{
    /// <param name="x">Finite values, at least 2.</param>
    /// <param name="y">Finite values, paired with <paramref name="x"/>.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 pairs.</exception>
    /// <exception cref="NotEstimableException">One side does not vary.</exception>
    public static KendallResult Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The columns have {x.Length} and {y.Length} values; they must be paired.", nameof(y));
        }

        var n = x.Length;
        if (n < 2)
        {
            throw new TooFewRowsException("The sample", n, 2);
        }

        var (first, second) = (x.ToArray(), y.ToArray());
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            InferenceGuard.Finite(first[i], nameof(x));
            InferenceGuard.Finite(second[i], nameof(y));
            order[i] = i;
        }

        Array.Sort(order, (a, b) => first[a] != first[b] ? first[a].CompareTo(first[b]) : second[a].CompareTo(second[b]));
        var sorted = Array.ConvertAll(order, i => second[i]);
        var tiesX = Ties.Of(Array.ConvertAll(order, i => first[i]));
        var joint = JointTies(first, second, order);
        var discordant = Inversions(sorted, new double[n], 0, n);
        var tiesY = Ties.Of(sorted);
        var pairs = (long)n * (n - 1) / 2;
        if (tiesX.Pairs == pairs || tiesY.Pairs == pairs)
        {
            throw new NotEstimableException("One of the two columns does not vary, so there is no order to compare.");
        }

        var concordantMinus = pairs - tiesX.Pairs - tiesY.Pairs + joint - 2.0 * discordant;
        var tau = Math.Clamp(concordantMinus / Math.Sqrt(pairs - tiesX.Pairs) / Math.Sqrt(pairs - tiesY.Pairs), -1.0, 1.0);
        var isExact = tiesX.Pairs == 0 && tiesY.Pairs == 0 && n <= KendallInversions.MostValues;
        var p = isExact ? ExactP(n, discordant, pairs) : NormalP(n, concordantMinus, tiesX, tiesY);
        if (n < 5 || Math.Abs(tau) == 1)
        {
            return new(tau, null, null, p, isExact, n, level);
        }

        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * Math.Sqrt(0.437 / (n - 4.0));
        var z = Math.Atanh(tau);
        return new(tau, Math.Tanh(z - reach), Math.Tanh(z + reach), p, isExact, n, level);
    }

    static double ExactP(int n, long discordant, long pairs)
    {
        var smaller = Math.Min(discordant, pairs - discordant);
        return Math.Min(1.0, 2.0 * new KendallInversions(n).Cdf(smaller));
    }

    // Kendall 1970, section 4.9: variance of concordant minus discordant given the ties.
    static double NormalP(double n, double s, Ties x, Ties y)
    {
        var plain = n * (n - 1.0) * (2.0 * n + 5.0);
        var variance = (plain - x.V - y.V) / 18.0 + 2.0 * x.Pairs * y.Pairs / (n * (n - 1.0));
        if (n > 2)
        {
            variance += x.Triples * y.Triples / (9.0 * n * (n - 1.0) * (n - 2.0));
        }

        return variance > 0 ? TwoByTwo.TwoSided(s / Math.Sqrt(variance)) : 1.0;
    }

    static long JointTies(double[] x, double[] y, int[] order)
    {
        var pairs = 0L;
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && x[order[end]] == x[order[start]] && y[order[end]] == y[order[start]])
            {
                end++;
            }

            pairs += (long)(end - start) * (end - start - 1) / 2;
            start = end;
        }

        return pairs;
    }

    // Pairs out of order, sorting on the way; equal values are in order.
    static long Inversions(double[] values, double[] buffer, int from, int to)
    {
        if (to - from < 2)
        {
            return 0;
        }

        var middle = from + (to - from) / 2;
        var count = Inversions(values, buffer, from, middle) + Inversions(values, buffer, middle, to);
        var (i, j) = (from, middle);
        for (var k = from; k < to; k++)
        {
            if (j == to || (i < middle && values[i] <= values[j]))
            {
                buffer[k] = values[i++];
            }
            else
            {
                count += middle - i;
                buffer[k] = values[j++];
            }
        }

        Array.Copy(buffer, from, values, from, to - from);
        return count;
    }

    /// <summary>Sums over groups of t equal values: t (t - 1) / 2, t (t - 1) (t - 2) and t (t - 1) (2 t + 5).</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    readonly record struct Ties(long Pairs, double Triples, double V)
    {
        public static Ties Of(double[] sorted)
        {
            var pairs = 0L;
            double triples = 0, v = 0;
            for (var start = 0; start < sorted.Length;)
            {
                var end = start + 1;
                while (end < sorted.Length && sorted[end] == sorted[start])
                {
                    end++;
                }

                double t = end - start;
                pairs += (end - start) * (long)(end - start - 1) / 2;
                triples += t * (t - 1.0) * (t - 2.0);
                v += t * (t - 1.0) * (2.0 * t + 5.0);
                start = end;
            }

            return new(pairs, triples, v);
        }
    }
}
