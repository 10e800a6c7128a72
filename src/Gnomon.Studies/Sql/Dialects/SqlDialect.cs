using System.Globalization;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>
/// The words of one database. Names and constants become SQL here and nowhere else; times become whole numbers (microseconds, days, months since 1970), so that windows over them are
/// written in one way for every database.
/// </summary>
internal abstract class SqlDialect
{
    public static IReadOnlyList<SqlDialect> All { get; } = [new DuckDbSql(), new PostgresSql(), new ClickHouseSql()];

    /// <summary>The word of <c>--dialect</c>.</summary>
    public abstract string Word { get; }

    public static SqlDialect Named(string word) => All.First(d => d.Word == word);

    /// <summary>A table or column.</summary>
    public virtual string Name(string name) => SqlName.Quoted(name);

    /// <summary>A text constant.</summary>
    public virtual string Text(string value) => SqlName.Text(value);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A constant to compare a column with: a number where the column holds numbers, a text otherwise.</summary>
    public string Value(string value, ColumnType type) =>
        IsNumber(type) && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : Text(value);

    /// <summary>A column that is compared with <see cref="Value"/>s.</summary>
    public string Comparable(string column, ColumnType type, IEnumerable<string> values) =>
        type is ColumnType.Text or ColumnType.Category || (IsNumber(type) && values.All(v => decimal.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out _))) ? column : AsText(column);

    /// <summary>The whole statement, with what the database must be told so that it means the same.</summary>
    public virtual string Finished(string sql) => sql;

    public abstract string AsText(string expression);

    /// <summary>Microseconds since 1970 of a column of times; dates count from their midnight.</summary>
    public abstract string Micros(TimeColumn time);

    /// <summary>The calendar date of a column of times, in the zone of the business where one is declared.</summary>
    public virtual string LocalDate(TimeColumn time) => time.Type switch
    {
        ColumnType.Date => time.Column,
        ColumnType.Timestamp => $"CAST(timezone({Text(time.Zone ?? "UTC")}, {time.Column}) AS DATE)",
        _ when time.Zone is { } zone => $"CAST(timezone({Text(zone)}, timezone({Text(time.Clock ?? "UTC")}, {time.Column})) AS DATE)",
        _ => $"CAST({time.Column} AS DATE)",
    };

    /// <summary>Days since 1970-01-01 of a date.</summary>
    public virtual string DayNumber(string date) => $"CAST({date} - DATE '1970-01-01' AS BIGINT)";

    /// <summary>A date from days since 1970-01-01.</summary>
    public virtual string DateOf(string day) => $"DATE '1970-01-01' + CAST({day} AS INTEGER)";

    /// <summary>A time from microseconds since 1970, in UTC or in the clock of the data.</summary>
    public abstract string MomentOf(string micros);

    public string Day(TimeColumn time) => DayNumber(LocalDate(time));

    /// <summary>A number that counts days, weeks (from Monday) or months without a break over years.</summary>
    public string Period(TimeColumn time, string grain) => grain switch
    {
        "day" => Day(time),
        "week" => WeekOf(Day(time)),
        _ => $"CAST(EXTRACT(YEAR FROM {LocalDate(time)}) * 12 + EXTRACT(MONTH FROM {LocalDate(time)}) - 1 AS BIGINT)",
    };

    /// <summary>The week, counted from Monday 29 December 1969, of a day number.</summary>
    public string WeekOf(string day) => $"{WholeDivide($"({day} + {WeekShift})", "7")} - {WeeksBefore}";

    /// <summary>The first day of a period as a date.</summary>
    public string StartOf(string period, string grain) => grain switch
    {
        "day" => DateOf(period),
        "week" => DateOf($"({period}) * 7 - 3"),
        _ => MonthStart(period),
    };

    // Whole division rounds towards zero; far from zero it cannot matter.
    private const int WeeksBefore = 200_000;

    private const int WeekShift = WeeksBefore * 7 + 3;

    protected abstract string MonthStart(string month);

    public abstract string WholeDivide(string a, string b);

    /// <summary>An amount in fixed point with four decimals: sums do not depend on their order.</summary>
    public virtual string Exact(string column) => $"CAST({column} AS DECIMAL(28, 4))";

    public static string Real(string expression) => $"CAST({expression} AS DOUBLE PRECISION)";

    /// <summary>The value so many rows earlier in a window.</summary>
    public virtual string Lag(string expression, int rows, string window) => $"LAG({expression}, {Number(rows)}) OVER ({window})";

    /// <summary>The value of the next row in a window.</summary>
    public virtual string Lead(string expression, string window) => $"LEAD({expression}) OVER ({window})";

    /// <summary>A sum of doubles in the order of another expression, so that it does not depend on threads.</summary>
    public virtual string OrderedSum(string expression, string order) => $"SUM({expression} ORDER BY {order})";

    /// <summary>The exact median, interpolated.</summary>
    public abstract string Median(string expression);

    /// <summary>A table of the numbers from <paramref name="first"/> to <paramref name="last"/>, in a column <c>k</c>.</summary>
    public virtual string Numbers(long first, long last, string alias) => $"generate_series({Number(first)}, {Number(last)}) AS {alias}(k)";

    /// <summary>A key as trimmed lower-case text without leading zeros or a decimal .0.</summary>
    public virtual string NormalKey(string expression) =>
        $"regexp_replace(regexp_replace(lower(trim({AsText(expression)})), '[.]0+$', ''), '^0+([0-9])', '\\1')";

    private static bool IsNumber(ColumnType type) => type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;
}

/// <summary>A column of times and the zones it is read in.</summary>
/// <param name="Column">The quoted name.</param>
/// <param name="Type">Date, timestamp with or without a zone.</param>
/// <param name="Zone">The zone whose days count; null takes days as they are stored (UTC for instants).</param>
/// <param name="Clock">The zone in which times without an offset were written; UTC when null.</param>
internal sealed record TimeColumn(string Column, ColumnType Type, string? Zone, string? Clock);
