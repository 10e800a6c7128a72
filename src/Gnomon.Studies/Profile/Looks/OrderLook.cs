using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Does the file change from its first half to its second, and is it arranged by a column?</summary>
internal static class OrderLook
{
    private const double Arranged = 0.9;
    private const double FewChanges = 0.25;
    private const int MostColumns = 200;

    public static PartsComparison Of(IReadOnlyList<SampleColumn> columns)
    {
        var rows = columns.Count == 0 ? 0 : columns[0].Rows;
        var half = rows / 2;
        var arranged = columns.Where(c => IsArranged(c, rows)).ToList();
        var compared = columns.Where(c => (c.Facts.IsNumber || c.Facts.IsGrouping) && !arranged.Contains(c)).Take(MostColumns).ToList();
        var byTime = arranged.Exists(c => c.Facts.Role == Role.Time);
        return new PartsComparison
        {
            First = "the first half of the file",
            Second = "the second half",
            SmallerPart = half,
            SortedBy = byTime ? null : arranged.Find(c => c.Facts.Role is not (Role.Identifier or Role.Key))?.Name,
            Columns = [.. compared.Select(c => Compare(c, half)).OfType<ColumnShift>()],
        };
    }

    // Ordered columns by rank correlation with the position; groups when neighbours differ far less often than chance would have it.
    private static bool IsArranged(SampleColumn column, int rows)
    {
        if (rows < 60 || column.Facts.Role is Role.Empty or Role.Constant or Role.Text)
        {
            return false;
        }

        if (column.Facts.IsGrouping)
        {
            return IsInRuns(column.Groups, column.GroupCount);
        }

        if (!column.IsOrdered)
        {
            return false;
        }

        var position = Enumerable.Range(0, rows).Select(i => (double)i).ToArray();
        var (x, y) = Strength.Both(column.Numbers, position);
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

    private static ColumnShift? Compare(SampleColumn column, int half) => column.Facts.IsGrouping ? Groups(column, half) : Numbers(column, half);

    private static ColumnShift? Numbers(SampleColumn column, int half)
    {
        var first = Sorted(column.Numbers.AsSpan(0, half));
        var second = Sorted(column.Numbers.AsSpan(half));
        return PopulationShift.Numeric(first, second) is { } shift
            ? new ColumnShift(column.Name, shift.PValue, shift.Effect, shift.EffectFloor,
                $"{column.Name} moves from median {column.Facts.Show(RobustOutliers.Quantile(first, 0.5))} to {column.Facts.Show(RobustOutliers.Quantile(second, 0.5))} ({Figures.Number(shift.Effect)} standard deviations)")
            : null;
    }

    private static ColumnShift? Groups(SampleColumn column, int half)
    {
        var groups = column.Groups;
        var first = new long[column.GroupCount + 1];
        var second = new long[column.GroupCount + 1];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
            {
                (i < half ? first : second)[groups[i]]++;
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

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var present = Array.FindAll(values.ToArray(), v => !double.IsNaN(v));
        Array.Sort(present);
        return present;
    }
}
