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
/// <param name="Autoregressive">The same model with first-order autoregressive errors, restricted likelihood.</param>
/// <param name="Averaged">The same averaged over the memory: the coefficients to answer with.</param>
/// <param name="Memory">Mean memory of neighbouring rows around the lines.</param>
/// <param name="Forecast">What came against the trend before; null when there are fewer than 6 rows before.</param>
/// <param name="Placebos">Every other start with at least 4 rows on either side.</param>
/// <param name="PlaceboShare">Share of those whose statistic is at least as large as the change's own; null without any.</param>
/// <param name="PermutationP">p of the change of level when blocks of the residuals around one line change places.</param>
/// <param name="BlockRows">Rows of a block.</param>
public sealed record InterruptedSeriesFit(
    ContrastResult Plain, LinearFit Segmented, CoefficientCovariance Errors, CoefficientCovariance FixedB, AutoregressiveFit Autoregressive, IReadOnlyList<CoefficientEstimate> Averaged, double Memory, TrendForecast? Forecast,
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
        var autoregressive = AutoregressiveErrors.Fit(Design(n, change), series, 1, AutoregressiveMethod.RestrictedLikelihood, level);
        var averaged = AveragedMemory.Fit(Design(n, change), series);
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
            autoregressive, averaged.Table(level), averaged.Memory, change >= FewestForForecast ? Foretold(series, change, level) : null, placebos,
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
        var (level, statistic) = new StepTest(y.Length, start).Of(y);
        return new PlaceboStart(start, level, statistic);
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
        var test = new StepTest(n, change);
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

            beyond += Math.Abs(test.Of(now).Statistic) >= own * (1.0 - 1e-12) ? 1 : 0;
        }

        return ((beyond + 1.0) / (Permutations + 1.0), block);
    }

    // The line through the rows before, at every memory; its forecasts start from the last row's own residual.
    static TrendForecast? Foretold(double[] y, int change, double level)
    {
        var trend = new double[change];
        for (var t = 0; t < change; t++)
        {
            trend[t] = t;
        }

        AveragedMemory fit;
        try
        {
            fit = AveragedMemory.Fit(DesignMatrix.WithIntercept([trend]), y.AsSpan(0, change));
        }
        catch (NotEstimableException)
        {
            return null;
        }

        var m = y.Length - change;
        var (centres, errors) = (Square(m, fit.Count), Square(m, fit.Count));
        var (mean, spread) = (new double[fit.Count], new double[fit.Count]);
        var actual = 0.0;
        for (var h = 0; h < m; h++)
        {
            actual += y[change + h] / m;
        }

        for (var i = 0; i < fit.Count; i++)
        {
            var (rho, sigma2) = (AveragedMemory.MemoryAt(i), fit.Innovation[i] * fit.Innovation[i]);
            double power = 1.0, variance = 0.0, ones = 0.0, slope = 0.0, carried = 0.0, shocks = 0.0, reach = 0.0;
            for (var h = 1; h <= m; h++)
            {
                power *= rho;
                variance = rho * rho * variance + 1.0;

                // An innovation enters the mean through all rows from its own on: its weight is (1 + rho + ...) / m.
                reach = 1.0 + rho * reach;
                shocks += reach * reach / m / m;
                double t = change + h - 1;
                double[] weight = [1.0 - power, t - power * (change - 1)];
                var (value, error) = fit.At(i, weight);

                // The residual carried over hangs on the same coefficients, so only the last row's own value is added.
                centres[h - 1][i] = value + power * y[change - 1];
                errors[h - 1][i] = Math.Sqrt(sigma2 * variance + error * error);
                ones += weight[0] / m;
                slope += weight[1] / m;
                carried += power * y[change - 1] / m;
            }

            var (line, lineError) = fit.At(i, [ones, slope]);
            mean[i] = actual - line - carried;
            spread[i] = Math.Sqrt(sigma2 * shocks + lineError * lineError);
        }

        var rows = centres.Select((c, h) => fit.Estimate("forecast", c, errors[h], level)).ToList();
        return new TrendForecast(fit.Estimate("actual less forecast", mean, spread, level), [.. rows.Select(r => r.Value)], [.. rows.Select(r => r.Low)], [.. rows.Select(r => r.High)]);
    }

    static double[][] Square(int rows, int columns)
    {
        var result = new double[rows][];
        for (var i = 0; i < rows; i++)
        {
            result[i] = new double[columns];
        }

        return result;
    }

    /// <summary>t of the change of level, rows independent: with the level orthogonalised last, one product and a sum of squares.</summary>
    sealed class StepTest
    {
        readonly double[][] _axes;
        readonly double _length;

        public StepTest(int n, int start)
        {
            var design = Design(n, start);
            double[][] columns = [design.Raw[0], design.Raw[1], design.Raw[Trend], design.Raw[Level]];
            _axes = Array.ConvertAll(columns, c => (double[])c.Clone());
            for (var j = 0; j < _axes.Length; j++)
            {
                for (var twice = 0; twice < 2; twice++)
                {
                    for (var i = 0; i < j; i++)
                    {
                        Vectors.AddScaled(_axes[j], _axes[i], -SmallMatrix.Dot(_axes[j], _axes[i]));
                    }
                }

                _length = Math.Sqrt(SmallMatrix.Dot(_axes[j], _axes[j]));
                for (var t = 0; t < n; t++)
                {
                    _axes[j][t] /= _length;
                }
            }
        }

        public (double Level, double Statistic) Of(double[] y)
        {
            var rest = (double[])y.Clone();
            var along = 0.0;
            foreach (var axis in _axes)
            {
                along = SmallMatrix.Dot(rest, axis);
                Vectors.AddScaled(rest, axis, -along);
            }

            var squares = SmallMatrix.Dot(rest, rest);
            var spread = Numerics.Moments.MeanVariance(y).M2;
            return squares > 1e-20 * spread
                ? (along / _length, along / Math.Sqrt(squares / (y.Length - _axes.Length)))
                : throw new NotEstimableException("The series lies exactly on its lines: there is nothing to hold a change against.");
        }
    }
}
