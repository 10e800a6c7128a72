using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

/// <summary>What the search for patterns rests on: rank contrasts, one change of level, mixtures. References: numpy and scipy (tests/reference/data/patterns.py), closed forms to rounding.</summary>
public sealed class PatternMethodTests
{
    private static readonly JsonElement Reference = MethodReference.Load("data/patterns.json");

    [Fact]
    public void A_group_against_the_rest_agrees_with_scipy_and_with_brute_force()
    {
        var r = Reference.GetProperty("contrast");
        var test = ScoreContrast.Test(r.Numbers("scores"), Array.ConvertAll(r.Counts("group"), g => g > 0));
        MethodReference.Close(r.Number("z"), test.Z, 1e-11);
        MethodReference.Close(r.Number("p"), test.PValue, 1e-10);

        // 200,000 relabellings: 4 binomial errors.
        var brute = r.Number("brute");
        Assert.Equal(brute, test.PValue, 4 * Math.Sqrt(brute * (1 - brute) / 200_000) + 2e-4);
    }

    [Fact]
    public void Counts_agree_with_the_hypergeometric_tails_of_scipy()
    {
        foreach (var c in Reference.GetProperty("contrast").Items("counts"))
        {
            var test = ScoreContrast.OfCounts(c.GetProperty("groupOnes").GetInt64(), c.GetProperty("group").GetInt64(), c.GetProperty("ones").GetInt64(), c.GetProperty("rows").GetInt64());
            MethodReference.Close(c.Number("p"), test.PValue, 1e-9);
        }
    }

    [Fact]
    public void A_change_of_level_agrees_with_numpy_and_the_limit_of_kolmogorov()
    {
        foreach (var s in Reference.Items("steps"))
        {
            var step = StepChange.Find(s.Numbers("values"));
            Assert.Equal(s.GetProperty("before").GetInt32(), step.Before);
            MethodReference.Close(s.Number("statistic"), step.Statistic, 1e-11);
            MethodReference.Close(s.Number("p"), step.PValue, 1e-9);
            Assert.Equal(s.Number("neighbours"), step.Neighbours, 1e-11);
        }
    }

    [Fact]
    public void Mixture_and_change_agree_with_numeric_derivatives_and_a_bootstrap()
    {
        var r = Reference.GetProperty("mix");
        var sides = Enumerable.Range(0, 2).Select(s => Sides(r, s)).ToArray();
        var split = MixDecomposition.Of(sides[0], sides[1]);
        MethodReference.Close(r.Number("total"), split.Total.Value, 1e-11);
        MethodReference.Close(r.Number("totalError"), split.Total.StandardError, 2e-3);
        MethodReference.Close(r.Number("mix"), split.Mix.Value, 1e-11);
        MethodReference.Close(r.Number("within"), split.Within.Value, 1e-11);
        Assert.Equal(split.Total.Value, split.Mix.Value + split.Within.Value, 1e-12);

        // Central differences lose half of the digits.
        MethodReference.Close(r.Number("mixError"), split.Mix.StandardError, 1e-7);
        MethodReference.Close(r.Number("withinError"), split.Within.StandardError, 1e-7);

        // 4,000 bootstrap samples: an error of 1.1 % in a standard deviation, four of them.
        MethodReference.Close(r.Numbers("bootstrapErrors")[0], split.Mix.StandardError, 0.05);
        MethodReference.Close(r.Numbers("bootstrapErrors")[1], split.Within.StandardError, 0.05);
    }

    [Fact]
    public void Intervals_of_the_mixture_cover()
    {
        const int runs = 1_000;
        var covered = new int[2];
        for (var seed = 0; seed < runs; seed++)
        {
            var rng = new Rng(seed).Stream("mix-coverage");
            var before = Draw(rng, 400, 0.3, 0);
            var after = Draw(rng, 500, 0.45, 0.2);
            var split = MixDecomposition.Of(before, after);
            covered[0] += split.Mix.Low <= 0.3 && 0.3 <= split.Mix.High ? 1 : 0;
            covered[1] += split.Within.Low <= 0.2 && 0.2 <= split.Within.High ? 1 : 0;
        }

        Assert.All(covered, c => Assert.InRange(c, 927, 973));

        // Groups 2 apart; 15 points more of the dearer one make 0.3, and every group rises by 0.2.
        static Moments[] Draw(Rng rng, int n, double share, double rise)
        {
            var values = new[] { new List<double>(), new List<double>() };
            for (var i = 0; i < n; i++)
            {
                var dear = rng.NextDouble() < share ? 1 : 0;
                values[dear].Add(2 * dear + rise + rng.NextNormal());
            }

            return [.. values.Select(v => Moments.MeanVariance(v.ToArray()))];
        }
    }

