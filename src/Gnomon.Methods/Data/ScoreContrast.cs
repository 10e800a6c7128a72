using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>How a group's scores lie against those of all other rows.</summary>
/// <param name="Z">Mean score of the group, in standard errors of a random group of its size.</param>
/// <param name="PValue">Two-sided p-value of "the group is a random one".</param>
/// <param name="InGroup">Rows of the group.</param>
/// <param name="Outside">Other rows.</param>
public sealed record ScoreContrastResult(double Z, double PValue, long InGroup, long Outside);

/// <summary>Does a group differ from the other rows? The linear rank test with any scores, from sums alone, so that thousands of groups cost one pass.</summary>
/// <remarks>
/// Sources: Hajek, Sidak and Sen 1999, Theory of Rank Tests: the sum of the scores of a group of m among n has the mean m s and the variance m (n - m) / (n (n - 1)) times the sum of squares
/// about s when the group is drawn at random; normal scores make it van der Waerden's test. For scores of 0 and 1 it is the hypergeometric tail, doubled, which is exact.
/// The normal limit is good to p of about 1e-5 from 50 rows of a group on.
/// </remarks>
public static class ScoreContrast
{
    /// <param name="scores">Scores of all rows, finite.</param>
    /// <param name="inGroup">Whether a row is in the group.</param>
    /// <exception cref="TooFewRowsException">The group or its rest has no row.</exception>
    /// <exception cref="NotEstimableException">The scores do not vary.</exception>
    public static ScoreContrastResult Test(ReadOnlySpan<double> scores, ReadOnlySpan<bool> inGroup)
    {
        if (scores.Length != inGroup.Length)
            throw new ArgumentException($"{scores.Length} scores and {inGroup.Length} rows of groups do not pair.", nameof(inGroup));
        double sum = 0, squares = 0, groupSum = 0;
        long group = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            InferenceGuard.Finite(scores[i], nameof(scores));
            sum += scores[i];
            squares += scores[i] * scores[i];
            if (inGroup[i])
            {
                group++;
                groupSum += scores[i];
            }
        }
        return FromSums(groupSum, group, sum, squares, scores.Length);
    }

    /// <summary>The same from sums.</summary>
    /// <param name="groupSum">Sum of the group's scores.</param>
    /// <param name="group">Rows of the group.</param>
    /// <param name="sum">Sum of all scores; near 0 when they are centred, which keeps the variance exact.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="rows">All rows.</param>
    /// <exception cref="TooFewRowsException">The group or its rest has no row.</exception>
    /// <exception cref="NotEstimableException">The scores do not vary.</exception>
    public static ScoreContrastResult FromSums(double groupSum, long group, double sum, double squares, long rows)
    {
        if (group < 1 || group >= rows)
            throw new TooFewRowsException(group < 1 ? "The group" : "The rest", 0, 1);
        double n = rows, m = group, mean = sum / n;
        var spread = squares - sum * mean;
        if (!(spread > 1e-12 * squares))
            throw new NotEstimableException("The scores do not vary, so no group can differ.");
        var z = (groupSum - m * mean) / Math.Sqrt(m * (n - m) / (n * (n - 1)) * spread);
        return new(z, Math.Min(1, 2 * Normal.Sf(Math.Abs(z))), group, rows - group);
    }

    /// <summary>Scores of 0 and 1: the exact tail, doubled.</summary>
    /// <param name="groupOnes">Ones in the group.</param>
    /// <param name="group">Rows of the group.</param>
    /// <param name="ones">Ones in all rows.</param>
    /// <param name="rows">All rows.</param>
    /// <exception cref="TooFewRowsException">The group or its rest has no row.</exception>
    /// <exception cref="NotEstimableException">All rows are 0, or all are 1.</exception>
    public static ScoreContrastResult OfCounts(long groupOnes, long group, long ones, long rows)
    {
        var z = FromSums(groupOnes, group, ones, ones, rows).Z;
        var tail = z >= 0 ? Hypergeometric.Sf(groupOnes - 1, rows, ones, group) : Hypergeometric.Cdf(groupOnes, rows, ones, group);
        return new(z, Math.Min(1, 2 * tail), group, rows - group);
    }
}
