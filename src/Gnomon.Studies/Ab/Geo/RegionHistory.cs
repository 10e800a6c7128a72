using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>Regions by period: totals of the metric, or totals over totals.</summary>
internal sealed record RegionHistory
{
    private const double MicrosecondsPerDay = 86_400e6;
    private const int MostRegions = 1_000;
    private const int MostPeriods = 5_000;

    public required MetricSpec Metric { get; init; }

    /// <summary>Regions with a value in every period, in ordinal order.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>Regions that lack some period.</summary>
    public required IReadOnlyList<string> SetAside { get; init; }

    /// <summary>Days since 1970-01-01, or the numbers of the periods, ascending.</summary>
    public required double[] Periods { get; init; }

    public required bool AreDates { get; init; }

    /// <summary>Totals by region and period.</summary>
    public required double[][] Sums { get; init; }

    /// <summary>What totals are divided by; null for a metric that is added up.</summary>
    public double[][]? Sizes { get; init; }

    /// <summary>First and last value of each extra column per region, in its rows at or after the split.</summary>
    public required IReadOnlyList<string?[]> Labels { get; init; }

    public required long Rows { get; init; }

    /// <summary>Every value of the denominator's events is a share.</summary>
    public bool IsShare { get; init; }

    public string Unit => IsShare ? "proportion" : Metric.Kind == MetricKind.Value ? Metric.Name : "ratio";

    /// <summary>One number per period of a region.</summary>
    public double[] Series(int region) => Sizes is { } sizes ? [.. Sums[region].Zip(sizes[region], (s, n) => s / n)] : Sums[region];

    /// <summary>Mean per period, or total over total, of a region between two periods, the second not included.</summary>
    public double Mean(int region, int from, int to)
    {
        double sum = 0, size = 0;
        for (var t = from; t < to; t++)
        {
            sum += Sums[region][t];
            size += Sizes is { } sizes ? sizes[region][t] : 1;
        }

        return sum / size;
    }

    /// <summary>A period as people write it.</summary>
    public string Name(double period) => AreDates ? DateTimeOffset.UnixEpoch.AddDays(period).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : Figures.Number(period);

    /// <summary>A length of time in the panel's periods: <c>14 days</c>.</summary>
    public string Span(int periods)
    {
        var step = Periods.Length > 1 ? Enumerable.Range(1, Periods.Length - 1).Min(i => Periods[i] - Periods[i - 1]) : 1;
        return AreDates && step == 1 ? Figures.Count(periods, "day") : AreDates && step == 7 ? Figures.Count(periods, "week") : Figures.Count(periods, "period");
    }

    /// <param name="data">The panel.</param>
    /// <param name="metric">What is added up.</param>
    /// <param name="region">Column of the region; null for one series.</param>
    /// <param name="time">Column of the day or period.</param>
    /// <param name="labels">Columns that a region has one value of.</param>
    /// <param name="from">Period from which labels are read, as <see cref="Parse"/> gives it; null for all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <param name="byDay">Times are cut to days.</param>
    public static RegionHistory Read(IDataset data, MetricSpec metric, string? region, string time, IReadOnlyList<string> labels, double? from, CancellationToken cancellation, bool byDay = true)
    {
        var place = region is null ? null : Scalar.Column(data.Schema.Require(region, "--cluster").Name).ToText();
        var field = data.Schema.Require(time, "--time");
        var areDates = !field.IsNumeric;
        var period = areDates
            ? Scalar.Call(ScalarFunction.ToMicroseconds, byDay ? Scalar.Call(ScalarFunction.ToDay, Scalar.Column(field.Name)) : Scalar.Column(field.Name)).ToDouble() / Scalar.Value(MicrosecondsPerDay)
            : Scalar.Column(field.Name).ToDouble();
        var usable = place is null ? period.IsNull().Not() : place.IsNull().Not().And(period.IsNull().Not());
        var group = place is null ? new[] { period } : [place, period];
        var part = MetricTotals.Of([metric], data, usable, cancellation, _ => 0);
        var late = from is { } f ? Scalar.Call(ScalarFunction.GreaterOrEqual, period, Scalar.Value(f)) : null;
        var text = labels.Select(l => Scalar.Column(data.Schema.Require(l).Name).ToText()).ToList();
        var table = data.Read(
            new Query
            {
                Select =
                [
                    new("region", place ?? Scalar.Aggregate(AggregateFunction.Min, Scalar.Column(field.Name).ToText())), new("period", period), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(part).Take(2),
                    .. text.SelectMany((t, i) => new[] { new Projection($"first{i}", Scalar.Aggregate(AggregateFunction.Min, t, late)), new Projection($"last{i}", Scalar.Aggregate(AggregateFunction.Max, t, late)) }),
                ],
                Where = usable,
                GroupBy = group,
                OrderBy = [.. group.Select(g => new Ordering(g))],
                Limit = (long)MostRegions * MostPeriods + 1,
            },
            cancellation);
        return Build(data.Name, table, part[0], region, time, areDates, labels.Count);
    }

