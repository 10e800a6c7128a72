using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>
/// Rows whose values do not go together, though each of them alone is ordinary: a height of one person with the weight of another. Every column is first taken to normal
/// scores, so that a skewed or heavy-tailed column counts by rank; then distances from the robust centre of all columns (minimum covariance determinant).
/// </summary>
internal static class UnusualRows
{
    private const int MostColumns = 10;
    private const int MostRows = 5_000;
    private const int RowsForAColumn = 20;
    private const int FewestLevels = 20;

    // A column of which the others leave less than this of its variance is a function of them: distances would measure what the scores bend.
    private const double OwnShare = 0.02;

    // Over all rows of a table, by the distribution of rows left out of the estimate; robust distances run large, so the rate in practice is some times that.
    private const double FamilyRate = 0.001;

    // Beyond this share they are a second population, not rows out of place.
    private const double MostShare = 0.05;

    /// <returns>Null where fewer than two columns can be compared.</returns>
    public static UnusualRowsLook? Of(IReadOnlyList<SampleColumn> columns, long seed)
    {
        var numbers = columns.Where(c => c.Facts.Role == Role.Number && c.Facts.IsNumber && c.Facts.Scan.Distinct >= FewestLevels).Take(MostColumns).ToList();
        if (numbers.Count < 2)
        {
            return null;
        }

        var stride = Math.Max(1, (numbers[0].Rows + MostRows - 1) / MostRows);
        var rows = Enumerable.Range(0, (numbers[0].Rows + stride - 1) / stride).Select(i => i * stride).Where(i => numbers.TrueForAll(c => !c.IsMissing(i))).ToArray();
        return rows.Length < RowsForAColumn * numbers.Count ? null : Fit(numbers, rows, seed);
    }

    private static UnusualRowsLook? Fit(List<SampleColumn> all, int[] rows, long seed)
    {
        var every = all.Select(c => Scores(c, rows)).ToArray();
        var moments = CoMoments.OfColumns(every);
        var correlation = new double[all.Count * all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = 0; j < all.Count; j++)
            {
                correlation[(i * all.Count) + j] = moments.Covariance(i, j);
            }
        }

        var kept = PivotedCholesky.Factor(correlation, all.Count, OwnShare).Kept.ToArray().Order().ToArray();
        if (kept.Length < 2)
        {
            return null;
        }

        var columns = kept.Select(i => all[i]).ToList();
        var p = columns.Count;
        var scores = new double[rows.Length * p];
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < rows.Length; k++)
            {
                scores[(k * p) + j] = every[kept[j]][k];
            }
        }

        McdResult fit;
        try
        {
            fit = MinimumCovarianceDeterminant.Fit(scores, p, seed: (ulong)seed);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            // Columns that lie in one plane: what is a function of the others is named elsewhere.
            return null;
        }

        // A row left out of the estimate lies by F, not by chi-square (Hardin and Rocke 2005; Cerioli 2010).
        double m = fit.Kept;
        var cut = p * (m * m - 1) / (m * (m - p)) * FisherF.UpperQuantile(FamilyRate / rows.Length, p, m - p);
        var found = Enumerable.Range(0, rows.Length).Where(k => fit.SquaredDistances[k] > cut).OrderByDescending(k => fit.SquaredDistances[k]).ThenBy(k => k).ToList();
        if (found.Count > MostShare * rows.Length)
        {
            found = [];
        }

        return new UnusualRowsLook(
            [.. columns.Select(c => c.Name)], rows.Length,
            [.. found.Select(k => new UnusualRow(rows[k] * columns[0].Sample.Step + 1, Math.Sqrt(fit.SquaredDistances[k]), [.. columns.Select(c => c.Facts.Show(c.Numbers[rows[k]]))]))]);
    }

    // Blom's normal scores.
    private static double[] Scores(SampleColumn column, int[] rows) =>
        Array.ConvertAll(Midranks.Of(Array.ConvertAll(rows, i => column.Numbers[i])), r => Normal.Quantile((r - 0.375) / (rows.Length + 0.25)));
}

/// <param name="Columns">Columns that were compared together.</param>
/// <param name="Rows">Complete rows that were looked at.</param>
/// <param name="Found">The unusual ones, furthest first.</param>
internal sealed record UnusualRowsLook(IReadOnlyList<string> Columns, int Rows, IReadOnlyList<UnusualRow> Found);

/// <param name="Row">Position in the data, from 1.</param>
/// <param name="Distance">Robust distance in standard deviations.</param>
/// <param name="Values">Its values in the columns compared.</param>
internal sealed record UnusualRow(long Row, double Distance, IReadOnlyList<string> Values);
