namespace Gnomon.Numerics.Distributions;

/// <summary>A distribution on 0, 1, ... as a table of probabilities with sums from both ends.</summary>
internal sealed class ExactTable
{
    readonly double[] _pmf;
    readonly double[] _atMost;
    readonly double[] _atLeast;

    /// <param name="pmf">P(X = 0), P(X = 1), ...; positive terms, each relatively accurate.</param>
    public ExactTable(double[] pmf)
    {
        _pmf = pmf;
        _atMost = new double[pmf.Length];
        _atLeast = new double[pmf.Length];
        var sum = 0.0;
        for (var k = 0; k < pmf.Length; k++)
        {
            _atMost[k] = Math.Min(1.0, sum += pmf[k]);
        }

        sum = 0.0;
        for (var k = pmf.Length - 1; k >= 0; k--)
        {
            _atLeast[k] = Math.Min(1.0, sum += pmf[k]);
        }
    }

    public double Pmf(long k) => k < 0 || k >= _pmf.Length ? 0.0 : _pmf[k];

    public double Cdf(long k) => k < 0 ? 0.0 : k >= _pmf.Length - 1 ? 1.0 : _atMost[k];

    public double Sf(long k) => k < 0 ? 1.0 : k >= _pmf.Length - 1 ? 0.0 : _atLeast[k + 1];

    public long Quantile(double p)
    {
        Require.Probability(p);

        // Sums are rounded: a p that is a sum of the table must find its own place.
        return DiscreteQuantile.Smallest(0, _pmf.Length - 1, k => _atMost[k] >= p * (1.0 - 1e-13));
    }
}
