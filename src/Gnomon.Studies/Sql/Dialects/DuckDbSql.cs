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

    public override string MomentOf(string micros) => $"make_timestamp({micros})";

    protected override string MonthStart(string month) => $"make_date(({month}) // 12, ({month}) % 12 + 1, 1)";

    public override string WholeDivide(string a, string b) => $"{a} // {b}";

    public override string Median(string expression) => $"quantile_cont({expression}, 0.5)";
}
