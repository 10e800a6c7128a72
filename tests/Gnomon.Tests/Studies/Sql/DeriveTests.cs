using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Rules as columns against plain loops over the same rows: every cell, with NULL, zero, negative numbers, other alphabets, ties and repeated rows.</summary>
public sealed class DeriveTests : IDisposable
{
    private const string Rules = """
        # of the nightly loop
        per who by day, id
        column band
          amount IS NULL  => 'unknown => so'
          amount <= 0     => 'refund'
          amount >= 100   => 'large'
          amount >= 20    => 'medium'
          else            => 'small'
        column ratio
          clicks = 0 => NULL
          clicks IS NOT NULL => amount / clicks
        column change = amount - previous(amount)
        column plan = carry(plan)
        column twice = band || '/' || plan
        """;

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_cell_is_that_of_the_loop(int seed)
    {
        var rows = Draw(seed, 800);
        var (finding, found) = SqlData.Run(_sources, Options(rows));
        Assert.Equal(Loop(rows).Select(Text), found.Select(l => l.Split(',')).Select(c => string.Join('|', c[0], c[5], Plain(c[6]), Plain(c[7]), c[8], c[9])));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
    }

    [Fact]
    public void The_output_of_the_loop_agrees_and_a_wrong_one_is_taken_apart()
    {
        var rows = Draw(7, 600);
        var loop = _sources.Write("loop.csv", "id,band,ratio,change\n" + string.Concat(Loop(rows).OrderByDescending(r => r.Id % 7).Select(r => $"{r.Id},{r.Band},{Real(r.Ratio)},{Real(r.Change)}\n")));
        var right = Ask.Sql(Options(rows) with { Against = loop, Key = ["id"], LoopCost = 1.35 });
        Assert.EndsWith("All 1,800 cells are those of the loop: adopt the columns.", right.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(right.Limitations, l => l.Contains("has no plan, twice", StringComparison.Ordinal));
        var medium = Loop(rows).Count(r => r.Band == "large");
        var wrong = _sources.Write("wrong.csv", "id,band\n" + string.Concat(Loop(rows).Select(r => $"{r.Id},{(r.Band == "large" ? "medium" : r.Band)}\n")));
        var finding = Ask.Sql(Options(rows) with { Against = wrong, Key = ["id"] });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        var cells = finding.Tables.Single(t => t.Id == "cells").Rows.Single();
        Assert.Equal(["band", 600L, (long)medium, 0L, 0L, (long)medium], cells.Take(6));
        Assert.Equal(["large", "medium"], finding.Tables.Single(t => t.Id == "differences").Rows[0].Skip(2));
    }

    [Fact]
    public void Rows_that_the_loop_lost_are_counted()
    {
        var rows = Draw(9, 300);
        var loop = _sources.Write("loop.csv", "id,band\n" + string.Concat(Loop(rows).Skip(10).Select(r => $"{r.Id},{r.Band}\n")));
        Assert.Equal(CheckStatus.Warn, Ask.Sql(Options(rows) with { Against = loop, Key = ["id"] }).Checks.Single(c => c.Id == "row-count-changed").Status);
    }

    [Fact]
    public void What_each_rule_decides_is_counted()
    {
        var file = _sources.Write("few.csv", "id,x\n1,150\n2,30\n3,\n4,5\n");
        var rules = _sources.Write("few.txt", "column band\n x >= 20 => 'a'\n x >= 100 => 'b'\n");
        var finding = Ask.Sql(new SqlOptions { Data = file, Derive = rules });
        Assert.Equal([["band", "x >= 20", 2L, 0L, 1L], ["band", "x >= 100", 0L, 1L, 1L], ["band", "(no rule is met: no value)", 2L, 0L, 0L]], finding.Tables.Single(t => t.Id == "rules").Rows.Select(r => r.ToArray()));
        Assert.Equal([["a"], ["a"], [null], [null]], finding.Tables.Single(t => t.Id == "rows").Rows.Select(r => r.Skip(2).ToArray()));
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "order-dependent-result").Status);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "null-semantics").Status);
    }

    [Theory]
    [InlineData("amount > 1 => 2\n", "bad-rules", "line 1: 'amount > 1 => 2' is no rule")]
    [InlineData("column a\n", "bad-rules", "the column a has no rules")]
    [InlineData("column a\n else => 1\n amount > 1 => 2\n", "bad-rules", "behind its else")]
    [InlineData("column a\n amount > 1 =>\n", "bad-rules", "without a value")]
    [InlineData("column a = amunt + 1\n", "bad-rules", "line 1: the column a cannot be computed")]
    [InlineData("column a = 1\ncolumn b = (SELECT 1; DROP TABLE orders)\n", "bad-rules", "line 2")]
    [InlineData("column a = previous(amount)\n", "order-missing", "looks at earlier rows")]
    [InlineData("per who by day\ncolumn balance = previous(balance) + amount\n", "rule-needs-loop", "depends on its own value")]
    [InlineData("per whom by day\ncolumn a = previous(amount)\n", "column-not-found", "whom")]
    [InlineData("# nothing\n", "bad-rules", "there are no columns")]
    public void What_cannot_be_a_column_is_refused_with_its_line(string rules, string code, string says)
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(Options(Draw(1, 20)) with { Derive = _sources.Write("wrong.txt", rules) }));
        Assert.Equal(code, wrong.Code);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var options = Options(Draw(5, 5000));
        Assert.Equal(SqlData.Run(_sources, options with { Threads = 1 }, "one.csv").Rows, SqlData.Run(_sources, options with { Threads = 2 }, "two.csv").Rows);
    }

    private sealed record Row(int Id, int? Who, int Day, double? Amount, int? Clicks, string? Plan);

    private sealed record Made(int Id, string Band, double? Ratio, double? Change, string? Plan, string? Twice);

    private SqlOptions Options(List<Row> rows) => new()
    {
        Data = _sources.Write("orders.csv", "id,who,day,amount,clicks,plan\n" + string.Concat(rows.Select(r => $"{r.Id},{r.Who},{r.Day},{Real(r.Amount)},{r.Clicks},{r.Plan}\n"))), Derive = _sources.Write("rules.txt", Rules),
    };

    private static List<Row> Draw(int seed, int n)
    {
        var rng = new Rng(seed).Stream("derive");
        double[] amounts = [0, -5.25, 10, 19.999, 20, 99.75, 100, 1e9];
        string[] plans = ["free", "pro", "Zürich", "東京"];
        return [.. Enumerable.Range(1, n).Select(id => new Row(
            id, rng.NextDouble() < 0.03 ? null : rng.NextInt(30), rng.NextInt(20), rng.NextDouble() < 0.1 ? null : amounts[rng.NextInt(8)], rng.NextDouble() < 0.1 ? null : rng.NextInt(4), rng.NextDouble() < 0.5 ? null : plans[rng.NextInt(4)]))];
    }

    private static List<Made> Loop(List<Row> rows)
    {
        var (before, plans) = (new Dictionary<int, double?>(), new Dictionary<int, string?>());
        var made = new Dictionary<int, Made>();
        foreach (var r in rows.OrderBy(r => r.Day).ThenBy(r => r.Id))
        {
            var who = r.Who ?? -1;
            var band = r.Amount is null ? "unknown => so" : r.Amount <= 0 ? "refund" : r.Amount >= 100 ? "large" : r.Amount >= 20 ? "medium" : "small";
            plans[who] = r.Plan ?? plans.GetValueOrDefault(who);
            var change = r.Amount - before.GetValueOrDefault(who);
            before[who] = r.Amount;
            made[r.Id] = new Made(r.Id, band, r.Clicks is 0 or null ? null : r.Amount / r.Clicks, change, plans[who], plans[who] is { } p ? $"{band}/{p}" : null);
        }

        return [.. rows.Select(r => made[r.Id])];
    }

    private static string Text(Made m) => string.Join('|', m.Id.ToString(CultureInfo.InvariantCulture), m.Band, Plain(Real(m.Ratio)), Plain(Real(m.Change)), m.Plan, m.Twice);

    private static string Real(double? x) => x?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Plain(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) ? x.ToString("G12", CultureInfo.InvariantCulture) : cell;
}
