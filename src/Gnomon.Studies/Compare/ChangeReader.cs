using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Compare;

/// <summary>One series in order of time, with the row at which it changed.</summary>
internal sealed record ChangeInput
{
    public required string Metric { get; init; }

    public required string Time { get; init; }

    /// <summary>The change as it was given.</summary>
    public required string At { get; init; }

    public required double[] Values { get; init; }

    /// <summary>Time of each row: a number, or days since 1970 for dates.</summary>
    public required double[] Times { get; init; }

    public required bool TimesAreDates { get; init; }

    /// <summary>First row after the change, from 0.</summary>
    public required int Change { get; init; }

    public required double[]? Trials { get; init; }

    public required string? Untouched { get; init; }

    public required double[]? UntouchedValues { get; init; }

    public required long RowsRead { get; init; }

    /// <summary>Steps of time that are not of the usual length.</summary>
    public required int Gaps { get; init; }

    public int Before => Change;

    public int After => Values.Length - Change;

    /// <summary>All values lie in 0 to 1: differences are then read in points.</summary>
    public bool IsShare => Values.All(v => v is >= 0 and <= 1);

    public string Unit => IsShare ? "proportion" : Metric;
}

/// <summary>Reads a series: one row per time.</summary>
internal sealed class ChangeReader(CompareOptions options, StudyContext context)
{
    private const double MicrosecondsPerDay = 86_400_000_000.0;

    public ChangeInput Read()
    {
        var data = context.RequireData();
        var metric = Numeric(data.Schema, options.Metric!, "--metric");
        var time = data.Schema.Require(options.Time!, "--time");
        if (!time.IsNumeric && !time.IsTemporal)
        {
            throw new GnomonError("column-not-numeric", $"{time.Name} is text; times are dates or numbers.", "--time", "Name a column of dates or of numbers.");
        }

        List<Projection> select =
        [
            new("metric", Scalar.Column(metric.Name).ToDouble()),
            new("time", time.IsNumeric ? Scalar.Column(time.Name).ToDouble() : Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(time.Name)).ToDouble() / Scalar.Value(MicrosecondsPerDay)),
        ];
        foreach (var (name, option) in new[] { (options.Trials, "--trials"), (options.Untouched, "--untouched") })
        {
            if (name is not null)
            {
                select.Add(new Projection(option, Scalar.Column(Numeric(data.Schema, name, option).Name).ToDouble()));
            }
        }

        var table = data.Read(new Query { Select = select }, context.Cancellation);
        var times = ((DoubleColumn)table.Columns[1]).Values.ToArray();
        var rows = Enumerable.Range(0, table.Rows).Where(i => table.Columns.All(c => !c.IsNull(i))).OrderBy(i => times[i]).ToArray();
        double[] Pick(int column)
        {
            var values = ((DoubleColumn)table.Columns[column]).Values.ToArray();
            return Array.ConvertAll(rows, i => values[i]);
        }

        var ordered = Array.ConvertAll(rows, i => times[i]);
        var twice = Enumerable.Range(1, Math.Max(0, rows.Length - 1)).Count(i => ordered[i] == ordered[i - 1]);
        if (twice > 0)
        {
            throw new GnomonError(
                "several-rows-per-time", $"{Figures.Count(twice, "row shares its", "rows share their")} {time.Name} with another: before and after are compared on one series.", "--time",
                $"Sum or average to one row per {time.Name} with --query, or keep one series with --where.");
        }

        var at = When(options.ChangeAt!, time);
        var change = Array.FindIndex(ordered, t => t >= at);
        if (change <= 0)
        {
            throw new GnomonError(
                "option-out-of-range", $"--change-at {options.ChangeAt} has {(change < 0 ? "no row at or after it" : "no row before it")}; {time.Name} runs from {Shown(ordered[0], time)} to {Shown(ordered[^1], time)}.", "--change-at",
                "Name a time inside the series.");
        }

        var trials = options.Trials is null ? null : Pick(2);
        if (trials is not null && Array.FindIndex(trials, v => !(v > 0)) is >= 0 and var none)
        {
            throw new GnomonError("value-out-of-range", $"{options.Trials} is {trials[none]:G6} at {Shown(ordered[none], time)}; it must be above 0.", "--trials", $"Keep the rows with --where \"{options.Trials} > 0\".");
        }

        return new ChangeInput
        {
            Metric = metric.Name, Time = time.Name, At = options.ChangeAt!, Values = Pick(0), Times = ordered, TimesAreDates = time.IsTemporal, Change = change, Trials = trials, Untouched = options.Untouched,
            UntouchedValues = options.Untouched is null ? null : Pick(table.Columns.Count - 1), RowsRead = table.Rows, Gaps = Gaps(ordered),
        };
    }

    private static Field Numeric(Schema schema, string name, string option)
    {
        var field = schema.Require(name, option);
        return field.IsNumeric ? field : throw new GnomonError("column-not-numeric", $"{option} {name} is {field.Type.ToString().ToLowerInvariant()}; numbers are needed.", option, "Name a column of numbers.");
    }

    private double When(string text, Field time)
    {
        if (time.IsNumeric)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw new GnomonError("option-out-of-range", $"--change-at '{text}' is no number, and {time.Name} holds numbers.", "--change-at", "Write the first value after the change.");
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.ToUnixTimeMilliseconds() / 86_400_000.0
            : throw new GnomonError("option-out-of-range", $"--change-at '{text}' is no date.", "--change-at", "Write it as 2024-04-01.");
    }

    // Months and quarters are nearly even: a step counts as a gap when it is half as long again as the usual one.
    private static int Gaps(double[] times)
    {
        var steps = times.Skip(1).Select((t, i) => t - times[i]).Order().ToArray();
        var usual = steps.Length == 0 ? 0 : steps[steps.Length / 2];
        return steps.Count(s => s > 1.5 * usual || s < usual / 1.5);
    }

    internal static string Shown(double time, Field field) => Shown(time, field.IsTemporal);

    internal static string Shown(double time, bool isDate) => isDate ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(time * 86_400_000)).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Figures.Number(time);
}
