using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>PostgreSQL 12 and later; run against a server of version 15 in the tests.</summary>
internal sealed class PostgresSql : SqlDialect
{
    public override string Word => "postgres";

    public override string AsText(string expression) => $"CAST({expression} AS TEXT)";

    public override string Micros(TimeColumn time) => time.Type switch
    {
        ColumnType.LocalTimestamp when time.Clock is { } clock => Epoch($"timezone({Text(clock)}, {time.Column})"),
        _ => Epoch(time.Column),
    };

    public override string MomentOf(string micros) => $"TIMESTAMP '1970-01-01' + ({micros}) * INTERVAL '1 microsecond'";

    protected override string MonthStart(string month) => $"make_date(CAST(({month}) / 12 AS INTEGER), CAST(({month}) % 12 + 1 AS INTEGER), 1)";

    public override string WholeDivide(string a, string b) => $"{a} / {b}";

    public override string Median(string expression) => $"percentile_cont(0.5) WITHIN GROUP (ORDER BY {expression})";

    // Since version 14 the epoch is an exact decimal; before, a double that still holds every microsecond of our time.
    private static string Epoch(string time) => $"CAST(EXTRACT(EPOCH FROM {time}) * 1000000 AS BIGINT)";
}
