using System.Globalization;
using Gnomon.Core.Tables;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>
/// Reads the rules off a table that is taken to be sound. A rule is written down only where the rows support it, with how many they were; limits are those of the sample,
/// and how far a second sample of the same source may pass them follows from these rows when they are asked.
/// </summary>
internal sealed class RuleInference(ProfileFacts facts, IReadOnlyList<SampleLine> lines)
{
    private const long FewestRows = 100;
    private const long FewestPerValue = 5;
    private const int MostValues = 50;
    private const double MostlyOrdered = 0.3;

    public IEnumerable<Rule> Columns()
    {
        yield return new Rule { Id = "columns", Kind = RuleKind.Columns, Columns = [.. facts.Columns.Select(c => c.Name)] };
        foreach (var column in facts.Columns)
        {
            foreach (var rule in Of(column))
            {
                yield return rule with { Id = $"{column.Name}-{rule.Id}" };
            }
        }
    }

    private IEnumerable<Rule> Of(ColumnFacts column)
    {
        if (TypeOf(column) is { } type)
        {
            yield return Rule(column, "type", RuleKind.Type) with { Type = type };
        }

        if (column.Rows < FewestRows || column.Role == Role.Empty)
        {
            yield break;
        }

        yield return Rule(column, "not-null", RuleKind.NotNull) with { Learned = new Support(column.Rows, column.Missing) };
        if (column.Present < FewestRows)
        {
            yield break;
        }

        if (Values(column) is { } values)
        {
            yield return Rule(column, "values", RuleKind.Values) with { Values = values };
        }
        else if (Range(column) is { } range)
        {
            yield return range;
        }

        if (column.Role is Role.Identifier or Role.Key or Role.Text && column.Scan.Texts is { } texts && TextPattern.Of(texts.Texts) is { } pattern)
        {
            yield return Rule(column, "pattern", RuleKind.Pattern) with { Pattern = pattern };
        }

        // Files grow at their end: an order that holds in every row is kept by the next rows too.
        if (lines.FirstOrDefault(l => l.Column == column)?.NeverFalls == true)
        {
            yield return Rule(column, "increasing", RuleKind.Increasing);
        }
    }

    private static Rule Rule(ColumnFacts column, string id, RuleKind kind) =>
        new() { Id = id, Kind = kind, Columns = [column.Name], Learned = kind == RuleKind.Type ? null : new Support(column.Present, 0) };

    private static string? TypeOf(ColumnFacts column) => column.Present == 0 ? "text" : column.Type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Integer => "integer",
        ColumnType.Double or ColumnType.Decimal => "number",
        ColumnType.Date => "date",
        ColumnType.Timestamp or ColumnType.LocalTimestamp or ColumnType.Time => "time",
        _ => "text",
    };

    // A list is closed when even its rarest value came again and again: a value unseen so far would have to be much rarer than any seen.
    private static List<string>? Values(ColumnFacts column)
    {
        if (column.Role is not (Role.Category or Role.Flag) || column.Type is ColumnType.Double or ColumnType.Decimal)
        {
            return null;
        }

        var counts = column.Scan.Texts is { IsComplete: true } t
            ? t.Texts.Zip(t.Counts, (text, n) => (Text: text, Count: n)).ToList()
            : column.Distribution.Counts?.Select(c => (Text: column.Type == ColumnType.Boolean ? (c.Value != 0 ? "true" : "false") : c.Value.ToString("0", CultureInfo.InvariantCulture), c.Count)).ToList();
        return counts is { Count: > 0 and <= MostValues } && counts.TrueForAll(c => c.Count >= FewestPerValue) ? [.. counts.Select(c => c.Text).Order(StringComparer.Ordinal)] : null;
    }

    // Values that drift along the file, labels and times have no limits to learn: the next rows lie beyond by design.
    private Rule? Range(ColumnFacts column)
    {
        if (column.Role is not (Role.Number or Role.Flag) || !column.IsNumber || lines.FirstOrDefault(l => l.Column == column) is not { } line || Math.Abs(line.WithOrder) > MostlyOrdered)
        {
            return null;
        }

        var (min, max) = (column.Distribution.Min, column.Distribution.Max);
        return Rule(column, "range", RuleKind.Range) with { Min = End(min), Max = End(max) };
    }

    private static Limit End(double value) => new(value, null, value.ToString("R", CultureInfo.InvariantCulture));
}

/// <summary>How a column of the sample goes with the order of its rows.</summary>
/// <param name="Column">The column.</param>
/// <param name="WithOrder">Spearman's correlation with the position; 0 where it has none.</param>
/// <param name="NeverFalls">No value is smaller than the one before, and the column moves.</param>
internal sealed record SampleLine(ColumnFacts Column, double WithOrder, bool NeverFalls)
{
    private const int FewestRows = 100;

    public static SampleLine Of(Looks.SampleColumn column)
    {
        if (!column.IsOrdered || column.Facts.Scan.Distinct < 3)
        {
            return new SampleLine(column.Facts, 0, false);
        }

        var values = column.Numbers;
        int[] rows = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        var falls = false;
        for (var i = 1; i < rows.Length && !falls; i++)
        {
            falls = values[rows[i]] < values[rows[i - 1]];
        }

        var r = Association.Spearman([.. rows.Select(i => values[i])], [.. rows.Select(i => (double)i)]);
        return new SampleLine(column.Facts, r?.Correlation ?? 0, !falls && rows.Length >= FewestRows && rows.Length == values.Length && column.Sample.Step == 1);
    }
}
