using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class StratifiedTests
{
    // Traffic ramp: treatment gets 1 % of day 1 and half of day 2, when conversion is lower for everybody.
    static readonly StratumCounts[] Ramp = [new(230, 10_000, 20_000, 990_000), new(6_000, 500_000, 5_000, 500_000)];

    [Fact]
    public void The_ramp_reverses_when_days_are_compared()
    {
        var r = Stratified.Proportions(Ramp);
        Assert.Equal(6_230.0 / 510_000 - 25_000.0 / 1_490_000, r.Pooled.Value, 1e-15);
        Assert.True(r.Pooled.High < 0);
        Assert.True(r.Stratified.Low > 0);
        Assert.True(r.SignReversed);
        Assert.True(r.MixEffect.High < 0);
        Assert.Equal(r.Pooled.Value - r.Stratified.Value, r.MixEffect.Value, 1e-15);
        var mh = Stratified.MantelHaenszel(Ramp);
        Assert.True(mh.Low > 0);
    }

    // UCB admissions 1973 (Bickel, Hammel and O'Connell 1975): men lead by 14 points pooled, women within departments.
    [Fact]
    public void Berkeley_admissions_reverse()
    {
        var rows = File.ReadAllLines(MethodReference.DataFile("experiments/ucb_admissions.csv")).Skip(1)
            .Select(l => l.Replace("\"", "", StringComparison.Ordinal).Split(',')).ToList();
        StratumCounts[] strata = [.. rows.Select(r => r[3]).Distinct().Order().Select(d => new StratumCounts(Of(d, "Male", true), Of(d, "Male", false), Of(d, "Female", true), Of(d, "Female", false)))];
        var r = Stratified.Proportions(strata);
        Assert.Equal(0.4452 - 0.3035, r.Pooled.Value, 0.0001);
        Assert.True(r.SignReversed);
        // Standardised to the overall mix by hand: sum of n_d / 4526 (male rate - female rate) = -0.0426.
        Assert.Equal(-0.0426, r.Stratified.Value, 0.0001);
        Assert.True(Stratified.MantelHaenszel(strata).Value < 0);

        long Of(string dept, string sex, bool admittedOnly) => rows
            .Where(x => x[3] == dept && x[2] == sex && (!admittedOnly || x[1] == "Admitted"))
            .Sum(x => long.Parse(x[4], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void One_stratum_is_the_plain_comparison()
    {
        var mh = Stratified.MantelHaenszel([new(30, 200, 50, 300)]);
        Assert.Equal(30 / 200.0 - 50 / 300.0, mh.Value, 1e-15);
        var r = Stratified.Proportions([new(30, 200, 50, 300)]);
        Assert.Equal(r.Pooled.Value, r.Stratified.Value, 1e-15);
        Assert.Equal(0, r.MixEffect.Value, 1e-15);
    }

    [Fact]
    public void Means_of_zeros_and_ones_agree_with_proportions()
    {
        StratumCounts[] counts = [new(30, 200, 50, 300), new(90, 150, 45, 90)];
        StratumMoments[] moments = [.. counts.Select(c => new StratumMoments(Bits(c.FirstSuccesses, c.FirstUnits), Bits(c.SecondSuccesses, c.SecondUnits)))];
        var a = Stratified.Proportions(counts);
        var b = Stratified.Means(moments);
        MethodReference.Close(a.Stratified.Value, b.Stratified.Value, 1e-12);
        MethodReference.Close(a.Stratified.StandardError, b.Stratified.StandardError, 1e-12);
        MethodReference.Close(a.Pooled.StandardError, b.Pooled.StandardError, 1e-12);

        static Moments Bits(long ones, long n)
        {
            var p = (double)ones / n;
            return new(n, p, n * p * (1 - p));
        }
    }

    [Fact]
    public void Strata_with_one_arm_are_counted_outside()
    {
        var r = Stratified.Proportions([new(30, 200, 50, 300), new(5, 20, 0, 0)]);
        Assert.Equal(20, r.UnitsOutside);
        Assert.Equal(1, r.StrataUsed);
        Assert.Throws<TooFewRowsException>(() => Stratified.MantelHaenszel([new(5, 20, 0, 0)]));
    }

    // 1,500 draws: 20 sparse strata for Mantel-Haenszel, 3 uneven ones for the standardised difference; coverage of the 95 % interval.
    [Fact]
    public void Intervals_cover()
    {
        var rng = new Rng(23);
        int mh = 0, standard = 0, mix = 0;
        for (var run = 0; run < 1_500; run++)
        {
            var sparse = new StratumCounts[20];
            for (var s = 0; s < sparse.Length; s++)
            {
                var p = 0.1 + 0.03 * s;
                sparse[s] = new(rng.NextBinomial(8 + s, p + 0.05), 8 + s, rng.NextBinomial(10, p), 10);
            }
            mh += Covers(Stratified.MantelHaenszel(sparse), 0.05) ? 1 : 0;
            StratumCounts[] uneven = [new(rng.NextBinomial(100, 0.3), 100, rng.NextBinomial(900, 0.2), 900), new(rng.NextBinomial(600, 0.5), 600, rng.NextBinomial(200, 0.45), 200), new(rng.NextBinomial(300, 0.7), 300, rng.NextBinomial(300, 0.7), 300)];
            var r = Stratified.Proportions(uneven);
            var truth = (1_000 * 0.1 + 800 * 0.05) / 2_400;
            standard += Covers(r.Stratified, truth) ? 1 : 0;
            var pooled = (100 * 0.3 + 600 * 0.5 + 300 * 0.7) / 1_000 - (900 * 0.2 + 200 * 0.45 + 300 * 0.7) / 1_400;
            mix += Covers(r.MixEffect, pooled - truth) ? 1 : 0;
        }
        Assert.InRange(mh / 1_500.0, 0.931, 0.969);
        Assert.InRange(standard / 1_500.0, 0.931, 0.969);
        Assert.InRange(mix / 1_500.0, 0.931, 0.969);
    }

    static bool Covers(Gnomon.Methods.Inference.ContrastResult r, double truth) => r.Low <= truth && truth <= r.High;
}

public sealed class UnitClusteringTests
{
    // Source: analysis of variance and statsmodels cluster-robust OLS without small-sample correction (make.py).
    [Fact]
    public void Intra_class_correlation_agrees_with_the_reference()
    {
        var c = MethodReference.Load("experiments/clusters.json");
        var rows = c.Numbers("rows");
        var (sums, counts) = Units(c.Counts("ids"), rows, _ => true);
        var r = UnitClustering.IntraClass(sums, counts, Moments.Of(rows));
        MethodReference.Close(c.Number("icc"), r.IntraClassCorrelation, 1e-9);
        MethodReference.Close(c.Number("low"), r.Low, 1e-9);
        MethodReference.Close(c.Number("high"), r.High, 1e-9);
        MethodReference.Close(c.Number("F"), r.FStatistic, 1e-9);
        MethodReference.Close(c.Number("p"), r.PValue, 1e-9);
    }

    [Fact]
    public void Clustered_error_agrees_with_cluster_robust_regression()
    {
        var c = MethodReference.Load("experiments/clusters.json");
        var ids = c.Counts("ids");
        var rows = c.Numbers("rows");
        var r = UnitClustering.Compare(Arm(0), Moments.Of(Rows(0)), Arm(1), Moments.Of(Rows(1)));
        // Variance with divisor units - 1 instead of units: 15 units in each arm.
        MethodReference.Close(c.Number("clusterSe") * Math.Sqrt(15.0 / 14), r.Clustered.StandardError, 1e-9);
        Assert.Equal(r.Naive.Value, r.Clustered.Value, 1e-12);

        double[] Rows(int parity) => [.. rows.Where((_, i) => ids[i] % 2 == parity)];
        CoMoments Arm(int parity)
        {
            var (sums, counts) = Units(ids, rows, id => id % 2 == parity);
            return CoMoments.OfColumns(sums, [.. counts.Select(n => (double)n)]);
        }
    }

    [Fact]
    public void The_interval_covers_in_balanced_designs()
    {
        var rng = new Rng(29);
        int covered = 0, naive = 0, clustered = 0;
        for (var run = 0; run < 1_000; run++)
        {
            var (sums, counts, rows) = Draw(rng, 40, 5);
            var r = UnitClustering.IntraClass(sums, counts, Moments.Of(rows));
            covered += r.Low <= 0.25 && 0.25 <= r.High ? 1 : 0;
            var (sums2, counts2, rows2) = Draw(rng, 40, 5);
            var c = UnitClustering.Compare(Pairs(sums, counts), Moments.Of(rows), Pairs(sums2, counts2), Moments.Of(rows2));
            naive += c.Naive.PValue < 0.05 ? 1 : 0;
            clustered += c.Clustered.PValue < 0.05 ? 1 : 0;
        }
        Assert.InRange(covered / 1_000.0, 0.927, 0.973);
        Assert.InRange(clustered / 1_000.0, 0.027, 0.085);
        Assert.True(naive / 1_000.0 > 0.1);
    }

    static CoMoments Pairs(double[] sums, long[] counts) => CoMoments.OfColumns(sums, [.. counts.Select(n => (double)n)]);

    static (double[] Sums, long[] Counts, double[] Rows) Draw(Rng rng, int units, int size)
    {
        var rows = new double[units * size];
        var sums = new double[units];
        for (var u = 0; u < units; u++)
        {
            var own = rng.NextNormal() * Math.Sqrt(1.0 / 3);
            for (var i = 0; i < size; i++)
            {
                rows[u * size + i] = own + rng.NextNormal();
                sums[u] += rows[u * size + i];
            }
        }
        return (sums, [.. Enumerable.Repeat((long)size, units)], rows);
    }

    static (double[] Sums, long[] Counts) Units(long[] ids, double[] rows, Func<long, bool> keep)
    {
        var groups = ids.Select((id, i) => (id, rows[i])).Where(p => keep(p.id)).GroupBy(p => p.id).OrderBy(g => g.Key).ToList();
        return ([.. groups.Select(g => g.Sum(p => p.Item2))], [.. groups.Select(g => g.LongCount())]);
    }
}
