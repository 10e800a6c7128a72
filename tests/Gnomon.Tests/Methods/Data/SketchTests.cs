using FsCheck;
using FsCheck.Fluent;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class QuantileSketchTests
{
    static readonly double[] Probabilities = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void Every_quantile_is_within_the_stated_error()
    {
        var rng = new Rng(1);
        double[][] samples =
        [
            [.. Enumerable.Range(0, 20_000).Select(_ => rng.NextNormal())],
            [.. Enumerable.Range(0, 20_000).Select(_ => Math.Exp(5 * rng.NextNormal()))],
            [.. Enumerable.Range(0, 20_000).Select(i => i % 3 == 0 ? 0 : -1e9 * rng.NextDouble())],
            [.. Enumerable.Range(0, 1_001).Select(i => (double)i)],
            [42],
        ];
        foreach (var sample in samples)
        {
            var sketch = new QuantileSketch();
            sketch.Add(sample);
            var sorted = sample.Order().ToArray();
            foreach (var p in Probabilities)
            {
                var exact = sorted[(int)(p * (sorted.Length - 1))];
                Assert.True(Math.Abs(sketch.Quantile(p)!.Value - exact) <= QuantileSketch.RelativeError * Math.Abs(exact), $"p {p}, exact {exact}");
            }
        }
    }

    [Fact]
    public void Order_and_splitting_change_nothing() =>
        Prop.ForAll<NormalFloat[]>(raw =>
        {
            var values = raw.Select(v => v.Get).ToArray();
            var whole = new QuantileSketch();
            whole.Add(values);
            var parts = new QuantileSketch();
            var rest = new QuantileSketch();
            parts.Add(values.Where((_, i) => i % 2 == 1).Reverse().ToArray());
            rest.Add(values.Where((_, i) => i % 2 == 0).Reverse().ToArray());
            parts.Merge(rest);
            return Probabilities.All(p => whole.Quantile(p) == parts.Quantile(p)) && whole.Count == parts.Count;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_below_a_value_are_right_at_bucket_edges()
    {
        var sketch = new QuantileSketch();
        sketch.Add([-8.0, -2, 0, 0, 1, 4, 16]);
        Assert.Equal(1, sketch.CountAtMost(-4));
        Assert.Equal(4, sketch.CountAtMost(0));
        Assert.Equal(5, sketch.CountAtMost(2));
        Assert.Equal(7, sketch.CountAtMost(16));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Add(double.NaN));
        Assert.Null(new QuantileSketch().Quantile(0.5));
    }
}

public sealed class HyperLogLogTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    public void The_estimate_is_within_four_standard_errors(int distinct)
    {
        var rng = new Rng(distinct + 1);
        var sketch = new HyperLogLog();
        for (var i = 0; i < distinct; i++)
            sketch.Add(rng.NextUInt64());
        Assert.Equal(distinct, sketch.Estimate(), Math.Max(1e-9, Math.Max(distinct < 200 ? 0.5 : 0, 4 * HyperLogLog.RelativeStandardError * distinct)));
    }

    // 200 sketches of 60,000: mean error near 0 and spread near 1.04 / sqrt(m).
    [Fact]
    public void The_stated_error_is_the_simulated_one()
    {
        double sum = 0, squares = 0;
        for (var run = 0; run < 100; run++)
        {
            var rng = new Rng(500 + run);
            var sketch = new HyperLogLog();
            for (var i = 0; i < 60_000; i++)
                sketch.Add(rng.NextUInt64());
            var error = sketch.Estimate() / 60_000 - 1;
            sum += error;
            squares += error * error;
        }
        Assert.InRange(sum / 100, -0.003, 0.003);
        Assert.InRange(Math.Sqrt(squares / 100) / HyperLogLog.RelativeStandardError, 0.75, 1.25);
    }

    [Fact]
    public void Order_repetition_and_splitting_change_nothing() =>
        Prop.ForAll<ulong[]>(values =>
        {
            var whole = new HyperLogLog();
            whole.Add(values);
            var a = new HyperLogLog();
            var b = new HyperLogLog();
            a.Add(values.Reverse().Concat(values).ToArray());
            b.Add(values.AsSpan(values.Length / 2));
            a.Merge(b);
            return whole.Estimate() == a.Estimate();
        }).QuickCheckThrowOnFailure();
}

public sealed class HeavyHittersTests
{
    [Fact]
    public void Counts_are_exact_up_to_the_capacity()
    {
        var h = new HeavyHitters<string>(4, StringComparer.Ordinal);
        foreach (var v in "abacabadabdc".Select(c => c.ToString()))
            h.Add(v);
        Assert.True(h.IsExact);
        var top = h.Top(10);
        Assert.Equal(["a", "b", "c", "d"], top.Select(t => t.Value));
        Assert.Equal([5L, 3, 2, 2], top.Select(t => t.Count));
        Assert.All(top, t => Assert.Equal(0, t.Error));
    }

    [Fact]
    public void Past_the_capacity_counts_bracket_the_truth_and_no_frequent_value_is_lost()
    {
        var rng = new Rng(3);
        var truth = new Dictionary<int, long>();
        var whole = new HeavyHitters<int>(100);
        HeavyHitters<int>[] halves = [new(100), new(100)];
        for (var i = 0; i < 50_000; i++)
        {
            var v = (int)(1 / (rng.NextDouble() + 1e-4));
            truth[v] = truth.GetValueOrDefault(v) + 1;
            whole.Add(v);
            halves[i % 2].Add(v);
        }
        halves[0].Merge(halves[1]);
        foreach (var h in new[] { whole, halves[0] })
        {
            Assert.False(h.IsExact);
            Assert.Equal(50_000, h.Total);
            var top = h.Top(100);
            Assert.All(top, t => Assert.InRange(truth.GetValueOrDefault(t.Value), t.Count - t.Error, t.Count));
            var kept = top.Select(t => t.Value).ToHashSet();
            Assert.All(truth.Where(t => t.Value > 2 * 50_000 / 100), t => Assert.Contains(t.Key, kept));
        }
    }
}
