namespace Gnomon.Methods.Data;

/// <summary>The largest gap between two empirical distributions.</summary>
/// <param name="Statistic">D, in [0, 1].</param>
/// <param name="PValue">Two-sided p-value of "same distribution".</param>
/// <param name="Exact">True when the p-value is exact given the ties, false when it is the limiting one.</param>
public sealed record KolmogorovSmirnovResult(double Statistic, double PValue, bool Exact);

/// <summary>Two-sample Kolmogorov-Smirnov test.</summary>
/// <remarks>
/// Sources: Smirnov 1939 (limit); Schroeer and Trenkler 1995 (exact, conditional on the pattern of ties), as R's ks.test since 4.2.
/// Exact when the product of the sizes is at most 10,000.
/// </remarks>
public static class KolmogorovSmirnov
{
    const long LargestExact = 10_000;

    /// <param name="first">Finite values, ascending, at least 1.</param>
    /// <param name="second">Finite values, ascending, at least 1.</param>
    public static KolmogorovSmirnovResult TestSorted(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
            throw new TooFewRowsException("A sample", 0, 1);
        int m = first.Length, n = second.Length, i = 0, j = 0;
        // Gaps are kept as whole numbers m*n*D, so equal gaps compare equal.
        var largest = 0L;
        var exact = (long)m * n <= LargestExact;
        var tieEnds = exact ? new bool[m + n + 1] : null;
        while (i < m || j < n)
        {
            var value = i < m && (j == n || first[i] <= second[j]) ? first[i] : second[j];
            while (i < m && first[i] == value)
                i++;
            while (j < n && second[j] == value)
                j++;
            if (tieEnds is not null)
                tieEnds[i + j] = true;
            largest = Math.Max(largest, Math.Abs((long)i * n - (long)j * m));
        }
        var d = (double)largest / ((double)m * n);
        var p = tieEnds is not null ? ExactP(m, n, largest, tieEnds) : LimitP(Math.Sqrt((double)m * n / (m + n)) * d);
        return new(d, p, exact);
    }

    /// <summary>Survival function of Kolmogorov's limiting distribution.</summary>
    public static double LimitP(double lambda)
    {
        if (!(lambda > 0))
            return 1;
        if (lambda < 1)
        {
            // Jacobi's theta transform converges where the alternating series does not.
            var cdf = 0.0;
            for (var k = 1; k <= 20; k++)
                cdf += Math.Exp(-(2 * k - 1) * (2 * k - 1) * Math.PI * Math.PI / (8 * lambda * lambda));
            return 1 - Math.Sqrt(2 * Math.PI) / lambda * cdf;
        }
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-17 * sum)
                break;
        }
        return Math.Min(1, 2 * sum);
    }

    // Probability that a random path from (0,0) to (m,n) reaches the observed gap at the end of a tie group.
    // Paths that reached it are absorbed and counted, so a tiny p-value is a sum of positive terms.
    static double ExactP(int m, int n, long largest, bool[] tieEnds)
    {
        if (largest == 0)
            return 1;
        var alive = new double[n + 1];
        var absorbed = 0.0;
        for (var i = 0; i <= m; i++)
        {
            for (var j = 0; j <= n; j++)
            {
                // A path stands at (i, j) with the chance of its last step: first-sample steps remaining over all remaining.
                var arriving = i == 0 && j == 0 ? 1.0 : 0.0;
                if (i > 0)
                    arriving += alive[j] * (m - i + 1) / (m + n - i - j + 1.0);
                if (j > 0)
                    arriving += alive[j - 1] * (n - j + 1) / (m + n - i - j + 1.0);
                var crossed = tieEnds[i + j] && Math.Abs((long)i * n - (long)j * m) >= largest;
                if (crossed)
                    absorbed += arriving;
                alive[j] = crossed ? 0 : arriving;
            }
        }
        return Math.Min(1, absorbed);
    }
}
