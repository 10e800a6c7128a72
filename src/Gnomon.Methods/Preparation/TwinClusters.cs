namespace Gnomon.Methods.Preparation;

/// <summary>Correlations of all pairs of columns, each drawn towards 0 as far as its own error asks for.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Values">The shrunken correlations of the upper triangle, row by row, without the diagonal.</param>
public sealed record ShrunkenCorrelation(int Width, double[] Values)
{
    /// <summary>The shrunken correlation of two columns.</summary>
    public double Of(int i, int j) => i == j ? 1 : i < j ? Values[Place(i, j)] : Values[Place(j, i)];

    private int Place(int i, int j) => checked((i * Width) - (i * (i + 1) / 2) + j - i - 1);

    /// <remarks>
    /// r (1 - v / r^2), or 0 where that is negative: the positive part of James and Stein's rule for one coordinate (Baranchik 1964, Efron and Morris 1973), with v = (1 - r^2)^2 / (n - 1), the large-sample variance of r (Fisher 1915).
    /// The estimator of Schaefer and Strimmer 2005 draws all pairs by one factor, which hides a few twins among many unrelated columns. Checked against the formula in numpy to 1e-10 (tests/reference/preparation).
    /// </remarks>
    /// <param name="columns">Columns without gaps in the rows; at least 2 of them.</param>
    /// <param name="rows">Rows to look at, at least 4.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 rows.</exception>
    /// <exception cref="NotEstimableException">A column has gaps.</exception>
    public static ShrunkenCorrelation Of(IReadOnlyList<double[]> columns, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (rows.Length < 4)
        {
            throw new TooFewRowsException("The rows for correlations", rows.Length, 4);
        }

        var (p, n) = (columns.Count, rows.Length);
        var scores = new double[p][];
        for (var j = 0; j < p; j++)
        {
            scores[j] = Standard(columns[j], rows, j);
        }

        var values = new double[p * (p - 1) / 2];
        Parallel.For(0, p, i =>
        {
            var at = (i * p) - (i * (i + 1) / 2);
            for (var j = i + 1; j < p; j++, at++)
            {
                var (a, b) = (scores[i], scores[j]);
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                {
                    sum += a[k] * b[k];
                }

                var r = Math.Clamp(sum / (n - 1), -1, 1);
                var v = (1 - (r * r)) * (1 - (r * r)) / (n - 1);
                values[at] = r * r > v ? r * (1 - (v / (r * r))) : 0;
            }
        });
        return new ShrunkenCorrelation(p, values);
    }

    // Mean 0 and standard deviation 1 with divisor n - 1; a column without spread goes with nothing.
    private static double[] Standard(double[] column, ReadOnlySpan<int> rows, int index)
    {
        double n = rows.Length, mean = 0, m2 = 0;
        foreach (var i in rows)
        {
            mean += column[i] / n;
        }

        if (double.IsNaN(mean))
        {
            throw new NotEstimableException($"Column {index + 1} has gaps where columns are compared; fill them first.");
        }

        var scores = new double[rows.Length];
        for (var k = 0; k < rows.Length; k++)
        {
            scores[k] = column[rows[k]] - mean;
            m2 += scores[k] * scores[k];
        }

        var sd = Math.Sqrt(m2 / (n - 1));
        var usable = sd > 1e-12 * Math.Max(1e-300, Math.Abs(mean));
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = usable ? scores[k] / sd : 0;
        }

        return scores;
    }
}

/// <summary>Columns that say what another one says.</summary>
/// <param name="Leader">The column that stays, by its place.</param>
/// <param name="Others">The columns that it speaks for.</param>
/// <param name="Weakest">The smallest shrunken correlation, without its sign, between the leader and one of them.</param>
public sealed record TwinCluster(int Leader, IReadOnlyList<int> Others, double Weakest);

/// <summary>Groups of columns of which one can stand for the others.</summary>
/// <remarks>
/// In the order of the columns: one that correlates by 0.95 or more, after shrinking, with a leader joins the leader it resembles most; any other becomes a leader. Every column that is dropped thus has a kept one that near to it,
/// which chains of neighbours would not promise (Hartigan 1975, leader algorithm).
/// </remarks>
public static class TwinClusters
{
    /// <summary>From this correlation on, without its sign, columns are twins.</summary>
    public const double Alike = 0.95;

    /// <param name="columns">Columns without gaps in the rows.</param>
    /// <param name="rows">Rows to look at, at least 4.</param>
    /// <returns>Clusters of two columns or more, in the order of their leaders.</returns>
    public static IReadOnlyList<TwinCluster> Of(IReadOnlyList<double[]> columns, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count < 2)
        {
            return [];
        }

        var r = ShrunkenCorrelation.Of(columns, rows);
        var leaders = new List<(int Leader, List<int> Others, double Weakest)>();
        for (var j = 0; j < columns.Count; j++)
        {
            var (best, like) = (-1, Alike);
            for (var k = 0; k < leaders.Count; k++)
            {
                if (Math.Abs(r.Of(leaders[k].Leader, j)) is var c && c >= like)
                {
                    (best, like) = (k, c);
                }
            }

            if (best < 0)
            {
                leaders.Add((j, [], 1));
            }
            else
            {
                leaders[best].Others.Add(j);
                leaders[best] = leaders[best] with { Weakest = Math.Min(leaders[best].Weakest, like) };
            }
        }

        return [.. leaders.Where(l => l.Others.Count > 0).Select(l => new TwinCluster(l.Leader, l.Others, l.Weakest))];
    }
}
