using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>Rows by fifths of a number or by the groups of a category.</summary>
internal static class Fifths
{
    /// <returns>Group of each row, -1 where missing, and the names of the groups.</returns>
    public static (int[] Codes, IReadOnlyList<string> Names) Of(SampleColumn column, int[] rows)
    {
        if (column.Facts.IsGrouping)
        {
            var groups = column.Groups;
            return (Array.ConvertAll(rows, i => groups[i]), [.. Enumerable.Range(0, column.GroupCount).Select(column.GroupName)]);
        }

        var sorted = rows.Select(i => column.Numbers[i]).Where(v => !double.IsNaN(v)).Order().ToArray();
        if (sorted.Length == 0)
        {
            return (Array.ConvertAll(rows, _ => -1), []);
        }

        var cuts = Enumerable.Range(1, 4).Select(k => sorted[k * sorted.Length / 5]).Distinct().Where(c => c > sorted[0]).ToArray();
        List<string> names = cuts.Length == 0 ? ["all"] : [$"below {column.Facts.Show(cuts[0])}", .. cuts[..^1].Zip(cuts[1..], (a, b) => $"{column.Facts.Show(a)} to {column.Facts.Show(b)}"), $"{column.Facts.Show(cuts[^1])} and more"];
        return (Array.ConvertAll(rows, i => double.IsNaN(column.Numbers[i]) ? -1 : cuts.Count(c => column.Numbers[i] >= c)), names);
    }
}
