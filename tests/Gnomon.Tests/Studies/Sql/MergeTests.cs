using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Rows brought into a file by key: every incoming row is accounted for, the file is whole or as it was, and a second run changes nothing.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly Sources _sources = new();
    private readonly string _base;

    public MergeTests()
    {
        _base = Path.Combine(_sources.Folder, "base.parquet");
        _ = Ask.Sql(new SqlOptions { Data = _sources.Write("old.csv", "id,name,amount,note\n3,Cy,30,c\n1,Ada,10,\n2,Bo,20,b\n,Nobody,0,n\n"), Out = _base });
    }

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Every_row_is_accounted_for_and_rows_keep_their_places()
    {
        var finding = Merge("id,name,amount\n9,New,90\n2,Bo,25\n3,Cy,30\n2,Bo,25\n,Void,1\n8,New,80\n");
        Assert.Equal("base.parquet has 6 rows: 2 added, 1 changed, 1 as they were.", finding.Decision.Summary);
        Assert.Equal([2L, 1L, 1L, 1L, 0L, 0L, 1L, 6L, 4L, 6L], finding.Tables.Single(t => t.Id == "merge").Rows.Select(r => (long)r[1]!));
        Assert.Equal([["amount", 1L]], Rows(finding, "columns"));
        Assert.Equal([["2", "amount", "20", "25"]], Rows(finding, "changes"));
        Assert.Equal([[3L, "Cy", 30L, "c"], [1L, "Ada", 10L, null], [2L, "Bo", 25L, "b"], [null, "Nobody", 0L, "n"], [9L, "New", 90L, null], [8L, "New", 80L, null]], File0());
        Assert.Contains(finding.Limitations, l => l.Contains("have no note", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "row-count-changed").Status);
    }

    [Fact]
    public void A_second_run_changes_nothing_and_does_not_touch_the_file()
    {
        const string rows = "id,name,amount\n9,New,90\n2,Bo,25\n";
        _ = Merge(rows);
        var (bytes, time) = (File.ReadAllBytes(_base), File.GetLastWriteTimeUtc(_base));
        Assert.Equal("Nothing changes: 2 incoming rows are in base.parquet already, and it was not touched.", Merge(rows).Decision.Summary);
        Assert.Equal(bytes, File.ReadAllBytes(_base));
        Assert.Equal(time, File.GetLastWriteTimeUtc(_base));
    }

    [Fact]
    public void Differing_rows_of_a_key_are_a_conflict_unless_a_time_decides()
    {
        const string rows = "id,name,amount,at_day\n2,Bo,21,2026-01-02\n2,Bo,22,2026-01-03\n9,New,90,2026-01-01\n";
        var finding = Merge(rows);
        Assert.EndsWith("1 key stands for differing rows and was left as the file has it.", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal([["2", 2L]], Rows(finding, "conflicts"));
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "parsing-loss").Status);
        Assert.Equal(20L, File0()[2][2]);
        var latest = Merge(rows, o => o with { Time = "at_day" });
        Assert.Equal(1L, latest.Tables.Single(t => t.Id == "merge").Rows[4][1]);
        Assert.Equal(22L, File0()[2][2]);
    }

    [Fact]
    public void One_value_and_none_of_a_key_differ() => Assert.Equal([["2", 2L]], Rows(Merge("id,amount\n2,\n2,5\n"), "conflicts"));

    [Fact]
    public void A_new_column_is_added_and_an_incoming_NULL_counts()
    {
        var finding = Merge("id,note,plan\n3,,pro\n1,,\n");
        Assert.Contains(finding.Limitations, l => l.StartsWith("plan is new in the file", StringComparison.Ordinal));
        Assert.Equal([[3L, "Cy", 30L, null, "pro"], [1L, "Ada", 10L, null, null], [2L, "Bo", 20L, "b", null], [null, "Nobody", 0L, "n", null]], File0());
        Assert.StartsWith("Nothing changes", Merge("id,note,plan\n3,,pro\n1,,\n").Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_made()
    {
        File.Delete(_base);
        Assert.Equal("base.parquet has 2 rows: 2 added, 0 changed, 0 as they were.", Merge("id,name\n1,A\n2,B\n1,A\n").Decision.Summary);
        Assert.Equal([[1L, "A"], [2L, "B"]], File0());
    }

    [Fact]
    public void What_cannot_be_merged_is_refused_and_the_file_is_as_it_was()
    {
        var before = File.ReadAllBytes(_base);
        Assert.Equal("types-differ", Refused("id,amount\n2,20.5\n").Code);
        Assert.Equal("column-not-found", Refused("ident,amount\n2,20\n").Code);
        Assert.Equal("column-not-found", Refused("id,Amount\n2,20\n").Code);
        Assert.Equal("key-not-unique", Assert.Throws<GnomonError>(() => Merge("id,name,amount\n2,Bo,1\n", o => o with { Into = Doubled() })).Code);
        Assert.Equal(before, File.ReadAllBytes(_base));
        Assert.Empty(Directory.GetFiles(_sources.Folder, "*.partial"));
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _base, Into = "x.csv", Review = true }));
        Assert.Contains("none was named", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("--into is a Parquet file", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_can_be_merged_and_the_ledger_keeps_no_rows()
    {
        using var ledger = new Gnomon.Data.Ledger.SqliteLedger(Path.Combine(_sources.Folder, "ledger.db"));
        var file = _sources.Write("more.csv", "id,name\n2,Barnaby\n");
        _ = Ask.Sql(new SqlOptions { Data = file, Query = "SELECT id, upper(name) AS name FROM more", Into = _base, Key = ["id"] }, new AskSettings { Ledger = ledger });
        Assert.Equal("BARNABY", File0()[2][1]);
        Assert.DoesNotContain("BARNABY", System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_sources.Folder, "ledger.db"))), StringComparison.Ordinal);
    }

    /// <summary>Against a plain dictionary, over random files with two keys, NULLs, repeats and three merges in a row.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_merges_give_what_a_dictionary_gives(int seed)
    {
        var rng = new Rng(seed).Stream("merge");
        File.Delete(_base);
        var expected = new Dictionary<(int, string), (int? A, string? B)>();
        var order = new List<(int, string)>();
        for (var round = 0; round < 3; round++)
        {
            List<(int K, string L, int? A, string? B)> rows = [.. Enumerable.Range(0, 300).Select(_ => (rng.NextInt(60), "xyz"[rng.NextInt(3)].ToString(), rng.NextDouble() < 0.1 ? (int?)null : rng.NextInt(3), rng.NextDouble() < 0.1 ? null : $"t{rng.NextInt(2)}"))];
            foreach (var key in rows.GroupBy(r => (r.K, r.L)).Where(g => g.Select(r => (r.A, r.B)).Distinct().Count() == 1))
            {
                if (expected.TryAdd(key.Key, (key.First().A, key.First().B)))
                {
                    order.Add(key.Key);
                }

                expected[key.Key] = (key.First().A, key.First().B);
            }

            var file = _sources.Write("random.csv", "k,l,a,b\n" + string.Concat(rows.Select(r => $"{r.K},{r.L},{r.A},{r.B}\n")));
            _ = Ask.Sql(new SqlOptions { Data = file, Into = _base, Key = ["k", "l"] });
        }

        Assert.Equal(order.Select(k => new object?[] { (long)k.Item1, k.Item2, (long?)expected[k].A, expected[k].B }), File0());
    }

    private string Doubled()
    {
        var path = Path.Combine(_sources.Folder, "doubled.parquet");
        _ = Ask.Sql(new SqlOptions { Query = $"SELECT * FROM '{_base}' UNION ALL SELECT * FROM '{_base}'", Out = path });
        return path;
    }

    private Finding Merge(string rows, Func<SqlOptions, SqlOptions>? change = null) => Ask.Sql((change ?? (o => o))(new SqlOptions { Data = _sources.Write("new.csv", rows), Into = _base, Key = ["id"] }));

    private GnomonError Refused(string rows) => Assert.Throws<GnomonError>(() => Merge(rows));

    private object?[][] File0() => Rows(Ask.Sql(new SqlOptions { Data = _base, Query = "SELECT * EXCLUDE (row_no) FROM (SELECT *, ROW_NUMBER() OVER () AS row_no FROM data) AS d ORDER BY row_no", Rows = 1000 }), "rows");

    private static object?[][] Rows(Finding finding, string table) => [.. finding.Tables.Single(t => t.Id == table).Rows.Select(r => r.ToArray())];
}
