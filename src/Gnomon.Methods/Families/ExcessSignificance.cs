using Gnomon.Methods.Bayes;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Families;

/// <summary>Significant results seen and expected.</summary>
/// <param name="Observed">Tests with p below alpha.</param>
/// <param name="Expected">Sum of the chances that each test is significant, its true effect being drawn from what the tests together say of effects.</param>
/// <param name="PValue">One-sided chance of as many significant results or more: small when results were chosen or share a fault.</param>
/// <param name="Powers">Chance of each test to be significant, in the order they came.</param>
public sealed record ExcessSignificanceResult(int Observed, double Expected, double PValue, IReadOnlyList<double> Powers);

/// <summary>The test of excess significance: are there more significant results than the tests' own power allows?</summary>
/// <remarks>
/// Source: Ioannidis and Trikalinos 2007, Clinical Trials 4. Two refinements of theirs: true effects may differ between tests, so each power is averaged over a normal distribution of
/// effects with the common mean and the spread of <see cref="NormalShrinkage"/>; and since powers differ, the number of significant results follows the Poisson-binomial law, computed
/// exactly, instead of a binomial with the mean power. Effects and power are learned from the same tests, which makes the test conservative where nothing was chosen.
/// </remarks>
public static class ExcessSignificance
{
    const int Fewest = 5;

    /// <param name="estimates">Effects in one unit, finite.</param>
    /// <param name="standardErrors">Their standard errors, positive.</param>
    /// <param name="alpha">Two-sided size of each test, in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 5 tests.</exception>
    public static ExcessSignificanceResult Test(ReadOnlySpan<double> estimates, ReadOnlySpan<double> standardErrors, double alpha = 0.05)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must lie between 0 and 1.");
        if (estimates.Length < Fewest)
            throw new TooFewRowsException("The set of tests", estimates.Length, Fewest);
        var pooled = NormalShrinkage.Fit(estimates, standardErrors);
        var z = Normal.UpperQuantile(alpha / 2);
        var powers = new double[estimates.Length];
        var observed = 0;
        for (var i = 0; i < powers.Length; i++)
        {
            var se = standardErrors[i];
            observed += Math.Abs(estimates[i]) > z * se ? 1 : 0;
            var spread = Math.Sqrt(pooled.Spread * pooled.Spread + se * se);
            powers[i] = Normal.Sf((z * se - pooled.Mean) / spread) + Normal.Cdf((-z * se - pooled.Mean) / spread);
        }
        return new(observed, powers.Sum(), AtLeast(powers, observed), powers);
    }

    /// <summary>The chance of at least so many successes in independent trials of unlike chances (Poisson-binomial), by the recursion over trials.</summary>
    /// <param name="chances">Chance of each trial, in [0, 1].</param>
    /// <param name="successes">How many.</param>
    public static double AtLeast(ReadOnlySpan<double> chances, int successes)
    {
        if (successes <= 0)
            return 1;
        if (successes > chances.Length)
            return 0;
        // counts[k]: chance of exactly k successes so far; the last entry collects everything from `successes` on, so that small tails keep their digits.
        var counts = new double[successes + 1];
        counts[0] = 1;
        foreach (var chance in chances)
        {
            if (!(chance >= 0 && chance <= 1))
                throw new ArgumentOutOfRangeException(nameof(chances), chance, "A chance lies between 0 and 1.");
            counts[successes] += counts[successes - 1] * chance;
            for (var k = successes - 1; k > 0; k--)
                counts[k] = counts[k] * (1 - chance) + counts[k - 1] * chance;
            counts[0] *= 1 - chance;
        }
        return Math.Min(1, counts[successes]);
    }
}
