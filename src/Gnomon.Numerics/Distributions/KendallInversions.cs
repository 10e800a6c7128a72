namespace Gnomon.Numerics.Distributions;

/// <summary>The null distribution of the number of discordant pairs of n pairs without ties: inversions of a random order.</summary>
/// <remarks>Source: Kendall 1938, Biometrika 30. The k-th value is inverted with 0 to k - 1 earlier ones, all equally likely; sliding sums of positive terms.</remarks>
public sealed class KendallInversions
{
    /// <summary>Largest number of values.</summary>
    public const int MostValues = 200;

    readonly ExactTable _table;

    /// <param name="values">n, 1 to <see cref="MostValues"/>.</param>
    public KendallInversions(int values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(values);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values, MostValues);
        var length = values * (values - 1) / 2 + 1;
        var pmf = new double[length];
        pmf[0] = 1.0;
        for (var k = 2; k <= values; k++)
        {
            var before = (k - 1) * (k - 2) / 2 + 1;
            var after = k * (k - 1) / 2 + 1;
            var next = new double[length];

            // The distribution is symmetric: windows are summed afresh from one end only, so no term is ever subtracted from a larger one.
            for (var d = 0; d <= (after - 1) / 2; d++)
            {
                var sum = 0.0;
                for (var j = Math.Max(0, d - k + 1); j <= Math.Min(d, before - 1); j++)
                {
                    sum += pmf[j];
                }

                next[d] = next[after - 1 - d] = sum / k;
            }

            pmf = next;
        }

        _table = new ExactTable(pmf);
    }

    /// <summary>P(D = d).</summary>
    public double Pmf(long d) => _table.Pmf(d);

    /// <summary>P(D at most d).</summary>
    public double Cdf(long d) => _table.Cdf(d);

    /// <summary>P(D above d).</summary>
    public double Sf(long d) => _table.Sf(d);
}
