using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Resampling;

/// <summary>Blocks, clusters and the jackknife. Source: numpy by the papers' formulas (tests/reference/resampling/make-blocks.py).</summary>
public sealed class DependentResamplingTests
{
    private static readonly JsonElement R = MethodReference.Load("resampling/blocks.json");

    private static double Mean(ReadOnlySpan<double> x) => Moments.MeanVariance(x).Mean;

    private static double Ratio(ReadOnlySpan<double> x)
    {
        var m = Moments.MeanVariance(x);
        return m.M2 / m.Count / m.Mean;
    }

    // Closed form: 1e-9.
    [Fact]
    public void Block_lengths_are_those_of_the_papers()
    {
        foreach (var series in R.GetProperty("series").EnumerateObject())
        {
            var length = BlockLength.Automatic(series.Value.Numbers("values"));
            MethodReference.Close(series.Value.Number("stationary"), length.Stationary, 1e-9);
            MethodReference.Close(series.Value.Number("circular"), length.Circular, 1e-9);
        }
    }

    // Closed forms of the standard error of the mean; 40,000 resamples: 2 %.
    [Fact]
    public void Resampled_means_have_the_spread_of_the_closed_form()
    {
        var x = R.GetProperty("series").GetProperty("rho50").Numbers("values");
        var e = R.GetProperty("meanErrors");
        var options = new BootstrapOptions { Kind = BootstrapKind.Percentile, Resamples = 40_000 };
        MethodReference.Close(e.Number("stationary"), BlockBootstrap.Statistic(x, Mean, BlockScheme.Stationary, e.Number("length"), options).StandardError, 0.02);
        MethodReference.Close(e.Number("circular"), BlockBootstrap.Statistic(x, Mean, BlockScheme.Circular, e.Number("length"), options).StandardError, 0.02);
    }

    [Fact]
    public void Blocks_of_one_row_are_the_plain_bootstrap_and_moving_blocks_of_all_rows_never_vary()
    {
        var x = R.Numbers("sample");
        var options = new BootstrapOptions { Kind = BootstrapKind.Percentile, Resamples = 20_000 };
        var plain = Bootstrap.Mean(x, options);
        MethodReference.Close(plain.StandardError, BlockBootstrap.Statistic(x, Mean, BlockScheme.Moving, 1, options).StandardError, 0.03);
        MethodReference.Close(plain.StandardError, BlockBootstrap.Statistic(x, Mean, BlockScheme.Stationary, 1, options).StandardError, 0.03);
        Assert.Throws<NotEstimableException>(() => BlockBootstrap.Statistic(x, Mean, BlockScheme.Moving, x.Length, options));
    }

    [Fact]
    public void The_jackknife_agrees_with_its_definition()
    {
        var x = R.Numbers("sample");
        var one = Jackknife.Statistic(x, Ratio);
        var e = R.GetProperty("jackknife");
        MethodReference.Close(e.Number("estimate"), one.Estimate, 1e-12);
        MethodReference.Close(e.Number("bias"), one.Bias, 1e-9);
        MethodReference.Close(e.Number("error"), one.StandardError, 1e-10);
        int[] groups = [.. R.Numbers("groups").Select(g => (int)g)];
        var many = Jackknife.Rows(x.Length, rows => Ratio(Array.ConvertAll(rows, i => x[i])), groups);
        e = R.GetProperty("groupJackknife");
        MethodReference.Close(e.Number("bias"), many.Bias, 1e-9);
        MethodReference.Close(e.Number("error"), many.StandardError, 1e-10);

        // The mean's jackknife is its usual error, and it has no bias.
        var mean = Jackknife.Statistic(x, Mean);
        MethodReference.Close(Moments.MeanVariance(x).StandardError, mean.StandardError, 1e-10);
        Assert.Equal(0, mean.Bias, 1e-10);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var x = R.GetProperty("series").GetProperty("rho50").Numbers("values");
        int[] clusters = [.. Enumerable.Range(0, x.Length).Select(i => i / 8)];
        double Statistic(ReadOnlySpan<int> rows)
        {
            var sum = 0.0;
            foreach (var i in rows)
            {
                sum += x[i];
            }

            return sum / rows.Length;
        }

        var options = new BootstrapOptions { Resamples = 999, Threads = 1 };
        var percentile = options with { Kind = BootstrapKind.Percentile };
        Assert.Equal(BlockBootstrap.Statistic(x, Mean, options: percentile), BlockBootstrap.Statistic(x, Mean, options: percentile with { Threads = 4 }));
        Assert.Equal(ClusterBootstrap.Statistic(clusters, Statistic, options), ClusterBootstrap.Statistic(clusters, Statistic, options with { Threads = 4 }));
        Assert.Equal(Jackknife.Statistic(x, Mean, threads: 1).StandardError, Jackknife.Statistic(x, Mean, threads: 4).StandardError);
    }

