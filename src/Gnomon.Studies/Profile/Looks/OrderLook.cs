using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Does the table change from its first half to its second, in the order of the file or of a declared time, and is it arranged by a column?</summary>
internal static class OrderLook
{
    private const double Arranged = 0.9;
    private const double FewChanges = 0.25;
    private const int MostColumns = 200;

    /// <param name="columns">The columns.</param>
    /// <param name="time">Column whose order cuts the halves; null for the order of the file.</param>
    public static PartsComparison Of(IReadOnlyList<SampleColumn> columns, SampleColumn? time)
    {
        var order = Order(columns, time);
        var half = order.Length / 2;
        var arranged = columns.Where(c => IsArranged(c, order)).ToList();
        var compared = columns.Where(c => (c.Facts.IsNumber || c.Facts.IsGrouping) && !arranged.Contains(c)).Take(MostColumns).ToList();
        var byTime = time is not null || arranged.Exists(c => c.Facts.Role == Role.Time);
        return new PartsComparison
        {
            First = time is null ? "the first half of the file" : $"the earlier half by {time.Name}",
            Second = time is null ? "the second half" : "the later half",
            SmallerPart = half,
            SortedBy = byTime ? null : arranged.Find(c => c.Facts.Role is not (Role.Identifier or Role.Key))?.Name,
            Columns = [.. compared.Select(c => Compare(c, order)).OfType<ColumnShift>()],
        };
    }

    // Ordered columns by rank correlation with the position; groups when neighbours differ far less often than chance would have it.
    private static bool IsArranged(SampleColumn column, int[] order)
    {
        if (order.Length < 60 || column.Facts.Role is Role.Empty or Role.Constant or Role.Text)
        {
            return false;
        }

        if (column.Facts.IsGrouping)
        {
            return IsInRuns(Array.ConvertAll(order, i => column.Groups[i]), column.GroupCount);
        }

        if (!column.IsOrdered)
        {
            return false;
        }

        var position = Enumerable.Range(0, order.Length).Select(i => (double)i).ToArray();
        var (x, y) = Strength.Both(Array.ConvertAll(order, i => column.Numbers[i]), position);
        return Association.Spearman(x, y) is { } r && Math.Abs(r.Correlation) > Arranged;
    }

    private static bool IsInRuns(int[] groups, int count)
    {
        var sizes = new double[count + 1];
        double n = 0, changes = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            sizes[groups[i] < 0 ? count : groups[i]]++;
            n++;
            changes += i > 0 && groups[i] != groups[i - 1] ? 1 : 0;
        }

        var expected = (n - 1) * (1 - sizes.Sum(s => s / n * (s / n)));
        return expected >= 20 && changes < FewChanges * expected;
    }

    // Rows of the sample in file order, or by time, rows of one moment in file order and rows without a time left out.
    private static int[] Order(IReadOnlyList<SampleColumn> columns, SampleColumn? time)
    {
        var rows = Enumerable.Range(0, columns.Count == 0 ? 0 : columns[0].Rows);
        return time is null ? [.. rows] : [.. rows.Where(i => !time.IsMissing(i)).OrderBy(i => time.Numbers[i])];
    }

    private static ColumnShift? Compare(SampleColumn column, int[] order) => column.Facts.IsGrouping ? Groups(column, order) : Numbers(column, order);

    private static ColumnShift? Numbers(SampleColumn column, int[] order)
    {
        var half = order.Length / 2;
        var first = Sorted(Array.ConvertAll(order[..half], i => column.Numbers[i]));
        var second = Sorted(Array.ConvertAll(order[half..], i => column.Numbers[i]));
        return PopulationShift.Numeric(first, second) is { } shift
            ? new ColumnShift(column.Name, shift.PValue, shift.Effect, shift.EffectFloor,
                $"{column.Name} moves from median {column.Facts.Show(RobustOutliers.Quantile(first, 0.5))} to {column.Facts.Show(RobustOutliers.Quantile(second, 0.5))} ({Figures.Number(shift.Effect)} standard deviations)")
            : null;
    }

    private static ColumnShift? Groups(SampleColumn column, int[] order)
    {
        var half = order.Length / 2;
        var groups = column.Groups;
        var first = new long[column.GroupCount + 1];
        var second = new long[column.GroupCount + 1];
        for (var i = 0; i < order.Length; i++)
        {
            if (groups[order[i]] >= 0)
            {
                (i < half ? first : second)[groups[order[i]]]++;
            }
        }

        if (PopulationShift.Category(first, second) is not { } shift)
        {
            return null;
        }

        double n = first.Sum(), m = second.Sum();
        var most = Enumerable.Range(0, first.Length).MaxBy(g => Math.Abs((first[g] / n) - (second[g] / m)));
        return new ColumnShift(column.Name, shift.PValue, shift.Effect, shift.EffectFloor,
            $"{column.Name} = {column.GroupName(most)} goes from {Figures.Percent(first[most] / n)} to {Figures.Percent(second[most] / m)}");
    }

    private static double[] Sorted(double[] values)
    {
        var present = Array.FindAll(values, v => !double.IsNaN(v));
        Array.Sort(present);
        return present;
    }
}
