using System.Text.Json.Nodes;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Terminal;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Charts of a query's rows: which kind, of which columns, what is left out, and how they look in a terminal.</summary>
public sealed class QueryChartTests : IDisposable
{
    private readonly Sources _sources = new();
    private readonly string _file;

    public QueryChartTests() => _file = _sources.Write("sales.csv", "day,plan,amount,costs\n2026-01-01,free,1,2\n2026-01-02,free,3,1\n2026-01-02,paid,10,4\n2026-01-03,paid,12,\n2026-01-03,,7,3\n");

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData("SELECT day, SUM(amount) AS amount FROM sales GROUP BY day ORDER BY day", "line", "day is a time", 3)]
    [InlineData("SELECT plan, SUM(amount) AS amount FROM sales GROUP BY plan ORDER BY plan", "bar", "plan names each row", 3)]
    [InlineData("SELECT amount, costs FROM sales ORDER BY 1", "points", "amount and costs are numbers", 4)]
    [InlineData("SELECT day, plan, amount FROM sales ORDER BY 1, 2", "line", "Colours tell the values of plan apart", 5)]
    [InlineData("SELECT day, amount, costs FROM sales ORDER BY 1, 2", "line", "Each of amount, costs is a line", 6)]
    public void The_kind_follows_from_the_types_and_is_said(string query, string kind, string why, int marks)
    {
        var finding = Ask.Sql(new SqlOptions { Data = _file, Query = query, Chart = "auto" });
        var plot = finding.Plots.Single();
        Assert.Equal(ChartPlot.Id, plot.Id);
        Assert.Equal(marks, Values(plot).Count);
        Assert.Contains(kind switch { "bar" => "bar", "line" => "line", _ => "point" }, plot.VegaLite.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.StartsWith($"The chart shows {(kind == "bar" ? "bars" : kind == "line" ? "lines" : "points")}", StringComparison.Ordinal) && l.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void Values_are_those_of_the_rows_and_shared_times_are_averaged()
    {
        var plot = Ask.Sql(new SqlOptions { Data = _file, Query = "SELECT day, amount FROM sales ORDER BY 1", Chart = "line" }).Plots.Single();
        Assert.Equal([1, 6.5, 9.5], Values(plot).Select(v => v!["value"]!.GetValue<double>()));
        Assert.Equal(["2026-01-01T00:00:00", "2026-01-02T00:00:00", "2026-01-03T00:00:00"], Values(plot).Select(v => v!["at"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("SELECT plan FROM sales", "auto")]
    [InlineData("SELECT amount FROM sales", "points")]
    [InlineData("SELECT plan, day FROM sales", "bar")]
    [InlineData("SELECT plan, amount FROM sales", "line")]
    [InlineData("SELECT day, amount FROM sales WHERE amount > 100", "auto")]
    public void What_cannot_be_drawn_is_refused_by_name(string query, string kind) =>
        Assert.Equal("no-chart", Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _file, Query = query, Chart = kind })).Code);

    [Fact]
    public void Too_many_to_draw_is_said()
    {
        var many = _sources.Write("many.csv", "at_time,name,x,y\n" + string.Concat(Enumerable.Range(0, 5000).Select(k => $"{new DateTime(2026, 1, 1).AddMinutes(k):yyyy-MM-dd HH:mm:ss},n{k % 40},{k},{k % 97}\n")));
        Finding Of(string query, string kind) => Ask.Sql(new SqlOptions { Data = many, Query = query, Chart = kind });
        var line = Of("SELECT at_time, y FROM many ORDER BY 1", "auto");
        Assert.Equal(500, Values(line.Plots[0]).Count);
        Assert.Contains(line.Limitations, l => l.Contains("5,000 values of at_time are drawn as means of 500 equal steps", StringComparison.Ordinal));
        var bars = Of("SELECT name, SUM(x) AS x FROM many GROUP BY 1 ORDER BY 1", "auto");
        Assert.Equal(31, Values(bars.Plots[0]).Count);
        Assert.Contains(bars.Limitations, l => l.Contains("The 31 largest of 40 are drawn", StringComparison.Ordinal));
        var points = Of("SELECT x, y FROM many ORDER BY 1", "auto");
        Assert.Equal(1667, Values(points.Plots[0]).Count);
        Assert.Contains(points.Limitations, l => l.Contains("One of 3 rows is drawn", StringComparison.Ordinal));
        var series = Of("SELECT at_time, name, x FROM many WHERE at_time < TIMESTAMP '2026-01-01 10:00:00' ORDER BY 1", "auto");
        Assert.Contains(series.Limitations, l => l.Contains("the 8 with the most rows are drawn, of 40", StringComparison.Ordinal));
    }

    [Fact]
    public void The_ledger_keeps_no_chart_and_threads_change_nothing()
    {
        var options = new SqlOptions { Data = _file, Query = "SELECT plan, amount FROM sales", Chart = "auto" };
        using var ledger = new Gnomon.Data.Ledger.SqliteLedger(Path.Combine(_sources.Folder, "ledger.db"));
        _ = Ask.Sql(options, new AskSettings { Ledger = ledger });
        Assert.DoesNotContain("paid", System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_sources.Folder, "ledger.db"))), StringComparison.Ordinal);
        Assert.Equal(Ask.Sql(options with { Threads = 1 }).Plots[0].VegaLite.ToJsonString(), Ask.Sql(options with { Threads = 2 }).Plots[0].VegaLite.ToJsonString());
    }

    [Fact]
    public void A_terminal_draws_bars_from_zero()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _file, Query = "SELECT plan, AVG(amount) - 6 AS above FROM sales GROUP BY plan ORDER BY plan", Chart = "bar" });
        var text = TerminalRenderer.Text(finding, new TerminalOptions { Width = 60, Unicode = false });
        var lines = text.Split('\n').Where(l => l.StartsWith("  free", StringComparison.Ordinal) || l.StartsWith("  paid", StringComparison.Ordinal) || l.StartsWith("  (none)", StringComparison.Ordinal)).Take(3).ToList();
        Assert.Equal(["-4", "5", "1"], lines.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        int[] bars = [.. lines.Select(l => l.Count(c => c == '#'))];
        Assert.Equal(4.0 / 5, bars[0] / (double)bars[1], 0.05);
        Assert.Equal(1.0 / 5, bars[2] / (double)bars[1], 0.05);
        Assert.Equal(lines[0].TrimEnd().Length, lines[1].IndexOf('#', StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminal_draws_points_between_the_ends_of_their_axes()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _file, Query = "SELECT day, plan, amount FROM sales WHERE plan IS NOT NULL ORDER BY 1, 2", Chart = "auto" });
        var lines = TerminalRenderer.Text(finding, new TerminalOptions { Width = 60, Unicode = false }).Split('\n');
        var top = Array.FindIndex(lines, l => l.StartsWith("  12 |", StringComparison.Ordinal));
        Assert.EndsWith("x", lines[top].TrimEnd(), StringComparison.Ordinal);
        Assert.StartsWith("   1 |o", lines[top + 11], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("2026-01-01", StringComparison.Ordinal) && l.Contains("2026-01-03", StringComparison.Ordinal));
        Assert.Contains("  o free x paid", lines);
    }

    private static JsonArray Values(Plot plot) => plot.VegaLite["data"]!["values"]!.AsArray();
}
