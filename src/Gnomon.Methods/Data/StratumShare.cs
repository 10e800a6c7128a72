using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>Does a group hold the share of the rows that it holds of the population?</summary>
/// <remarks>Score tests: one proportion against a known share, or two proportions with the pooled variance when the population is itself a sample of rows.</remarks>
public static class StratumShare
{
    /// <summary>Smallest difference of a share that counts.</summary>
    public const double Floor = 0.02;

    /// <param name="rows">Rows of the group.</param>
    /// <param name="n">Rows in all, at least 1.</param>
    /// <param name="share">Share of the population, 0 to 1.</param>
    /// <param name="referenceRows">Rows the share was counted in; null when it is exact.</param>
    /// <returns>Two-sided p-value of "the same share".</returns>
    public static double PValue(long rows, long n, double share, long? referenceRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, Math.Max(1, rows));
        if (!(share >= 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        var seen = rows / (double)n;
        var center = referenceRows is { } m ? (rows + share * m) / (n + (double)m) : share;
        var variance = center * (1 - center) * (1.0 / n + (referenceRows is > 0 ? 1.0 / referenceRows.Value : 0));
        return variance > 0 ? 2 * Normal.Sf(Math.Abs(seen - share) / Math.Sqrt(variance)) : seen == share ? 1 : 0;
    }

    /// <summary>Which groups differ: Holm over all of them, and at least <see cref="Floor"/>.</summary>
    /// <param name="pValues">One per group.</param>
    /// <param name="differences">Share here less share of the population, in the same order.</param>
    /// <param name="alpha">Chance of naming any group when none differs.</param>
    public static bool[] Differ(ReadOnlySpan<double> pValues, ReadOnlySpan<double> differences, double alpha = 0.01)
    {
        var adjusted = Multiplicity.Holm(pValues);
        var differ = new bool[adjusted.Length];
        for (var i = 0; i < differ.Length; i++)
            differ[i] = adjusted[i] < alpha && Math.Abs(differences[i]) > Floor;
        return differ;
    }
}
