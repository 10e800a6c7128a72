using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>ClickHouse, written from its documentation: <see cref="ClickHouseNeeds"/> says which version a text needs. What 18.16 can run is run in the tests.</summary>
internal sealed class ClickHouseSql : SqlDialect
{
    public override string Word => "clickhouse";

    public override string Name(string name) => $"\"{Escaped(name, '"')}\"";

    public override string Text(string value) => $"'{Escaped(value, '\'')}'";

    // Without this a row of a LEFT JOIN that finds no partner gets zeros and empty texts instead of NULL.
    public override string Finished(string sql) => sql.Contains("LEFT JOIN", StringComparison.Ordinal) ? $"{sql}\nSETTINGS join_use_nulls = 1" : sql;

    public override string AsText(string expression) => $"toString({expression})";

    public override string Micros(TimeColumn time) => time.Type == ColumnType.Date
        ? $"toInt64(toDaysSinceYearZero({time.Column}) - 719528) * 86400000000"
        : $"toUnixTimestamp64Micro(toDateTime64({time.Column}, 6, {Text(time.Clock ?? "UTC")}))";

    public override string LocalDate(TimeColumn time) => time.Type == ColumnType.Date ? time.Column : $"toDate32({time.Column}, {Text(time.Zone ?? "UTC")})";

    public override string DayNumber(string date) => $"toInt64(dateDiff('day', toDate32('1970-01-01'), toDate32({date})))";

    public override string DateOf(string day) => $"addDays(toDate32('1970-01-01'), {day})";

    public override string MomentOf(string micros) => $"fromUnixTimestamp64Micro({micros}, 'UTC')";

    protected override string MonthStart(string month) => $"addMonths(toDate32('1970-01-01'), ({month}) - 23640)";

    public override string WholeDivide(string a, string b) => $"intDiv({a}, {b})";

    public override string Exact(string column) => $"toDecimal128({column}, 4)";

    // Its LAG and LEAD look inside the frame only and answer with a type's zero unless the type is nullable.
    public override string Lag(string expression, int rows, string window) =>
        $"lagInFrame(toNullable({expression}), {Number(rows)}) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)";

    public override string Lead(string expression, string window) =>
        $"leadInFrame(toNullable({expression})) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)";

    public override string OrderedSum(string expression, string order) => $"arraySum(arrayMap(p -> p.2, arraySort(p -> p.1, groupArray(({order}, {expression})))))";

    public override string Median(string expression) => $"quantileExactInclusive(0.5)({expression})";

    public override string Numbers(long first, long last, string alias) => $"(SELECT toInt64(number) + {Number(first)} AS k FROM numbers({Number(last - first + 1)})) AS {alias}";

    public override string NormalKey(string expression) =>
        $"replaceRegexpOne(replaceRegexpOne(lower(trimBoth({AsText(expression)})), '[.]0+$', ''), '^0+([0-9])', '\\\\1')";

    private static string Escaped(string text, char quote) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote.ToString(), $"\\{quote}", StringComparison.Ordinal);
}
