using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>A loop over many small files beside one pass. Cells: pandas on 100 customers (tests/reference/sql/frames.py), 1e-12.</summary>
public sealed class FrameTests : IDisposable
{
    private const string Rules = "per customer_id by day, row_id\ncolumn median_7 = rolling_median(amount, 7)\ncolumn run = streak(amount >= 20)\n";

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Every_cell_of_a_hundred_customers_is_that_of_pandas()
    {
        var (options, rows) = Hundred();
        var (finding, lines) = SqlData.Run(_sources, options);
        Assert.Equal(rows.Count, lines.Length);
        Assert.All(lines.Zip(rows), pair =>
        {
            var cells = pair.First.Split(',');
            Assert.Equal(pair.Second.Run, int.Parse(cells[5], CultureInfo.InvariantCulture));
            if (pair.Second.Median is { } median)
            {
                Assert.Equal(median, double.Parse(cells[4], CultureInfo.InvariantCulture), 1e-12 * Math.Max(1, Math.Abs(median)));
            }
            else
            {
                Assert.Equal(string.Empty, cells[4]);
            }
        });
        Assert.StartsWith("100 files of about 30 rows take the loop 2.4 minutes", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("All 6,000 cells of 100 files are those of the loop.", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal([6_000L, 6_000L, 6_000L, 0L, 0L, 0L], finding.Tables.Single(t => t.Id == "equality").Rows.Select(r => r[1]).Concat(finding.Tables.Single(t => t.Id == "equality").Rows.Select(r => r[2])).Cast<long>());
    }

    [Fact]
    public void The_output_of_the_loop_for_some_customers_is_compared_with_those()
    {
        var (options, rows) = Hundred();
        string Line((int Id, int Customer, double? Median, int Run) r, int more) => FormattableString.Invariant($"{r.Id},{r.Customer},{r.Median:R},{r.Run + more}\n");
        var right = Ask.Sql(options with { Against = _sources.Write("right.csv", "row_id,customer_id,median_7,run\n" + string.Concat(rows.Where(r => r.Customer % 10 == 0).Select(r => Line(r, 0)))), Key = ["row_id"] });
        Assert.EndsWith("So are the 600 cells of the loop's own output.", right.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Answer, right.Decision.Action);
        var wrong = Ask.Sql(options with { Against = _sources.Write("wrong.csv", "row_id,customer_id,median_7,run\n" + string.Concat(rows.Where(r => r.Customer % 10 == 0).Select(r => Line(r, r.Id % 30 == 0 ? 1 : 0)))), Key = ["row_id"] });
        Assert.Equal(DecisionAction.Investigate, wrong.Decision.Action);
        Assert.Contains("10 of 600 cells are not those of the loop's own output.", wrong.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_customer_in_two_files_is_not_what_the_loop_saw()
    {
        var (options, _) = Hundred(files: 200);
        var finding = Ask.Sql(options);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains("are not those of the loop: find out which is right first.", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loop_is_held_against_the_budget_and_the_advice_follows_its_steps()
    {
        var (options, _) = Hundred();
        var over = Ask.Sql(options with { TimeBudget = 60, Workers = 16 });
        var check = over.Checks.Single(c => c.Id == "resource-budget-exceeded");
        Assert.Equal((CheckStatus.Fail, 144.0, 60.0), (check.Status, Math.Round(check.Statistic!.Value, 9), check.Threshold!.Value));
        Assert.Contains("Do it in one pass over all 3,000 rows first", over.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("12.85 seconds", over.Tables.Single(t => t.Id == "ways").Rows.Single(r => Equals(r[0], "the loop, 16 workers"))[1]); // 100 x (0.04 + 0.001 + 1.4 / 16) = 12.85
        var waiting = Ask.Sql(options with { LoopSteps = ["load=850", "parse=15", "compute=15", "write=20"], TimeBudget = 300, Workers = 16 });
        Assert.Equal(CheckStatus.Pass, waiting.Checks.Single(c => c.Id == "resource-budget-exceeded").Status);
        Assert.Contains("Read several files at once: 16 readers bring it to about 10.31 seconds", waiting.Decision.Summary, StringComparison.Ordinal); // 100 x (0.85 / 16 + 0.05)
    }

    [Fact]
    public void Nothing_that_was_timed_is_told_unless_it_was_asked_for_and_then_predicted_stands_beside_measured()
    {
        var (options, _) = Hundred();
        Assert.Equal(Words(Ask.Sql(options with { Threads = 1 })), Words(Ask.Sql(options with { Threads = 2 })));
        var timed = Ask.Sql(options with { Explain = true, LoopSteps = ["measure"] });
        var times = timed.Tables.Single(t => t.Id == "times").Rows.Select(r => (string)r[0]!).ToList();
        Assert.All(["one pass, predicted", "one pass, reading", "one pass, answering", "rows in a second", "peak memory, measured", "one file at a time here: parse"], row => Assert.Contains(row, times));
        Assert.Equal("The loop, as it ran here", timed.Tables.Single(t => t.Id == "loop").Title);

        static string Words(Finding f) => JsonSerializer.Serialize(new { f.Decision, f.Tables, f.Checks, f.Limitations });
    }

    [Theory]
    [InlineData("load=1,parse=2,compute", "bad-number", "needs milliseconds for compute")]
    [InlineData("load=1,wait=2", "unknown-step", "'wait'")]
    [InlineData("load=1,load=2", "unknown-step", "'load' twice")]
    [InlineData("load=-1", "bad-number", "'load=-1'")]
    [InlineData("load=0", "option-out-of-range", "no time at all")]
    public void Wrong_steps_are_refused_by_name(string steps, string code, string says)
    {
        var (options, _) = Hundred();
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(options with { LoopSteps = steps.Split(',') }));
        Assert.Equal(code, wrong.Code);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        var (options, _) = Hundred();
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Sql(options with { LoopCost = 1 })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Sql(options with { LoopSteps = [], Workers = 4 })).Code);
        Assert.Equal("unknown-step", Assert.Throws<GnomonError>(() => Ask.Sql(options with { SerialSteps = ["merge"] })).Code);
        Assert.Equal("too-few-files", Assert.Throws<GnomonError>(() => Ask.Sql(options with { Data = Path.Combine(_sources.Folder, "frame-001.csv") })).Code);
        var rules = _sources.Write("median.txt", "per customer_id by day\ncolumn m = rolling_median(amount)\n");
        Assert.Contains("number of rows of its rolling median", Assert.Throws<GnomonError>(() => Ask.Sql(options with { Derive = rules })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_two_layouts_are_still_read_by_name()
    {
        _ = _sources.Write("mixed-1.csv", "a,b\n1,x\n");
        _ = _sources.Write("mixed-2.csv", "a,b\n2,y\n");
        _ = _sources.Write("mixed-3.csv", "b;a\nz;3\n");
        var (_, lines) = SqlData.Run(_sources, new SqlOptions { Data = Path.Combine(_sources.Folder, "mixed-*.csv"), Query = "SELECT a, b FROM data ORDER BY a" });
        Assert.Equal(["1,x", "2,y", "3,z"], lines);
    }

    private (SqlOptions Options, List<(int Id, int Customer, double? Median, int Run)> Rows) Hundred(int files = 100)
    {
        var r = ReferenceFile.Open("sql", "frames.json");
        double?[] Cells(string name) => [.. r.GetProperty(name).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? (double?)null : e.GetDouble())];
        var (customers, days, amounts, medians, runs) = (Cells("customer"), Cells("day"), Cells("amount"), Cells("median"), Cells("run"));
        var size = customers.Length / files;
        for (var f = 0; f < files; f++)
        {
            _sources.Write(FormattableString.Invariant($"frame-{f + 1:000}.csv"), "row_id,customer_id,day,amount\n" + string.Concat(Enumerable.Range(f * size, size).Select(i => FormattableString.Invariant($"{i + 1},{customers[i]},{days[i]},{amounts[i]:R}\n"))));
        }

        var rows = Enumerable.Range(0, customers.Length).Select(i => (i + 1, (int)customers[i]!, medians[i], (int)runs[i]!)).ToList();
        return (new SqlOptions { Data = Path.Combine(_sources.Folder, "frame-*.csv"), Derive = _sources.Write("features.txt", Rules), LoopSteps = ["load=20", "parse=90", "compute=1290", "write=40"] }, rows);
    }
}
