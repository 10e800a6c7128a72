using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>A metric that is no mean of values per unit: its estimate and error are computed apart and take the shape of a mean's.</summary>
/// <param name="Unit">Its unit.</param>
internal abstract record DerivedMetric(string Unit);

/// <param name="Column">The values.</param>
/// <param name="Share">Which quantile.</param>
internal sealed record QuantileMetric(string Column, double Share) : DerivedMetric(Column);

/// <param name="Time">Time watched.</param>
/// <param name="Event">Whether it ended with the event: COLUMN or COLUMN=VALUE.</param>
/// <param name="Horizon">Up to when; null to take what the data carry.</param>
internal sealed record SurvivalMetric(string Time, string Event, double? Horizon) : DerivedMetric(Time);

/// <param name="Surrogates">Early outcomes, columns of the experiment and of the history.</param>
/// <param name="History">File of past units.</param>
/// <param name="Outcome">The long-term outcome, a column of the history.</param>
/// <param name="Past">Columns of the history that name the past test and its arm; empty when it knows none.</param>
internal sealed record SurrogateMetric(IReadOnlyList<string> Surrogates, string History, string Outcome, IReadOnlyList<string> Past) : DerivedMetric(Outcome);

/// <summary>The metrics behind --quantile, --two-part, --funnel, --retention, --survival and --oec, as far as their text tells.</summary>
internal static partial class MetricTexts
{
    /// <exception cref="GnomonError">A text is not what its option asks for.</exception>
    public static IEnumerable<MetricSpec> Deciding(AbOptions options, Schema? schema)
    {
        foreach (var text in options.Quantile)
        {
            yield return Quantile(text, schema) is { } quantile ? quantile with { From = "--quantile" } : throw new GnomonError("bad-quantile", $"--quantile must be written COLUMN:p90; got '{text}'.", "--quantile", "Write --quantile latency:p99.");
        }

        foreach (var text in options.TwoPart)
        {
            yield return new MetricSpec { Name = schema?.Find(text)?.Name ?? text, Kind = MetricKind.Value, Column = text, From = "--two-part" };
        }

        foreach (var step in Funnel(options))
        {
            yield return step;
        }

        foreach (var day in Retention(options))
        {
            yield return day;
        }

        if (options.Survival is { } survival)
        {
            yield return Survival(survival, schema);
        }

        if (options.Surrogates.Count > 0 && options is { History: { } history, LongTerm: { } outcome })
        {
            yield return new MetricSpec { Name = $"expected {outcome}", Kind = MetricKind.Derived, Column = options.Surrogates[0], Derived = new SurrogateMetric(options.Surrogates, history, outcome, options.HistoryTests), Declared = outcome };
        }

        if (options.Oec is { } oec)
        {
            yield return new MetricSpec { Name = OecSpec.Name, Kind = MetricKind.Value, Column = OecSpec.Parse(oec, schema).Terms[0].Column, IsIndex = true, From = "--oec" };
        }
    }

    /// <summary><c>latency:p99</c>; null when the text is something else or names a column.</summary>
    public static MetricSpec? Quantile(string text, Schema? schema)
    {
        var match = QuantilePattern().Match(text);
        if (!match.Success || schema?.Find(text) is not null)
        {
            return null;
        }

        var share = double.Parse(match.Groups["share"].Value, CultureInfo.InvariantCulture) / 100;
        var column = schema?.Find(match.Groups["column"].Value)?.Name ?? match.Groups["column"].Value;
        return share is > 0 and < 1
            ? new MetricSpec { Name = $"{column} p{match.Groups["share"].Value}", Kind = MetricKind.Derived, Column = column, Derived = new QuantileMetric(column, share), Declared = text }
            : throw new GnomonError("bad-quantile", $"'{text}': the quantile lies between p0 and p100.", "--quantile", "Write latency:p99.");
    }

    private static IEnumerable<MetricSpec> Funnel(AbOptions options)
    {
        for (var k = 0; k < options.Funnel.Count; k++)
        {
            var values = options.Funnel.Take(k + 1).Select(Step).ToList();
            var reached = values.Aggregate((a, b) => a * b);

            // A unit without a word on a later step is missing in all, so that every step has the same units.
            var known = options.Funnel.Skip(k + 1).Select(Step).Aggregate(reached, (sum, later) => sum + later * Scalar.Value(0.0));
            yield return new MetricSpec
            {
                Name = options.Funnel[k], Kind = MetricKind.Value, Column = ColumnOf(options.Funnel[k]), Expression = known, From = "--funnel", Role = k == options.Funnel.Count - 1 ? MetricRole.Primary : MetricRole.Secondary,
            };
        }
    }

    // Anything but 0 counts as reached.
    internal static Scalar Step(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? Scalar.Column(text[..equals].Trim()).ToText().EqualTo(Scalar.Value(text[(equals + 1)..].Trim())).ToDouble()
            : Scalar.Call(ScalarFunction.NotEqual, Scalar.Column(text).ToDouble(), Scalar.Value(0.0)).ToDouble();
    }

    private static string ColumnOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? text[..equals].Trim() : text;

    /// <summary>The days of --retention, ascending.</summary>
    public static IReadOnlyList<int> Days(string text)
    {
        var colon = text.LastIndexOf(':');
        var days = new List<int>();
        foreach (var part in colon < 1 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var day) || day is < 1 or > 3650)
            {
                days.Clear();
                break;
            }

            days.Add(day);
        }

        return days.Count > 0 ? [.. days.Distinct().Order()] : throw new GnomonError("bad-retention", $"--retention must be written COLUMN:1,7,28; got '{text}'.", "--retention", "Write --retention last_seen:1,7,28.");
    }

    private static IEnumerable<MetricSpec> Retention(AbOptions options) => options.Retention is not { } text ? [] : Days(text)
        .Select(day => new MetricSpec { Name = $"day-{day} retention", Kind = MetricKind.Value, Column = text[..text.LastIndexOf(':')].Trim(), RetentionDay = day, From = "--retention" });

    private static MetricSpec Survival(string text, Schema? schema)
    {
        var match = SurvivalPattern().Match(text);
        if (!match.Success)
        {
            throw new GnomonError("bad-survival", $"--survival must be written TIME/EVENT; got '{text}'.", "--survival", "Write --survival days/churned, or --survival days/churned:28 to look 28 days ahead.");
        }

        var time = schema?.Find(match.Groups["time"].Value)?.Name ?? match.Groups["time"].Value;
        var horizon = match.Groups["horizon"].Success ? double.Parse(match.Groups["horizon"].Value, CultureInfo.InvariantCulture) : (double?)null;
        return horizon is <= 0
            ? throw new GnomonError("bad-survival", $"--survival {text}: the horizon must be positive.", "--survival", "Write --survival days/churned:28.")
            : new MetricSpec { Name = $"{time} until {match.Groups["event"].Value}", Kind = MetricKind.Derived, Column = time, Derived = new SurvivalMetric(time, match.Groups["event"].Value, horizon), Declared = text, From = "--survival" };
    }

    [GeneratedRegex(@"^(?<column>.+):p(?<share>\d{1,3}(\.\d+)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex QuantilePattern();

    [GeneratedRegex(@"^(?<time>[^/]+)/(?<event>[^/:]+)(:(?<horizon>\d+(\.\d+)?))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex SurvivalPattern();
}
