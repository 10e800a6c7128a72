using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Regression;

/// <summary>Are neighbours in time alike? Tests on the residuals of a linear model whose rows are in order of time.</summary>
/// <remarks>
/// Sources: Durbin and Watson 1950; Breusch 1978 and Godfrey 1978; Ljung and Box 1978. The Durbin-Watson p-value is exact for normal errors: the chance that a
/// quadratic form in normal variables is below 0, by Davies 1980 (Applied Statistics 29) up to 2,000 rows, by the normal approximation beyond.
/// Agrees with R: lmtest <c>dwtest</c>, <c>bgtest</c>, stats <c>Box.test</c>.
/// </remarks>
public static class SerialCorrelation
{
    /// <summary>Autocorrelations at lags 1, 2, ... around the series' mean; empty when the series does not vary.</summary>
    /// <param name="series">Values in order of time.</param>
    /// <param name="lags">Number of lags, below the length.</param>
    public static double[] Autocorrelations(ReadOnlySpan<double> series, int lags)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lags);
        if (lags >= series.Length)
        {
            throw new TooFewRowsException("The series", series.Length, lags + 1L);
        }

        RegressionGuard.Finite(series, "The series");
        var mean = Mean(series);
        var d = new double[series.Length];
        for (var i = 0; i < d.Length; i++)
        {
            d[i] = (series[i] - mean.High) - mean.Low;
        }

        var total = Products(d, d);
        if (!(total > 0))
        {
            return [];
        }

        var result = new double[lags];
        for (var lag = 1; lag <= lags; lag++)
        {
            result[lag - 1] = Products(d.AsSpan(lag), d.AsSpan(0, d.Length - lag)) / total;
        }

        return result;
    }

    static (double High, double Low) Mean(ReadOnlySpan<double> series)
    {
        var sum = new ExactSum();
        sum.Add(series);
        var high = sum.ToDouble() / series.Length;
        foreach (var _ in series)
        {
            sum.Add(-high);
        }

        return (high, sum.ToDouble() / series.Length);
    }

    static double Products(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new ExactSum();
        for (var i = 0; i < a.Length; i++)
        {
            var product = a[i] * b[i];
            sum.Add(product);
            sum.Add(Math.FusedMultiplyAdd(a[i], b[i], -product));
        }

        return sum.ToDouble();
    }
}
