using Gnomon.Methods.Data;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Ranks;

/// <summary>Outcome of Friedman's test.</summary>
/// <param name="ChiSquare">Friedman's statistic with correction for ties, chi-square p.</param>
/// <param name="F">Iman and Davenport's form, whose size is nearer its promise in small tables; null when all blocks agree entirely.</param>
/// <param name="KendallW">Agreement of the blocks, 0 to 1.</param>
/// <param name="MeanRanks">Mean rank of each treatment within blocks.</param>
public sealed record FriedmanResult(OmnibusResult ChiSquare, OmnibusResult? F, double KendallW, IReadOnlyList<double> MeanRanks);

/// <summary>Do several treatments differ, each measured once in every block (person, day, shop)?</summary>
/// <remarks>
/// Sources: Friedman 1937, JASA 32; Iman and Davenport 1980, Communications in Statistics A9; Kendall and Babington Smith 1939. Agrees with scipy
/// <c>friedmanchisquare</c> and R <c>friedman.test</c> to 1e-12 relative.
/// </remarks>
public static class Friedman
{
    /// <param name="treatments">At least 2 treatments of equal length: value b of each belongs to block b. At least 2 blocks.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 treatments or blocks.</exception>
    /// <exception cref="NotEstimableException">In every block all values are equal.</exception>
    public static FriedmanResult Test(IReadOnlyList<double[]> treatments)
    {
        ArgumentNullException.ThrowIfNull(treatments);
        if (treatments.Count < 2)
        {
            throw new TooFewRowsException("The set of treatments", treatments.Count, 2);
        }

        var blocks = treatments[0].Length;
        if (treatments.Any(t => t.Length != blocks))
        {
            throw new ArgumentException("Every treatment needs one value in every block.", nameof(treatments));
        }

        if (blocks < 2)
        {
            throw new TooFewRowsException("The set of blocks", blocks, 2);
        }

        var k = treatments.Count;
        var centre = 0.5 * (k + 1.0);
        var sums = new double[k];
        var squares = 0.0;
        var row = new double[k];
        for (var b = 0; b < blocks; b++)
        {
            for (var t = 0; t < k; t++)
            {
                InferenceGuard.Finite(treatments[t][b], nameof(treatments));
                row[t] = treatments[t][b];
            }

            var ranks = Midranks.Of(row);
            for (var t = 0; t < k; t++)
            {
                sums[t] += ranks[t] - centre;
                squares += (ranks[t] - centre) * (ranks[t] - centre);
            }
        }

        if (!(squares > 0))
        {
            throw new NotEstimableException("In every block all values are equal, so there is nothing to rank.");
        }

        var between = sums.Sum(s => s * s);
        var statistic = (k - 1.0) * between / squares;
        var agreement = Math.Min(1.0, statistic / (blocks * (k - 1.0)));
        var chiSquare = new OmnibusResult(statistic, k - 1.0, null, ChiSquared.Sf(statistic, k - 1.0), "Friedman");
        return new(chiSquare, ImanDavenport(statistic, blocks, k), agreement, [.. sums.Select(s => s / blocks + centre)]);
    }

    static OmnibusResult? ImanDavenport(double statistic, double blocks, double k)
    {
        var rest = blocks * (k - 1.0) - statistic;
        if (rest <= 1e-12 * statistic)
        {
            return null;
        }

        var f = (blocks - 1.0) * statistic / rest;
        var within = (blocks - 1.0) * (k - 1.0);
        return new(f, k - 1.0, within, FisherF.Sf(f, k - 1.0, within), "Friedman, Iman-Davenport F");
    }
}
