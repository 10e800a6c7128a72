using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Special;
using Xunit;

namespace Gnomon.Tests.Numerics;

/// <summary>Reference: tests/reference/numerics/distributions.json (mpmath, 40 digits), with a relative tolerance for each case.</summary>
public sealed class DistributionReferenceTests
{
    static readonly Dictionary<string, Func<double[], double>> Functions = new(StringComparer.Ordinal)
    {
        ["Gamma.Log"] = a => Gamma.Log(a[0]),
        ["Beta.Log"] = a => Beta.Log(a[0], a[1]),
        ["Erf.Of"] = a => Erf.Of(a[0]),
        ["Erf.Complement"] = a => Erf.Complement(a[0]),
        ["Erf.ScaledComplement"] = a => Erf.ScaledComplement(a[0]),
        ["Normal.Sf"] = a => Normal.Sf(a[0]),
        ["Normal.LogSf"] = a => Normal.LogSf(a[0]),
        ["Normal.UpperQuantile"] = a => Normal.UpperQuantile(a[0]),
        ["StudentT.Sf"] = a => StudentT.Sf(a[0], a[1]),
        ["StudentT.LogSf"] = a => StudentT.LogSf(a[0], a[1]),
        ["StudentT.UpperQuantile"] = a => StudentT.UpperQuantile(a[0], a[1]),
        ["BetaDistribution.Cdf"] = a => BetaDistribution.Cdf(a[0], a[1], a[2]),
        ["BetaDistribution.Sf"] = a => BetaDistribution.Sf(a[0], a[1], a[2]),
        ["BetaDistribution.Quantile"] = a => BetaDistribution.Quantile(a[0], a[1], a[2]),
        ["FisherF.Sf"] = a => FisherF.Sf(a[0], a[1], a[2]),
        ["FisherF.UpperQuantile"] = a => FisherF.UpperQuantile(a[0], a[1], a[2]),
        ["ChiSquared.Sf"] = a => ChiSquared.Sf(a[0], a[1]),
        ["ChiSquared.Cdf"] = a => ChiSquared.Cdf(a[0], a[1]),
        ["ChiSquared.LogSf"] = a => ChiSquared.LogSf(a[0], a[1]),
        ["ChiSquared.UpperQuantile"] = a => ChiSquared.UpperQuantile(a[0], a[1]),
        ["Poisson.Cdf"] = a => Poisson.Cdf((long)a[0], a[1]),
        ["Poisson.Sf"] = a => Poisson.Sf((long)a[0], a[1]),
        ["Poisson.Pmf"] = a => Poisson.Pmf((long)a[0], a[1]),
        ["Binomial.Pmf"] = a => Binomial.Pmf((long)a[0], (long)a[1], a[2]),
        ["Binomial.Cdf"] = a => Binomial.Cdf((long)a[0], (long)a[1], a[2]),
        ["Binomial.Sf"] = a => Binomial.Sf((long)a[0], (long)a[1], a[2]),
        ["Hypergeometric.Pmf"] = a => Hypergeometric.Pmf((long)a[0], (long)a[1], (long)a[2], (long)a[3]),
        ["Hypergeometric.Cdf"] = a => Hypergeometric.Cdf((long)a[0], (long)a[1], (long)a[2], (long)a[3]),
        ["Hypergeometric.Sf"] = a => Hypergeometric.Sf((long)a[0], (long)a[1], (long)a[2], (long)a[3]),
        ["NoncentralT.Sf"] = a => NoncentralT.Sf(a[0], a[1], a[2]),
        ["NoncentralT.Cdf"] = a => NoncentralT.Cdf(a[0], a[1], a[2]),
        ["NoncentralChiSquared.Sf"] = a => NoncentralChiSquared.Sf(a[0], a[1], a[2]),
        ["NoncentralChiSquared.Cdf"] = a => NoncentralChiSquared.Cdf(a[0], a[1], a[2]),
    };

    [Fact]
    public void Every_function_agrees_with_forty_digits() => ReferenceFile.Agrees("numerics", "distributions.json", Functions);
}
