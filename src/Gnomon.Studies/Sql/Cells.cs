using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>Cells of small answers.</summary>
internal static class Cells
{
    public static long Whole(Table table, string column, int row = 0) => table[column].Cell(row) switch
    {
        long n => n,
        double x => (long)x,
        _ => 0,
    };

    public static double Real(Table table, string column, int row = 0) => table[column].Cell(row) switch
    {
        long n => n,
        double x => x,
        _ => 0,
    };

    /// <summary>A table of the engine as a table of the finding: times as text, everything else as it is.</summary>
    public static ResultTable Shown(string id, string title, Table table) => new(
        id, title, [.. table.Columns.Select(c => c.Name)],
        [.. Enumerable.Range(0, table.Rows).Select(r => (IReadOnlyList<object?>)[.. table.Columns.Select(c => Shown(c, r))])]);

    private static object? Shown(Column column, int row) => column.Cell(row) switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd"),
        DateTimeOffset moment => Moment(moment) + (column.Type == ColumnType.Timestamp ? "Z" : string.Empty),
        TimeOnly time => time.ToString("HH:mm:ss"),
        double number when !double.IsFinite(number) => null,
        var cell => cell,
    };

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff");
}
