using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Exact power of the score test of two proportions: every outcome that would be called significant, weighted by its chance.</summary>
/// <remarks>
/// The rejection region is that of the two-sided pooled z test (Pearson's chi-square without correction); the sum runs over both binomials, so the answer holds for
/// arms of a few units, where the normal formula does not. Time: O(n) probabilities per arm and one pass over the outcomes that matter.
/// </remarks>
public static class ExactPowerTwoProportions
{
    /// <summary>Most units an arm may have: the normal formula is right to three digits well before.</summary>
    public const int MostUnits = 5_000;

    // Outcomes of an arm rarer than this change no printed digit.
    const double Negligible = 1e-16;

    /// <param name="first">Units of the first arm, 1 to 5,000.</param>
    /// <param name="second">Units of the second arm, 1 to 5,000.</param>
    /// <param name="firstRate">True rate of the first arm, in [0, 1].</param>
    /// <param name="secondRate">True rate of the second arm, in [0, 1].</param>
    /// <param name="alpha">Two-sided size of the test.</param>
    /// <returns>The chance of a significant result on either side; at equal rates, the true size.</returns>
    public static double Power(int first, int second, double firstRate, double secondRate, double alpha = 0.05)
    {
        Units(first, nameof(first));
        Units(second, nameof(second));
        Rate(firstRate, nameof(firstRate));
        Rate(secondRate, nameof(secondRate));
        SequentialArguments.Alpha(alpha);
        var critical = Normal.UpperQuantile(alpha / 2);
        var (from1, chance1) = Outcomes(first, firstRate);
        var (from2, chance2) = Outcomes(second, secondRate);
        var power = 0.0;
        for (var i = 0; i < chance1.Length; i++)
        {
            var rejected = 0.0;
            for (var j = 0; j < chance2.Length; j++)
            {
                if (Rejects(from1 + i, first, from2 + j, second, critical))
                    rejected += chance2[j];
            }
            power += chance1[i] * rejected;
        }
        return Math.Min(1, power);
    }

    static bool Rejects(int x1, int n1, int x2, int n2, double critical)
    {
        var pooled = (double)(x1 + x2) / (n1 + n2);
        var variance = pooled * (1 - pooled) * (1.0 / n1 + 1.0 / n2);
        var difference = (double)x1 / n1 - (double)x2 / n2;
        return variance > 0 && difference * difference >= critical * critical * variance;
    }

    static (int From, double[] Chance) Outcomes(int n, double rate)
    {
        if (rate is 0 or 1)
            return (rate == 0 ? 0 : n, [1]);
        var all = new double[n + 1];
        for (var x = 0; x <= n; x++)
            all[x] = Binomial.Pmf(x, n, rate);
        var (from, to) = (0, n);
        while (from < to && all[from] < Negligible)
            from++;
        while (to > from && all[to] < Negligible)
            to--;
        return (from, all[from..(to + 1)]);
    }

    static void Units(int n, string name)
    {
        if (n is < 1 or > MostUnits)
            throw new ArgumentOutOfRangeException(name, n, $"An arm must have between 1 and {MostUnits} units.");
    }

    static void Rate(double rate, string name)
    {
        if (!(rate >= 0 && rate <= 1))
            throw new ArgumentOutOfRangeException(name, rate, "A rate lies between 0 and 1.");
    }
}
