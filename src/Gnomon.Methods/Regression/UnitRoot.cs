using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>A test of a wandering series.</summary>
/// <param name="Statistic">Dickey-Fuller's t, or KPSS's eta.</param>
/// <param name="Lags">Lags used.</param>
/// <param name="PValue">For KPSS within the table's range, 0.01 to 0.10.</param>
public sealed record UnitRootTest(double Statistic, int Lags, double PValue);

/// <summary>Does a series wander without a level to return to?</summary>
/// <remarks>
/// Sources: Said and Dickey 1984 with MacKinnon's 1994 response surfaces (JBES 12) for the p-value; Kwiatkowski, Phillips, Schmidt and Shin 1992, table 1,
/// interpolated, with Bartlett weights over the rounded-up 12 (n/100)^(1/4) lags. Agrees with statsmodels <c>adfuller</c> and <c>kpss</c>.
/// </remarks>
public static class UnitRoot
{
    /// <summary>Augmented Dickey-Fuller with a constant; the null hypothesis is a unit root.</summary>
    /// <param name="series">Values in order of time, equally spaced.</param>
    /// <param name="withTrend">Add a linear trend.</param>
    /// <param name="lags">Lagged changes; null for the smallest Akaike criterion up to 12 (n/100)^(1/4).</param>
    /// <exception cref="TooFewRowsException">Fewer than 12 values, or too few for the lags.</exception>
    /// <exception cref="NotEstimableException">The series does not vary.</exception>
    public static UnitRootTest DickeyFuller(ReadOnlySpan<double> series, bool withTrend = false, int? lags = null)
    {
        Require(series);
        var n = series.Length;
        var x = series.ToArray();
        var extra = withTrend ? 2 : 1;
        var most = lags ?? Math.Max(0, Math.Min((int)Math.Ceiling(12.0 * Math.Pow(n / 100.0, 0.25)), n / 2 - extra - 1));
        var chosen = most;
        if (lags is null)
        {
            // All candidates on the same rows, as the criterion needs.
            var best = double.PositiveInfinity;
            for (var p = 0; p <= most; p++)
            {
                var aic = Regress(x, p, most, withTrend).Aic ?? double.NegativeInfinity;
                if (aic < best)
                {
                    (best, chosen) = (aic, p);
                }
            }
        }

        var fit = Regress(x, chosen, chosen, withTrend);
        var level = fit.IndexOf("level");
        var error = RobustErrors.Classical(fit).StandardError(level);
        if (!(error > 0))
        {
            throw new NotEstimableException("The changes of the series are fitted perfectly.");
        }

        var t = fit.Coefficients[level] / error;
        return new UnitRootTest(t, chosen, MacKinnon(t, withTrend));
    }

    /// <summary>KPSS; the null hypothesis is a series that returns to its level (or trend).</summary>
    /// <param name="series">Values in order of time, equally spaced.</param>
    /// <param name="withTrend">Around a linear trend instead of a level.</param>
    /// <exception cref="TooFewRowsException">Fewer than 12 values.</exception>
    /// <exception cref="NotEstimableException">The series does not vary.</exception>
    public static UnitRootTest Kpss(ReadOnlySpan<double> series, bool withTrend = false)
    {
        Require(series);
        var n = series.Length;
        var time = new double[n];
        for (var i = 0; i < n; i++)
        {
            time[i] = i + 1;
        }

        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept(withTrend ? [time] : [], rows: n), series);
        if (!(fit.ResidualSumOfSquares > 0))
        {
            throw new NotEstimableException("The series lies on its trend.");
        }

        double sum = 0.0, eta = 0.0;
        foreach (var e in fit.Residuals)
        {
            sum += e;
            eta += sum * sum;
        }

        var lags = Math.Min((int)Math.Ceiling(12.0 * Math.Pow(n / 100.0, 0.25)), n - 1);
        var variance = 0.0;
        for (var lag = 0; lag <= lags; lag++)
        {
            variance += (lag == 0 ? 1.0 : 2.0 * (1.0 - lag / (lags + 1.0))) * SmallMatrix.Dot(fit.Residuals[lag..], fit.Residuals[..(n - lag)]);
        }

        var statistic = eta / n / variance;
        return new UnitRootTest(statistic, lags, Interpolate(statistic, withTrend ? [0.119, 0.146, 0.176, 0.216] : [0.347, 0.463, 0.574, 0.739]));
    }

    static LinearFit Regress(double[] x, int lags, int dropped, bool withTrend)
    {
        var rows = x.Length - 1 - dropped;
        if (rows < 2)
        {
            throw new TooFewRowsException("The Dickey-Fuller regression", rows, lags + 4L);
        }

        double[] Of(Func<int, double> value)
        {
            var column = new double[rows];
            for (var i = 0; i < rows; i++)
            {
                column[i] = value(dropped + 1 + i);
            }

            return column;
        }

        var columns = new List<double[]> { Of(t => x[t - 1]) };
        var names = new List<string> { "level" };
        for (var lag = 1; lag <= lags; lag++)
        {
            var back = lag;
            columns.Add(Of(t => x[t - back] - x[t - back - 1]));
            names.Add($"change {lag}");
        }

        if (withTrend)
        {
            columns.Add(Of(t => t));
            names.Add("trend");
        }

        return LeastSquares.Fit(DesignMatrix.WithIntercept(columns, names), Of(t => x[t] - x[t - 1]));
    }

    static double MacKinnon(double t, bool withTrend)
    {
        var (low, high, middle) = withTrend ? (-16.18, 0.70, -2.89) : (-18.83, 2.74, -1.61);
        if (t > high)
        {
            return 1.0;
        }

        if (t < low)
        {
            return 0.0;
        }

        ReadOnlySpan<double> c = (t <= middle, withTrend) switch
        {
            (true, false) => [2.1659, 1.4412, 0.038269],
            (false, false) => [1.7339, 0.93202, -0.12745, -0.010368],
            (true, true) => [3.2512, 1.6047, 0.049588],
            _ => [2.5261, 0.61654, -0.37956, -0.060285],
        };
        var value = 0.0;
        for (var i = c.Length - 1; i >= 0; i--)
        {
            value = value * t + c[i];
        }

        return Normal.Cdf(value);
    }

    static double Interpolate(double statistic, double[] critical)
    {
        double[] p = [0.10, 0.05, 0.025, 0.01];
        if (statistic <= critical[0])
        {
            return p[0];
        }

        for (var i = 1; i < critical.Length; i++)
        {
            if (statistic <= critical[i])
            {
                return p[i - 1] + (p[i] - p[i - 1]) * (statistic - critical[i - 1]) / (critical[i] - critical[i - 1]);
            }
        }

        return p[^1];
    }

    static void Require(ReadOnlySpan<double> series)
    {
        if (series.Length < 12)
        {
            throw new TooFewRowsException("The series", series.Length, 12);
        }

        RegressionGuard.Finite(series, "The series");
        if (!series.ContainsAnyExcept(series[0]))
        {
            throw new NotEstimableException("The series does not vary.");
        }
    }
}
