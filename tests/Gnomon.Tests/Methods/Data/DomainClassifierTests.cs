using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class DomainClassifierTests
{
    // Source: scikit-learn 1.2.1 Ridge(alpha=1) on the same folds (second_file.py): the same least squares, 1e-9. LogisticRegression orders rows nearly alike: 0.005.
    [Fact]
    public void Scores_and_area_agree_with_scikit_learn()
    {
        foreach (var c in MethodReference.Load("data/domain.json").Items("cases"))
        {
            var first = c.Numbers("first").Select(v => v > 0).ToArray();
            var result = DomainClassifier.Compare(c.Numbers("features"), (int)c.Number("columns"), first, [.. c.Numbers("folds").Select(f => (int)f)], permutations: 19);
            foreach (var (expected, actual) in c.Numbers("scores").Zip(result.Scores))
                Assert.Equal(expected, actual, 1e-9);
            Assert.Equal(c.Number("auc"), result.Auc, 1e-12);
            Assert.Equal(c.Number("logisticAuc"), result.Auc, 0.005);
            Assert.InRange(result.Auc, result.Low, result.High);
        }
    }

    // 400 draws without a difference: p below 0.05 in one of twenty, and the lower limit above 0.55 hardly ever.
    [Fact]
    public void Random_rows_are_not_told_apart()
    {
        int small = 0, named = 0;
        const int Draws = 400;
        for (var d = 0; d < Draws; d++)
        {
            var result = Draw((ulong)d, 0, 99);
            small += result.PValue <= 0.05 ? 1 : 0;
            named += result.Low > 0.55 && result.PValue <= 0.01 ? 1 : 0;
        }
        Assert.InRange(small / (double)Draws, 0.02, 0.087);
        Assert.InRange(named, 0, 4);
    }

    [Fact]
    public void A_shift_of_half_a_standard_deviation_is_seen()
    {
        var result = Draw(3, 0.6, 99);
        Assert.Equal(0.01, result.PValue, 1e-12);
        Assert.True(result.Low > 0.55);
        Assert.True(result.NullHigh < result.Auc);
    }

    [Fact]
    public void Constant_columns_carry_nothing_and_few_rows_are_refused()
    {
        var isFirst = Enumerable.Range(0, 40).Select(i => i % 2 == 0).ToArray();
        var result = DomainClassifier.Compare(new double[40], 1, isFirst, DomainClassifier.Folds(isFirst, 5, 1), permutations: 9);
        Assert.InRange(result.Auc, 0, 1);
        Assert.False(double.IsNaN(result.Auc));
        Assert.Throws<TooFewRowsException>(() => DomainClassifier.Compare(new double[12], 1, [.. isFirst.Take(12)], new int[12]));
    }

    [Fact]
    public void Folds_hold_both_sets_in_the_same_share()
    {
        var isFirst = Enumerable.Range(0, 103).Select(i => i < 31).ToArray();
        var folds = DomainClassifier.Folds(isFirst, 5, 7);
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(folds.Where((x, i) => x == f && isFirst[i]).Count(), 6, 7));
    }

    static DomainResult Draw(ulong seed, double shift, int permutations)
    {
        var rng = new Rng(seed).Stream("domain-test");
        const int N = 240, K = 3;
        var isFirst = Enumerable.Range(0, N).Select(i => i < N / 2).ToArray();
        var x = new double[N * K];
        for (var i = 0; i < x.Length; i++)
            x[i] = rng.NextNormal() + (i % K == 0 && isFirst[i / K] ? shift : 0);
        return DomainClassifier.Compare(x, K, isFirst, DomainClassifier.Folds(isFirst, 5, seed), permutations, seed);
    }
}
