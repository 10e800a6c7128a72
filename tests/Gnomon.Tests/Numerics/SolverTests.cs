using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;
using Xunit;

namespace Gnomon.Tests.Numerics;

public sealed class SolverTests
{
    [Theory]
    [InlineData(0.0, 2.0)]
    [InlineData(-1.0, 100.0)]
    public void Brent_finds_the_fixed_point_of_cosine(double low, double high)
    {
        var root = Brent.Root(x => x - Math.Cos(x), low, high);
        Assert.True(root.Converged);
        Close.Absolute(0.73908513321516067, root.X, 1e-13);
    }

    [Fact]
    public void Brent_refuses_ends_of_one_sign_and_reports_an_exhausted_limit()
    {
        Assert.Throws<ArgumentException>(() => Brent.Root(x => x * x + 1, -1, 1));
        Assert.False(Brent.Root(x => x * x * x - 2, 0, 1e6, maxIterations: 3).Converged);
    }

    [Fact]
    public void Minimisers_find_the_minimum_of_a_quartic()
    {
        // d/dx (x^4 - 3x) = 0 at (3/4)^(1/3)
        var expected = Math.Cbrt(0.75);
        var brent = Brent.Minimize(x => x * x * x * x - 3 * x, -1, 4);
        var golden = GoldenSection.Minimize(x => x * x * x * x - 3 * x, -1, 4);
        Assert.True(brent.Converged && golden.Converged);
        Close.Absolute(expected, brent.X, 1e-7);
        Close.Absolute(expected, golden.X, 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Gauss_Legendre_integrates_polynomials_of_degree_2n_minus_1(int n)
    {
        var rule = new GaussLegendre(n);
        var degree = Math.Min(2 * n - 1, 40);
        var actual = rule.Integrate(x => (degree + 1) * Math.Pow(x, degree), 0, 1);
        Close.Relative(1.0, actual, 1e-13);
        Close.Relative(2.0, rule.Weights.ToArray().Sum(), 1e-13);
        Assert.Equal(rule.Nodes.ToArray().Order(), rule.Nodes.ToArray());
    }

    [Fact]
    public void Gauss_Legendre_integrates_the_normal_density() =>
        Close.Absolute(Normal.Cdf(3) - Normal.Cdf(-1), new GaussLegendre(40).Integrate(Normal.Pdf, -1, 3), 1e-14);

    [Fact]
    public void Cholesky_solves_and_finds_the_rank()
    {
        // Hilbert-like but regular: x known.
        double[] a = [4, 2, 0.6, 2, 3, 0.5, 0.6, 0.5, 2];
        double[] x = [1, -2, 3];
        double[] b = [4 - 4 + 1.8, 2 - 6 + 1.5, 0.6 - 1 + 6];
        var factor = PivotedCholesky.Factor(a, 3);
        Assert.True(factor.IsFullRank);
        var solved = factor.Solve(b);
        for (var i = 0; i < 3; i++)
        {
            Close.Absolute(x[i], solved[i], 1e-13);
        }

        Close.Relative(b.Zip(x, (u, v) => u * v).Sum(), factor.InverseQuadraticForm(b), 1e-13);
        // det by Sarrus
        Close.Relative(Math.Log(4 * 3 * 2 + 2 * 0.5 * 0.6 + 0.6 * 2 * 0.5 - 0.6 * 3 * 0.6 - 0.5 * 0.5 * 4 - 2 * 2 * 2), factor.LogDeterminant, 1e-13);
    }

    [Fact]
    public void Cholesky_sets_aside_columns_that_others_determine_whatever_their_units()
    {
        // Column 2 = 1e6 (column 0 + column 1); column 3 is constant 0.
        double[] a = [1, 0.5, 1.5e6, 0, 0.5, 1, 1.5e6, 0, 1.5e6, 1.5e6, 3e12, 0, 0, 0, 0, 0];
        var factor = PivotedCholesky.Factor(a, 4);
        Assert.Equal(2, factor.Rank);
        Assert.Contains(3, factor.Dropped.ToArray());
        double[] b = [1, 2, 3e6, 0];
        // b' A^- b on a consistent right-hand side does not depend on the columns kept: 1, 2 against [[1, .5], [.5, 1]].
        Close.Relative(4.0, factor.InverseQuadraticForm(b), 1e-9);
    }

    [Fact]
    public void Qr_gives_least_squares_and_the_rank()
    {
        var rng = new Rng(4);
        const int n = 60;
        var one = Enumerable.Repeat(1.0, n).ToArray();
        var x = one.Select(_ => rng.NextNormal()).ToArray();
        var twice = x.Select(v => 2e3 * v).ToArray();
        var y = x.Select(v => 3 - 4 * v).ToArray();
        var exact = PivotedQr.Factor([one, x]).Solve(y);
        Close.Absolute(3, exact[0], 1e-13);
        Close.Absolute(-4, exact[1], 1e-13);
        var singular = PivotedQr.Factor([one, x, twice]);
        Assert.Equal(2, singular.Rank);
        var c = singular.Solve(y);
        Close.Absolute(-4, c[1] + 2e3 * c[2], 1e-12);
    }

    [Fact]
    public void Quantiles_invert_their_tails()
    {
        foreach (var p in new[] { 1e-250, 1e-30, 1e-5, 0.04, 0.5, 0.96 })
        {
            Close.Relative(p, Normal.Sf(Normal.UpperQuantile(p)), 1e-11);
            Close.Relative(p, StudentT.Sf(StudentT.UpperQuantile(p, 9.0), 9.0), 1e-11);
            Close.Relative(p, ChiSquared.Sf(ChiSquared.UpperQuantile(p, 5.0), 5.0), 1e-11);
            Close.Relative(p, FisherF.Sf(FisherF.UpperQuantile(p, 40.0, 11.0), 40.0, 11.0), 1e-11);
            Close.Relative(p, ChiSquared.Cdf(ChiSquared.Quantile(p, 5.0), 5.0), 1e-11);
        }

        Assert.Equal(4, Binomial.Quantile(0.9, 10, 0.25));
        Assert.Equal(4, Binomial.UpperQuantile(0.1, 10, 0.25));
        Assert.Equal(15, Poisson.Quantile(0.95, 10));
        Assert.Equal(15, Poisson.UpperQuantile(0.05, 10));
        Assert.Equal(6, Hypergeometric.Quantile(0.95, 50, 20, 10));
    }

    [Fact]
    public void Large_parameters_keep_their_limits()
    {
        Close.Relative(Normal.Sf(2.0), StudentT.Sf(2.0, 1e12), 1e-9);
        Assert.Equal(Normal.Sf(2.0), StudentT.Sf(2.0, double.PositiveInfinity));
        Close.Absolute(0.5, Gamma.P(1e9, 1e9), 1e-5);
        Close.Relative(1.0, Poisson.Cdf(1_000_000, 1e6) + Poisson.Sf(1_000_000, 1e6), 1e-14);
        Close.Absolute(0.0, Elementary.LogSumExp(-1000.0, -1000.0) + 1000.0 - Math.Log(2), 2e-13);
    }
}
