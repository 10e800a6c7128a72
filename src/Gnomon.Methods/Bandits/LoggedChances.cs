using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bandits;

/// <summary>Whether the arms were shown as often as a log of probabilities says.</summary>
/// <param name="PValue">Of the worst arm, corrected for the number of arms; 1 when no batch is large enough.</param>
/// <param name="Arm">The arm and batch that fit least.</param>
/// <param name="Batch">Its batch.</param>
/// <param name="Rows">Rows of that batch.</param>
/// <param name="Shown">How many of them showed the arm.</param>
/// <param name="Expected">How many the log expects.</param>
public sealed record LoggedChancesResult(double PValue, int Arm, int Batch, long Rows, long Shown, double Expected);

/// <summary>Compares a log of probabilities with the arms that were shown, batch by batch.</summary>
/// <remarks>
/// Given the past, a row shows an arm with the logged probability p, so shown less expected is a martingale with variance sum p (1 - p); its squares over batches add to a chi-square
/// (martingale central limit theorem, for example Hall and Heyde 1980). Batches with a variance below 5 are left out; the arms share one Bonferroni correction.
/// </remarks>
public static class LoggedChances
{
    const double SmallestVariance = 5.0;

    /// <param name="log">Chosen arms with the probability of every arm.</param>
    /// <param name="batch">A number per row, from 0: a day, or any stretch of time.</param>
    public static LoggedChancesResult Fit(ChoiceLog log, ReadOnlySpan<int> batch)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (batch.Length != log.Rows)
            throw new ArgumentException("There must be one batch per row.", nameof(batch));
        var batches = 0;
        foreach (var b in batch)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(b, nameof(batch));
            batches = Math.Max(batches, b + 1);
        }

        var rows = new long[batches];
        var (expected, variance, shown) = (new double[batches * log.Arms], new double[batches * log.Arms], new long[batches * log.Arms]);
        for (var t = 0; t < log.Rows; t++)
        {
            rows[batch[t]]++;
            shown[batch[t] * log.Arms + log.Chosen[t]]++;
            for (var a = 0; a < log.Arms; a++)
            {
                var (p, cell) = (log.Probability(t, a), batch[t] * log.Arms + a);
                expected[cell] += p;
                variance[cell] += p * (1.0 - p);
            }
        }

        var (least, worst, worstSquare) = (1.0, 0, -1.0);
        for (var a = 0; a < log.Arms; a++)
        {
            var (sum, degrees) = (0.0, 0);
            for (var b = 0; b < batches; b++)
            {
                var cell = b * log.Arms + a;
                if (variance[cell] < SmallestVariance)
                    continue;
                var gap = shown[cell] - expected[cell];
                var square = gap * gap / variance[cell];
                sum += square;
                degrees++;
                if (square > worstSquare)
                    (worst, worstSquare) = (cell, square);
            }

            if (degrees > 0)
                least = Math.Min(least, ChiSquared.Sf(sum, degrees));
        }

        return batches == 0 ? new(1.0, 0, 0, 0, 0, 0.0) : new(Math.Min(1.0, least * log.Arms), worst % log.Arms, worst / log.Arms, rows[worst / log.Arms], shown[worst], expected[worst]);
    }
}
