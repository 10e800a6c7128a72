using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>What a query costs, and budgets that are kept before anything long is run.</summary>
public sealed class WorkloadTests : IDisposable
{
    private const string Pairs = "SELECT COUNT(*) AS n FROM data AS a JOIN data AS b ON a.g = b.g AND a.k < b.k";

    private readonly Sources _sources = new();
    private readonly string _file;

    public WorkloadTests() => _file = _sources.Write("rows.csv", "k,g,v\n" + string.Concat(Enumerable.Range(0, 120_000).Select(k => $"{k},{k % 3},{k % 1000}\n")));

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void The_account_names_rows_memory_threads_and_steps()
    {
        var options = new SqlOptions { Data = _file, Query = "SELECT g, SUM(v) AS total FROM data GROUP BY g ORDER BY g" };
        var finding = Ask.Sql(options with { Explain = true, ThreadsAgainst = 1 });
        var work = finding.Tables.Single(t => t.Id == "work").Rows.ToDictionary(r => (string)r[0]!, r => (string)r[1]!);
        Assert.Equal("120,000", work["rows read"]);
        Assert.Equal("3", work["rows returned"]);
        Assert.Equal("nothing", work["spilled to disk"]);
        Assert.Contains("of the machine's memory", work["memory it may use"], StringComparison.Ordinal);
        Assert.Contains(finding.Tables.Single(t => t.Id == "plan").Rows, r => ((string)r[0]!).Contains("GROUP_BY", StringComparison.Ordinal));
        Assert.Equal(1L, finding.Tables.Single(t => t.Id == "threads").Rows[0][0]);
        Assert.Equal(Rows(Ask.Sql(options)), Rows(finding));
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "resource-budget-exceeded").Status);
    }

    [Fact]
    public void What_cannot_finish_in_time_is_not_run()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _file, Query = Pairs, TimeBudget = 0.02 });
        var check = finding.Checks.Single(c => c.Id == "resource-budget-exceeded");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains("predicted for 120,000 rows", check.Evidence, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.StartsWith("The query was not run", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Tables, t => t.Id == "rows");
    }

    [Fact]
    public void What_fits_is_run_and_measured()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _file, Query = "SELECT COUNT(*) AS n FROM data", TimeBudget = 600 });
        Assert.Equal([[120_000L]], Rows(finding));
        var check = finding.Checks.Single(c => c.Id == "resource-budget-exceeded");
        Assert.Equal(CheckStatus.Pass, check.Status);
        Assert.Contains("measured on", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipes_keep_the_budget_too()
    {
        var file = _sources.Write("events.csv", SqlData.Csv(SqlData.Events(1)));
        var options = new SqlOptions { Data = file, Recipe = "streak", Unit = "user_id", Time = "at", TimeBudget = 600, Explain = true };
        var finding = Ask.Sql(options);
        Assert.Equal(Rows(Ask.Sql(options with { TimeBudget = null, Explain = false })), Rows(finding));
        Assert.Contains(finding.Tables, t => t.Id == "work");
    }

    [Fact]
    public void What_does_not_fit_in_memory_is_spilled_and_said()
    {
        // 3 million rows of 24 bytes to be sorted in 40 MB.
        var finding = Ask.Sql(new SqlOptions { Query = "SELECT i, hash(i) % 1000003 AS h, hash(i + 1) AS g FROM range(3000000) AS t(i) ORDER BY h, g, i", Memory = "60MB", Threads = 1, Explain = true, Rows = 1 });
        var work = finding.Tables.Single(t => t.Id == "work").Rows.ToDictionary(r => (string)r[0]!, r => (string)r[1]!);
        Assert.EndsWith("MiB", work["spilled to disk"], StringComparison.Ordinal);
        Assert.EndsWith("(--memory)", work["memory it may use"], StringComparison.Ordinal);
        var check = finding.Checks.Single(c => c.Id == "resource-budget-exceeded");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("spilled to disk", check.Evidence, StringComparison.Ordinal);
    }

    private static IEnumerable<IReadOnlyList<object?>> Rows(Finding finding) => finding.Tables.Single(t => t.Id == "rows").Rows;
}
