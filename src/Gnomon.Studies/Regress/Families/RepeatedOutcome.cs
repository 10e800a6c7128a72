using Gnomon.Core.Findings;

namespace Gnomon.Studies.Regress.Families;

/// <summary>Says what an outcome that repeats does to errors that rest on its local density.</summary>
internal static class RepeatedOutcome
{
    // Whole numbers from 0 to 10 are near 0.09, values read to a tenth of a standard deviation near 0.03.
    private const double Much = 0.03;

    /// <summary>A sentence where many pairs of rows have the same outcome; null where few have.</summary>
    public static string? Limitation(ReadOnlySpan<double> outcome, string name)
    {
        var alike = Alike(outcome);
        return alike <= Much
            ? null
            : $"{name} repeats: two rows taken at random have the same value in {Figures.WholePercent(alike)} of cases. Errors of quantile regression rest on values that hardly repeat: in simulations of 100 rows with counts of mean 3, a column without any effect had p below 0.05 in 13 % where 5 % is right, and with more rows the errors can be too wide. Read --family gaussian, or poisson for counts, beside it.";
    }

    /// <summary>Chance that two different rows have the same outcome.</summary>
    internal static double Alike(ReadOnlySpan<double> outcome)
    {
        if (outcome.Length < 2)
        {
            return 0;
        }

        var sorted = outcome.ToArray();
        Array.Sort(sorted);
        var (pairs, run) = (0.0, 0L);
        for (var i = 1; i < sorted.Length; i++)
        {
            run = sorted[i] == sorted[i - 1] ? run + 1 : 0;
            pairs += run;
        }

        return pairs / (0.5 * sorted.Length * (sorted.Length - 1.0));
    }
}
