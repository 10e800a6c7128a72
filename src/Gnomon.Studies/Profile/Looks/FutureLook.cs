using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Columns that know more than the time of their row allows: later times, values filled in later, values that move with the target.</summary>
internal sealed class FutureLook(IReadOnlyList<SampleColumn> columns, SampleColumn time, SampleColumn target, SampleColumn? entity)
{
    private const double NewestShare = 0.1;
    private const double Level = 0.999;
    private const int FewestRows = 200;
    private const int FewestChanges = 20;
    private const double MicrosecondsPerDay = 86_400e6;

    public FutureColumns Of() => new()
    {
        Target = target.Name, TimeColumn = time.Name, Rows = Enumerable.Range(0, time.Rows).Count(i => !time.IsMissing(i)),
        Later = [.. columns.Where(c => c != time && c != target && c.Facts.IsTemporal && time.Facts.IsTemporal).Select(Later)],
        Filled = [.. Filled()], Changed = [.. Changed()],
    };

    // A date and a time are compared by day: a date says nothing about the hour.
    private LaterTimes Later(SampleColumn column)
    {
        var (own, other) = (Unit(time), Unit(column));
        var byDay = own != other;
        long rows = 0;
        var lags = new List<double>();
        for (var i = 0; i < time.Rows; i++)
        {
            if (time.IsMissing(i) || column.IsMissing(i))
            {
                continue;
            }

            rows++;
            var (a, b) = (time.Numbers[i] * own, column.Numbers[i] * other);
            if (byDay ? Math.Floor(b / MicrosecondsPerDay) > Math.Floor(a / MicrosecondsPerDay) : b > a)
            {
                lags.Add(b - a);
            }
        }

        lags.Sort();
        return new LaterTimes(column.Name, rows, lags.Count, lags.Count == 0 ? "nothing" : Words(lags[lags.Count / 2]));
    }

    // What is missing at the end of time and was there before.
    private IEnumerable<FilledLater> Filled()
    {
        int[] order = [.. Enumerable.Range(0, time.Rows).Where(i => !time.IsMissing(i)).OrderBy(i => time.Numbers[i])];
        if (order.Length < FewestRows)
        {
            yield break;
        }

        var cut = order.Length - (int)(NewestShare * order.Length);
        foreach (var column in columns.Where(c => c != time && c != target && c.Facts.Missing > 0 && c.Facts.Present > 0))
        {
            long old = order[..cut].Count(column.IsMissing), now = order[cut..].Count(column.IsMissing);
            yield return new FilledLater(column.Name, old, cut, now, order.Length - cut, TwoProportions.Score(now, order.Length - cut, old, cut, Level).Low);
        }
    }

    // Steps from one row of an entity to its next; a column that moves with the target and hardly ever without it was written with it.
    private IEnumerable<ChangedWithTarget> Changed()
    {
        if (entity is null || entity.Sample.Step > 1)
        {
            yield break;
        }

        var groups = Enumerable.Range(0, time.Rows).Where(i => !time.IsMissing(i) && !entity.IsMissing(i) && !target.IsMissing(i)).GroupBy(i => Cell(entity, i)).Where(g => g.Count() > 1)
            .Select(g => g.OrderBy(i => time.Numbers[i]).ToArray()).ToList();
        var steps = groups.SelectMany(g => Enumerable.Range(1, g.Length - 1).Select(k => (Before: g[k - 1], Now: g[k]))).ToList();
        var moved = steps.ConvertAll(s => Cell(target, s.Before) != Cell(target, s.Now));
        var changes = moved.Count(m => m);
        if (changes < FewestChanges || steps.Count - changes < FewestChanges)
        {
            yield break;
        }

        foreach (var column in columns.Where(c => c != time && c != target && c != entity && c.Facts.Role is not (Role.Empty or Role.Constant or Role.Key) && (!c.Facts.Scan.IsText || c.Facts.Scan.Texts is { IsComplete: true })))
        {
            long with = 0, without = 0;
            for (var k = 0; k < steps.Count; k++)
            {
                var differs = column.IsMissing(steps[k].Before) != column.IsMissing(steps[k].Now) || (!column.IsMissing(steps[k].Now) && Cell(column, steps[k].Before) != Cell(column, steps[k].Now));
                with += differs && moved[k] ? 1 : 0;
                without += differs && !moved[k] ? 1 : 0;
            }

            yield return new ChangedWithTarget(column.Name, with, changes, without, steps.Count - changes, TwoProportions.Score(with, changes, without, steps.Count - changes, Level).Low);
        }
    }

    private static double Cell(SampleColumn column, int row) => column.Facts.Scan.IsText ? column.Sample.Codes(column.Facts.Index)[row] : column.Numbers[row];

    private static double Unit(SampleColumn column) => column.Facts.Type == ColumnType.Date ? MicrosecondsPerDay : 1;

    private static string Words(double microseconds) => (microseconds / 1e6) switch
    {
        < 120 and var s => $"{Figures.Number(Math.Round(s))} seconds",
        < 7_200 and var s => $"{Figures.Number(Math.Round(s / 60))} minutes",
        < 172_800 and var s => $"{Figures.Number(Math.Round(s / 3_600))} hours",
        var s => $"{Figures.Number(Math.Round(s / 86_400))} days",
    };
}
