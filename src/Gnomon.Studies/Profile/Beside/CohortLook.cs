using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;
using Gnomon.Studies.Profile.Selection;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Who started and is not in the data any more, and how they differ from those who stayed.</summary>
internal static class CohortLook
{
    private const int MostShown = 10;
    private const int MostUnits = 1_000_000;

    public static ProfilePart Of(ProfileFacts facts, StudyContext context)
    {
        var options = facts.Options;
        var data = SecondFile.Open(options.Cohort!, "--cohort", options.Source(), context);
        var key = data.Schema.Require(options.Key[0], "--cohort").Name;
        var present = Keys(context.RequireData(), options.Key[0], context);
        var started = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var unit in Keys(data, key, context))
        {
            started[unit] = present.Contains(unit);
        }

        long missing = started.Values.LongCount(p => !p);
        var file = SecondFile.Scan(data, "--cohort", context, options.Entered is null ? ProfileScan.SampleRows : MostUnits);
        var differ = Differences(file, key, present);
        var rebuilt = CohortSurvival.Of(options, file, Stayed(file, key, present));
        var share = started.Count == 0 ? 0 : (double)missing / started.Count;
        var interval = OneProportion.Wilson(missing, Math.Max(1, started.Count), options.Level);
        return new ProfilePart
        {
            Evidence = [new CohortPresence
            {
                Cohort = data.Name, Key = key, Started = started.Count, Missing = missing, Unknown = present.LongCount(u => !started.ContainsKey(u)),
                Differ = differ.FirstOrDefault(d => d.IsMaterial).Says ?? string.Empty,
            }],
            Estimates = started.Count == 0 ? [] : [new Estimate
            {
                Name = "gone", Metric = $"units of {data.Name}", Value = share, Low = interval.Low, High = interval.High, Level = options.Level, Unit = "proportion", N = started.Count,
                Method = "proportion, Wilson", Role = "descriptive",
            }, .. rebuilt.Estimates],
            Tables = differ.Count == 0 ? rebuilt.Tables : [.. rebuilt.Tables, new ResultTable("cohort", $"Those of {data.Name} who stayed against those who are gone", ["column", "effect", "what differs"],
                [.. differ.Take(MostShown).Select(d => (IReadOnlyList<object?>)[d.Column, d.Effect, d.Says])])],
            Limitations = missing == 0 ? [] : [$"{Figures.Percent(share)} of the units of {data.Name} have no row here. Rates and means of the rows speak of those who stayed; start from {data.Name} and join what happened to it.", .. rebuilt.Limitations],
        };
    }

    private static HashSet<string> Keys(IDataset data, string column, StudyContext context) => [.. KeyOverlap.Counts(data, column, "--key", context).Keys];

    private static List<(string Column, double Effect, string Says, bool IsMaterial)> Differences(SecondFile file, string key, HashSet<string> present)
    {
        var column = file.Columns.First(c => c.Name == key);
        var stayed = Stayed(file, key, present);
        var found = new List<(string Column, ShiftResult Shift, string Says)>();
        foreach (var other in file.Columns.Where(c => c != column && (c.Facts.IsNumber || c.Facts.IsGrouping)))
        {
            if (other.Facts.IsGrouping)
            {
                Groups(other, stayed, found);
            }
            else
            {
                Numbers(other, stayed, found);
            }
        }

        var verdicts = PopulationShift.Judge([.. found.Select(f => f.Shift)]);
        return [.. found.Zip(verdicts).OrderByDescending(f => f.First.Shift.Effect / f.First.Shift.EffectFloor).ThenBy(f => f.First.Column, StringComparer.Ordinal)
            .Select(f => (f.First.Column, f.First.Shift.Effect, f.First.Says, f.Second.Shifted))];
    }

    private static bool[] Stayed(SecondFile file, string key, HashSet<string> present)
    {
        var column = file.Columns.First(c => c.Name == key);
        return [.. Enumerable.Range(0, column.Rows).Select(i => Unit(column, i) is { } unit && present.Contains(unit))];
    }

    private static string? Unit(SampleColumn column, int row)
    {
        if (column.IsMissing(row))
        {
            return null;
        }

        return column.Facts.Scan.IsText
            ? column.Facts.Scan.Texts is { IsComplete: true } t ? t.Texts[column.Sample.Codes(column.Facts.Index)[row]] : null
            : column.Numbers[row] == Math.Floor(column.Numbers[row]) && Math.Abs(column.Numbers[row]) < 1e15 ? column.Numbers[row].ToString("0", System.Globalization.CultureInfo.InvariantCulture) : column.Numbers[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Numbers(SampleColumn column, bool[] stayed, List<(string, ShiftResult, string)> found)
    {
        var gone = ColumnPair.Sorted([.. column.Numbers.Where((_, i) => !stayed[i])]);
        var kept = ColumnPair.Sorted([.. column.Numbers.Where((_, i) => stayed[i])]);
        if (PopulationShift.Numeric(gone, kept) is { } shift)
        {
            found.Add((column.Name, shift, $"{column.Name} has median {column.Facts.Show(RobustOutliers.Quantile(gone, 0.5))} among those gone and {column.Facts.Show(RobustOutliers.Quantile(kept, 0.5))} among those who stayed"));
        }
    }

    private static void Groups(SampleColumn column, bool[] stayed, List<(string, ShiftResult, string)> found)
    {
        var groups = column.Groups;
        var (gone, kept) = (new long[column.GroupCount], new long[column.GroupCount]);
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
            {
                (stayed[i] ? kept : gone)[groups[i]]++;
            }
        }

        if (PopulationShift.Category(gone, kept) is { } shift)
        {
            double n = gone.Sum(), m = kept.Sum();
            var most = Enumerable.Range(0, gone.Length).MaxBy(g => Math.Abs((gone[g] / n) - (kept[g] / m)));
            found.Add((column.Name, shift, $"{column.Name} = {column.GroupName(most)} is {Figures.Percent(gone[most] / n)} of those gone and {Figures.Percent(kept[most] / m)} of those who stayed"));
        }
    }
}
