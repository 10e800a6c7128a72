using System.Globalization;
using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Files written as typed Parquet: the same rows under the same types, nothing lost, nothing half-written.</summary>
public sealed class ConversionTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void The_copy_holds_the_rows_and_types_of_the_file()
    {
        var file = _sources.Write("orders.csv", Orders(20_000, []));
        var (finding, copy) = Convert(file, "orders.parquet");
        var (before, after) = (Reading.Of(new() { Path = file }), Reading.Of(new() { Path = copy }));
        Assert.Equal(before.Types, after.Types);
        Assert.Equal(before.Cells, after.Cells);
        Assert.Equal("id:Integer zip:Text on:Date plan:Text amount:Double", after.Types);
        Assert.Equal([("plan", "yes"), ("on", "yes")], finding.Tables.Single(t => t.Id == "columns").Rows.Where(r => r[0] is "plan" or "on").Select(r => (r[0], r[2])).Reverse());
        Assert.Equal(64, finding.Provenance.Data[0].Sha256!.Length);
        Assert.Equal(20_000, finding.Provenance.Data[0].Rows);
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "parsing-loss").Status);
    }

    [Fact]
    public void A_type_that_fails_in_the_last_row_is_given_up_for_all_of_them()
    {
        var file = _sources.Write("late.csv", "n,k\n" + string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i},{i % 7}\n")) + "n/k,07\n");
        var (_, copy) = Convert(file, "late.parquet");
        var after = Reading.Of(new() { Path = copy });
        Assert.Equal("n:Text k:Text", after.Types);
        Assert.Equal(300_001, after.Table.Rows);
        Assert.EndsWith("299999|0/n/k|07", after.Cells, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_row_is_in_the_copy_or_in_the_rejects(int seed)
    {
        var rng = new Rng(seed).Stream("malformed");
        var bad = Enumerable.Range(0, 4_000).Where(_ => rng.NextDouble() < 0.01).ToDictionary(i => i, i => i % 2 == 0);
        var file = _sources.Write("orders.csv", Orders(4_000, bad));
        var (finding, copy) = Convert(file, "orders.parquet");
        var rejects = File.ReadAllLines(Path.Combine(_sources.Folder, "orders.rejects.csv")).Skip(1).ToList();
        var (tooMany, tooFew) = (bad.Count(b => b.Value), bad.Count(b => !b.Value));
        Assert.Equal(4_000 - tooMany, Reading.Of(new() { Path = copy }).Table.Rows);
        Assert.Equal(bad.Count, rejects.Count);
        Assert.Equal(bad.Keys.Order().Select(i => $"\"orders.csv\",{i + 1},{i + 2},{(bad[i] ? "too many cells" : "too few cells")},\"{i},"), rejects.Select(r => r[..(r.LastIndexOf(",\"", StringComparison.Ordinal) + 2)] + r[(r.LastIndexOf(",\"", StringComparison.Ordinal) + 2)..].Split(',')[0] + ","));
        Assert.Contains($"{tooMany} rows could not be read", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains($"{tooFew} rows have too few cells", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "parsing-loss").Status);
    }

    [Fact]
    public void Lines_that_are_no_objects_are_set_aside()
    {
        var file = _sources.Write("log.jsonl", "{\"a\":1,\"b\":\"07\"}\n{\"a\":2,}\n\n{\"a\":3,\"b\":\"x\"}\n{\"a\":");
        var (_, copy) = Convert(file, "log.parquet");
        Assert.Equal("1|07/3|x", Reading.Of(new() { Path = copy }).Cells);
        Assert.Equal(
            ["file,row,line,reason,text", "\"log.jsonl\",2,2,broken at byte 8,\"{\"\"a\"\":2,}\"", "\"log.jsonl\",4,5,broken at byte 6,\"{\"\"a\"\":\""],
            File.ReadAllLines(Path.Combine(_sources.Folder, "log.rejects.csv")));
    }

    [Fact]
    public void A_partitioned_folder_is_read_back_row_by_row()
    {
        var file = _sources.Write("orders.csv", Orders(3_000, []));
        var (finding, folder) = Convert(file, "by-plan", "plan", "on");
        Assert.Contains("9 files under by-plan", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("cost more to open than to read", StringComparison.Ordinal));
        var (before, after) = (Reading.Of(new() { Path = file }), Reading.Of(new() { Path = folder }));
        Assert.Equal(before.Types, after.Types);
        Assert.Equal(before.Cells.Split('/').Order(StringComparer.Ordinal), after.Cells.Split('/').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Columns_that_are_only_in_the_names_of_folders_get_a_type_that_holds()
    {
        _ = Ask.Sql(new SqlOptions { Query = "SELECT 1 AS n", Out = Place("a.parquet") });
        foreach (var (folder, k) in new[] { ("set/day=2026-01-01/code=007/k=1", 0), ("set/day=2026-01-02/code=010/k=2", 1), ("set/day=2026-01-02/code=a%2Fb/k=__HIVE_DEFAULT_PARTITION__", 2) })
        {
            _ = Directory.CreateDirectory(Place(folder));
            File.Copy(Place("a.parquet"), Place($"{folder}/part-{k}.parquet"));
        }

        var read = Reading.Of(new() { Path = Place("set") });
        Assert.Equal("n:Integer code:Text day:Date k:Integer", string.Join(' ', read.Types.Split(' ').OrderBy(t => t != "n:Integer").ThenBy(t => t, StringComparer.Ordinal)));
        Assert.Equal(["1|007|2026-01-01|1", "1|010|2026-01-02|2", "1|a/b|2026-01-02|~"], Ordered(read));
    }

    [Fact]
    public void Nothing_is_overwritten_and_nothing_half_written()
    {
        var file = _sources.Write("orders.csv", Orders(100, []));
        var there = _sources.Write("there.parquet", "mine");
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Convert(file, "there.parquet")).Code);
        Assert.Equal("mine", File.ReadAllText(there));
        Assert.Equal("file-not-written", Assert.Throws<GnomonError>(() => Convert(file, "no/such/folder/x.parquet")).Code);
        var wrong = Assert.Throws<GnomonError>(() => Convert(file, "parts", "plann"));
        Assert.Equal("column-not-found", wrong.Code);
        Assert.Equal("open-quote", Assert.Throws<GnomonError>(() => Convert(_sources.Write("open.csv", "a,b\n1,2\n3,\"4\n"), "open.parquet")).Code);
        Assert.Equal(["open.csv", "orders.csv", "there.parquet"], Directory.EnumerateFileSystemEntries(_sources.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_copy_that_an_earlier_run_left_half_written_is_no_obstacle()
    {
        var file = _sources.Write("orders.csv", Orders(100, []));
        _ = _sources.Write("orders.parquet.partial", "half");
        var (_, copy) = Convert(file, "orders.parquet");
        Assert.Equal(100, Reading.Of(new() { Path = copy }).Table.Rows);
        Assert.False(File.Exists(copy + ".partial"));
    }

    [Theory]
    [InlineData("x.xlsx", "bad-format")]
    [InlineData("x.csv", "bad-format")]
    public void Only_Parquet_is_converted_to(string target, string code) =>
        Assert.Equal(code, Assert.Throws<GnomonError>(() => Convert(_sources.Write("orders.csv", Orders(10, [])), target)).Code);

    private (Finding Finding, string Copy) Convert(string file, string target, params string[] by)
    {
        var copy = Place(target);
        return (Ask.Sql(new SqlOptions { Data = file, Out = copy, PartitionBy = by }), copy);
    }

    private string Place(string name) => Path.Combine(_sources.Folder, name);

    // Columns of folders stand in no promised order.
    private static IEnumerable<string> Ordered(Reading read)
    {
        var at = new[] { "n", "code", "day", "k" }.Select(n => read.Table.Columns.ToList().FindIndex(c => c.Name == n)).ToList();
        return read.Cells.Replace("a/b", "a:b", StringComparison.Ordinal).Split('/').Select(r => string.Join('|', at.Select(i => r.Split('|')[i])).Replace("a:b", "a/b", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    // A bad row has one cell too many (true) or two too few (false).
    private static string Orders(int rows, Dictionary<int, bool> bad)
    {
        var text = new StringBuilder("id,zip,on,plan,amount\n");
        for (var i = 0; i < rows; i++)
        {
            var row = string.Create(CultureInfo.InvariantCulture, $"{i},{i * 7919L % 100_000:00000},2026-01-0{1 + (i % 3)},{(i / 3 % 3) switch { 0 => "basic", 1 => "pro", _ => "team" }},{i % 1000 / 8.0}");
            text.Append(!bad.TryGetValue(i, out var more) ? row : more ? row + ",more" : string.Join(',', row.Split(',').Take(3))).Append('\n');
        }

        return text.ToString();
    }
}
