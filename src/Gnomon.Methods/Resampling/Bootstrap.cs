using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>A statistic of a sample; it must not keep the span.</summary>
public delegate double SampleStatistic(ReadOnlySpan<double> sample);

/// <summary>Bootstrap intervals of a mean, of a difference of two means and of any statistic of one sample.</summary>
/// <remarks>
/// Sources: Efron 1987, JASA 82 (BCa); Efron and Tibshirani 1993, chapters 12 to 14; DiCiccio and Efron 1996, Statistical Science 11. Percentiles interpolate
/// linearly (Hyndman and Fan type 7), and the two-sample acceleration adds the samples' influence, both as scipy does. Rows must be independent.
/// </remarks>
public static class Bootstrap
{
    const int BlockLength = 32;

    /// <summary>Interval of the mean.</summary>
    /// <param name="sample">Finite values, at least 2.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">All values are equal.</exception>
    public static BootstrapResult Mean(ReadOnlySpan<double> sample, BootstrapOptions? options = null)
    {
        options ??= new();
        options.Check();
        var x = CentredSample.Of(sample, "The sample");
        RequireSpread(x.Moments.M2);
        var n = x.Deviations.Length;
        if (options.Kind == BootstrapKind.Studentised)
        {
            var draws = Draw(options, rng => Drawn.Of(Resample.SumAndSquares(x.Deviations, rng), n));
            return Studentised(options, x.Moments.Mean, x.Moments.StandardError, draws, "the mean");
        }

        var deviations = Draw(options, rng => Resample.Sum(x.Deviations, rng) / n);
        return Percentiles(options, x.Moments.Mean, deviations, x.ThirdInfluence, x.SecondInfluence, "the mean");
    }

    /// <summary>Interval of the median.</summary>
    /// <remarks>
    /// A resample's median needs no resample: the k-th smallest of n draws from the sorted sample is the value at floor(n U), where U is the k-th smallest of n uniform numbers
    /// and so beta-distributed (David and Nagaraja 2003, section 2.3). The draws have exactly the distribution of medians of resamples, at a cost that does not grow with n.
    /// </remarks>
    /// <param name="sample">Finite values, at least 2.</param>
    /// <param name="options">Settings; null for the defaults. Studentised is refused, since a median has no standard error of its own.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">The median does not vary over resamples or over rows left out.</exception>
    public static BootstrapResult Median(ReadOnlySpan<double> sample, BootstrapOptions? options = null)
    {
        options = WithoutStudentised(sample.Length, options);

        var sorted = sample.ToArray();
        Array.ForEach(sorted, value => Finite(value));
        Array.Sort(sorted);
        var median = new SortedMedian(sorted);
        var deviations = Draw(options, rng => median.Resampled(rng) - median.Value);
        var influence = median.LeftOut();
        double n = sorted.Length;
        return Percentiles(options, median.Value, deviations, (influence.M3 ?? 0.0) / (n * n * n), influence.M2 / (n * n), "the median");
    }

    /// <summary>Interval of mean(x) - mean(y) for independent samples.</summary>
    /// <param name="x">Finite values, at least 2.</param>
    /// <param name="y">Finite values, at least 2.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">Neither sample varies.</exception>
    public static BootstrapResult DifferenceOfMeans(ReadOnlySpan<double> x, ReadOnlySpan<double> y, BootstrapOptions? options = null)
    {
        options ??= new();
        options.Check();
        var a = CentredSample.Of(x, "The first sample");
        var b = CentredSample.Of(y, "The second sample");
        RequireSpread(a.Moments.M2 + b.Moments.M2);
        var estimate = a.Moments.Mean - b.Moments.Mean;
        var (n, m) = (a.Deviations.Length, b.Deviations.Length);
        if (options.Kind == BootstrapKind.Studentised)
        {
            var error = Math.Sqrt(a.Moments.VarianceOfMean + b.Moments.VarianceOfMean);
            var draws = Draw(options, rng =>
                Drawn.Of(Resample.SumAndSquares(a.Deviations, rng), n).Minus(Drawn.Of(Resample.SumAndSquares(b.Deviations, rng), m)));
            return Studentised(options, estimate, error, draws, "the difference of means");
        }

        var deviations = Draw(options, rng => Resample.Sum(a.Deviations, rng) / n - Resample.Sum(b.Deviations, rng) / m);
        return Percentiles(
            options, estimate, deviations, a.ThirdInfluence - b.ThirdInfluence, a.SecondInfluence + b.SecondInfluence, "the difference of means");
    }

    /// <summary>Interval of any statistic. BCa calls it once more for every row left out, so its cost grows with n squared for statistics of cost n.</summary>
    /// <param name="sample">Finite values, at least 2.</param>
    /// <param name="statistic">Called from several threads at once; finite on every resample.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The statistic is not finite on a resample, or the kind is studentised.</exception>
    /// <exception cref="NotEstimableException">The statistic does not vary over resamples or over rows left out.</exception>
    public static BootstrapResult Statistic(ReadOnlySpan<double> sample, SampleStatistic statistic, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        options = WithoutStudentised(sample.Length, options);

        var data = sample.ToArray();
        var estimate = Finite(statistic(data));
        var deviations = Draw(options, rng =>
        {
            var buffer = new double[data.Length];
            Resample.Fill(data, buffer, rng);
            return statistic(buffer) - estimate;
        });
        Array.ForEach(deviations, deviation => Finite(deviation));
        var influence = options.Kind == BootstrapKind.Percentile ? null : Jackknife(data, statistic);
        double n = data.Length;
        return Percentiles(options, estimate, deviations, (influence?.M3 ?? 0.0) / (n * n * n), (influence?.M2 ?? 0.0) / (n * n), "the statistic");
    }

