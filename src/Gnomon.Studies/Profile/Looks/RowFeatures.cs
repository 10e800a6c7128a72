using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Sampled rows as numbers of about mean 0 and spread 1: normal scores of numbers and times, the common values of categories, gaps as such.</summary>
internal static class RowFeatures
{
    private const int MostGroups = 8;

    /// <param name="columns">Columns to describe rows by.</param>
    /// <param name="rows">Rows of the sample.</param>
    /// <param name="most">Features at most.</param>
    /// <returns>Row by row; the number of features is the length over the rows.</returns>
    public static double[] Of(IEnumerable<SampleColumn> columns, int[] rows, int most)
    {
        var features = columns.SelectMany(c => Of(c, rows)).Take(most).Select(Standard).OfType<double[]>().ToList();
        var matrix = new double[rows.Length * features.Count];
        for (var j = 0; j < features.Count; j++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                matrix[(i * features.Count) + j] = features[j][i];
            }
        }

        return matrix;
    }

    /// <summary>Blom's normal scores of the values that are there; 0 for the others.</summary>
    public static double[] Scores(double[] values)
    {
        var present = Array.FindAll(values, v => !double.IsNaN(v));
        var ranks = present.Length > 0 ? Midranks.Of(present) : [];
        var scores = new double[values.Length];
        for (int i = 0, k = 0; i < values.Length; i++)
        {
            scores[i] = double.IsNaN(values[i]) ? 0 : Normal.Quantile((ranks[k++] - 0.375) / (present.Length + 0.25));
        }

        return scores;
    }

    private static IEnumerable<double[]> Of(SampleColumn column, int[] rows)
    {
        if (column.Facts.IsGrouping)
        {
            var groups = Array.ConvertAll(rows, i => column.Groups[i]);
            foreach (var group in groups.Where(g => g >= 0).GroupBy(g => g).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(MostGroups).Select(g => g.Key))
            {
                yield return Array.ConvertAll(groups, g => g == group ? 1.0 : 0.0);
            }
        }
        else if (column.IsOrdered && column.Facts.Role is Role.Number or Role.Time)
        {
            yield return Scores(Array.ConvertAll(rows, i => column.Numbers[i]));
        }
        else
        {
            yield break;
        }

        if (rows.Any(column.IsMissing))
        {
            yield return Array.ConvertAll(rows, i => column.IsMissing(i) ? 1.0 : 0.0);
        }
    }

    private static double[]? Standard(double[] feature)
    {
        var mean = feature.Average();
        var sd = Math.Sqrt(feature.Sum(v => (v - mean) * (v - mean)) / feature.Length);
        return sd > 1e-9 ? Array.ConvertAll(feature, v => (v - mean) / sd) : null;
    }
}
