using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>Pearson's test of independence in a table of counts.</summary>
/// <param name="Statistic">Chi-square.</param>
/// <param name="DegreesOfFreedom">(rows - 1) (columns - 1), empty rows and columns left out.</param>
/// <param name="PValue">Upper tail.</param>
/// <param name="SmallestExpected">Smallest expected count; below 5 the p-value is approximate.</param>
/// <param name="Total">Sum of the table.</param>
/// <param name="Rows">Rows that hold a count.</param>
/// <param name="Columns">Columns that hold a count.</param>
public sealed record ContingencyResult(
    double Statistic, int DegreesOfFreedom, double PValue, double SmallestExpected, long Total, int Rows, int Columns);

/// <summary>Chi-square test of independence, no continuity correction.</summary>
/// <remarks>Source: Pearson 1900; agrees with scipy.stats.chi2_contingency(correction=False).</remarks>
public static class ContingencyTest
{
    /// <param name="counts">Table in row order, counts not negative.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>Null when fewer than two rows or columns hold a count: independence cannot be asked.</returns>
    public static ContingencyResult? ChiSquare(ReadOnlySpan<long> counts, int columns)
    {
        if (columns < 1 || counts.Length % columns != 0)
            throw new ArgumentException($"{counts.Length} counts do not fill rows of {columns} columns.", nameof(columns));
        var rowSums = new double[counts.Length / columns];
        var columnSums = new double[columns];
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
                throw new ArgumentOutOfRangeException(nameof(counts), counts[i], "A count is negative.");
            rowSums[i / columns] += counts[i];
            columnSums[i % columns] += counts[i];
            total += counts[i];
        }
        var rowsUsed = rowSums.Count(s => s > 0);
        var columnsUsed = columnSums.Count(s => s > 0);
        if (rowsUsed < 2 || columnsUsed < 2)
            return null;
        double statistic = 0, smallest = double.PositiveInfinity;
        for (var i = 0; i < counts.Length; i++)
        {
            var expected = rowSums[i / columns] / total * columnSums[i % columns];
            if (expected == 0)
                continue;
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            smallest = Math.Min(smallest, expected);
        }
        var df = (rowsUsed - 1) * (columnsUsed - 1);
        return new(statistic, df, ChiSquared.Sf(statistic, df), smallest, total, rowsUsed, columnsUsed);
    }
}
