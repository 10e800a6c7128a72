using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Profile.Beside;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>Retention rebuilt from everybody who started, beside what the rows that are left would say of it.</summary>
internal sealed class CohortSurvival
{
    private const int FewestAtRisk = 50;
    private const double DayInMicroseconds = 86_400e6;
    private static readonly int[] Horizons = [730, 365, 180, 90, 60, 30, 14, 7];
    private readonly ProfileOptions _options;
    private readonly SampleColumn? _by;
    private readonly string _name;
    private readonly double[] _days;
    private readonly bool[] _gone;
    private readonly bool[] _stayed;
    private readonly int _horizon;
    private readonly long _step;

    /// <param name="options">Columns of entry, leaving and group.</param>
    /// <param name="file">The file of those who started.</param>
    /// <param name="stayed">Whether the unit of a row of that file has a row in the data.</param>
    private CohortSurvival(ProfileOptions options, SecondFile file, bool[] stayed)
    {
        (_options, _name, _stayed) = (options, file.Name, stayed);
        SampleColumn entered = Require(file, options.Entered!, "--entered"), left = Require(file, options.Left!, "--left");
        _by = options.By is null ? null : Require(file, options.By, "--by", days: false);
        var last = new[] { entered, left }.Max(c => Enumerable.Range(0, c.Rows).Max(i => Days(c, i) is var d && double.IsNaN(d) ? double.NegativeInfinity : d));
        _step = entered.Sample.Step;
        _days = new double[entered.Rows];
        _gone = new bool[entered.Rows];
        for (var i = 0; i < _days.Length; i++)
        {
            var (start, end) = (Days(entered, i), Days(left, i));
            _gone[i] = !double.IsNaN(end);
            _days[i] = (_gone[i] ? end : last) - start;
        }

        Impossible = _days.Count(d => !(d >= 0));
        _horizon = Array.Find(Horizons, h => Groups(onlyStayed: false).All(g => g.Rows.Count(i => _days[i] >= h) >= FewestAtRisk));
    }

    private int Impossible { get; }

    public static ProfilePart Of(ProfileOptions options, SecondFile file, bool[] stayed) => options.Entered is null ? ProfilePart.None : new CohortSurvival(options, file, stayed).Part();

    private ProfilePart Part()
    {
        if (_horizon == 0)
        {
            return new ProfilePart { Limitations = [$"Retention is not rebuilt: no group of {_name} has {FewestAtRisk} units that were followed for a week."] };
        }

        List<Curve> all = [.. Groups(onlyStayed: false).Select(g => Fit(g.Name, g.Rows, true))], here = [.. Groups(onlyStayed: true).Select(g => Fit(g.Name, g.Rows, false))];
        return new ProfilePart
        {
            Estimates = [.. Shares(all[0], here.FirstOrDefault()), .. Differences(all, here)],
            Tables = [new ResultTable("retention", $"Still here after {_horizon} days", ["who", "group", "units", "still here", "low", "high"],
                [.. all.Concat(here).Select(c => (IReadOnlyList<object?>)[c.IsAll ? $"everybody in {_name}" : "only those with a row here", c.Group, c.Units, c.Share, c.Low, c.High])])],
            Limitations = [.. Limits(all, here)],
        };
    }

    private IEnumerable<string> Limits(List<Curve> all, List<Curve> here)
    {
        yield return $"Of everybody in {_name}, {Figures.Percent(all[0].Share)} were still here after {Figures.Count(_horizon)} days{(here.Count > 0 ? $"; of those with a row in the data it is {Figures.Percent(here[0].Share)}, because leavers were taken out" : string.Empty)}. Units that have not been followed so long count for as long as they were seen (Kaplan-Meier).";
        if (Gap(all) is { } true1 && Gap(here) is { } naive)
        {
            yield return $"{true1.Contrast}: {Points(naive.Value)} among those with a row here, {Points(true1.Value)} among everybody who started. {(Math.Abs(true1.Value) < Math.Abs(naive.Value) ? "The difference shrinks once leavers return" : "The difference grows once leavers return")}; a difference between groups that chose themselves is not yet an effect.";
        }

        if (_step > 1)
        {
            yield return $"Retention was rebuilt from one unit of {_name} in {Figures.Count(_step)}.";
        }

        if (Impossible > 0)
        {
            yield return $"{Figures.Count(Impossible, "unit")} of {_name} left before entering or {(Impossible == 1 ? "has" : "have")} no day of entry, and {(Impossible == 1 ? "is" : "are")} left out of the retention.";
        }
    }

