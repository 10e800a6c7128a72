using Gnomon.Numerics.Distributions;
using Xunit;

namespace Gnomon.Tests.Numerics;

/// <summary>Reference: tests/reference/numerics/compare.json (mpmath quadrature, exact fractions), with a relative tolerance for each case.</summary>
public sealed class ComparisonDistributionTests
{
    static readonly Dictionary<string, Func<double[], double>> Functions = new(StringComparer.Ordinal)
    {
        ["NoncentralF.Sf"] = a => NoncentralF.Sf(a[0], a[1], a[2], a[3]),
        ["NoncentralF.Cdf"] = a => NoncentralF.Cdf(a[0], a[1], a[2], a[3]),
        ["StudentizedRange.Sf"] = a => new StudentizedRange((int)a[1]).Sf(a[0], a[2]),
        ["StudentizedRange.Cdf"] = a => new StudentizedRange((int)a[1]).Cdf(a[0], a[2]),
        ["StudentizedRange.KnownSpread"] = a => new StudentizedRange((int)a[1]).Sf(a[0], double.PositiveInfinity),
        ["DunnettDistribution.Sf"] = a => new DunnettDistribution(a.AsSpan(2)).Sf(a[0], a[1] < 0 ? double.PositiveInfinity : a[1]),
        ["MannWhitneyU.Cdf"] = a => new MannWhitneyU((int)a[0], (int)a[1]).Cdf((long)a[2]),
        ["MannWhitneyU.Sf"] = a => new MannWhitneyU((int)a[0], (int)a[1]).Sf((long)a[2]),
        ["SignedRank.Cdf"] = a => new SignedRank((int)a[0]).Cdf((long)a[1]),
        ["SignedRank.Sf"] = a => new SignedRank((int)a[0]).Sf((long)a[1]),
        ["KendallInversions.Cdf"] = a => new KendallInversions((int)a[0]).Cdf((long)a[1]),
        ["KendallInversions.Sf"] = a => new KendallInversions((int)a[0]).Sf((long)a[1]),
        ["Normal.Sf"] = a => Normal.Sf(a[0]),
        ["StudentT.Sf"] = a => StudentT.Sf(a[0], a[1]),
        ["ChiSquared.Sf"] = a => ChiSquared.Sf(a[0], a[1]),
        ["FisherF.Sf"] = a => FisherF.Sf(a[0], a[1], a[2]),
    };

    [Fact]
    public void Every_function_agrees_with_high_precision() => ReferenceFile.Agrees("numerics", "compare.json", Functions);

    [Theory]
    [InlineData(0.05, 3, 10.0)]
    [InlineData(0.01, 5, 3.3)]
    [InlineData(0.5, 2, 60.0)]
    [InlineData(1e-8, 12, 40.0)]
    [InlineData(0.9, 4, double.PositiveInfinity)]
    public void Quantile_of_the_studentized_range_undoes_its_tail(double p, int groups, double degrees) =>
        Close.Relative(p, new StudentizedRange(groups).Sf(new StudentizedRange(groups).UpperQuantile(p, degrees), degrees), 1e-10);

    [Fact]
    public void Two_groups_reduce_to_student_and_published_points_are_met()
    {
        // Two groups: q = sqrt 2 |t|. Tables: Harter 1960 (q .05 for 3, 10: 3.877; 10, 20: 5.008); Dunnett 1964 (two-sided .05, p = 3, 20 df, rho one half: 2.54).
        Close.Relative(StudentT.TwoSided(2.3, 9), new StudentizedRange(2).Sf(2.3 * Math.Sqrt(2), 9), 1e-11);
        Close.Relative(2 * Normal.Sf(2.3), new StudentizedRange(2).Sf(2.3 * Math.Sqrt(2), double.PositiveInfinity), 1e-11);
        Close.Absolute(3.877, new StudentizedRange(3).Quantile(0.95, 10), 5.1e-4);
        Close.Absolute(5.008, new StudentizedRange(10).Quantile(0.95, 20), 5.1e-4);
        double[] half = [Math.Sqrt(0.5), Math.Sqrt(0.5), Math.Sqrt(0.5)];
        Close.Absolute(2.54, new DunnettDistribution(half).UpperQuantile(0.05, 20), 5.1e-3);
        Close.Relative(StudentT.TwoSided(2.1, 11), new DunnettDistribution([0.7]).Sf(2.1, 11), 1e-11);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(300)]
    [InlineData(1000)]
    public void Both_tails_of_the_studentized_range_add_to_one_and_rise_for_any_number_of_groups(int groups)
    {
        var range = new StudentizedRange(groups);
        foreach (var degrees in new[] { 2.5, 20, double.PositiveInfinity })
        {
            var before = 0.0;
            foreach (var q in new[] { 1e-3, 0.3, 1, 2, 4, 6, 8, 15 })
            {
                var cdf = range.Cdf(q, degrees);
                Assert.InRange(cdf, before, 1.0);
                Close.Absolute(1.0, cdf + range.Sf(q, degrees), 1e-11, $"{groups} groups, {degrees} degrees, q {q}");
                before = cdf;
            }
        }
    }

    [Fact]
    public void Edges_have_answers_and_wrong_arguments_are_refused()
    {
        Assert.Equal(1.0, new StudentizedRange(3).Sf(0, 5));
        Assert.Equal(0.0, new StudentizedRange(3).Sf(double.PositiveInfinity, 5));
        Assert.Equal(0.0, new StudentizedRange(3).Cdf(-1, 5));
        Assert.Equal(double.PositiveInfinity, new StudentizedRange(3).Quantile(1, 5));
        Assert.Equal(1.0, NoncentralF.Sf(0, 3, 5, 2));
        Assert.Equal(0.0, NoncentralF.Sf(double.PositiveInfinity, 3, 5, 2));
        Close.Relative(FisherF.Sf(2.2, 3, 5), NoncentralF.Sf(2.2, 3, 5, 0), 1e-12);
        Assert.Equal(1.0, new MannWhitneyU(3, 2).Cdf(6));
        Assert.Equal(0.0, new SignedRank(4).Sf(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StudentizedRange(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MannWhitneyU(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MannWhitneyU(1000, 1000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DunnettDistribution([1.0]));
    }
}
