using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Rules;

/// <summary>Which reading of the rules is written: the one that is meant, or a usual way to get it wrong.</summary>
internal enum Reading
{
    /// <summary>First match wins, a comparison with NULL is not met, earlier rows are those of the same unit.</summary>
    Meant,

    /// <summary>One assignment after the other: the last match wins.</summary>
    LastMatch,

    /// <summary>A comparison with NULL counts as met.</summary>
    NullIsMet,

    /// <summary>A test for NULL is never met, as <c>== None</c> of a whole column.</summary>
    NullUntested,

    /// <summary>The row before is the row above in the file, whoever it belongs to.</summary>
    RowAbove,

    /// <summary>Rows that tie in the order are taken the other way round.</summary>
    TiesReversed,
}

/// <summary>Rules as SQL: a level for each column, so that it sees those before it; every row keeps its number.</summary>
internal sealed partial class RuleSql(RuleFile rules, Schema schema, string table)
{
    public const string RowNumber = "\"gnomon row\"";
    private const string Place = "\"gnomon place\"";
    private const string PlaceReversed = "\"gnomon place reversed\"";
    private const int WidestWindow = 10_000;

    public IReadOnlyList<RuleColumn> Columns => rules.Columns;

    /// <summary>All rows with all columns, in the order of the data.</summary>
    public string Answer => $"SELECT * EXCLUDE ({RowNumber}{(Counts ? $", {Place}" : string.Empty)})\nFROM {Levels().Aggregate(Rows, (from, l) => $"(\n  SELECT {Star(l, l.Columns.Select(c => c.Name))},\n    {string.Join(",\n    ", l.Columns.Select(c => $"{Value(c, Reading.Meant)} AS {SqlName.Quoted(c.Name)}"))}\n  FROM {from}\n) AS with_{l.First + l.Columns.Count}")}\nORDER BY {RowNumber}";

    private string Rows => Placed(string.Empty);

    private string Placed(string more)
    {
        var rows = $"(\n  SELECT *, ROW_NUMBER() OVER () AS {RowNumber} FROM {SqlName.Quoted(table)}\n) AS rows_given";
        return Counts ? $"(\n  SELECT *, ROW_NUMBER() OVER ({Window(Reading.Meant)}) AS {Place}{more}\n  FROM {rows}\n) AS rows_placed" : rows;
    }

    // A streak is counted in places of the unit's own order, which have to be there first.
    private bool Counts => rules.Columns.Any(c => c.Rules.Any(r => Streak().IsMatch(r.Value) || (r.Condition is { } t && Streak().IsMatch(t))));

    // Columns that do not see one another share a level, so that their windows share a sort.
    private List<(int First, List<RuleColumn> Columns)> Levels()
    {
        var levels = new List<(int First, List<RuleColumn> Columns)>();
        for (var k = 0; k < rules.Columns.Count; k++)
        {
            var column = rules.Columns[k];
            if (levels.Count > 0 && !levels[^1].Columns.Exists(c => Mentions(column, c.Name) || string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase)))
            {
                levels[^1].Columns.Add(column);
            }
            else
            {
                levels.Add((k, [column]));
            }
        }

