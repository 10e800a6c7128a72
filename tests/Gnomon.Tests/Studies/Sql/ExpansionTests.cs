using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>A column of JSON objects as ordinary columns; reference: pandas json_normalize on the objects that Python's json module can read (tests/reference/sql/expand.py), cell by cell.</summary>
public sealed class ExpansionTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("speed", "slow")]
    public void Every_cell_is_that_of_json_normalize(int threads)
    {
        var reference = ReferenceFile.Open("sql", "expand.json");
        var cells = reference.GetProperty("cells").EnumerateArray().Select(c => c.GetString()!).ToList();

        // Enough rows for two parts: the same cells again and again.
        const int times = 80;
        var all = Enumerable.Repeat(cells, times).SelectMany(c => c).ToList();
        var (finding, wide) = Expand(all, threads);
        Assert.Equal(all.Count, wide.Rows);
        Assert.Equal(Enumerable.Range(0, all.Count).Select(i => (long)i), Enumerable.Range(0, all.Count).Select(r => (long)wide["id"].Cell(r)!));
        var columns = reference.GetProperty("columns").EnumerateObject().ToList();
        Assert.Equal(columns.Select(c => c.Name).Append("id").Append("payload_null_keys").Order(StringComparer.Ordinal), wide.Columns.Select(c => c.Name).Order(StringComparer.Ordinal));
        foreach (var row in Enumerable.Range(0, cells.Count).Concat(Enumerable.Range(all.Count - cells.Count, cells.Count)))
        {
            var key = (row % cells.Count).ToString(CultureInfo.InvariantCulture);
            foreach (var column in columns)
            {
                var expected = column.Value.TryGetProperty(key, out var value) ? value : (JsonElement?)null;
                Assert.True(Same(expected, wide[column.Name].Cell(row)), $"row {row}, {column.Name}: expected {expected}, got {wide[column.Name].Cell(row)}");
            }

            Assert.Equal(reference.GetProperty("nullKeys").TryGetProperty(key, out var nulls) ? nulls.GetString() : null, wide["payload_null_keys"].Cell(row));
        }

        Assert.Contains($"{Figures.Count(reference.Count("broken") * times)} cells are no JSON object", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.StartsWith(Figures.Count(reference.Count("empty") * times), StringComparison.Ordinal));
        Assert.Equal("VARCHAR digits with leading zeros", Key(finding, "pin"));
        Assert.Equal("VARCHAR whole numbers beyond 64 bits", Key(finding, "huge"));
        Assert.Equal("VARCHAR values of several kinds", Key(finding, "mixed"));
        Assert.Equal("BIGINT ", Key(finding, "n1"));
        Assert.Equal("DOUBLE ", Key(finding, "n0"));
        Assert.Equal("BOOLEAN ", Key(finding, "vip"));
        Assert.All(new[] { "null-semantics", "parsing-loss" }, id => Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == id).Status));
    }

    [Fact]
    public void Objects_that_are_all_alike_raise_nothing()
    {
        var (finding, wide) = Expand([.. Enumerable.Range(0, 3_000).Select(i => $"{{\"city\":\"c{i % 5}\",\"pin\":\"{400000 + i}\"}}")]);
        Assert.DoesNotContain(finding.Checks, c => c.Status is CheckStatus.Warn or CheckStatus.Fail);
        Assert.Equal(["id", "city", "pin"], wide.Columns.Select(c => c.Name));
        Assert.Equal(ColumnType.Text, wide["pin"].Type);
        Assert.False(File.Exists(Rejects));
    }

    [Fact]
    public void Broken_cells_keep_their_row_and_are_listed()
    {
        var (finding, wide) = Expand(["{\"a\":1}", "{\"a\":2", "[1]", "7", "", "null", "{\"a\":3}{}", "{\"a\":\"\\ud800\"}", "{\"a\":4}"]);
        Assert.Equal([1L, null, null, null, null, null, null, null, 4L], Enumerable.Range(0, 9).Select(r => wide["a"].Cell(r)));
        Assert.Equal(
            ["2,2,broken at byte 7", "3,3,not an object", "4,4,not an object", "7,7,broken at byte 8", "8,8,a text that is not Unicode"],
            File.ReadAllLines(Rejects).Skip(1).Select(l => string.Join(',', l.Split(',').Skip(1).Take(3))));
        Assert.Contains("9 rows promised, 4 found; the answer given here keeps the promise", finding.Checks.Single(c => c.Id == "row-count-changed").Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"n\":9007199254740993}", "{\"n\":0.5}", ColumnType.Text)]
    [InlineData("{\"n\":9007199254740991}", "{\"n\":0.5}", ColumnType.Double)]
    [InlineData("{\"n\":0.1234567890123456789}", "{\"n\":1}", ColumnType.Text)]
    [InlineData("{\"n\":9223372036854775807}", "{\"n\":-9223372036854775808}", ColumnType.Integer)]
    [InlineData("{\"n\":9223372036854775808}", "{\"n\":1}", ColumnType.Text)]
    [InlineData("{\"n\":1e400}", "{\"n\":1}", ColumnType.Text)]
    [InlineData("{\"n\":null}", "{}", ColumnType.Text)]
    public void No_type_loses_a_digit(string first, string second, ColumnType type)
    {
        var (_, wide) = Expand([first, second]);
        Assert.Equal(type, wide["n"].Type);
        if (type == ColumnType.Text && !first.Contains("null", StringComparison.Ordinal))
        {
            Assert.Equal(first[5..^1], wide["n"].Cell(0));
        }
    }

    [Theory]
    [InlineData("{\"a\":\"x\"}", "a VARCHAR")]
    [InlineData("{\"a\":1.5}", "a DOUBLE")]
    [InlineData("{\"a\":true}", "a VARCHAR")]
    [InlineData("{\"a\":null}", "a BIGINT, payload_null_keys VARCHAR")]
    [InlineData("{\"b\":7}", "a BIGINT, b BIGINT")]
    [InlineData("{\"a\":{\"c\":7}}", "a BIGINT, a.c BIGINT")]
    [InlineData("{\"a\":99999999999999999999}", "a VARCHAR")]
    [InlineData("{\"a\":5,\"a\":6}", "a BIGINT")]
    [InlineData("{\"a\":9}", "a BIGINT")]
    [InlineData("{\"b\":7,\"a\":null", "a BIGINT")]
    [InlineData("", "a BIGINT")]
    public void A_row_far_down_counts_as_the_first_ones_do(string late, string columns)
    {
        // More rows than are looked at in advance; the late one stands in the first part, in the second, and at the end.
        const int rows = 110_000;
        int[] places = [20_000, 80_000, rows - 1];
        foreach (var threads in new[] { 1, 2 })
        {
            Directory.GetFiles(_sources.Folder).ToList().ForEach(File.Delete);
            var (finding, wide) = Expand([.. Enumerable.Range(0, rows).Select(i => places.Contains(i) ? late : $"{{\"a\":{i % 1_000}}}")], threads);
            Assert.Equal("id BIGINT, " + columns, string.Join(", ", wide.Columns.Select(c => $"{c.Name} {Native(c)}")));
            Assert.Equal(rows, wide.Rows);
            var b = wide.Columns.SingleOrDefault(c => c.Name is "b" or "a.c");
            for (var i = 0; i < rows; i++)
            {
                var isLate = places.Contains(i);
                object? expected = isLate ? Late(wide["a"].Type) : Convert(i % 1_000, wide["a"].Type);
                Assert.True(Equals(expected, wide["a"].Cell(i)), $"row {i}: {wide["a"].Cell(i)}");
                Assert.Equal(isLate ? 7L : null, b is null && isLate ? 7L : b?.Cell(i));
            }

            Assert.Equal(late.StartsWith("{\"b\":7,", StringComparison.Ordinal), File.Exists(Rejects));
            Assert.Contains(Figures.Count(rows, "row"), finding.Decision.Summary, StringComparison.Ordinal);
        }

        object? Late(ColumnType type) => late switch
        {
            "{\"a\":\"x\"}" => "x",
            "{\"a\":1.5}" => 1.5,
            "{\"a\":true}" => "true",
            "{\"a\":99999999999999999999}" => "99999999999999999999",
            "{\"a\":5,\"a\":6}" => 6L,
            "{\"a\":9}" => 9L,
            _ => null,
        };

        static object Convert(int value, ColumnType type) => type switch
        {
            ColumnType.Integer => (long)value,
            ColumnType.Double => (double)value,
            _ => value.ToString(CultureInfo.InvariantCulture),
        };

        static string Native(Column column) => column.Type switch
        {
            ColumnType.Integer => "BIGINT",
            ColumnType.Double => "DOUBLE",
            ColumnType.Boolean => "BOOLEAN",
            _ => "VARCHAR",
        };
    }

    [Fact]
    public void Names_that_collide_get_numbers()
    {
        var (finding, wide) = Expand(["{\"ID\":1,\"a.b\":2,\"a\":{\"b\":3},\"A\":4,\"\":5}"]);
        Assert.Equal(["id", "ID_2", "a.b", "a.b_2", "A", "column6"], wide.Columns.Select(c => c.Name));
        Assert.Equal([0L, 1L, 2L, 3L, 4L, 5L], wide.Columns.Select(c => c.Cell(0)));
        Assert.Equal(5, finding.Tables.Single(t => t.Id == "keys").Rows.Count);
    }

    [Fact]
    public void The_last_of_two_equal_keys_counts_and_is_told()
    {
        var (finding, wide) = Expand(["{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":null}"]);
        Assert.Equal([2L, null], Enumerable.Range(0, 2).Select(r => wide["a"].Cell(r)));
        Assert.Contains("2 objects name a key twice", finding.Checks.Single(c => c.Id == "parsing-loss").Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("speed", "slow")]
    public void Too_many_keys_become_rows(int threads)
    {
        const int rows = 120_000;
        var (finding, tall) = Expand([.. Enumerable.Range(0, rows).Select(i => i % 100 == 3 ? "{" : $"{{\"k{i % 60}\":{i},\"x\":{{\"y\":null}}}}")], threads, mostKeys: 50);
        Assert.Contains("More than 50 keys", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["row", "key", "kind", "value"], tall.Columns.Select(c => c.Name));
        Assert.Equal(2L * (rows - (rows / 100)), tall.Rows);
        var expected = Enumerable.Range(0, rows).Where(i => i % 100 != 3).SelectMany(i => new[] { $"{i + 1}|k{i % 60}|integer|{i}", $"{i + 1}|x.y|null|" });
        Assert.Equal(expected, Enumerable.Range(0, tall.Rows).Select(r => string.Join('|', tall.Columns.Select(c => Convert.ToString(c.Cell(r), CultureInfo.InvariantCulture)))));
    }

    [Fact]
    public void Objects_of_JSON_and_Parquet_files_are_taken_apart_too()
    {
        var file = _sources.Write("rows.jsonl", "{\"id\":1,\"o\":{\"a\":1,\"b\":{\"c\":\"x\"}}}\n{\"id\":2,\"o\":{\"a\":2,\"b\":{\"c\":null}}}\n");
        var copy = Path.Combine(_sources.Folder, "rows.parquet");
        _ = Ask.Sql(new SqlOptions { Data = file, Out = copy });
        foreach (var data in new[] { file, copy })
        {
            var finding = Ask.Sql(new SqlOptions { Data = data, Expand = "o" });
            Assert.Equal(["id", "a", "b.c", "o_null_keys"], finding.Tables.Single(t => t.Id == "rows").Columns);
        }
    }

    [Fact]
    public void A_column_that_is_not_there_is_named() =>
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _sources.Write("a.csv", "k\n1\n"), Expand = "payload" })).Code);

    private string Rejects => Path.Combine(_sources.Folder, "wide.rejects.csv");

    private (Finding Finding, Table Wide) Expand(IReadOnlyList<string> cells, int threads = 2, int mostKeys = 1000)
    {
        var file = _sources.Write("rows.csv", "id,payload\n" + string.Concat(cells.Select((c, i) => $"{i},\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")));
        var target = Path.Combine(_sources.Folder, "wide.parquet");
        var finding = Ask.Sql(new SqlOptions { Data = file, Expand = "payload", Out = target, Threads = threads, MostKeys = mostKeys });
        return (finding, Reading.Of(new() { Path = target }).Table);
    }

    private static string Key(Finding finding, string key) => finding.Tables.Single(t => t.Id == "keys").Rows.Where(r => (string)r[0]! == key).Select(r => $"{r[2]} {r[6]}").Single();

    // Lists are compared by their length: their spelling is the product's own.
    private static bool Same(JsonElement? expected, object? cell) => expected is not { } value ? cell is null : value.ValueKind switch
    {
        JsonValueKind.Array => cell is string text && JsonDocument.Parse(text).RootElement.GetArrayLength() == value[1].GetInt32(),
        _ => cell switch
        {
            string text => value.GetString() == text,
            bool truth => value.GetString() == (truth ? "true" : "false"),
            long whole => value.GetString() == whole.ToString(CultureInfo.InvariantCulture),
            double real => double.Parse(value.GetString()!, CultureInfo.InvariantCulture).Equals(real),
            _ => false,
        },
    };
}
