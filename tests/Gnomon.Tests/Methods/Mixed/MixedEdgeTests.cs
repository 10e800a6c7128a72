using Gnomon.Methods;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

public sealed class MixedEdgeTests
{
    [Fact]
    public void OneGroupingBySmallBlocksAndBySparseFactorisationAreOneModel()
    {
        // The same grouping under two names, one effect each, is what the sparse path makes of two effects without correlation.
        var (design, y, terms, _) = MixedData.Model("sleepstudy", "uncorrelated");
        var days = design.Column(1).ToArray();
        int[] codes = [.. Enumerable.Range(0, y.Length).Select(i => i / 10)];
        var dense = LinearMixedModel.Fit(design, y, terms);
        var sparse = LinearMixedModel.Fit(design, y, [RandomTerm.Intercept("a", codes), new RandomTerm("b", codes, [days], ["days"])]);
        Close.Relative(dense.Criterion, sparse.Criterion, 1e-12);
        Close.Relative(dense.Sigma, sparse.Sigma, 1e-7);
        Close.Relative(dense.Covariance.StandardError(1), sparse.Covariance.StandardError(1), 1e-7);
    }

    [Fact]
    public void BalancedGroupsGiveTheClassicalAnswer()
    {
        // One way, balanced: variance between groups = (mean square between - mean square within) / rows, and the mean has groups - 1 degrees of freedom.
        var rng = new Rng(4);
        const int groups = 7, rows = 6;
        int[] codes = [.. Enumerable.Range(0, groups * rows).Select(i => i / rows)];
        double[] level = [.. Enumerable.Range(0, groups).Select(_ => 2 * rng.NextNormal())];
        double[] y = [.. codes.Select(g => 10 + level[g] + rng.NextNormal())];
        double[] means = [.. Enumerable.Range(0, groups).Select(g => y.Skip(g * rows).Take(rows).Average())];
        var between = rows * means.Sum(m => (m - y.Average()) * (m - y.Average())) / (groups - 1);
        var within = y.Select((v, i) => (v - means[codes[i]]) * (v - means[codes[i]])).Sum() / (groups * (rows - 1));
        var fit = LinearMixedModel.Fit(MixedData.Ones(y.Length), y, [RandomTerm.Intercept("g", codes)]);
        Close.Relative((between - within) / rows, fit.Random[0].Covariance[0], 1e-7);
        Close.Relative(within, fit.Dispersion, 1e-8);
        var mean = fit.Table()[0];
        Close.Relative(Math.Sqrt(between / y.Length), mean.StandardError, 1e-8);
        Close.Relative(groups - 1, mean.DegreesOfFreedom, 1e-5);
    }

    [Fact]
    public void ColumnsFarFromZeroAndLargeOutcomesCostNoDigits()
    {
        var (design, y, terms, _) = MixedData.Model("sleepstudy", "slope");
        var days = design.Column(1).ToArray();
        double[] years = Array.ConvertAll(days, d => d + 2_000_000);
        double[] far = Array.ConvertAll(y, v => 1e9 + v);
        int[] codes = [.. Enumerable.Range(0, y.Length).Select(i => i / 10)];
        var plain = LinearMixedModel.Fit(design, y, terms);
        var moved = LinearMixedModel.Fit(DesignMatrix.WithIntercept([years]), far, [MixedData.Slope("g", codes, "years", years, correlated: true)]);
        Close.Relative(plain.Coefficients[1], moved.Coefficients[1], 1e-7);
        Close.Relative(plain.Random[0].StandardDeviation(1), moved.Random[0].StandardDeviation(1), 1e-6);
        Close.Relative(plain.Table()[1].DegreesOfFreedom, moved.Table()[1].DegreesOfFreedom, 1e-4);
    }

    [Fact]
    public void WeightsOfTwoAreNotTwoRowsButHalfTheVariance()
    {
        // All weights doubled: sigma is that of a row of weight 1, so it grows by the root of 2, and nothing else changes.
        var (design, y, terms, _) = MixedData.Model("sleepstudy", "slope");
        double[] two = [.. y.Select(_ => 2.0)];
        var plain = LinearMixedModel.Fit(design, y, terms);
        var weighted = LinearMixedModel.Fit(design, y, terms, two);
        Close.Relative(plain.Sigma * Math.Sqrt(2), weighted.Sigma, 1e-7);
        Close.Relative(plain.Covariance.StandardError(1), weighted.Covariance.StandardError(1), 1e-7);
        Close.Relative(plain.Random[0].StandardDeviation(0), weighted.Random[0].StandardDeviation(0), 1e-6);
    }

    [Fact]
    public void SharesOfTheVarianceFollowNakagawaAndJohnson()
    {
        var fit = MixedData.Fit("sleepstudy", "slope");
        var days = fit.Design.Column(1).ToArray();
        var shares = fit.Shares();
        var r = fit.Random[0];
        var random = days.Average(d => r.Covariance[0] + 2 * d * r.Covariance[1] + d * d * r.Covariance[3]);
        Close.Relative(random, shares.Random.Single().Value, 1e-12);
        var total = shares.Fixed + random + fit.Dispersion;
        Close.Relative(shares.Fixed / total, shares.MarginalRSquared, 1e-12);
        Close.Relative((shares.Fixed + random) / total, shares.ConditionalRSquared, 1e-12);
        Close.Relative(random / (random + fit.Dispersion), shares.IntraClassCorrelation, 1e-12);
    }

