using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Regression;

/// <summary>What came after a change, against what the line before it foretold.</summary>
/// <param name="Difference">Mean of the rows after less mean of their forecasts, with the interval of the forecasts' mean.</param>
/// <param name="Expected">Forecast of each row after the change.</param>
/// <param name="Low">Lower end of each forecast's own interval.</param>
/// <param name="High">Upper end.</param>
public sealed record TrendForecast(CoefficientEstimate Difference, IReadOnlyList<double> Expected, IReadOnlyList<double> Low, IReadOnlyList<double> High);

/// <summary>The change of level as it looks at other rows.</summary>
/// <param name="Start">First row after the imagined change, from 0.</param>
/// <param name="Level">Change of level there.</param>
/// <param name="Statistic">Its t, rows taken as independent.</param>
public sealed record PlaceboStart(int Start, double Level, double Statistic);

/// <summary>One series before and after a change, seen in several ways.</summary>
/// <param name="Plain">Difference of the means by Welch's test, as if rows were independent and without a trend.</param>
/// <param name="Segmented">Intercept, trend before, change of level at the change, change of trend: least squares.</param>
/// <param name="Errors">Errors of <paramref name="Segmented"/> by cosines with their own degrees of freedom.</param>
/// <param name="FixedB">The same by Newey and West with fixed-b critical values.</param>
/// <param name="Autoregressive">The same model with first-order autoregressive errors, maximum likelihood.</param>
/// <param name="Forecast">What came against the trend before; null when there are fewer than 6 rows before.</param>
/// <param name="Placebos">Every other start with at least 4 rows on either side.</param>
/// <param name="PlaceboShare">Share of those whose statistic is at least as large as the change's own; null without any.</param>
/// <param name="PermutationP">p of the change of level when blocks of the residuals around one line change places.</param>
/// <param name="BlockRows">Rows of a block.</param>
public sealed record InterruptedSeriesFit(
    ContrastResult Plain, LinearFit Segmented, CoefficientCovariance Errors, CoefficientCovariance FixedB, AutoregressiveFit Autoregressive, TrendForecast? Forecast,
    IReadOnlyList<PlaceboStart> Placebos, double? PlaceboShare, double PermutationP, int BlockRows);

/// <summary>Interrupted time series: did a series change its level or its trend at a known time?</summary>
/// <remarks>
/// Sources: Wagner et al. 2002, Journal of Clinical Pharmacy and Therapeutics 27; Bernal, Cummins and Gasparrini 2017, International Journal of Epidemiology 46 (segmented regression); Lazarus et al.
/// 2018 (errors); Schaffer, Dobbins and Pearson 2021 (placebo starts); blocks: Politis and White 2004 and 2009. Rows are equally spaced. With one series nothing tells the change from whatever else came then.
/// </remarks>
public static class InterruptedSeries
{
    const int FewestOnASide = 4;
    const int FewestForForecast = 6;
    const int Permutations = 1_999;

    /// <summary>Index of the change of level among the coefficients.</summary>
    public const int Level = 2;

    /// <summary>Index of the change of trend.</summary>
    public const int Trend = 3;

    /// <param name="y">The series in order of time.</param>
    /// <param name="change">First row after the change, from 0.</param>
    /// <param name="weights">Weight of each row, for example the number behind a rate; empty for none. Welch, forecast and autoregression do not use it.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="seed">Seed of the permutations.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 rows on a side, or 10 in all.</exception>
    /// <exception cref="NotEstimableException">The series lies exactly on its lines.</exception>
    public static InterruptedSeriesFit Fit(ReadOnlySpan<double> y, int change, ReadOnlySpan<double> weights = default, double level = 0.95, ulong seed = 1)
    {
        InferenceGuard.Level(level);
        RegressionGuard.Finite(y, "The series");
        var n = y.Length;
        var side = Math.Min(change, n - change);
        if (side < FewestOnASide || n < 10)
        {
            throw new TooFewRowsException(side < FewestOnASide ? "A side of the change" : "The series", side < FewestOnASide ? Math.Max(0, side) : n, side < FewestOnASide ? FewestOnASide : 10);
        }

        var series = y.ToArray();
        var segmented = LeastSquares.Fit(Design(n, change), series, weights.IsEmpty ? null : weights.ToArray());
        var autoregressive = AutoregressiveErrors.Fit(Design(n, change), series, 1, AutoregressiveMethod.MaximumLikelihood, level);
        var placebos = new List<PlaceboStart>();
        for (var start = FewestOnASide; start <= n - FewestOnASide; start++)
        {
            if (start != change)
            {
                placebos.Add(At(series, start));
            }
        }

        var own = Math.Abs(At(series, change).Statistic);
        var (p, block) = Permuted(series, change, own, seed);
        return new InterruptedSeriesFit(
            WelchT.Test(series.AsSpan(change), series.AsSpan(0, change), level), segmented, HarErrors.EqualWeightedCosine(segmented), HarErrors.FixedB(segmented),
            autoregressive, change >= FewestForForecast ? Foretold(series, change, level) : null, placebos,
            placebos.Count > 0 ? placebos.Count(s => Math.Abs(s.Statistic) >= own) / (double)placebos.Count : null, p, block);
    }

