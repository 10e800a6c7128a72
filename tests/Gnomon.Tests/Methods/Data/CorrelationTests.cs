using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods;

/// <summary>Reference: R 4.2.2 with psych (partial.r), energy 1.7 (dcor, bcdcor), cor.test, and roots of R's noncentral t for the interval of the point-biserial correlation. Tolerance 1e-9, intervals by roots 1e-7.</summary>
public sealed class CorrelationTests
{
    static readonly JsonElement Reference = MethodReference.Load("data/correlations.json");

    [Fact]
    public void Partial_correlation_equals_that_of_psych_and_the_test_of_the_coefficient()
    {
        var item = Reference.GetProperty("partial");
        double[] x = item.Numbers("x"), y = item.Numbers("y"), z1 = item.Numbers("z1"), z2 = item.Numbers("z2");
        var both = PartialCorrelation.Pearson(x, y, [z1, z2]);
        Same(item.GetProperty("pearson"), both);
        MethodReference.Close(item.Number("coefficient"), both.PValue, 1e-9);
        Same(item.GetProperty("pearsonOne"), PartialCorrelation.Pearson(x, y, [z1]));
        var ranks = PartialCorrelation.Spearman(x, y, [z1, z2]);
        MethodReference.Close(item.GetProperty("spearman").Number("r"), ranks.Correlation, 1e-9);
        MethodReference.Close(item.GetProperty("spearman").Number("p"), ranks.PValue, 1e-8);

        // Nothing held is the plain correlation; a column held twice counts once.
        Assert.Equal(Association.Pearson(x, y), PartialCorrelation.Pearson(x, y, []));
        var twice = PartialCorrelation.Pearson(x, y, [z1, z2, z1]);
        MethodReference.Close(both.PValue, twice.PValue, 1e-9);
    }

    [Fact]
    public void Partial_correlation_refuses_what_it_cannot_answer()
    {
        double[] x = [1, 2, 3, 4, 5, 6.5], y = [2, 1, 4, 3, 6, 5];
        Assert.Throws<NotEstimableException>(() => PartialCorrelation.Pearson(x, y, [x]));
        Assert.Throws<TooFewRowsException>(() => PartialCorrelation.Pearson(x.AsSpan(0, 4), y.AsSpan(0, 4), [[1, 2, 3, 5]]));
        Assert.Throws<ArgumentException>(() => PartialCorrelation.Pearson(x, y.AsSpan(1), []));
    }

    [Fact]
    public void Point_biserial_correlation_equals_Pearson_with_an_interval_from_the_noncentral_t()
    {
        var item = Reference.GetProperty("pointBiserial");
        double[] zeros = item.Numbers("zeros"), ones = item.Numbers("ones");
        var result = PointBiserial.Of(Moments.Of(zeros), Moments.Of(ones));
        Same(item, result, 1e-7);
        var plain = Association.Pearson([.. zeros, .. ones], [.. zeros.Select(_ => 0.0), .. ones.Select(_ => 1.0)])!;
        MethodReference.Close(plain.Correlation, result.Correlation, 1e-12);
        MethodReference.Close(plain.PValue, result.PValue, 1e-10);
        Assert.Throws<NotEstimableException>(() => PointBiserial.Of(Moments.Of([1, 1]), Moments.Of([2, 2])));
    }

    [Theory]
    [InlineData("line")]
    [InlineData("bent")]
    [InlineData("ties")]
    [InlineData("free")]
    public void Distance_correlation_equals_that_of_energy(string name)
    {
        var item = Reference.GetProperty("distance").GetProperty(name);
        var result = DistanceCorrelation.Test(item.Numbers("x"), item.Numbers("y"));
        MethodReference.Close(item.Number("dcor"), result.Correlation, 1e-9);
        Assert.Equal(item.Number("unbiased"), result.Unbiased, 1e-9);
        Assert.Equal(name != "free", result.PValue < 0.02);
        Assert.Equal(result, DistanceCorrelation.Test(item.Numbers("x"), item.Numbers("y")));
    }

    [Fact]
    public void Distance_correlation_refuses_what_it_cannot_answer()
    {
        Assert.Throws<NotEstimableException>(() => DistanceCorrelation.Test([1, 1, 1, 1], [1, 2, 3, 4]));
        Assert.Throws<TooFewRowsException>(() => DistanceCorrelation.Test([1, 2, 3], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceCorrelation.Test([1, 2, 3, 4], [1, 2, 3, 4], permutations: 20));
        Assert.InRange(DistanceCorrelation.Test([1, 2, 3, 4], [1, 2, 3, 4]).Correlation, 0.999999, 1);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Sizes_and_coverage_hold()
    {
        var rng = new Rng(20261122);
        const int Draws = 4_000;
        int bound = 0, permuted = 0, partial = 0, covered = 0, biserial = 0, biserialCovered = 0;
        for (var i = 0; i < Draws; i++)
        {
            double[] x = new double[40], y = new double[40], z = new double[40];
            for (var k = 0; k < 40; k++)
            {
                z[k] = rng.NextNormal();
                x[k] = z[k] + rng.NextNormal();
                y[k] = z[k] + rng.NextNormal();
            }

            // Held fixed, x and y are independent: the partial correlation is 0.
            var p = PartialCorrelation.Pearson(x, y, [z]);
            partial += p.PValue < 0.05 ? 1 : 0;
            covered += p.Low <= 0 && p.High >= 0 ? 1 : 0;
            double[] free = [.. x.Select(_ => rng.NextExponential())];
            bound += DistanceCorrelation.Test(x, free, permutations: 0).PValue < 0.05 ? 1 : 0;
            permuted += i % 10 == 0 && DistanceCorrelation.Test(x, free, permutations: 199, seed: (ulong)i + 1).PValue <= 0.05 ? 1 : 0;

            // Groups of 12 and 28, half a standard deviation apart: rho = d / sqrt(d^2 + n^2 / (n0 n1)).
            const double D = 0.5;
            var truth = D / Math.Sqrt((D * D) + (40.0 * 40.0 / (12.0 * 28.0)));
            var b = PointBiserial.Of(Moments.Of([.. Enumerable.Range(0, 12).Select(_ => rng.NextNormal())]), Moments.Of([.. Enumerable.Range(0, 28).Select(_ => D + rng.NextNormal())]));
            biserialCovered += b.Low <= truth && b.High >= truth ? 1 : 0;
            biserial += b.PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(partial / (double)Draws, 0.039, 0.061);
        Assert.InRange(covered / (double)Draws, 0.939, 0.961);
        Assert.InRange(biserialCovered / (double)Draws, 0.939, 0.961);
        Assert.InRange(biserial / (double)Draws, 0.2, 0.4);

        // The bound is conservative by design, never liberal.
        Assert.InRange(bound / (double)Draws, 0.015, 0.055);
        Assert.InRange(permuted / (Draws / 10.0), 0.02, 0.09);
    }

    static void Same(JsonElement expected, CorrelationResult result, double tolerance = 1e-9)
    {
        MethodReference.Close(expected.Number("r"), result.Correlation, 1e-9);
        MethodReference.Close(expected.Number("p"), result.PValue, 1e-8);
        Assert.Equal(expected.Number("low"), result.Low, tolerance);
        Assert.Equal(expected.Number("high"), result.High, tolerance);
    }
}