    [Fact]
    public void Too_little_is_refused_by_name()
    {
        Assert.Throws<TooFewRowsException>(() => BlockBootstrap.Statistic([1, 2, 3], Mean));
        Assert.Throws<TooFewRowsException>(() => ClusterBootstrap.Statistic([1, 1, 2, 2], rows => rows.Length));
        Assert.Throws<TooFewRowsException>(() => Jackknife.Statistic([1, 2], Mean));
        Assert.Throws<NotEstimableException>(() => BlockLength.Automatic([4, 4, 4, 4, 4, 4, 4, 4, 4]));
        Assert.Throws<ArgumentException>(() => BlockBootstrap.Statistic(R.Numbers("sample"), Mean, options: new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => BlockBootstrap.Statistic(R.Numbers("sample"), Mean, length: 41));
    }

    // The mean of 200 values with memory 0.5, 400 series: blocks cover 88 to 90 % (moving ones least) where plain resampling covers 75 %: block bootstraps of short series stay a little short. 40 clusters of 5 rows that share half their variance: 94 % against 73 %.
    [Fact, Trait("speed", "slow")]
    public void Blocks_and_clusters_cover()
    {
        int stationary = 0, circular = 0, moving = 0, plain = 0, clustered = 0, rowwise = 0, jackknife = 0;
        const int sets = 400;
        var options = new BootstrapOptions { Kind = BootstrapKind.Percentile, Resamples = 399 };
        for (var k = 0; k < sets; k++)
        {
            var rng = new Rng(k).Stream("cover");
            var x = new double[200];
            var now = rng.NextNormal() / Math.Sqrt(0.75);
            for (var t = 0; t < x.Length; t++)
            {
                x[t] = now;
                now = (0.5 * now) + rng.NextNormal();
            }

            stationary += Has(BlockBootstrap.Statistic(x, Mean, BlockScheme.Stationary, null, options).Interval);
            circular += Has(BlockBootstrap.Statistic(x, Mean, BlockScheme.Circular, null, options).Interval);
            moving += Has(BlockBootstrap.Statistic(x, Mean, BlockScheme.Moving, null, options).Interval);
            plain += Has(Bootstrap.Mean(x, options).Interval);
            int[] clusters = [.. Enumerable.Range(0, 200).Select(i => i / 5)];
            double[] own = [.. Enumerable.Range(0, 40).Select(_ => rng.NextNormal())];
            double[] y = [.. clusters.Select(c => own[c] + rng.NextNormal())];
            clustered += Has(ClusterBootstrap.Statistic(clusters, rows => Of(y, rows), options with { Kind = BootstrapKind.BiasCorrectedAccelerated }).Interval);
            rowwise += Has(Bootstrap.Mean(y, options).Interval);
            jackknife += Has(Jackknife.Rows(200, rows => Of(y, rows), clusters).Interval);
        }

        var seen = $"stationary {stationary}, circular {circular}, moving {moving}, plain {plain}; clusters {clustered}, rows {rowwise}, jackknife {jackknife} of {sets}";
        Assert.True(Math.Min(stationary, circular) > 0.875 * sets && moving > 0.86 * sets && plain < 0.8 * sets, seen);
        Assert.True(clustered > 0.905 * sets && jackknife > 0.915 * sets && rowwise < 0.85 * sets, seen);
    }

    private static int Has(Interval interval) => interval.Low <= 0 && 0 <= interval.High ? 1 : 0;

    private static double Of(double[] y, ReadOnlySpan<int> rows)
    {
        var sum = 0.0;
        foreach (var i in rows)
        {
            sum += y[i];
        }

        return sum / rows.Length;
    }
}
