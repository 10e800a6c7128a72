using FsCheck;
using FsCheck.Fluent;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: statsmodels multipletests, 1e-12.</summary>
public sealed class MultiplicityTests
{
    [Fact]
    public void Agrees_with_statsmodels()
    {
        var reference = ReferenceFile.Open("inference", "inference.json").GetProperty("multiplicity");
        var p = reference.Numbers("p");
        AssertEqual(reference.Numbers("bonferroni"), Multiplicity.Bonferroni(p));
        AssertEqual(reference.Numbers("holm"), Multiplicity.Holm(p));
        AssertEqual(reference.Numbers("hochberg"), Multiplicity.Hochberg(p));
        AssertEqual(reference.Numbers("benjaminiHochberg"), Multiplicity.BenjaminiHochberg(p));
        AssertEqual(reference.Numbers("benjaminiYekutieli"), Multiplicity.BenjaminiYekutieli(p));
    }

    [Fact]
    public void Order_and_strength_are_as_the_theory_says() =>
        Prop.ForAll(Gen.Choose(0, 12).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (n, seed) =>
        {
            var rng = new Rng(seed);
            var p = new double[n];
            for (var i = 0; i < n; i++)
            {
                p[i] = Math.Pow(rng.NextDouble(), 3.0);
            }

            var (bonferroni, holm, hochberg, bh, by) = (
                Multiplicity.Bonferroni(p), Multiplicity.Holm(p), Multiplicity.Hochberg(p), Multiplicity.BenjaminiHochberg(p), Multiplicity.BenjaminiYekutieli(p));
            return Enumerable.Range(0, n).All(i =>
                p[i] <= bh[i] && bh[i] <= hochberg[i] + 1e-15 && hochberg[i] <= holm[i] && holm[i] <= bonferroni[i] && bh[i] <= by[i] && by[i] <= 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Error_rates_hold_in_simulation()
    {
        const int rounds = 4000;
        var rng = new Rng(6);
        int holm = 0, hochberg = 0, discoveries = 0;
        for (var i = 0; i < rounds; i++)
        {
            double[] p = [rng.NextDouble(), rng.NextDouble(), rng.NextDouble(), rng.NextDouble(), rng.NextDouble()];
            holm += Multiplicity.Holm(p).Min() < 0.05 ? 1 : 0;
            hochberg += Multiplicity.Hochberg(p).Min() < 0.05 ? 1 : 0;
            discoveries += Multiplicity.BenjaminiHochberg(p).Min() < 0.05 ? 1 : 0;
        }

        // All nulls true and independent: Holm 1 - 0.99^5, the step-up methods exactly 5 % (Simes) or a little less.
        Simulated.Share(0.049, holm, rounds);
        Simulated.Between(0.049, 0.05, hochberg, rounds);
        Simulated.Share(0.05, discoveries, rounds);
    }

    [Fact]
    public void Values_outside_0_to_1_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiplicity.Holm([0.1, double.NaN]));

    static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Close.Relative(expected[i], actual[i], 1e-12);
        }
    }
}