    [Fact]
    public void The_tests_hold_their_size()
    {
        const int runs = 2_000;
        var rejected = new int[3];
        for (var seed = 0; seed < runs; seed++)
        {
            var rng = new Rng(seed).Stream("pattern-size");
            var values = Enumerable.Range(0, 200).Select(_ => rng.NextNormal()).ToArray();
            var group = Enumerable.Range(0, 200).Select(_ => rng.NextDouble() < 0.2).ToArray();
            var ones = Enumerable.Range(0, 200).Select(_ => rng.NextDouble() < 0.3).ToArray();
            rejected[0] += ScoreContrast.Test(values, group).PValue < 0.05 ? 1 : 0;
            rejected[1] += ScoreContrast.OfCounts(group.Zip(ones).Count(p => p is (true, true)), group.Count(g => g), ones.Count(o => o), 200).PValue < 0.05 ? 1 : 0;
            rejected[2] += StepChange.Find(values).PValue < 0.05 ? 1 : 0;
        }

        // 2,000 draws at 5 %: 68 to 132 by 3.3 binomial errors. Exact tails and the limit of the walk lie below, never above.
        Assert.InRange(rejected[0], 68, 132);
        Assert.InRange(rejected[1], 20, 132);
        Assert.InRange(rejected[2], 40, 132);
    }

    [Fact]
    public void Columns_prepared_once_give_the_distance_correlation_of_the_pair()
    {
        var rng = new Rng(4);
        var x = Enumerable.Range(0, 300).Select(_ => rng.NextNormal()).ToArray();
        var y = x.Select(v => v * v + rng.NextNormal()).ToArray();
        Assert.Equal(DistanceCorrelation.Test(x, y, 0), DistanceCorrelation.Test(DistanceColumn.Of(x), DistanceColumn.Of(y)));
    }

    [Fact]
    public void What_cannot_be_told_is_refused_by_name()
    {
        Assert.Throws<TooFewRowsException>(() => ScoreContrast.Test([1, 2], [false, false]));
        Assert.Throws<NotEstimableException>(() => ScoreContrast.Test([3, 3, 3], [true, false, false]));
        Assert.Throws<NotEstimableException>(() => ScoreContrast.OfCounts(0, 5, 0, 20));
        Assert.Throws<TooFewRowsException>(() => StepChange.Find(new double[12]));
        Assert.Throws<NotEstimableException>(() => StepChange.Find(new double[40]));
        Assert.Throws<NotEstimableException>(() => StepChange.Find([.. Enumerable.Range(0, 40).Select(i => (double)i)], new bool[40]));
        Assert.Throws<TooFewRowsException>(() => DistanceColumn.Of([1, 2]));
        Assert.Throws<TooFewRowsException>(() => MixDecomposition.Of([new Moments(5, 1, 1)], [new Moments(5, 2, 1)]));
        Assert.Throws<NotEstimableException>(() => MixDecomposition.Of([new Moments(5, 1, 0), new Moments(5, 1, 0)], [new Moments(5, 1, 0), new Moments(5, 1, 0)]));
    }

    private static Moments[] Sides(JsonElement r, int side)
    {
        var groups = r.GetProperty("groups")[side].EnumerateArray().Select(g => g.GetInt32()).ToArray();
        var values = r.GetProperty("values")[side].EnumerateArray().Select(v => v.GetDouble()).ToArray();
        return [.. Enumerable.Range(0, 3).Select(k => Moments.Of(values.Where((_, i) => groups[i] == k).ToArray()))];
    }
}