    /// <summary>A day written as 2026-05-01, or the number of a period.</summary>
    public static double Parse(string written, Field time, string option) =>
        time.IsNumeric
            ? double.TryParse(written, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw new GnomonError("bad-date", $"{option} must be a number, as '{time.Name}' is; got '{written}'.", option, $"Write {option} 57.")
            : DateOnly.TryParseExact(written, "yyyy-MM-dd", out var date)
                ? date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber
                : throw new GnomonError("bad-date", $"{option} must be a date; got '{written}'.", option, $"Write {option} 2026-05-01.");

    private static RegionHistory Build(string source, Table table, MetricTotals part, string? region, string time, bool areDates, int labels)
    {
        if (table.Rows == 0)
        {
            throw new GnomonError("time-not-read", $"{source}: no row has {(region is null ? string.Empty : $"a {region} and ")}a value of '{time}' that could be read as a day or a number.", "--time", "Name a column of days or of numbers that order the periods.");
        }

        var (places, periods) = ((TextColumn)table.Columns[0], ((DoubleColumn)table.Columns[1]).Values.ToArray());
        var (sums, sizes) = ((DoubleColumn)table.Columns[3], (DoubleColumn)table.Columns[4]);
        var rows = ((IntegerColumn)table.Columns[2]).Values.ToArray();
        double[] all = [.. periods.Distinct().Order()];
        if (all.Length > MostPeriods)
        {
            throw new GnomonError("too-many-periods", $"{source}: '{time}' has {Figures.Count(all.Length)} values; at most {Figures.Count(MostPeriods)} periods are read.", "--time", "Round the times to days with --query.");
        }

        var at = all.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        var isTotal = part.Metric.Kind == MetricKind.Value;
        List<string> names = [], aside = [];
        List<double[]> totals = [], divisors = [];
        var tags = Enumerable.Range(0, labels).Select(_ => new List<string?>()).ToList();
        foreach (var group in Enumerable.Range(0, table.Rows).GroupBy(i => region is null ? "all" : places.Dictionary[places.Codes[i]], StringComparer.Ordinal))
        {
            var (s, n, filled) = (new double[all.Length], new double[all.Length], 0);
            // A sum over the rows that are there would pass an empty value off as 0.
            foreach (var i in group.Where(i => !sums.IsNull(i) && (isTotal ? sizes.Values[i] == rows[i] : sizes.Values[i] > 0)))
            {
                (s[at[periods[i]]], n[at[periods[i]]]) = (sums.Values[i], sizes.Values[i]);
                filled++;
            }

            if (filled < all.Length)
            {
                aside.Add(group.Key);
                continue;
            }

            names.Add(group.Key);
            totals.Add(s);
            divisors.Add(n);
            for (var l = 0; l < labels; l++)
            {
                var (first, last) = ((TextColumn)table.Columns[5 + 2 * l], (TextColumn)table.Columns[6 + 2 * l]);
                var seen = group.SelectMany(i => new[] { first.Cell(i) as string, last.Cell(i) as string }).Where(v => !string.IsNullOrWhiteSpace(v)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                tags[l].Add(seen.Count == 0 ? null : string.Join('\n', seen));
            }
        }

        if (names.Count < aside.Count || names.Count > MostRegions)
        {
            throw names.Count > MostRegions
                ? new GnomonError("too-many-groups", $"{source}: '{region}' has {Figures.Count(names.Count)} values; at most {Figures.Count(MostRegions)} regions are read.", "--cluster", "Name the column of the regions, not of single units.")
                : new GnomonError("panel-gaps", $"{source}: {Figures.Count(aside.Count, "region")} of {Figures.Count(names.Count + aside.Count)} lack a value in some period, {aside[0]} among them.", "--time", $"Write a row with 0 where nothing happened, or keep the periods that all regions have with --where. An empty {part.Metric.Name} is no 0: where it means one, leave these rows out with --where \"{part.Metric.Column} IS NOT NULL\".");
        }

        return new RegionHistory
        {
            Metric = part.Metric, Regions = names, SetAside = aside, Periods = all, AreDates = areDates, Sums = [.. totals], Sizes = isTotal ? null : [.. divisors], Labels = [.. tags.Select(t => t.ToArray())],
            Rows = rows.Sum(), IsShare = part.Metric.Kind == MetricKind.Rate,
        };
    }
}
