using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>Are neighbours in time alike? Tests on the residuals of a linear model whose rows are in order of time.</summary>
/// <remarks>
/// Sources: Durbin and Watson 1950; Breusch 1978 and Godfrey 1978; Ljung and Box 1978. Below 100 rows the Durbin-Watson p-value is exact for normal errors: the
/// chance that a quadratic form in normal variables is below 0, its characteristic function inverted as in Davies 1973 (Biometrika 60); beyond, normal with the exact mean and variance.
/// Agrees with R: lmtest <c>dwtest</c> and <c>bgtest</c>, stats <c>Box.test</c>.
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

    /// <summary>Durbin and Watson's statistic (2 without autocorrelation, towards 0 when neighbours are alike) against positive first-order autocorrelation.</summary>
    /// <param name="fit">A linear model with rows in order of time.</param>
    /// <exception cref="NotEstimableException">The fit is perfect.</exception>
    public static SerialTest DurbinWatson(LinearFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        RequireResiduals(fit);
        var e = fit.Residuals;
        var change = 0.0;
        for (var t = 1; t < e.Length; t++)
        {
            change += (e[t] - e[t - 1]) * (e[t] - e[t - 1]);
        }

        var d = change / SmallMatrix.Dot(e, e);
        return new SerialTest(d, 1, fit.Rows < ExactRows ? ExactDurbinWatson(fit, d) : NormalDurbinWatson(fit, d));
    }

    /// <summary>Breusch and Godfrey's test of autocorrelation up to an order; right also when the columns hold lags of the outcome.</summary>
    /// <param name="fit">A linear model with rows in order of time.</param>
    /// <param name="order">Highest lag, at least 1.</param>
    /// <exception cref="TooFewRowsException">No rows left for the regression of residuals on their lags.</exception>
    /// <exception cref="NotEstimableException">The fit is perfect.</exception>
    public static SerialTest BreuschGodfrey(LinearFit fit, int order)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        RequireResiduals(fit);
        var columns = new List<double[]>(fit.Design.Raw);
        for (var lag = 1; lag <= order; lag++)
        {
            var column = new double[fit.Rows];
            fit.Residuals[..Math.Max(0, fit.Rows - lag)].CopyTo(column.AsSpan(Math.Min(lag, fit.Rows)));
            columns.Add(column);
        }

        var auxiliary = LeastSquares.Fit(new DesignMatrix(columns), fit.Residuals);
        var statistic = fit.Rows * (1.0 - auxiliary.ResidualSumOfSquares / SmallMatrix.Dot(fit.Residuals, fit.Residuals));
        return new SerialTest(statistic, order, ChiSquared.Sf(Math.Max(0.0, statistic), order));
    }

    /// <summary>Ljung and Box's test that no autocorrelation up to a lag differs from 0.</summary>
    /// <param name="series">Residuals in order of time.</param>
    /// <param name="lags">Lags, below the length.</param>
    /// <param name="fitted">Autoregressive and moving average terms that were fitted to the series; taken off the degrees of freedom.</param>
    /// <exception cref="TooFewRowsException">No more values than lags.</exception>
    /// <exception cref="NotEstimableException">The series does not vary.</exception>
    public static SerialTest LjungBox(ReadOnlySpan<double> series, int lags, int fitted = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lags - fitted, 1, nameof(lags));
        var r = Autocorrelations(series, lags);
        if (r.Length == 0)
        {
            throw new NotEstimableException("The series does not vary, so it has no autocorrelation.");
        }

        var sum = 0.0;
        for (var lag = 1; lag <= lags; lag++)
        {
            sum += r[lag - 1] * r[lag - 1] / (series.Length - lag);
        }

        var q = series.Length * (series.Length + 2.0) * sum;
        return new SerialTest(q, lags - fitted, ChiSquared.Sf(q, lags - fitted));
    }

    const int ExactRows = 100;

    static void RequireResiduals(LinearFit fit)
    {
        if (!(fit.ResidualSumOfSquares > 0))
        {
            throw new NotEstimableException("The fit is perfect: there are no residuals to be alike.");
        }
    }

    // P(sum of (nu - d) z^2 < 0), nu the eigenvalues of M A with M the residual maker and A the matrix of squared differences.
    static double ExactDurbinWatson(LinearFit fit, double d)
    {
        var n = fit.Rows;
        var qr = HouseholderQr.Factor(fit.Design.Raw);
        var form = new double[n * n];
        var unit = new double[n];
        for (var c = 0; c < n; c++)
        {
            Array.Clear(unit);
            unit[c] = 1.0;
            var m = qr.Remainder(unit);
            var am = new double[n];
            for (var i = 0; i < n; i++)
            {
                am[i] = (i == 0 || i == n - 1 ? 1.0 : 2.0) * m[i] - (i > 0 ? m[i - 1] : 0.0) - (i < n - 1 ? m[i + 1] : 0.0);
            }

            qr.Remainder(am).CopyTo(form.AsSpan(c * n));
        }

        // M A M has the eigenvalues of M A and one 0 for each column of the design.
        var all = SymmetricEigen.Decompose(form, n).Values;
        var roots = new double[n - qr.Rank];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = all[i] - d;
        }

        return QuadraticFormBelowZero(roots);
    }

    static double QuadraticFormBelowZero(double[] lambda)
    {
        double largest = 0.0, mean = 0.0, square = 0.0;
        foreach (var l in lambda)
        {
            largest = Math.Max(largest, Math.Abs(l));
        }

        foreach (var l in lambda)
        {
            mean += l / largest;
            square += 2.0 * l * l / (largest * largest);
        }

        // Values beyond this reach have a probability below 1e-12; the step keeps their aliases out.
        var step = 2.0 * Math.PI / (Math.Abs(mean) + 12.0 * Math.Sqrt(square) + 80.0);
        var sum = 0.0;
        for (var k = 0; k < 1_000_000; k++)
        {
            var u = (k + 0.5) * step;
            double angle = 0.0, logSize = 0.0;
            foreach (var l in lambda)
            {
                var x = 2.0 * u * l / largest;
                angle += 0.5 * Math.Atan(x);
                logSize += 0.25 * Math.Log(1.0 + x * x);
            }

            sum += Math.Sin(angle) * Math.Exp(-logSize) / (k + 0.5);
            if (logSize > 40.0)
            {
                break;
            }
        }

        return Math.Clamp(0.5 - sum / Math.PI, 0.0, 1.0);
    }

    // Mean and variance as in Durbin and Watson 1950, from X'X, X'AX and X'A^2 X.
    static double NormalDurbinWatson(LinearFit fit, double d)
    {
        var n = fit.Rows;
        var k = fit.Design.Columns;
        var basis = fit.Basis(null);
        var z = new double[n * k];
        for (var i = 0; i < n; i++)
        {
            basis.Row(i, z.AsSpan(i * k, k));
        }

        var first = new double[n * k];
        var second = new double[n * k];
        Differences(z, first, n, k);
        Differences(first, second, n, k);
        var inverse = PlainInverse(z, n, k);
        var xax = SmallMatrix.Times(Product(z, first, n, k), inverse, k);
        var xaax = SmallMatrix.Times(Product(z, second, n, k), inverse, k);
        var p = 2.0 * (n - 1) - Trace(xax, k);
        var q = 2.0 * (3.0 * n - 4.0) - 2.0 * Trace(xaax, k) + Trace(SmallMatrix.Times(xax, xax, k), k);
        var mean = p / (n - k);
        var variance = 2.0 / ((n - k) * (n - k + 2.0)) * (q - p * mean);
        return Normal.Cdf((d - mean) / Math.Sqrt(variance));
    }

    static double[] PlainInverse(double[] z, int n, int k)
    {
        var factor = SmallMatrix.Cholesky(Product(z, z, n, k), k, 1e-14) ?? throw new NotEstimableException("The columns are too nearly dependent.");
        return SmallMatrix.InverseCholesky(factor, k);
    }

    static void Differences(double[] from, double[] to, int n, int k)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < k; j++)
            {
                to[i * k + j] = (i == 0 || i == n - 1 ? 1.0 : 2.0) * from[i * k + j] - (i > 0 ? from[(i - 1) * k + j] : 0.0) - (i < n - 1 ? from[(i + 1) * k + j] : 0.0);
            }
        }
    }

    static double[] Product(double[] a, double[] b, int n, int k)
    {
        var result = new double[k * k];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < k; j++)
            {
                Vectors.AddScaled(result.AsSpan(j * k, k), b.AsSpan(i * k, k), a[i * k + j]);
            }
        }

        return result;
    }

    static double Trace(double[] m, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < k; i++)
        {
            sum += m[i * k + i];
        }

        return sum;
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

/// <summary>A test of autocorrelation.</summary>
/// <param name="Statistic">Durbin-Watson's d, or a chi-square statistic.</param>
/// <param name="Degrees">Degrees of freedom, or the order tested.</param>
/// <param name="PValue">Chance of a statistic as extreme when rows are independent.</param>
public sealed record SerialTest(double Statistic, int Degrees, double PValue);
