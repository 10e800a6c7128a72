using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>The embedded engine.</summary>
internal sealed class DuckDbSql : SqlDialect
{
    public override string Word => "duckdb";

    public override string AsText(string expression) => $"CAST({expression} AS VARCHAR)";

    public override string Micros(TimeColumn time) => time.Type switch
    {
        ColumnType.Date => $"epoch_us(CAST({time.Column} AS TIMESTAMP))",
        ColumnType.LocalTimestamp when time.Clock is { } clock => $"epoch_us(timezone({Text(clock)}, {time.Column}))",
        _ => $"epoch_us({time.Column})",
    };

    public override string LocalDate(TimeColumn time) => time.Type switch
    {
        ColumnType.Date => time.Column,
        ColumnType.Timestamp => $"CAST(timezone({Text(time.Zone ?? "UTC")}, {time.Column}) AS DATE)",
        _ when time.Zone is { } zone => $"CAST(timezone({Text(zone)}, timezone({Text(time.Clock ?? "UTC")}, {time.Column})) AS DATE)",
        _ => $"CAST({time.Column} AS DATE)",
    };

    public override string DayNumber(string date) => $"CAST({date} - DATE '1970-01-01' AS BIGINT)";

    public override string DateOf(string day) => $"DATE '1970-01-01' + CAST({day} AS INTEGER)";

    public override string MomentOf(string micros) => $"make_timestamp({micros})";

    protected override string MonthStart(string month) => $"make_date(({month}) // 12, ({month}) % 12 + 1, 1)";

    public override string WholeDivide(string a, string b) => $"{a} // {b}";

    public override string Median(string expression) => $"quantile_cont({expression}, 0.5)";

    public override string NormalKey(string expression) =>
        $"regexp_replace(regexp_replace(lower(trim({AsText(expression)})), '[.]0+$', ''), '^0+([0-9])', '\\1')";
}