    [Fact]
    public void ASingularTermIsNamedAndTheRefitStandsBeside()
    {
        // Rows of a group share a fixed total: no variance between groups.
        var rng = new Rng(2);
        int[] codes = [.. Enumerable.Range(0, 60).Select(i => i / 3)];
        var y = new double[60];
        for (var g = 0; g < 20; g++)
        {
            double[] e = [rng.NextNormal(), rng.NextNormal(), rng.NextNormal()];
            for (var i = 0; i < 3; i++)
            {
                y[3 * g + i] = e[i] - e.Average();
            }
        }

        var reduction = LinearMixedModel.FitReduced(MixedData.Ones(60), y, [RandomTerm.Intercept("shop", codes)]);
        Assert.True(reduction.Asked.IsSingular);
        Assert.Null(reduction.Reduced);
        Assert.Equal("the variance of the intercept between shop is 0", Assert.Single(reduction.Dropped).Text);
        Assert.Equal(59, reduction.Plain.ResidualDegrees);
        Assert.True(double.IsFinite(reduction.Asked.Table()[0].DegreesOfFreedom));
    }

    [Fact]
    public void ASlopeThatFollowsTheLevelLosesItsCorrelationFirst()
    {
        var rng = new Rng(8);
        int[] codes = [.. Enumerable.Range(0, 240).Select(i => i / 8)];
        double[] x = [.. Enumerable.Range(0, 240).Select(i => (i % 8) - 3.5)];
        double[] level = [.. Enumerable.Range(0, 30).Select(_ => rng.NextNormal())];

        // Residuals with neither level nor slope within a group leave the two effects exactly in step.
        double[] e = [.. x.Select((v, i) => (i % 2 == 0 ? 1 : -1) * (Math.Abs(v) < 2 ? 1.0 : 0.0) * (v < 0 ? 1 : -1))];
        double[] y = [.. codes.Select((g, i) => 3 * level[g] + 1.5 * level[g] * x[i] + e[i])];
        var reduction = LinearMixedModel.FitReduced(DesignMatrix.WithIntercept([x], ["x"]), y, [MixedData.Slope("g", codes, "x", x, correlated: true)]);
        Assert.Equal("the effects the intercept and x of g determine each other", reduction.Dropped[0].Text);
        Assert.False(reduction.Reduced!.Terms[0].IsCorrelated);
        Assert.False(reduction.Reduced.IsSingular);
    }

    [Fact]
    public void WhatCannotBeFittedIsRefusedByName()
    {
        int[] each = [.. Enumerable.Range(0, 20)];
        int[] one = new int[20];
        var rng = new Rng(3);
        double[] y = [.. each.Select(_ => rng.NextNormal())];
        Assert.Contains("20 groups", Assert.Throws<NotEstimableException>(() => LinearMixedModel.Fit(MixedData.Ones(20), y, [RandomTerm.Intercept("row", each)])).Message, StringComparison.Ordinal);
        Assert.Throws<TooFewRowsException>(() => LinearMixedModel.Fit(MixedData.Ones(20), y, [RandomTerm.Intercept("all", one)]));
        int[] g = [.. each.Select(i => i / 4)];
        Assert.Contains("perfectly", Assert.Throws<NotEstimableException>(() => LinearMixedModel.Fit(MixedData.Ones(20), new double[20], [RandomTerm.Intercept("g", g)])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<NotEstimableException>(() => LinearMixedModel.Fit(MixedData.Ones(20), y, [RandomTerm.Intercept("g", g), RandomTerm.Intercept("g", g)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LinearMixedModel.Fit(MixedData.Ones(20), y, []));
        Assert.Throws<NotSupportedException>(() => LinearMixedModel.Fit(MixedData.Ones(20), y, [RandomTerm.Intercept("g", g)]).Leverages());
    }

    [Fact]
    public void ResidualsThatRememberWithinGroupsAreSeenAndIndependentOnesAreNot()
    {
        var rng = new Rng(21);
        int[] codes = [.. Enumerable.Range(0, 400).Select(i => i / 20)];
        double Walk(double rho, out double[] y)
        {
            y = new double[400];
            double[] level = [.. Enumerable.Range(0, 20).Select(_ => rng.NextNormal())];
            var e = 0.0;
            for (var i = 0; i < 400; i++)
            {
                e = i % 20 == 0 ? rng.NextNormal() : rho * e + Math.Sqrt(1 - rho * rho) * rng.NextNormal();
                y[i] = level[codes[i]] + e;
            }

            var fit = LinearMixedModel.Fit(MixedData.Ones(400), y, [RandomTerm.Intercept("g", codes)]);
            return GroupedResiduals.Neighbours(fit, fit.Terms[0]).PValue;
        }

        Assert.True(Walk(0.6, out _) < 0.01);
        Assert.True(Walk(0.0, out _) > 0.05);
    }
}
