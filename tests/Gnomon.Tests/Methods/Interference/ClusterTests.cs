using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>
/// Against clubSandwich 0.5.8 and aov in R (tests/reference/interference/clusters.json; closed forms, 1e-9 relative) and against every assignment run with CR2 by its matrix definition in
/// numpy (rerandomise.json; p exact, interval ends to 1e-5, where both bisect).
/// </summary>
public sealed class ClusterTests
{
    [Fact]
    public void Difference_error_and_degrees_are_those_of_clubSandwich()
    {
        foreach (var set in ReferenceFile.Open("interference", "clusters.json").GetProperty("sets").EnumerateArray())
        {
            var (first, second, _) = Totals(set.Numbers("y"), set.Numbers("cluster"), set.Numbers("arm"));
            var result = ClusterComparison.Compare(first, second).Difference;
            Close.Relative(set.Number("difference"), result.Value, 1e-9, "difference");
            Close.Relative(set.Number("error"), result.StandardError, 1e-9, "error");
            Close.Relative(set.Number("degrees"), result.DegreesOfFreedom!.Value, 1e-9, "degrees");
            Close.Relative(set.Number("p"), result.PValue, 1e-8, "p");
        }
    }

    [Fact]
    public void Likeness_within_clusters_is_that_of_the_nested_analysis_of_variance()
    {
        foreach (var set in ReferenceFile.Open("interference", "clusters.json").GetProperty("sets").EnumerateArray())
        {
            var y = set.Numbers("y");
            var (first, second, _) = Totals(y, set.Numbers("cluster"), set.Numbers("arm"));
            var result = ClusterVariation.Estimate([first, second], y.Sum(v => v * v));
            Close.Relative(set.Number("icc"), result.IntraClassCorrelation, 1e-8, "icc");
            Close.Relative(set.Number("iccLow"), result.Low, 1e-8, "low");
            Close.Relative(set.Number("iccHigh"), result.High, 1e-8, "high");
            Close.Relative(Math.Max(1, set.Number("design")), result.DesignEffect, 1e-8, "design");
        }
    }

    [Fact]
    public void Every_assignment_is_run_where_there_are_few_clusters()
    {
        foreach (var set in ReferenceFile.Open("interference", "rerandomise.json").GetProperty("sets").EnumerateArray())
        {
            var cluster = set.Numbers("cluster");
            var (first, second, _) = Totals(set.Numbers("y"), cluster, [.. cluster.Select(c => c < set.Number("treated") ? 1.0 : 0.0)]);
            var result = ClusterRandomisation.Test(first, second);
            Assert.True(result.IsExact);
            Assert.Equal(set.Count("assignments"), result.Assignments);
            Assert.Equal(set.Number("p"), result.PValue, 12);
            if (set.TryGetProperty("low", out var low))
            {
                var interval = ClusterRandomisation.Invert(first, second)!.Value;
                Close.Absolute(low.GetDouble(), interval.Low, 1e-5, "low");
                Close.Absolute(set.Number("high"), interval.High, 1e-5, "high");
            }
        }
    }

    [Fact]
    public void Drawn_assignments_agree_with_all_of_them()
    {
        var rng = new Rng(3);
        var first = new ClusterTotals([.. Enumerable.Range(0, 7).Select(_ => 10 + 3 * rng.NextNormal())], [.. Enumerable.Repeat(4.0, 7)]);
        var second = new ClusterTotals([.. Enumerable.Range(0, 8).Select(_ => 7 + 3 * rng.NextNormal())], [.. Enumerable.Repeat(4.0, 8)]);
        var all = ClusterRandomisation.Test(first, second);
        var drawn = ClusterRandomisation.Test(first, second, new RerandomisationOptions { MostEnumerated = 100, Draws = 20_000, Seed = 9 });
        Assert.True(all.IsExact && !drawn.IsExact);
        Close.Absolute(all.PValue, drawn.PValue, 4 * Math.Sqrt(all.PValue * (1 - all.PValue) / 20_000) + 1e-4);
        Assert.Equal(drawn.PValue, ClusterRandomisation.Test(first, second, new RerandomisationOptions { MostEnumerated = 100, Draws = 20_000, Seed = 9 }).PValue);
    }

    [Fact]
    public void Six_clusters_allow_no_test_at_five_per_cent()
    {
        Assert.Equal(0.1, ClusterRandomisation.SmallestP(3, 3), 12);
        Assert.Equal(1.0 / 15, ClusterRandomisation.SmallestP(2, 4), 12);
        var arm = new ClusterTotals([1, 2, 3], [1, 1, 1]);
        Assert.Null(ClusterRandomisation.Invert(new ClusterTotals([100, 101, 102.5], [1, 1, 1]), arm));
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        var two = new ClusterTotals([1, 2], [1, 1]);
        Assert.Throws<TooFewRowsException>(() => ClusterComparison.Compare(new ClusterTotals([1], [1]), two));
        Assert.Throws<NotEstimableException>(() => ClusterComparison.Compare(new ClusterTotals([3, 3], [1, 1]), new ClusterTotals([5, 5], [1, 1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClusterComparison.Compare(new ClusterTotals([3, 3], [1, 0]), two));
        Assert.Throws<NotEstimableException>(() => ClusterVariation.Estimate([new ClusterTotals([2, 4], [2, 2]), new ClusterTotals([6, 6], [2, 2])], 2 * 1 + 2 * 4 + 2 * 9 + 2 * 9));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_and_tests_keep_their_size_with_unequal_clusters()
    {
        const int runs = 1_000;
        var (bias, small, rejected) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("cluster coverage");
            var many = (Draw(rng, 9, 0.5), Draw(rng, 12, 0));
            var difference = ClusterComparison.Compare(many.Item1, many.Item2).Difference;
            bias += difference.Low <= 0.5 && difference.High >= 0.5 ? 1 : 0;
            var few = (Draw(rng, 4, 0), Draw(rng, 5, 0));
            rejected += ClusterRandomisation.Test(few.Item1, few.Item2).PValue <= 0.05 ? 1 : 0;
            if (run % 4 == 0)
            {
                var shifted = Draw(rng, 4, 0.5);
                var interval = ClusterRandomisation.Invert(shifted, few.Item2)!.Value;
                small += interval.Low <= 0.5 && interval.High >= 0.5 ? 1 : 0;
            }
        }

        Assert.InRange(bias / (double)runs, 0.93, 0.975);
        Assert.InRange(rejected / (double)runs, 0.02, 0.07);
        Assert.InRange(small / (runs / 4.0), 0.91, 0.99);
    }

    private static ClusterTotals Draw(Rng rng, int clusters, double effect)
    {
        var sizes = Enumerable.Range(0, clusters).Select(i => 3.0 + 4 * (i % 4)).ToArray();
        return new ClusterTotals([.. sizes.Select(n => n * (effect + 0.7 * rng.NextNormal()) + Math.Sqrt(n) * rng.NextNormal())], sizes);
    }

    private static (ClusterTotals First, ClusterTotals Second, int Clusters) Totals(double[] y, double[] cluster, double[] arm)
    {
        var groups = y.Select((v, i) => (Value: v, Cluster: cluster[i], Arm: arm[i])).GroupBy(r => r.Cluster).ToList();
        ClusterTotals Of(double a) => new([.. groups.Where(g => g.First().Arm == a).Select(g => g.Sum(r => r.Value))], [.. groups.Where(g => g.First().Arm == a).Select(g => (double)g.Count())]);
        return (Of(1), Of(0), groups.Count);
    }
}
