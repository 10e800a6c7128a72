using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bandits;

/// <summary>Whether each arm was shown as often as the probabilities of the rows that showed it say.</summary>
/// <param name="PValue">Of the worst arm, corrected for the number of arms that were tested; 1 when none was shown often enough.</param>
/// <param name="Arm">The arm that fits least; -1 when none was tested.</param>
/// <param name="Shown">Rows that showed it.</param>
/// <param name="Expected">Rows that its probabilities let expect.</param>
public sealed record ChosenChancesResult(double PValue, int Arm, long Shown, double Expected);

/// <summary>Calibration of a log that holds the probability of the chosen arm only, also where probabilities differ from row to row.</summary>
/// <remarks>
/// A row that shows arm a with probability p(a) counts 1 / p(a), else 0: given the past that has mean 1, so that the sum less the number of rows is a martingale with variance sum 1 / p(a) - 1.
/// The sum of 1 / p(a) over all rows is seen through those that showed the arm, as the ratio of their sums of 1 / p^2 and 1 / p (Hajek 1971), which for a constant p is n / p whatever
/// the count. The normal tail follows from the martingale central limit theorem (Hall and Heyde 1980); arms shown in fewer than 20 rows, or expected in fewer, are left out; Bonferroni over the rest.
/// </remarks>
public static class ChosenChances
{
    const double Fewest = 20.0;

    /// <param name="arms">Number of arms.</param>
    /// <param name="chosen">Arm of each row.</param>
    /// <param name="propensity">Probability with which it was chosen, in (0, 1].</param>
    /// <exception cref="ArgumentException">Lengths that do not agree, or a probability that is none.</exception>
    public static ChosenChancesResult Fit(int arms, ReadOnlySpan<int> chosen, ReadOnlySpan<double> propensity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 1);
        if (chosen.Length != propensity.Length)
            throw new ArgumentException("There must be one probability per row.", nameof(propensity));
        var (shown, sum, squares) = (new long[arms], new double[arms], new double[arms]);
        for (var t = 0; t < chosen.Length; t++)
        {
            if (propensity[t] is not (> 0.0 and <= 1.0))
                throw new ArgumentException($"A probability in row {t + 1} is {propensity[t]}.", nameof(propensity));
            var (a, weight) = (chosen[t], 1.0 / propensity[t]);
            shown[a]++;
            sum[a] += weight;
            squares[a] += weight * weight;
        }

        var (tested, worst, least) = (0, -1, 1.0);
        for (var a = 0; a < arms; a++)
        {
            if (shown[a] < Fewest)
                continue;
            var each = squares[a] / sum[a];
            if (!(chosen.Length / each >= Fewest))
                continue;
            tested++;
            var variance = chosen.Length * (each - 1.0);
            var gap = Math.Abs(sum[a] - chosen.Length);
            var p = variance > 0.0 ? 2.0 * Normal.Sf(gap / Math.Sqrt(variance)) : gap > 1e-9 * chosen.Length ? 0.0 : 1.0;
            if (worst < 0 || p < least)
                (worst, least) = (a, p);
        }

        return worst < 0 ? new(1.0, -1, 0, 0.0) : new(Math.Min(1.0, least * tested), worst, shown[worst], chosen.Length * sum[worst] / squares[worst]);
    }
}
