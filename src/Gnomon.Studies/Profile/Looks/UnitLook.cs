using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>
/// Parts of a number column that may stand in another unit: a cloud of values far from the others, the rows of one group, a stretch of the file or of time. Every candidate is compared
/// with the rest; of each column the one that a known conversion explains best is stated, else the one furthest off.
/// </summary>
internal static class UnitLook
{
    private const int MostColumns = 60;
    private const int MostSources = 12;
    private const int MostGroups = 12;
    private const int FewestRows = 60;
    private const int FewestInPart = 40;
    private const double FewestShare = 0.005;
    private const double Far = 1.4;

    // All rows hold the group too: its median is drawn towards it.
    private const double FarFromAll = 1.15;
    private const int RowsToScreen = 6_000;

    public static IEnumerable<UnitComparison> Of(IReadOnlyList<SampleColumn> columns, SampleColumn? time, string? target)
    {
        var sources = columns.Where(c => c.Facts.IsGrouping && c.Name != target && c.Facts.Role != Role.Constant && c.GroupCountOf() is >= 2 and <= MostGroups).Take(MostSources).ToList();
        foreach (var column in columns.Where(c => c.Facts is { IsNumber: true, Role: Role.Number } or { Role: Role.Identifier, Type: Core.Tables.ColumnType.Integer } && NameHints.IsIdentifier(c.Name) is false && c.Facts.Scan.Distinct >= 20).Take(MostColumns))
        {
            if (Best(column, sources, time) is { } comparison)
            {
                yield return comparison;
            }
        }
    }

    private static UnitComparison? Best(SampleColumn column, List<SampleColumn> sources, SampleColumn? time)
    {
        int[] rows = [.. Order(column, time)];
        if (rows.Length < FewestRows)
        {
            return null;
        }

        var parts = Clouds(column, rows, sources).Concat(Groups(column, rows, sources)).Concat(Stretches(column, rows, time));
        UnitComparison? furthest = null;
        var distance = 0.0;
        foreach (var part in parts)
        {
            var (values, rest) = Split(column, rows, part.Holds);
            if (values.Length < Math.Max(FewestInPart, FewestShare * rows.Length) || rest.Length < values.Length / 4 || UnitShift.CompareSorted(values, rest) is not { } shift)
            {
                continue;
            }

            var comparison = new UnitComparison { Column = column.Name, Part = part.Words, PartValues = values, RestValues = rest };
            if (shift.Conversion is not null)
            {
                return comparison;
            }

            if (shift.Ratio is { } r && Math.Abs(Math.Log(r.Ratio)) is var off && off > Math.Max(distance, Math.Log(Far)))
            {
                (furthest, distance) = (comparison, off);
            }
        }

        return furthest;
    }

    // Values above or below a wide gap; named by the rows or the group that they are, if they are one.
    private static IEnumerable<Part> Clouds(SampleColumn column, int[] rows, List<SampleColumn> sources)
    {
        var sorted = Array.ConvertAll(rows, i => column.Numbers[i]);
        Array.Sort(sorted);
        foreach (var at in UnitShift.Gaps(sorted))
        {
            var limit = sorted[at];
            var above = sorted.Length - at <= at;
            bool Holds(int i) => column.Numbers[i] >= limit == above;
            yield return new Part(Where(rows, Holds, sources) ?? (above ? $"values from {column.Facts.Show(limit)} up" : $"values below {column.Facts.Show(limit)}"), Holds);
        }
    }

    private static IEnumerable<Part> Groups(SampleColumn column, int[] rows, List<SampleColumn> sources)
    {
        var stride = Math.Max(1, rows.Length / RowsToScreen);
        foreach (var source in sources.Where(s => s != column))
        {
            var groups = source.Groups;
            foreach (var g in OffScale(column, source, rows, stride))
            {
                yield return new Part($"rows with {source.Name} = {source.GroupName(g)}", i => groups[i] == g);
            }
        }
    }

