namespace Gnomon.Numerics.Distributions;

/// <summary>The null distribution of the Mann-Whitney U of two samples without ties: pairs of which the first sample's value is the larger.</summary>
/// <remarks>Source: Mann and Whitney 1947. The recursion runs on probabilities, so every term is positive and both tails keep their relative accuracy.</remarks>
public sealed class MannWhitneyU
{
    /// <summary>Largest product of the sizes: beyond it the normal approximation is right to all printed digits, and the table would be large.</summary>
    public const long MostPairs = 10_000;

    readonly ExactTable _table;

    /// <param name="first">Size of the first sample, at least 1.</param>
    /// <param name="second">Size of the second sample, at least 1.</param>
    public MannWhitneyU(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(second);
        if ((long)first * second > MostPairs)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"The product of the sizes is above {MostPairs}.");
        }

        _table = new ExactTable(Fill(Math.Min(first, second), Math.Max(first, second)));
    }

    /// <summary>P(U = u).</summary>
    public double Pmf(long u) => _table.Pmf(u);

    /// <summary>P(U at most u).</summary>
    public double Cdf(long u) => _table.Cdf(u);

    /// <summary>P(U above u).</summary>
    public double Sf(long u) => _table.Sf(u);

    /// <summary>The smallest u with P(U at most u) at least p.</summary>
    public long Quantile(double p) => _table.Quantile(p);

    // p(m, n, u) = m / (m + n) p(m - 1, n, u - n) + n / (m + n) p(m, n - 1, u): the largest value belongs to the first sample or to the second.
    static double[] Fill(int smaller, int larger)
    {
        var rows = new double[larger + 1][];
        for (var n = 0; n <= larger; n++)
        {
            rows[n] = new double[smaller * n + 1];
            rows[n][0] = 1.0;
        }

        for (var m = 1; m <= smaller; m++)
        {
            // rows[n] still holds m - 1; rows[n - 1] already holds m.
            for (var n = 1; n <= larger; n++)
            {
                var current = rows[n];
                var previous = rows[n - 1];
                var fromFirst = (double)m / (m + n);
                var fromSecond = (double)n / (m + n);
                for (var u = m * n; u >= 0; u--)
                {
                    var value = u >= n ? fromFirst * current[u - n] : 0.0;
                    current[u] = value + (u <= m * (n - 1) ? fromSecond * previous[u] : 0.0);
                }
            }
        }

        return rows[larger];
    }
}
