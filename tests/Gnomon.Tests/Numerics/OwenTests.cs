using Gnomon.Numerics.Distributions;
using Xunit;

namespace Gnomon.Tests.Numerics;

/// <summary>Reference: tests/reference/numerics/owen.json (mpmath quadrature, 40 digits): 1e-14 relative for T, 1e-11 to 1e-12 for Q.</summary>
public sealed class OwenTests
{
    static readonly Dictionary<string, Func<double[], double>> Functions = new(StringComparer.Ordinal)
    {
        ["OwensT.Of"] = a => OwensT.Of(a[0], a[1]),
        ["OwensQ.Of"] = a => OwensQ.Of(a[0], a[1], a[2], a[3], a[4]),
        ["OwensQ.BothRejected"] = a => OwensQ.BothRejected(a[0], a[1], a[2], a[3]),
    };

    [Fact]
    public void Both_functions_agree_with_high_precision() => ReferenceFile.Agrees("numerics", "owen.json", Functions);

    [Fact]
    public void T_is_even_in_h_odd_in_a_and_ends_at_half_a_normal_tail()
    {
        Assert.Equal(OwensT.Of(1.3, 0.7), OwensT.Of(-1.3, 0.7));
        Assert.Equal(-OwensT.Of(1.3, 0.7), OwensT.Of(1.3, -0.7));
        Assert.Equal(0, OwensT.Of(1.3, 0));
        Assert.Equal(0.5 * Normal.Sf(1.3), OwensT.Of(1.3, double.PositiveInfinity), 1e-16);
        Assert.Equal(0.125, OwensT.Of(0, 1), 1e-16);
        Assert.Throws<ArgumentOutOfRangeException>(() => OwensT.Of(double.NaN, 1));
    }

    // Owen 1965, even degrees of freedom: a closed form by the normal distribution alone, 2 degrees: the density of chi is x exp(-x^2 / 2).
    [Theory]
    [InlineData(1.7, 0.5, 2.5)]
    [InlineData(-0.8, 1.2, 1.1)]
    public void Q_at_two_degrees_has_owens_closed_form(double t, double delta, double high)
    {
        // By parts: [-exp(-x^2 / 2) Phi(a x - delta)] + a times the integral of phi(x) phi(a x - delta) sqrt(2 pi).
        var a = t / Math.Sqrt(2);
        var b = Math.Sqrt(1 + a * a);
        var inner = a / b * Math.Exp(-0.5 * delta * delta / (b * b)) * (Normal.Cdf(b * high - a * delta / b) - Normal.Cdf(-a * delta / b));
        var expected = Normal.Cdf(-delta) - Math.Exp(-0.5 * high * high) * Normal.Cdf(a * high - delta) + inner;
        Assert.Equal(expected, OwensQ.Of(t, 2, delta, 0, high), 1e-14);
    }

    // Owen 1965, 1 degree of freedom: the closed form needs T.
    [Theory]
    [InlineData(0.9, 0.6)]
    [InlineData(-2.0, 1.5)]
    public void Q_at_one_degree_is_a_noncentral_t_and_so_two_values_of_t(double t, double delta)
    {
        var b = Math.Sqrt(1 + t * t);
        var expected = Normal.Cdf(-delta / b) + 2 * (OwensT.Of(-delta / b, t));
        Assert.Equal(expected, OwensQ.Of(t, 1, delta, 0, double.PositiveInfinity), 2e-13);
        Assert.Equal(NoncentralT.Cdf(t, 1, delta), expected, 1e-13);
    }

    [Fact]
    public void Without_bounds_q_is_the_noncentral_t_distribution_and_parts_add_up()
    {
        Assert.Equal(NoncentralT.Cdf(1.9, 14, 2.2), OwensQ.Of(1.9, 14, 2.2, 0, double.PositiveInfinity), 1e-13);
        Assert.Equal(OwensQ.Of(1.9, 14, 2.2, 0, 6), OwensQ.Of(1.9, 14, 2.2, 0, 3.1) + OwensQ.Of(1.9, 14, 2.2, 3.1, 6), 1e-13);
        var r = (3.0 - -3.0) / (2 * 1.73) * Math.Sqrt(18);
        Assert.Equal(OwensQ.Of(-1.73, 18, -3, 0, r) - OwensQ.Of(1.73, 18, 3, 0, r), OwensQ.BothRejected(1.73, 18, 3, -3), 1e-13);
        Assert.Equal(0, OwensQ.BothRejected(1.7, 10, -1, 1));
    }

    [Fact]
    public void The_mixture_knows_the_moments_of_chi()
    {
        Assert.Equal(1, ChiMixture.Mean(0.4, _ => 1), 1e-13);
        Assert.Equal(1, ChiMixture.Mean(7, s => s * s), 1e-13);
        Assert.Equal(1, ChiMixture.Mean(3e7, s => s * s), 1e-12);
        Assert.Equal(ChiSquared.Cdf(5, 6), ChiMixture.Mean(6, _ => 1, 0, Math.Sqrt(5.0 / 6)), 1e-13);
        Assert.Throws<ArithmeticException>(() => ChiMixture.Mean(5, s => Math.Sin(1e9 * s)));
    }
}