    /// <summary>How often Welch's test at 5 % calls a change in normal series that keep a share of the row before and never change.</summary>
    /// <param name="before">Rows before.</param>
    /// <param name="after">Rows after.</param>
    /// <param name="memory">Autocorrelation of neighbours, in (-1, 1).</param>
    /// <param name="draws">Series drawn.</param>
    /// <param name="seed">Seed.</param>
    public static double PlainSize(int before, int after, double memory, int draws = 4_000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(before, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (!(Math.Abs(memory) < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(memory), memory, "The autocorrelation lies between -1 and 1.");
        }

        var rng = new Rng(seed).Stream("interrupted-size");
        var series = new double[before + after];
        var called = 0;
        for (var d = 0; d < draws; d++)
        {
            var now = rng.NextNormal() / Math.Sqrt(1.0 - memory * memory);
            for (var t = 0; t < series.Length; t++)
            {
                series[t] = now;
                now = memory * now + rng.NextNormal();
            }

            called += WelchT.Test(series.AsSpan(before), series.AsSpan(0, before)).PValue < 0.05 ? 1 : 0;
        }

        return (double)called / draws;
    }

    static DesignMatrix Design(int n, int change)
    {
        var columns = new double[3][];
        for (var c = 0; c < 3; c++)
        {
            columns[c] = new double[n];
        }

        for (var t = 0; t < n; t++)
        {
            columns[0][t] = t;
            columns[1][t] = t >= change ? 1.0 : 0.0;
            columns[2][t] = t >= change ? t - change : 0.0;
        }

        return DesignMatrix.WithIntercept(columns, ["trend before", "change of level", "change of trend"]);
    }

    static PlaceboStart At(double[] y, int start)
    {
        var fit = LeastSquares.Fit(Design(y.Length, start), y);
        if (!(fit.ResidualSumOfSquares > 0))
        {
            throw new NotEstimableException("The series lies exactly on its lines: there is nothing to hold a change against.");
        }

        var row = RobustErrors.Classical(fit).Table(fit)[Level];
        return new PlaceboStart(start, row.Value, row.Statistic ?? 0.0);
    }

    // Residuals around one line, in blocks that keep neighbours together, change places; ties count, and the order seen counts as one.
    static (double P, int Block) Permuted(double[] y, int change, double own, ulong seed)
    {
        var n = y.Length;
        var trend = new double[n];
        for (var t = 0; t < n; t++)
        {
            trend[t] = t;
        }

        var line = LeastSquares.Fit(DesignMatrix.WithIntercept([trend]), y);
        var residuals = line.Residuals.ToArray();
        var fitted = line.Fitted();
        var block = Math.Clamp((int)Math.Round(BlockLength.Automatic(residuals).Circular), 1, Math.Max(1, n / 5));
        var rng = new Rng(seed).Stream("block-permutation");
        var order = new int[(n + block - 1) / block];
        var now = new double[n];
        var beyond = 0;
        for (var draw = 0; draw < Permutations; draw++)
        {
            for (var b = 0; b < order.Length; b++)
            {
                order[b] = b;
            }

            rng.Shuffle<int>(order);

            // Blocks are cut at a random place of the circle, so that no cut is special.
            var shift = rng.NextInt(n);
            var at = 0;
            foreach (var b in order)
            {
                for (var j = b * block; j < Math.Min(n, (b + 1) * block); j++)
                {
                    now[at] = fitted[at] + residuals[(j + shift) % n];
                    at++;
                }
            }

            beyond += Math.Abs(At(now, change).Statistic) >= own * (1.0 - 1e-12) ? 1 : 0;
        }

        return ((beyond + 1.0) / (Permutations + 1.0), block);
    }

    // A line with first-order autoregressive errors through the rows before; its forecasts start from the last row's own residual.
    static TrendForecast? Foretold(double[] y, int change, double level)
    {
        var trend = new double[change];
        for (var t = 0; t < change; t++)
        {
            trend[t] = t;
        }

        AutoregressiveFit fit;
        try
        {
            fit = AutoregressiveErrors.Fit(DesignMatrix.WithIntercept([trend]), y.AsSpan(0, change), 1, AutoregressiveMethod.MaximumLikelihood, level);
        }
        catch (NotEstimableException)
        {
            return null;
        }

        var (m, rho) = (y.Length - change, fit.Autoregression[0]);
        double[] values = [fit.Coefficients[0].Value, fit.Coefficients[1].Value];
        var (expected, low, high) = (new double[m], new double[m], new double[m]);
        var quantile = StudentT.UpperQuantile(0.5 * (1.0 - level), change - 2);
        var sigma2 = fit.InnovationSigma * fit.InnovationSigma;
        double meanActual = 0.0, meanExpected = 0.0, ones = 0.0, slope = 0.0, power = 1.0, spread = 0.0;
        for (var h = 1; h <= m; h++)
        {
            power *= rho;
            var t = change + h - 1;
            expected[h - 1] = values[0] + values[1] * t + power * fit.Residuals[^1];

            // The residual carried over hangs on the same coefficients.
            double[] weight = [1.0 - power, t - power * (change - 1)];
            spread = rho * rho * spread + 1.0;
            var error = Math.Sqrt(sigma2 * spread + Math.Pow(fit.Covariance.Contrast(values, weight).StandardError, 2));
            (low[h - 1], high[h - 1]) = (expected[h - 1] - quantile * error, expected[h - 1] + quantile * error);
            meanActual += y[t] / m;
            meanExpected += expected[h - 1] / m;
            ones += weight[0] / m;
            slope += weight[1] / m;
        }

        // Innovation s enters all rows from s on: its weight in the mean is (1 - rho^(m - s + 1)) / (1 - rho) / m.
        var shocks = 0.0;
        for (var s = 1; s <= m; s++)
        {
            var weight = 0.0;
            var factor = 1.0;
            for (var h = s; h <= m; h++)
            {
                weight += factor / m;
                factor *= rho;
            }

            shocks += weight * weight;
        }

        var total = Math.Sqrt(sigma2 * shocks + Math.Pow(fit.Covariance.Contrast(values, [ones, slope]).StandardError, 2));
        return new TrendForecast(CoefficientCovariance.Estimate("actual less forecast", meanActual - meanExpected, total, change - 2, level), expected, low, high);
    }
}
