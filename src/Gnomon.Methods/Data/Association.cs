using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>A correlation with its interval and test.</summary>
/// <param name="Correlation">In [-1, 1].</param>
/// <param name="Low">Lower end by Fisher's z.</param>
/// <param name="High">Upper end by Fisher's z.</param>
/// <param name="PValue">Two-sided p-value of zero correlation.</param>
/// <param name="Count">Pairs.</param>
/// <param name="Level">Confidence level.</param>
public sealed record CorrelationResult(double Correlation, double Low, double High, double PValue, long Count, double Level);

/// <summary>How strongly a category and a number, or two categories, go together.</summary>
/// <param name="Value">In [0, 1]; 0 is no association.</param>
/// <param name="PValue">p-value of no association.</param>
public sealed record AssociationResult(double Value, double PValue);

/// <summary>Measures of association for a data profile.</summary>
/// <remarks>
/// Sources: Pearson with Fisher's z; Spearman with the Bonett-Wright 2000 error (variance (1 + r^2 / 2) / (n - 3));
/// Bergsma 2013 (bias-corrected V); Shannon mutual information with the Miller-Madow correction beside the plain value.
/// </remarks>
public static class Association
{
    /// <param name="x">Finite values.</param>
    /// <param name="y">Finite values, paired with <paramref name="x"/>.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Null when there are fewer than 4 pairs or one side does not vary.</returns>
    public static CorrelationResult? Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        var r = Correlation(x, y);
        return r is { } value ? Answer(value, x.Length, 1, level) : null;
    }

    /// <summary>Pearson's correlation of midranks.</summary>
    public static CorrelationResult? Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        var r = Correlation(Midranks.Of(x), Midranks.Of(y));
        return r is { } value ? Answer(value, x.Length, 1 + value * value / 2, level) : null;
    }

    /// <summary>Bias-corrected Cramer's V of a table of counts.</summary>
    /// <param name="counts">Table in row order.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>Null when the table has fewer than two rows or columns in use.</returns>
    public static AssociationResult? CramersV(ReadOnlySpan<long> counts, int columns)
    {
        if (ContingencyTest.ChiSquare(counts, columns) is not { } test || test.Total < 2)
            return null;
        var n = (double)test.Total;
        double r = test.Rows, k = test.Columns;
        var phi2 = Math.Max(0, test.Statistic / n - (k - 1) * (r - 1) / (n - 1));
        var rows = r - (r - 1) * (r - 1) / (n - 1);
        var cols = k - (k - 1) * (k - 1) / (n - 1);
        var room = Math.Min(rows, cols) - 1;
        return room > 0 ? new(Math.Min(1, Math.Sqrt(phi2 / room)), test.PValue) : null;
    }

    /// <summary>Correlation ratio eta: square root of the between-group share of the sum of squares; p from the one-way F test.</summary>
    /// <param name="groups">Group index of each value, from 0.</param>
    /// <param name="values">Finite values.</param>
    /// <returns>Null when there are fewer than two groups, no spare row, or no variation.</returns>
    public static AssociationResult? CorrelationRatio(ReadOnlySpan<int> groups, ReadOnlySpan<double> values)
    {
        SameLength(groups.Length, values.Length);
        if (groups.IsEmpty)
            return null;
        var highest = 0;
        foreach (var g in groups)
            highest = Math.Max(highest, g);
        var counts = new double[highest + 1];
        var means = new double[highest + 1];
        var grand = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var g = groups[i];
            counts[g]++;
            means[g] += (values[i] - means[g]) / counts[g];
            grand += (values[i] - grand) / (i + 1);
        }
        double between = 0, within = 0;
        for (var i = 0; i < values.Length; i++)
            within += (values[i] - means[groups[i]]) * (values[i] - means[groups[i]]);
        for (var g = 0; g < counts.Length; g++)
            between += counts[g] * (means[g] - grand) * (means[g] - grand);
        var used = counts.Count(c => c > 0);
        double df1 = used - 1, df2 = values.Length - used;
        if (df1 < 1 || df2 < 1 || !(between + within > 0))
            return null;
        var p = within > 0 ? FisherF.Sf(between / df1 / (within / df2), df1, df2) : 0;
        return new(Math.Sqrt(between / (between + within)), p);
    }

    /// <summary>Mutual information in nats of a table of counts.</summary>
    /// <param name="counts">Table in row order.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="biasCorrected">Subtracts the Miller-Madow bias (rows - 1)(columns - 1) / 2n, never below 0.</param>
    public static double MutualInformation(ReadOnlySpan<long> counts, int columns, bool biasCorrected = false)
    {
        if (columns < 1 || counts.Length % columns != 0)
            throw new ArgumentException($"{counts.Length} counts do not fill rows of {columns} columns.", nameof(columns));
        var rowSums = new double[counts.Length / columns];
        var columnSums = new double[columns];
        var n = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            rowSums[i / columns] += counts[i];
            columnSums[i % columns] += counts[i];
            n += counts[i];
        }
        if (n == 0)
            throw new ArgumentException("The table is empty.", nameof(counts));
        var information = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
                information += counts[i] / n * Math.Log(counts[i] * n / rowSums[i / columns] / columnSums[i % columns]);
        }
        if (biasCorrected)
            information -= (rowSums.Count(s => s > 0) - 1.0) * (columnSums.Count(s => s > 0) - 1.0) / (2 * n);
        return Math.Max(0, information);
    }

    /// <summary>Bins of nearly equal size for <see cref="MutualInformation"/>: equal values always share a bin.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="bins">Largest number of bins, at least 2.</param>
    /// <returns>Bin index of each value, from 0, in input order.</returns>
    public static int[] EqualFrequencyBins(ReadOnlySpan<double> values, int bins)
    {
        if (bins < 2)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "At least two bins are needed.");
        var ranks = Midranks.Of(values);
        var result = new int[ranks.Length];
        for (var i = 0; i < ranks.Length; i++)
            result[i] = Math.Min(bins - 1, (int)((ranks[i] - 0.5) / ranks.Length * bins));
        return result;
    }

    /// <summary>Table of counts of two index columns, in row order of <paramref name="rows"/>.</summary>
    public static long[] CrossTable(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, int rowCount, int columnCount)
    {
        SameLength(rows.Length, columns.Length);
        var table = new long[rowCount * columnCount];
        for (var i = 0; i < rows.Length; i++)
            table[rows[i] * columnCount + columns[i]]++;
        return table;
    }

    internal static double? Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        SameLength(x.Length, y.Length);
        if (x.Length < 4)
            return null;
        double meanX = 0, meanY = 0, sxx = 0, syy = 0, sxy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            meanX += (x[i] - meanX) / (i + 1);
            meanY += (y[i] - meanY) / (i + 1);
        }
        for (var i = 0; i < x.Length; i++)
        {
            var (a, b) = (x[i] - meanX, y[i] - meanY);
            sxx += a * a;
            syy += b * b;
            sxy += a * b;
        }
        return sxx > 0 && syy > 0 ? Math.Clamp(sxy / Math.Sqrt(sxx) / Math.Sqrt(syy), -1, 1) : null;
    }

    // Held columns cost one degree of freedom each, in the test and in the interval.
    internal static CorrelationResult Answer(double r, int n, double inflation, double level, int held = 0)
    {
        InferenceGuard.Level(level);
        if (Math.Abs(r) == 1)
            return new(r, r, r, 0, n, level);
        var t = r * Math.Sqrt((n - 2 - held) / ((1 - r) * (1 + r)));
        var half = Normal.UpperQuantile((1 - level) / 2) * Math.Sqrt(inflation / (n - 3.0 - held));
        var z = Math.Atanh(r);
        return new(r, Math.Tanh(z - half), Math.Tanh(z + half), 2 * StudentT.Sf(Math.Abs(t), n - 2 - held), n, level);
    }

    static void SameLength(int a, int b)
    {
        if (a != b)
            throw new ArgumentException($"The columns have {a} and {b} values; they must be paired.");
    }
}
