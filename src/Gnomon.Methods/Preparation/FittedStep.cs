using Gnomon.Methods.Data;

namespace Gnomon.Methods.Preparation;

/// <summary>What a step learned, which is all that it needs for new rows.</summary>
/// <remarks>
/// Median imputation; fences of Tukey 1977 at the quartiles of the linear interpolation (Hyndman and Fan 1996, type 7); F of a one-way analysis of variance for a target of two values and of simple regression otherwise, as
/// scikit-learn's <c>f_classif</c> and <c>f_regression</c>; scaling by the standard deviation with divisor n.
/// </remarks>
public sealed record FittedStep
{
    private const double FarOut = 3;

    public required PreparationKind Kind { get; init; }

    /// <summary>Columns that stay, by their place among those that came in; all of them where the step drops none.</summary>
    public required IReadOnlyList<int> Kept { get; init; }

    /// <summary>For each kept column: the median to fill in, the lower fence, or the mean. Empty for steps that only choose.</summary>
    public IReadOnlyList<double> First { get; init; } = [];

    /// <summary>For each kept column: the upper fence, or the standard deviation (1 for a column without any). Empty otherwise.</summary>
    public IReadOnlyList<double> Second { get; init; } = [];

    /// <summary>Columns that share the place of a kept one, for <see cref="PreparationKind.Twins"/>.</summary>
    public IReadOnlyList<TwinCluster> Clusters { get; init; } = [];

    /// <param name="step">What to do.</param>
    /// <param name="columns">Columns of one length; NaN where there is no value.</param>
    /// <param name="target">The target, one finite value for each row.</param>
    /// <param name="isBinary">The target has two values, 0 and 1.</param>
    /// <param name="rows">The rows to learn from, at least 3.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 rows.</exception>
    /// <exception cref="NotEstimableException">A column has gaps before a step that cannot bear them, or no value at all.</exception>
    public static FittedStep Fit(PreparationStep step, IReadOnlyList<double[]> columns, ReadOnlySpan<double> target, bool isBinary, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(columns);
        if (rows.Length < 3)
        {
            throw new TooFewRowsException("The rows to learn a step from", rows.Length, 3);
        }

        int[] all = [.. Enumerable.Range(0, columns.Count)];
        var (first, second) = (new double[columns.Count], new double[columns.Count]);
        switch (step.Kind)
        {
            case PreparationKind.Impute:
                for (var j = 0; j < columns.Count; j++)
                {
                    first[j] = RobustOutliers.Quantile(Sorted(columns[j], rows, j), 0.5);
                }

                return new FittedStep { Kind = step.Kind, Kept = all, First = first };
            case PreparationKind.Clip:
                for (var j = 0; j < columns.Count; j++)
                {
                    var sorted = Sorted(columns[j], rows, j);
                    var (low, high) = (RobustOutliers.Quantile(sorted, 0.25), RobustOutliers.Quantile(sorted, 0.75));
                    (first[j], second[j]) = high > low ? (low - (FarOut * (high - low)), high + (FarOut * (high - low))) : (sorted[0], sorted[^1]);
                }

                return new FittedStep { Kind = step.Kind, Kept = all, First = first, Second = second };
            case PreparationKind.Scale:
                for (var j = 0; j < columns.Count; j++)
                {
                    (first[j], second[j]) = MeanAndSpread(columns[j], rows);
                }

                return new FittedStep { Kind = step.Kind, Kept = all, First = first, Second = second };
            case PreparationKind.Twins:
                var clusters = TwinClusters.Of(columns, rows);
                return new FittedStep { Kind = step.Kind, Kept = [.. all.Except(clusters.SelectMany(c => c.Others))], Clusters = clusters };
            default:
                var f = AnalysisOfVariance(columns, target, isBinary, rows);
                return new FittedStep { Kind = step.Kind, Kept = [.. all.OrderByDescending(j => f[j]).ThenBy(j => j).Take(Math.Max(1, step.Keep)).Order()] };
        }
    }

    /// <summary>The columns as the step leaves them, all rows; what came in is not touched.</summary>
    public IReadOnlyList<double[]> Apply(IReadOnlyList<double[]> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var result = new double[Kept.Count][];
        for (var k = 0; k < result.Length; k++)
        {
            var column = columns[Kept[k]];
            var (a, b) = (k < First.Count ? First[k] : 0, k < Second.Count ? Second[k] : 0);
            result[k] = Kind switch
            {
                PreparationKind.Impute => Array.ConvertAll(column, v => double.IsNaN(v) ? a : v),
                PreparationKind.Clip => Array.ConvertAll(column, v => double.IsNaN(v) ? v : Math.Clamp(v, a, b)),
                PreparationKind.Scale => Array.ConvertAll(column, v => (v - a) / b),
                _ => column,
            };
        }

        return result;
    }

    /// <summary>F of each column; 0 for a column without spread, infinity for one that tells the target exactly.</summary>
    internal static double[] AnalysisOfVariance(IReadOnlyList<double[]> columns, ReadOnlySpan<double> target, bool isBinary, ReadOnlySpan<int> rows)
    {
        var f = new double[columns.Count];
        double n = rows.Length, meanY = 0, syy = 0;
        foreach (var i in rows)
        {
            meanY += target[i] / n;
        }

        foreach (var i in rows)
        {
            syy += (target[i] - meanY) * (target[i] - meanY);
        }

        for (var j = 0; j < columns.Count; j++)
        {
            var column = columns[j];
            var (mean, sxx, sxy) = (0.0, 0.0, 0.0);
            foreach (var i in rows)
            {
                mean += column[i] / n;
            }

            if (double.IsNaN(mean))
            {
                throw new NotEstimableException($"Column {j + 1} has gaps where columns are chosen by F; fill them first.");
            }

            foreach (var i in rows)
            {
                sxx += (column[i] - mean) * (column[i] - mean);
                sxy += (column[i] - mean) * (target[i] - meanY);
            }

            // For two groups the analysis of variance is the regression on their indicator: one formula serves both.
            var r2 = sxx > 1e-12 * n * Math.Max(1e-300, mean * mean) && syy > 0 ? Math.Min(1, sxy * sxy / (sxx * syy)) : 0;
            f[j] = r2 < 1 ? r2 / (1 - r2) * (n - 2) : double.PositiveInfinity;
        }

        return f;
    }

    private static double[] Sorted(double[] column, ReadOnlySpan<int> rows, int index)
    {
        var values = new List<double>(rows.Length);
        foreach (var i in rows)
        {
            if (!double.IsNaN(column[i]))
            {
                values.Add(column[i]);
            }
        }

        if (values.Count == 0)
        {
            throw new NotEstimableException($"Column {index + 1} has no value in the rows that a step learns from.");
        }

        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }

    private static (double Mean, double Deviation) MeanAndSpread(double[] column, ReadOnlySpan<int> rows)
    {
        double n = 0, mean = 0, m2 = 0;
        foreach (var i in rows)
        {
            if (!double.IsNaN(column[i]))
            {
                n++;
                var d = column[i] - mean;
                mean += d / n;
                m2 += d * (column[i] - mean);
            }
        }

        var sd = n > 0 ? Math.Sqrt(m2 / n) : 0;
        return (mean, sd > 1e-12 * Math.Max(1e-300, Math.Abs(mean)) ? sd : 1);
    }
}