    // Block i of resamples draws from its own stream, whichever thread runs it.
    internal static T[] Draw<T>(BootstrapOptions options, Func<Rng, T> resample)
    {
        var draws = new T[options.Resamples];
        var root = new Rng(options.Seed);
        var blocks = (draws.Length + BlockLength - 1) / BlockLength;
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1 }, block =>
        {
            var rng = root.Stream("bootstrap", block);
            var end = Math.Min(draws.Length, (block + 1) * BlockLength);
            for (var i = block * BlockLength; i < end; i++)
            {
                draws[i] = resample(rng);
            }
        });
        return draws;
    }

    internal static BootstrapResult Percentiles(
        BootstrapOptions options, double estimate, double[] deviations, double thirdInfluence, double secondInfluence, string what)
    {
        Array.Sort(deviations);
        var error = Moments.MeanVariance(deviations).StandardDeviation;
        var tail = 0.5 * (1.0 - options.Level);
        if (options.Kind == BootstrapKind.Percentile)
        {
            var plain = new Interval(estimate + SortedQuantile(deviations, tail), estimate + SortedQuantile(deviations, 1.0 - tail));
            return new(estimate, plain, error, options.Resamples, options.Level, $"percentile bootstrap of {what}", null, null);
        }

        if (!(secondInfluence > 0))
        {
            throw new NotEstimableException("Leaving out single rows never changes the statistic, so the BCa interval has no acceleration.");
        }

        var correction = BiasCorrected.Of(deviations, error, thirdInfluence / (6.0 * Math.Pow(secondInfluence, 1.5)));
        var interval = new Interval(
            estimate + SortedQuantile(deviations, correction.Share(tail)), estimate + SortedQuantile(deviations, correction.Share(1.0 - tail)));
        return new(
            estimate, interval, error, options.Resamples, options.Level, $"BCa bootstrap of {what}", correction.BiasCorrection, correction.Acceleration);
    }

    static BootstrapResult Studentised(BootstrapOptions options, double estimate, double error, Drawn[] draws, string what)
    {
        var statistics = new List<double>(draws.Length);
        foreach (var draw in draws)
        {
            if (draw.VarianceOfMean > 0)
            {
                statistics.Add(draw.Mean / Math.Sqrt(draw.VarianceOfMean));
            }
        }

        if (statistics.Count < 0.99 * draws.Length)
        {
            throw new NotEstimableException("More than 1 % of the resamples do not vary; the sample is too small or too coarse for a studentised interval.");
        }

        var sorted = statistics.ToArray();
        Array.Sort(sorted);
        var tail = 0.5 * (1.0 - options.Level);
        var interval = new Interval(estimate - error * SortedQuantile(sorted, 1.0 - tail), estimate - error * SortedQuantile(sorted, tail));
        var spread = Moments.MeanVariance(Array.ConvertAll(draws, draw => draw.Mean)).StandardDeviation;
        return new(estimate, interval, spread, sorted.Length, options.Level, $"studentised bootstrap of {what}", null, null);
    }

    // Moments of the jackknife's influence values (n - 1) (mean of left-out statistics - left-out statistic).
    static Moments Jackknife(double[] data, SampleStatistic statistic)
    {
        var n = data.Length;
        var values = new double[n];
        Parallel.For(0, (n + BlockLength - 1) / BlockLength, block =>
        {
            var rest = new double[n - 1];
            for (var i = block * BlockLength; i < Math.Min(n, (block + 1) * BlockLength); i++)
            {
                data.AsSpan(0, i).CopyTo(rest);
                data.AsSpan(i + 1).CopyTo(rest.AsSpan(i));
                values[i] = -(n - 1.0) * statistic(rest);
            }
        });
        Array.ForEach(values, value => Finite(value));
        return Moments.Of(values);
    }

    static double SortedQuantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    static BootstrapOptions WithoutStudentised(int rows, BootstrapOptions? options)
    {
        options ??= new();
        options.Check();
        if (options.Kind == BootstrapKind.Studentised)
        {
            throw new ArgumentException("A studentised interval needs a standard error of each resample; take BCa or percentile.", nameof(options));
        }

        return rows < 2 ? throw new TooFewRowsException("The sample", rows, 2) : options;
    }

    internal static double Finite(double value) => double.IsFinite(value)
        ? value
        : throw new ArgumentException("The statistic is not finite on a resample of these data.", nameof(value));

    static void RequireSpread(double sumOfSquares)
    {
        if (!(sumOfSquares > 0))
        {
            throw new NotEstimableException("The values do not vary, so resampling them says nothing.");
        }
    }
}
