using Gnomon.Methods.Data;

namespace Gnomon.Methods.Preparation;

/// <summary>A score over folds: the mean of each fold's own, with what every row adds to it.</summary>
/// <param name="Value">Area under the curve, or R squared.</param>
/// <param name="StandardError">Of the mean over folds, the fitted models taken as given.</param>
/// <param name="Folds">The score of each fold.</param>
/// <remarks>
/// AUC: DeLong, DeLong and Clarke-Pearson 1988 within each fold, folds added as independent; the same terms row by row give the error of a difference of two scores of the same rows. R squared: 1 - SSE / SST with the fold's own
/// mean, linearised as a ratio. What varies with the training rows is not in the error (Bengio and Grandvalet 2004 show that one cross-validation cannot tell it).
/// </remarks>
public sealed record FoldScore(double Value, double StandardError, IReadOnlyList<double> Folds)
{
    // Terms whose sample variance within each group of rows makes the variance of the mean over folds.
    private IReadOnlyList<double[]> Groups { get; init; } = [];

    /// <param name="scores">The score that each row got from the model that did not learn from it.</param>
    /// <param name="target">0 and 1.</param>
    /// <param name="folds">The fold of each row, from 0; every fold with at least 2 rows of each value.</param>
    /// <exception cref="TooFewRowsException">A fold has fewer than 2 rows of a value.</exception>
    public static FoldScore Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> target, ReadOnlySpan<int> folds)
    {
        var count = Count(folds);
        var values = new double[count];
        var groups = new List<double[]>();
        for (var f = 0; f < count; f++)
        {
            var (positive, negative) = (Pick(scores, target, folds, f, true), Pick(scores, target, folds, f, false));
            if (Math.Min(positive.Length, negative.Length) < 2)
            {
                throw new TooFewRowsException($"The smaller class of fold {f + 1}", Math.Min(positive.Length, negative.Length), 2);
            }

            var (ahead, behind) = Placements(positive, negative);
            var auc = ahead.Average();
            values[f] = auc;
            groups.Add(Array.ConvertAll(ahead, v => v / count));
            groups.Add(Array.ConvertAll(behind, v => v / count));
        }

        return Of(values, groups);
    }

    /// <param name="scores">The prediction that each row got from the model that did not learn from it.</param>
    /// <param name="target">Numbers.</param>
    /// <param name="folds">The fold of each row, from 0; every fold with at least 3 rows that are not all alike.</param>
    /// <exception cref="TooFewRowsException">A fold has fewer than 3 rows.</exception>
    /// <exception cref="NotEstimableException">The target is the same in all rows of a fold.</exception>
    public static FoldScore RSquared(ReadOnlySpan<double> scores, ReadOnlySpan<double> target, ReadOnlySpan<int> folds)
    {
        var count = Count(folds);
        var values = new double[count];
        var groups = new List<double[]>();
        for (var f = 0; f < count; f++)
        {
            var rows = new List<int>();
            double mean = 0, sse = 0, sst = 0;
            for (var i = 0; i < folds.Length; i++)
            {
                if (folds[i] == f)
                {
                    rows.Add(i);
                    mean += (target[i] - mean) / rows.Count;
                }
            }

            if (rows.Count < 3)
            {
                throw new TooFewRowsException($"Fold {f + 1}", rows.Count, 3);
            }

            foreach (var i in rows)
            {
                sse += (target[i] - scores[i]) * (target[i] - scores[i]);
                sst += (target[i] - mean) * (target[i] - mean);
            }

            if (!(sst > 0))
            {
                throw new NotEstimableException($"The target is the same in all rows of fold {f + 1}.");
            }

            var ratio = sse / sst;
            values[f] = 1 - ratio;
            var terms = new double[rows.Count];
            for (var k = 0; k < terms.Length; k++)
            {
                var (error, spread) = (target[rows[k]] - scores[rows[k]], target[rows[k]] - mean);
                terms[k] = -((error * error) - (ratio * spread * spread)) / (sst / rows.Count) / count;
            }

            groups.Add(terms);
        }

        return Of(values, groups);
    }

    /// <summary>This score less another of the same rows in the same folds, with the error that takes into account that the rows are the same.</summary>
    public ScoreGap Less(FoldScore other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var variance = 0.0;
        for (var g = 0; g < Groups.Count; g++)
        {
            var (mine, theirs) = (Groups[g], other.Groups[g]);
            var difference = new double[mine.Length];
            for (var i = 0; i < mine.Length; i++)
            {
                difference[i] = mine[i] - theirs[i];
            }

            variance += VarianceOfMean(difference);
        }

        return new ScoreGap(Value - other.Value, Math.Sqrt(variance));
    }

    private static FoldScore Of(double[] values, List<double[]> groups) => new(values.Average(), Math.Sqrt(groups.Sum(VarianceOfMean)), values) { Groups = groups };

    private static double VarianceOfMean(double[] terms)
    {
        double n = terms.Length, mean = 0, m2 = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            var d = terms[i] - mean;
            mean += d / (i + 1);
            m2 += d * (terms[i] - mean);
        }

        return n > 1 ? m2 / (n - 1) / n : 0;
    }

    private static int Count(ReadOnlySpan<int> folds)
    {
        var most = -1;
        foreach (var f in folds)
        {
            most = Math.Max(most, f);
        }

        return most + 1;
    }

    private static double[] Pick(ReadOnlySpan<double> scores, ReadOnlySpan<double> target, ReadOnlySpan<int> folds, int fold, bool positive)
    {
        var found = new List<double>();
        for (var i = 0; i < folds.Length; i++)
        {
            if (folds[i] == fold && (target[i] > 0.5) == positive)
            {
                found.Add(scores[i]);
            }
        }

        return [.. found];
    }

    // For each positive the share of negatives below it, and for each negative the share of positives above it; ties count half.
    private static (double[] Ahead, double[] Behind) Placements(double[] positive, double[] negative)
    {
        double[] pooled = [.. positive, .. negative];
        var (all, ofPositive, ofNegative) = (Midranks.Of(pooled), Midranks.Of(positive), Midranks.Of(negative));
        var ahead = new double[positive.Length];
        var behind = new double[negative.Length];
        for (var i = 0; i < ahead.Length; i++)
        {
            ahead[i] = (all[i] - ofPositive[i]) / negative.Length;
        }

        for (var j = 0; j < behind.Length; j++)
        {
            behind[j] = 1 - ((all[positive.Length + j] - ofNegative[j]) / positive.Length);
        }

        return (ahead, behind);
    }
}

/// <param name="Value">One score less the other.</param>
/// <param name="StandardError">0 where every row adds the same to both.</param>
public sealed record ScoreGap(double Value, double StandardError);
