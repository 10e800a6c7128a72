using Gnomon.Methods.Counts;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power and sample size of McNemar's test of two proportions measured on the same units.</summary>
/// <remarks>
/// Sources: Miettinen 1968, Biometrics 24 (normal formula, averaged over the number of discordant pairs); exact: every number of discordant pairs and every split of
/// them that the mid-p test of <see cref="PairedProportions"/> rejects, weighted by its chance. What carries the information are the discordant pairs.
/// </remarks>
public static class PowerPairedProportions
{
    /// <summary>Most pairs of an exact plan; beyond, the normal formula is right to three digits.</summary>
    public const int MostExactPairs = 5_000;

    const double Negligible = 1e-15;

    /// <summary>Chance of a significant result in the true direction, by Miettinen's formula.</summary>
    /// <param name="pairs">Pairs, positive; need not be whole.</param>
    /// <param name="difference">Second rate minus first: the difference of the two kinds of discordant pairs as shares of all pairs.</param>
    /// <param name="discordant">Share of pairs that are discordant, of either kind, in (0, 1]; at least the absolute difference.</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double pairs, double difference, double discordant, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        Check(difference, discordant);
        SizeSearch.Units(pairs, 0);
        var room = Math.Sqrt(pairs * discordant) * Math.Abs(difference) - Normal.UpperQuantile(o.Alpha / o.Sides) * discordant;
        var spread = Spread(difference, discordant);
        return spread > 0 ? Normal.Cdf(room / spread) : room > 0 ? 1 : 0;
    }

    /// <summary>Pairs for the wanted power by Miettinen's formula, not rounded.</summary>
    public static double SampleSize(double difference, double discordant, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Effect(difference, nameof(difference));
        Check(difference, discordant);
        PowerTwoProportions.Target(power, o);
        var root = (Normal.UpperQuantile(o.Alpha / o.Sides) * discordant + Normal.Quantile(power) * Spread(difference, discordant)) / Math.Abs(difference);
        return root * root / discordant;
    }

    /// <summary>The smallest absolute difference detected with the wanted power at a share of discordant pairs; null when not even the largest possible, that share itself, is.</summary>
    public static double? MinimumDetectableDifference(double pairs, double discordant, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        Check(0, discordant);
        SizeSearch.Units(pairs, 0);
        PowerTwoProportions.Target(power, o);
        return SizeSearch.Effect(d => Power(pairs, d, discordant, o), power, discordant, discordant);
    }

    /// <summary>Exact power of the two-sided mid-p test.</summary>
    /// <param name="pairs">Pairs, 1 to 5,000.</param>
    /// <param name="difference">Second rate minus first.</param>
    /// <param name="discordant">Share of discordant pairs.</param>
    /// <param name="alpha">Two-sided size.</param>
    public static double ExactPower(int pairs, double difference, double discordant, double alpha = 0.05)
    {
        Check(difference, discordant);
        SequentialArguments.Alpha(alpha);
        if (pairs is < 1 or > MostExactPairs)
            throw new ArgumentOutOfRangeException(nameof(pairs), pairs, $"An exact plan has between 1 and {MostExactPairs} pairs.");
        var share = 0.5 + 0.5 * Math.Abs(difference) / discordant;
        var power = 0.0;
        var critical = -1L;
        for (var m = 1; m <= pairs; m++)
        {
            // The largest count of the rarer kind that is rejected; it never falls as pairs are added, and rises by at most 1.
            if (PairedProportions.MidP(critical + 1, m - critical - 1) <= alpha && 2 * (critical + 1) < m)
                critical++;
            var chance = discordant == 1 ? (m == pairs ? 1 : 0) : Binomial.Pmf(m, pairs, discordant);
            if (chance > Negligible && critical >= 0)
                power += chance * (Tail(critical, m, 1 - share) + Tail(critical, m, share));
        }
        return Math.Min(1, power);
    }

    static double Tail(long most, long n, double p) => p <= 0 ? 1 : p >= 1 ? (most >= n ? 1 : 0) : Binomial.Cdf(most, n, p);

    static double Spread(double difference, double discordant) =>
        Math.Sqrt(Math.Max(0, discordant * discordant - 0.25 * difference * difference * (3 + discordant)));

    static void Check(double difference, double discordant)
    {
        if (!(discordant > 0 && discordant <= 1))
            throw new ArgumentOutOfRangeException(nameof(discordant), discordant, "The share of discordant pairs lies above 0 and at most at 1.");
        if (!(Math.Abs(difference) <= discordant))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "The difference of the rates cannot exceed the share of discordant pairs.");
    }
}
