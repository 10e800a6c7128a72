using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class IsolationForestTests
{
    // Source: scikit-learn 1.2.1, mean of twenty forests of 100 trees (second_file.py). One of 200 trees differs by its draws: rank correlation 0.95, area 0.01.
    [Fact]
    public void Scores_order_rows_as_scikit_learn_does()
    {
        var r = MethodReference.Load("data/isolation.json");
        var (x, expected) = (r.Numbers("x"), r.Numbers("scores"));
        var forest = IsolationForest.Score(x, (int)r.Number("columns"));
        Assert.InRange(Association.Spearman(expected, forest.Scores)!.Correlation, 0.95, 1);
        Assert.InRange(expected.Zip(forest.Scores).Average(p => Math.Abs(p.First - p.Second)), 0, 0.02);
        var planted = (int)r.Number("planted");
        Assert.Equal(r.Number("auc"), AreaUnderCurve.Of(forest.Scores[^planted..], forest.Scores[..^planted]).Auc, 0.01);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("uniform")]
    [InlineData("heavy")]
    [InlineData("clusters")]
    public void About_one_clean_row_in_a_thousand_is_named(string shape)
    {
        var named = 0;
        for (var seed = 0; seed < 5; seed++)
        {
            var forest = IsolationForest.Score(Clean((ulong)seed, shape, 4_000), 4, 100, seed: (ulong)seed);
            named += forest.Scores.Count(s => s > forest.Threshold);
        }

        Assert.InRange(named / 20_000.0, 0, 0.003);
    }

    [Fact]
    public void Planted_rows_are_named()
    {
        var x = Clean(9, "clusters", 2_000);
        for (var i = 0; i < 10; i++)
            for (var j = 0; j < 4; j++)
                x[i * 4 + j] = i % 2 == 0 ? 14 + i : -9 - i;
        var forest = IsolationForest.Score(x, 4);
        Assert.True(forest.Scores.Take(10).Count(s => s > forest.Threshold) >= 9);
    }

    [Fact]
    public void Threads_change_nothing_and_constants_are_scored()
    {
        var x = Clean(2, "normal", 3_000);
        Assert.Equal(IsolationForest.Score(x, 4, 50, threads: 1).Scores, IsolationForest.Score(x, 4, 50, threads: 3).Scores);
        var constant = IsolationForest.Score(new double[90], 3);
        Assert.All(constant.Scores, s => Assert.InRange(s, 0, 1));
        Assert.All(constant.Scores, s => Assert.False(s > constant.Threshold));
        Assert.Throws<TooFewRowsException>(() => IsolationForest.Score(new double[10], 1));
        Assert.Equal(2 * (Math.Log(255) + 0.5772156649015329) - 2 * 255.0 / 256, IsolationForest.Average(256), 1e-12);
    }

    static double[] Clean(ulong seed, string shape, int rows)
    {
        var rng = new Rng(seed).Stream(shape);
        var x = new double[4 * rows];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = shape switch
            {
                "normal" => rng.NextNormal(),
                "uniform" => rng.NextDouble(),
                "heavy" => Math.Exp(rng.NextNormal()),
                _ => rng.NextNormal() + (i / 4 % 2 == 0 ? 0 : 6),
            };
        }

        return x;
    }
}