    // Before anything is compared: groups whose median lies where all others' does need no test. Part of the rows is enough for that.
    private static IEnumerable<int> OffScale(SampleColumn column, SampleColumn source, int[] rows, int stride)
    {
        var values = new List<double>[source.GroupCount];
        var all = new List<double>();
        for (var k = 0; k < rows.Length; k += stride)
        {
            if (source.Groups[rows[k]] is >= 0 and var g && g < values.Length)
            {
                (values[g] ??= []).Add(column.Numbers[rows[k]]);
                all.Add(column.Numbers[rows[k]]);
            }
        }

        all.Sort();
        for (var g = 0; g < values.Length && all.Count > 0; g++)
        {
            if (values[g] is not { Count: >= 10 } part)
            {
                continue;
            }

            part.Sort();
            var (a, b, width) = (part[part.Count / 2], all[all.Count / 2], all[all.Count * 3 / 4] - all[all.Count / 4]);
            if (a > 0 && b > 0 ? Math.Abs(Math.Log(a / b)) > Math.Log(FarFromAll) : Math.Abs(a - b) > width / 2)
            {
                yield return g;
            }
        }
    }

    // The stretch of rows that lies furthest to one side of the median, by cumulative sums of signs.
    private static IEnumerable<Part> Stretches(SampleColumn column, int[] rows, SampleColumn? time)
    {
        var sorted = Array.ConvertAll(rows, i => column.Numbers[i]);
        Array.Sort(sorted);
        var median = sorted[sorted.Length / 2];
        double sum = 0, low = 0, high = 0;
        int first = 0, last = 0;
        var centre = rows.Average(i => Math.Sign(column.Numbers[i] - median));
        for (var k = 0; k < rows.Length; k++)
        {
            sum += Math.Sign(column.Numbers[rows[k]] - median) - centre;
            if (sum < low)
            {
                (low, first) = (sum, k + 1);
            }

            if (sum > high)
            {
                (high, last) = (sum, k + 1);
            }
        }

        var (from, to) = (Math.Min(first, last), Math.Max(first, last));
        if (to - from > rows.Length / 2)
        {
            // The smaller side is the one that changed.
            (from, to) = from > rows.Length - to ? (0, from) : (to, rows.Length);
        }

        if (to > from)
        {
            var inside = rows[from..to].ToHashSet();
            var step = column.Sample.Step;
            var words = time is null
                ? $"rows {Figures.Count((rows[from] * step) + 1)} to {Figures.Count((rows[to - 1] * step) + 1)}"
                : $"rows from {time.Facts.Show(time.Numbers[rows[from]])} to {time.Facts.Show(time.Numbers[rows[to - 1]])}";
            yield return new Part(words, inside.Contains);
        }
    }

    // Rows that are nearly all of one stretch or one group are named so.
    private static string? Where(int[] rows, Func<int, bool> holds, List<SampleColumn> sources)
    {
        var inside = rows.Where(holds).ToList();
        foreach (var source in sources)
        {
            var g = inside.GroupBy(i => source.Groups[i]).OrderByDescending(x => x.Count()).First();
            if (g.Key >= 0 && g.Count() >= 0.95 * inside.Count && g.Count() >= 0.95 * rows.Count(i => source.Groups[i] == g.Key))
            {
                return $"rows with {source.Name} = {source.GroupName(g.Key)}";
            }
        }

        return null;
    }

    private static (double[] Inside, double[] Outside) Split(SampleColumn column, int[] rows, Func<int, bool> holds)
    {
        var part = rows.Where(holds).Select(i => column.Numbers[i]).ToArray();
        var rest = rows.Where(i => !holds(i)).Select(i => column.Numbers[i]).ToArray();
        Array.Sort(part);
        Array.Sort(rest);
        return (part, rest);
    }

    private static IEnumerable<int> Order(SampleColumn column, SampleColumn? time)
    {
        var rows = Enumerable.Range(0, column.Rows).Where(i => !column.IsMissing(i));
        return time is null ? rows : rows.Where(i => !time.IsMissing(i)).OrderBy(i => time.Numbers[i]);
    }

    private static int GroupCountOf(this SampleColumn column)
    {
        _ = column.Groups;
        return column.GroupCount;
    }

    private sealed record Part(string Words, Func<int, bool> Holds);
}