    private static string Points(double x) => $"{(x > 0 ? "+" : string.Empty)}{Figures.Number(Math.Round(100 * x, 1))} points";

    private IEnumerable<Estimate> Shares(Curve all, Curve? here)
    {
        yield return Line("retention rebuilt", $"still here after {_horizon} days, everybody who started", null, all.Share, all.Low, all.High, all.Units, "Kaplan-Meier, log-log limits", "primary");
        if (here is not null)
        {
            yield return Line("retention of the rows here", $"still here after {_horizon} days, those with a row", null, here.Share, here.Low, here.High, here.Units, "Kaplan-Meier on those who stayed: too high", "descriptive");
        }
    }

    private IEnumerable<Estimate> Differences(List<Curve> all, List<Curve> here)
    {
        if (Gap(all) is { } gap)
        {
            yield return Line("difference of retention rebuilt", $"still here after {_horizon} days", gap.Contrast, gap.Value, gap.Low, gap.High, all[0].Units, "Kaplan-Meier, Greenwood errors", "secondary");
        }

        if (Gap(here) is { } naive)
        {
            yield return Line("difference of retention of the rows here", $"still here after {_horizon} days", naive.Contrast, naive.Value, naive.Low, naive.High, here[0].Units, "Kaplan-Meier on those who stayed", "descriptive");
        }
    }

    private Estimate Line(string name, string metric, string? contrast, double value, double low, double high, long n, string method, string role) => new()
    {
        Name = name, Metric = metric, Contrast = contrast, Value = value, Low = low, High = high, Level = _options.Level, Unit = "proportion", N = n, Method = method, Role = role,
    };

    // Of two groups the one with the later name less the earlier: yes - no.
    private (string Contrast, double Value, double Low, double High)? Gap(List<Curve> curves)
    {
        if (curves.Count != 3)
        {
            return null;
        }

        var (first, second) = (curves[1], curves[2]);
        var half = Normal.UpperQuantile((1 - _options.Level) / 2) * Math.Sqrt((first.Error * first.Error) + (second.Error * second.Error));
        var value = second.Share - first.Share;
        return ($"{_by!.Name} {second.Group} - {first.Group}", value, value - half, value + half);
    }

    // Everybody first, then the groups by name.
    private List<(string Name, List<int> Rows)> Groups(bool onlyStayed)
    {
        var rows = Enumerable.Range(0, _days.Length).Where(i => _days[i] >= 0 && (!onlyStayed || _stayed[i])).ToList();
        List<(string, List<int>)> groups = rows.Count == 0 ? [] : [("all", rows)];
        if (_by is not null && rows.Count > 0)
        {
            groups.AddRange(rows.Where(i => _by.Groups[i] >= 0).GroupBy(i => _by.GroupName(_by.Groups[i])).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToList())));
        }

        return groups;
    }

    private Curve Fit(string name, List<int> rows, bool isAll)
    {
        var curve = KaplanMeier.Fit([.. rows.Select(i => _days[i])], [.. rows.Select(i => _gone[i])], _options.Level);
        var step = curve.Steps.LastOrDefault(s => s.Time <= _horizon);
        if (step is null)
        {
            // Nobody left in time: the limit is that of so many units followed for so long.
            var followed = rows.Count(i => _days[i] >= _horizon);
            return new Curve(name, isAll, rows.Count, 1, followed == 0 ? 0 : OneProportion.Wilson(followed, followed, _options.Level).Low, 1, 0);
        }

        return new Curve(name, isAll, rows.Count, step.Survival, step.Low, step.High, step.StandardError);
    }

    private static SampleColumn Require(SecondFile file, string name, string option, bool days = true)
    {
        var column = file.Find(name) ?? throw new GnomonError("column-not-found", $"{file.Name} has no column '{name}'. Columns: {string.Join(", ", file.Columns.Take(30).Select(c => c.Name))}.", option, "Name a column of the file of those who started.");
        return !days || (column.IsOrdered && !column.Facts.Scan.IsText) ? column
            : throw new GnomonError("not-a-time", $"{file.Name}, column '{name}' is {column.Facts.Type.ToString().ToLowerInvariant()}; {option} needs dates, times, or whole days as numbers.", option, "Write its dates as 2024-05-31.");
    }

    private static double Days(SampleColumn column, int row) => column.Facts.Type is ColumnType.Timestamp or ColumnType.LocalTimestamp ? column.Numbers[row] / DayInMicroseconds : column.Numbers[row];

    private sealed record Curve(string Group, bool IsAll, long Units, double Share, double Low, double High, double Error);
}
