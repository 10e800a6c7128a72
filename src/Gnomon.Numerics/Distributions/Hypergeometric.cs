using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The hypergeometric distribution: successes among <c>draws</c> taken without replacement from <c>population</c> of which <c>successes</c> count.</summary>
/// <remarks>Single terms as a ratio of three binomial terms (Loader 2000); tails by summing term ratios away from the mode, so both keep their relative accuracy.</remarks>
public static class Hypergeometric
{
    /// <summary>P(X = k).</summary>
    public static double Pmf(long k, long population, long successes, long draws) => Math.Exp(LogPmf(k, population, successes, draws));

    /// <summary>log P(X = k); minus infinity for an impossible k.</summary>
    public static double LogPmf(long k, long population, long successes, long draws)
    {
        Check(population, successes, draws);
        if (k < Smallest(population, successes, draws) || k > Math.Min(successes, draws))
        {
            return double.NegativeInfinity;
        }

        if (draws == 0 || draws == population)
        {
            return 0.0;
        }

        var x = (double)draws / population;
        var y = (double)(population - draws) / population;
        return Stirling.LogBinomialTerm(k, successes - k, x, y)
            + Stirling.LogBinomialTerm(draws - k, population - successes - draws + k, x, y)
            - Stirling.LogBinomialTerm(draws, population - draws, x, y);
    }

    /// <summary>P(X at most k).</summary>
    public static double Cdf(long k, long population, long successes, long draws) => AtMost(k, population, successes, draws).Lower;

    /// <summary>P(X above k), relatively accurate when small.</summary>
    public static double Sf(long k, long population, long successes, long draws) => AtMost(k, population, successes, draws).Upper;

    /// <summary>The smallest k with P(X at most k) at least <paramref name="probability"/>.</summary>
    public static long Quantile(double probability, long population, long successes, long draws)
    {
        Require.Probability(probability);
        Check(population, successes, draws);
        return DiscreteQuantile.Smallest(
            Smallest(population, successes, draws), Math.Min(successes, draws), k => Cdf(k, population, successes, draws) >= probability);
    }

    /// <summary>The smallest k with P(X above k) at most <paramref name="probability"/>.</summary>
    public static long UpperQuantile(double probability, long population, long successes, long draws)
    {
        Require.Probability(probability);
        Check(population, successes, draws);
        return DiscreteQuantile.Smallest(
            Smallest(population, successes, draws), Math.Min(successes, draws), k => Sf(k, population, successes, draws) <= probability);
    }

    static TailValue AtMost(long k, long population, long successes, long draws)
    {
        Check(population, successes, draws);
        var low = Smallest(population, successes, draws);
        var high = Math.Min(successes, draws);
        if (k < low)
        {
            return TailValue.Exactly(isLower: true, 0.0);
        }

        if (k >= high)
        {
            return TailValue.Exactly(isLower: false, 0.0);
        }

        double rest = population - successes - draws;
        if (k < (double)draws * successes / population)
        {
            var down = SumRatios(k - low, i => (k - i) * (rest + k - i) / ((successes - k + i + 1.0) * (draws - k + i + 1.0)));
            return new TailValue(IsLower: true, LogPmf(k, population, successes, draws), down);
        }

        var start = k + 1;
        var up = SumRatios(high - start, i => (successes - start - i) * (double)(draws - start - i) / ((start + i + 1.0) * (rest + start + i + 1.0)));
        return new TailValue(IsLower: false, LogPmf(start, population, successes, draws), up);
    }

    static double SumRatios(long count, Func<long, double> ratio)
    {
        var term = 1.0;
        var sum = 1.0;
        for (var i = 0L; i < count; i++)
        {
            term *= ratio(i);
            var next = sum + term;
            if (next == sum)
            {
                break;
            }

            sum = next;
        }

        return sum;
    }

    static long Smallest(long population, long successes, long draws) => Math.Max(0, draws - (population - successes));

    static void Check(long population, long successes, long draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfNegative(draws);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, population);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draws, population);
    }
}
