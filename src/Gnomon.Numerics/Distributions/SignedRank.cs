namespace Gnomon.Numerics.Distributions;

/// <summary>The null distribution of Wilcoxon's signed-rank sum of n differences without ties or zeros: each rank is positive with chance one half.</summary>
/// <remarks>Source: Wilcoxon 1945, Biometrics Bulletin 1. One convolution per rank on probabilities; all terms are positive.</remarks>
public sealed class SignedRank
{
    /// <summary>Largest number of differences.</summary>
    public const int MostPairs = 300;

    readonly ExactTable _table;

    /// <param name="pairs">n, 1 to <see cref="MostPairs"/>.</param>
    public SignedRank(int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pairs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs, MostPairs);
        var pmf = new double[pairs * (pairs + 1) / 2 + 1];
        pmf[0] = 1.0;
        for (var rank = 1; rank <= pairs; rank++)
        {
            for (var w = rank * (rank + 1) / 2; w >= 0; w--)
            {
                pmf[w] = 0.5 * (pmf[w] + (w >= rank ? pmf[w - rank] : 0.0));
            }
        }

        _table = new ExactTable(pmf);
    }

    /// <summary>P(W = w).</summary>
    public double Pmf(long w) => _table.Pmf(w);

    /// <summary>P(W at most w).</summary>
    public double Cdf(long w) => _table.Cdf(w);

    /// <summary>P(W above w).</summary>
    public double Sf(long w) => _table.Sf(w);

    /// <summary>The smallest w with P(W at most w) at least p.</summary>
    public long Quantile(double p) => _table.Quantile(p);
}
