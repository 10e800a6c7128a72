using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>When did each number last change, along the table's time? The time is the declared one, or the only column of dates or times.</summary>
internal static class RefreshLook
{
    private const int MostColumns = 200;
    private const int FewestRows = 60;
    private const int FewestLevels = 6;

    public static IEnumerable<RefreshGaps> Of(IReadOnlyList<SampleColumn> columns, SampleColumn? declared)
    {
        var times = columns.Where(c => c.Facts.IsTemporal && c.Facts.Role == Role.Time).ToList();
        var time = declared ?? (times.Count == 1 ? times[0] : null);
        if (time is null || !time.Facts.IsTemporal)
        {
            yield break;
        }

        int[] order = [.. Enumerable.Range(0, time.Rows).Where(i => !time.IsMissing(i)).OrderBy(i => time.Numbers[i])];
        var seconds = time.Facts.Type == ColumnType.Date ? 86_400.0 : 1e-6;
        foreach (var column in columns.Where(c => c.Facts.Role == Role.Number && c.Facts.IsNumber && c.Facts.Scan.Distinct >= FewestLevels).Take(MostColumns))
        {
            int[] rows = [.. order.Where(i => !column.IsMissing(i))];
            if (rows.Length >= FewestRows && Gaps(column, time, rows, seconds) is { } gaps)
            {
                yield return gaps;
            }
        }
    }

    private static RefreshGaps? Gaps(SampleColumn column, SampleColumn time, int[] rows, double seconds)
    {
        var gaps = new List<double>();
        var since = 0;
        for (var i = 1; i < rows.Length; i++)
        {
            if (column.Numbers[rows[i]] != column.Numbers[rows[i - 1]])
            {
                gaps.Add((time.Numbers[rows[i]] - time.Numbers[rows[since]]) * seconds);
                since = i;
            }
        }

        if (gaps.Count == 0)
        {
            return null;
        }

        var changes = gaps.Count;
        gaps.Sort();
        return new RefreshGaps
        {
            Column = column.Name,
            TimeColumn = time.Name,
            Changes = changes,
            MedianGapSeconds = gaps[changes / 2],
            LongestGapSeconds = gaps[^1],
            SinceLastChangeSeconds = (time.Numbers[rows[^1]] - time.Numbers[rows[since]]) * seconds,
            RowsSinceLastChange = rows.Length - since,
        };
    }
}