        return levels;
    }

    private string Star((int First, List<RuleColumn> Columns) level, IEnumerable<string> names)
    {
        List<string> there = [.. level.Columns.Where(c => Has(c, level.First)).Select(c => c.Name)];
        List<string> excluded = [.. names.Where(n => there.Exists(t => n == t || n.EndsWith($" {t}", StringComparison.Ordinal)))];
        return excluded.Count == 0 ? "*" : $"* EXCLUDE ({string.Join(", ", excluded.Select(SqlName.Quoted))})";
    }

    private static bool Mentions(RuleColumn column, string name) => column.Rules.Any(r => Names(r.Value, name) || (r.Condition is { } c && Names(c, name)));

    private static bool Names(string text, string name) => Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(name)}(?!\w)", RegexOptions.IgnoreCase) || text.Contains(SqlName.Quoted(name), StringComparison.Ordinal);

    /// <summary>What stands behind FROM once the first columns are made.</summary>
    public string Through(int columns) => Enumerable.Range(0, columns).Aggregate(
        Rows,
        (from, k) => $"(\n  SELECT {(Has(rules.Columns[k], k) ? $"* EXCLUDE ({SqlName.Quoted(rules.Columns[k].Name)})" : "*")},\n    {Value(rules.Columns[k], Reading.Meant)} AS {SqlName.Quoted(rules.Columns[k].Name)}\n  FROM {from}\n) AS with_{k + 1}");

    /// <summary>All rows with the columns as they are meant, beside them each usual reading of a column over the columns before it, and the number of the row.</summary>
    public string Readings => $"SELECT * FROM {Levels().Aggregate(Placed($", ROW_NUMBER() OVER ({Window(Reading.TiesReversed)}) AS {PlaceReversed}"), (from, l) => $"(SELECT {Star(l, rules.Columns.Take(l.First).Any(c => l.Columns.Exists(o => o.Name == c.Name)) ? l.Columns.SelectMany(c => rules.Columns.Take(l.First).Any(e => e.Name == c.Name) ? [c.Name, .. Usual.Select(u => $"{u.Word} {c.Name}")] : new[] { c.Name }) : l.Columns.Select(c => c.Name))}, "
        + string.Join(", ", l.Columns.SelectMany(c => Usual.Select(u => $"{Value(c, u.Reading)} AS {SqlName.Quoted($"{u.Word} {c.Name}")}").Prepend($"{Value(c, Reading.Meant)} AS {SqlName.Quoted(c.Name)}"))) + $" FROM {from}) AS read_{l.First + l.Columns.Count}")} ORDER BY {RowNumber}";

    /// <summary>The usual readings, and the word before the name of their columns.</summary>
    public static IReadOnlyList<(Reading Reading, string Word)> Usual { get; } = [(Reading.LastMatch, "last"), (Reading.NullIsMet, "null"), (Reading.NullUntested, "untested"), (Reading.RowAbove, "above"), (Reading.TiesReversed, "ties")];

    /// <summary>The value of a column in one reading, over the columns before it.</summary>
    public string Value(RuleColumn column, Reading reading)
    {
        string Sql(string text) => Earlier(column, reading == Reading.NullUntested ? Test().Replace(text, "IS NULL AND FALSE") : text, reading);
        if (column.Rules is [{ Condition: null } plain])
        {
            return $"({Sql(plain.Value)})";
        }

        var conditions = column.Rules.Where(r => r.Condition is not null);
        var text = new StringBuilder("CASE");
        foreach (var rule in reading == Reading.LastMatch ? conditions.Reverse() : conditions)
        {
            var met = Sql(rule.Condition!);
            text.Append($"\n      WHEN {(reading == Reading.NullIsMet ? $"COALESCE(({met}), TRUE)" : met)} THEN {Sql(rule.Value)}");
        }

        return text.Append(column.Rules[^1].Condition is null ? $"\n      ELSE {Sql(column.Rules[^1].Value)}" : string.Empty).Append("\n    END").ToString();
    }

    /// <summary>Each condition of a column as a truth value.</summary>
    public IEnumerable<string> Conditions(RuleColumn column) => column.Rules.Where(r => r.Condition is not null).Select(r => $"({Earlier(column, r.Condition!, Reading.Meant)})");

    /// <summary>True where a column looks at earlier rows.</summary>
    public static bool LooksBack(RuleColumn column) => column.Rules.Any(r => Back().IsMatch(r.Value) || (r.Condition is { } c && Back().IsMatch(c)));

    /// <exception cref="GnomonError"><c>rule-needs-loop</c>, <c>order-missing</c> or <c>column-not-found</c>.</exception>
    public void Refuse()
    {
        foreach (var name in rules.Per.Concat(rules.By))
        {
            _ = schema.Require(name, "per ... by");
        }

        for (var k = 0; k < rules.Columns.Count; k++)
        {
            var column = rules.Columns[k];
            if (LooksBack(column) && rules.By.Count == 0)
            {
                throw new GnomonError("order-missing", FormattableString.Invariant($"Line {column.Line}: {column.Name} looks at earlier rows, and no order was given."), "--derive", "Write a line: per UNIT by TIME, ID.");
            }

            var isNew = !Has(column, k);
            if (isNew && column.Rules.SelectMany(r => new[] { r.Condition ?? string.Empty, r.Value }).Any(t => Arguments(t).Any(a => Names(a, column.Name))))
            {
                throw new GnomonError(
                    "rule-needs-loop", FormattableString.Invariant($"Line {column.Line}: {column.Name} depends on its own value in an earlier row, which no window function can give."), "--derive",
                    "Keep this one column in a compiled loop over the sorted rows (numba, C#, Rust), and derive the others here.");
            }
        }
    }

    private bool Has(RuleColumn column, int before) => schema.Any(f => string.Equals(f.Name, column.Name, StringComparison.OrdinalIgnoreCase)) || rules.Columns.Take(before).Any(c => string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase));

    private string Window(Reading reading)
    {
        var parts = reading == Reading.RowAbove || rules.Per.Count == 0 ? string.Empty : $"PARTITION BY {string.Join(", ", rules.Per.Select(SqlName.Quoted))} ";
        var order = reading == Reading.RowAbove ? [] : rules.By.Select(SqlName.Quoted);
        return $"{parts}ORDER BY {string.Join(", ", order.Append(reading == Reading.TiesReversed ? $"{RowNumber} DESC" : RowNumber))}";
    }

    private string Earlier(RuleColumn column, string text, Reading reading)
    {
        var match = Back().Match(text);
        if (!match.Success)
        {
            return text;
        }

        var end = Closing(text, match.Index + match.Length - 1);
        if (end < 0)
        {
            throw new GnomonError("bad-rules", FormattableString.Invariant($"Line {column.Line}: a parenthesis of {column.Name} is not closed."), "--derive", "Close it.");
        }

        var inside = text[(match.Index + match.Length)..end];
        var window = Window(reading);
        var written = match.Groups["what"].Value.ToUpperInvariant() switch
        {
            "CARRY" => $"LAST_VALUE({inside} IGNORE NULLS) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
            "ROLLING_MEDIAN" => RollingMedian(column, inside, window),
            "STREAK" => StreakOf(inside, window, reading),
            _ => $"LAG({inside}) OVER ({window})",
        };
        return text[..match.Index] + written + Earlier(column, text[(end + 1)..], reading);
    }

    private static string RollingMedian(RuleColumn column, string inside, string window)
    {
        var comma = inside.LastIndexOf(',');
        return comma > 0 && int.TryParse(inside[(comma + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= WidestWindow
            ? FormattableString.Invariant($"MEDIAN({inside[..comma]}) OVER ({window} ROWS BETWEEN {n - 1} PRECEDING AND CURRENT ROW)")
            : throw new GnomonError("bad-rules", FormattableString.Invariant($"Line {column.Line}: {column.Name} needs the number of rows of its rolling median, 1 to {WidestWindow}."), "--derive", "Write rolling_median(amount, 7): the median of the row and the six before it.");
    }

    // How many rows in a row, up to this one, meet the condition: its place less that of the last row which does not.
    private static string StreakOf(string condition, string window, Reading reading)
    {
        var place = reading switch { Reading.RowAbove => RowNumber, Reading.TiesReversed => PlaceReversed, _ => Place };
        return $"({place} - COALESCE(MAX(CASE WHEN ({condition}) THEN NULL ELSE {place} END) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0))";
    }

    private static IEnumerable<string> Arguments(string text) => Back().Matches(text).Select(m => (Match: m, End: Closing(text, m.Index + m.Length - 1))).Where(m => m.End > 0).Select(m => text[(m.Match.Index + m.Match.Length)..m.End]);

    private static int Closing(string text, int open)
    {
        var (depth, quote) = (0, '\0');
        for (var k = open; k < text.Length; k++)
        {
            if (quote != '\0')
            {
                quote = text[k] == quote ? '\0' : quote;
            }
            else if (text[k] is '\'' or '"')
            {
                quote = text[k];
            }
            else if (text[k] == '(')
            {
                depth++;
            }
            else if (text[k] == ')' && --depth == 0)
            {
                return k;
            }
        }

        return -1;
    }

    /// <summary>True where a column tests for NULL.</summary>
    public static bool TestsNull(RuleColumn column) => column.Rules.Any(r => r.Condition is { } c && Test().IsMatch(c));

    [GeneratedRegex(@"\bIS\s+NULL\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();

    [GeneratedRegex(@"\bstreak\s*\(", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Streak();

    [GeneratedRegex(@"\b(?<what>previous|carry|rolling_median|streak)\s*\(", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Back();
}
