using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Beside;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>The substitute and the real rows along one time: how old the substitute is, and whether a level broke.</summary>
internal sealed class OldAndNew
{
    private const int MostPeriods = 60;
    private const int FewestInPeriod = 20;
    private const int MostColumns = 20;
    private const double DaySeconds = 86_400;
    private readonly SampleColumn _here;
    private readonly SampleColumn _there;

    private OldAndNew(SampleColumn here, SampleColumn there) => (_here, _there) = (here, there);

    /// <returns>Null where a file has no such times.</returns>
    public static OldAndNew? Of(SampleColumn? here, SampleColumn? there) =>
        here is { Facts.IsTemporal: true, Facts.Present: > 0 } && there is { Facts.IsTemporal: true, Facts.Present: > 0 } && here.Facts.Type != ColumnType.Time && there.Facts.Type != ColumnType.Time
            ? new OldAndNew(here, there)
            : null;

    /// <summary>Seconds from 1970 of the newest real row.</summary>
    public double NewestReal => _here.Facts.Distribution.Max * Unit(_here);

    /// <summary>Seconds that the real rows cover, a day for a day.</summary>
    public static double Span(SampleColumn time) =>
        ((time.Facts.Distribution.Max - time.Facts.Distribution.Min) * Unit(time)) + (time.Facts.Type == ColumnType.Date ? DaySeconds : 0);

    /// <summary>True where the substitute holds times of the real rows' period.</summary>
    public bool Overlaps => _there.Facts.Distribution.Max * Unit(_there) >= _here.Facts.Distribution.Min * Unit(_here);

    public SourceAge Age(string source, string instead, double allowedDays) => new()
    {
        Source = source, Instead = instead, BehindSeconds = NewestReal - (_there.Facts.Distribution.Max * Unit(_there)), AllowedSeconds = allowedDays * DaySeconds, Rows = _there.Facts.Present,
    };

    /// <param name="source">The substitute's name.</param>
    /// <param name="targetName">The target, in words.</param>
    /// <param name="here">Target of the real sampled rows: 1, 0, or -1.</param>
    /// <param name="there">Target of the substitute's.</param>
    /// <param name="pairs">Columns of both files.</param>
    public IReadOnlyList<SeriesBreak> Breaks(string source, string targetName, int[] here, int[] there, IReadOnlyList<ColumnPair> pairs)
    {
        List<(string Name, double[] Here, double[] There, Func<double, string> Show)> series =
        [
            ($"the rate of {targetName}", Numbers(here), Numbers(there), v => Figures.Percent(v)),
            .. pairs.Where(p => p.IsNumber).Take(MostColumns).Select(p => ($"the mean of {p.Name}", p.Here.Numbers, p.There.Numbers, (Func<double, string>)(v => p.Here.Facts.Show(v)))),
        ];
        return [.. series.Select(s => Break(source, s.Name, s.Here, s.There, s.Show, series.Count)).OfType<SeriesBreak>()];
    }

    private static double[] Numbers(int[] target) => Array.ConvertAll(target, t => t < 0 ? double.NaN : t);

    private SeriesBreak? Break(string source, string name, double[] here, double[] there, Func<double, string> show, int series)
    {
        var (first, width, count) = Grid();
        var (sums, rows) = (new double[count], new int[count]);
        Add(_here, here, first, width, sums, rows);
        Add(_there, there, first, width, sums, rows);
        int[] used = [.. Enumerable.Range(0, count).Where(p => rows[p] >= FewestInPeriod)];
        var values = Array.ConvertAll(used, p => sums[p] / rows[p]);
        var label = $"{name} ({source})";
        try
        {
            var found = LevelBreak.Find(values);
            return new SeriesBreak
            {
                Series = label, Periods = values.Length, SeriesLooked = series, At = ShowTime(first + (used[found.Before] * width)), SupF = found.SupF, PValue = found.PValue, Before = show(found.MeanBefore),
                After = show(found.MeanAfter), Shift = found.Shift, ForecastRatio = found.ErrorOfNew > 0 ? found.ErrorOfAll / found.ErrorOfNew : found.ErrorOfAll > 0 ? double.MaxValue : 1,
            };
        }
        catch (TooFewRowsException)
        {
            return new SeriesBreak { Series = label, Periods = values.Length, SeriesLooked = series, At = "none", SupF = 0, PValue = 1, Before = "unknown", After = "unknown", Shift = 0, ForecastRatio = 1 };
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private (double First, double Width, int Count) Grid()
    {
        var first = Math.Min(_here.Facts.Distribution.Min * Unit(_here), _there.Facts.Distribution.Min * Unit(_there));
        var last = Math.Max(NewestReal, _there.Facts.Distribution.Max * Unit(_there));
        var days = Math.Floor(last / DaySeconds) - Math.Floor(first / DaySeconds) + 1;
        return days <= MostPeriods && days >= LevelBreak.FewestValues
            ? (Math.Floor(first / DaySeconds) * DaySeconds, DaySeconds, (int)days)
            : (first, Math.Max(1, (last - first) * (1 + 1e-9) / MostPeriods), MostPeriods);
    }

    private static void Add(SampleColumn time, double[] values, double first, double width, double[] sums, int[] rows)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]) && !time.IsMissing(i))
            {
                var period = Math.Min(sums.Length - 1, (int)(((time.Numbers[i] * Unit(time)) - first) / width));
                sums[period] += values[i];
                rows[period]++;
            }
        }
    }

    private string ShowTime(double seconds) => _here.Facts.Show(Math.Floor(seconds / Unit(_here)));

    // Dates are kept in days, moments in microseconds.
    private static double Unit(SampleColumn time) => time.Facts.Type == ColumnType.Date ? DaySeconds : 1e-6;
}
