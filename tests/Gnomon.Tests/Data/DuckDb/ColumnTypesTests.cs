using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>Every type of the engine, with and without gaps, through the typed buffers.</summary>
public sealed class ColumnTypesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Reading Of(string sql) => Reading.Of(new() { Sql = sql });

    [Theory]
    [InlineData("true", "Boolean", "true")]
    [InlineData("(-128)::tinyint", "Integer", "-128")]
    [InlineData("(-32768)::smallint", "Integer", "-32768")]
    [InlineData("(-2147483648)::integer", "Integer", "-2147483648")]
    [InlineData("9223372036854775807::bigint", "Integer", "9223372036854775807")]
    [InlineData("255::utinyint", "Integer", "255")]
    [InlineData("65535::usmallint", "Integer", "65535")]
    [InlineData("4294967295::uinteger", "Integer", "4294967295")]
    [InlineData("7::ubigint", "Decimal", "7")]
    [InlineData("18446744073709551615::ubigint", "Decimal", "1.8446744073709552E+19")]
    [InlineData("170141183460469231731687303715884105727::hugeint", "Decimal", "1.7014118346046923E+38")]
    [InlineData("(-5)::hugeint", "Decimal", "-5")]
    [InlineData("340282366920938463463374607431768211455::uhugeint", "Decimal", "3.402823669209385E+38")]
    [InlineData("0.5::float", "Double", "0.5")]
    [InlineData("1e-300::double", "Double", "1E-300")]
    [InlineData("12.3::decimal(4,1)", "Decimal", "12.3")]
    [InlineData("123456.78::decimal(9,2)", "Decimal", "123456.78")]
    [InlineData("1234567890123.45::decimal(18,2)", "Decimal", "1234567890123.45")]
    [InlineData("(-12345678901234567890.5)::decimal(38,1)", "Decimal", "-1.2345678901234567E+19")]
    [InlineData("date '1969-12-31'", "Date", "1969-12-31")]
    [InlineData("timestamp '2020-01-05 10:00:00.123456'", "LocalTimestamp", "2020-01-05T10:00:00.123456")]
    [InlineData("timestamp_s '2020-01-05 10:00:00'", "LocalTimestamp", "2020-01-05T10:00:00")]
    [InlineData("timestamp_ms '1960-01-05 10:00:00.123'", "LocalTimestamp", "1960-01-05T10:00:00.123")]
    [InlineData("timestamp_ns '1960-01-05 10:00:00.123456789'", "LocalTimestamp", "1960-01-05T10:00:00.123456")]
    [InlineData("timestamptz '2020-01-05 10:00:00+02'", "Timestamp", "2020-01-05T08:00:00")]
    [InlineData("time '10:30:15'", "Time", "10:30")]
    [InlineData("'short'", "Text", "short")]
    [InlineData("'twelve bytes'", "Text", "twelve bytes")]
    [InlineData("'thirteen byte'", "Text", "thirteen byte")]
    [InlineData("'ä😀'", "Text", "ä😀")]
    [InlineData("''", "Text", "")]
    [InlineData("'b'::enum('a', 'b')", "Category", "b")]
    [InlineData("'00000000-0000-0000-0000-000000000001'::uuid", "Text", "00000000-0000-0000-0000-000000000001")]
    [InlineData("[1, 2]", "Nested", "[1, 2]")]
    [InlineData("{'a': 1}", "Nested", "{'a': 1}")]
    [InlineData("map {'k': 1}", "Nested", "{k=1}")]
    [InlineData("'{\"a\": 1}'::json", "Nested", "{\"a\": 1}")]
    [InlineData("interval 3 days", "Nested", "3 days")]
    [InlineData("'ab'::blob", "Nested", "ab")]
    public void A_value_and_a_gap(string sql, string type, string shown)
    {
        var r = Of($"select * from (select {sql} as v union all select null) order by v is null");
        Assert.Equal($"v:{type}", r.Types);
        Assert.Equal($"{shown}/~", r.Cells);
    }

    [Theory]
    [InlineData("'nan'::double")]
    [InlineData("'inf'::float")]
    [InlineData("'infinity'::date")]
    [InlineData("'-infinity'::timestamp")]
    public void What_is_not_finite_is_no_value(string sql) => Assert.Equal("~", Of($"select {sql} as v").Cells);

    [Fact]
    public void A_column_of_untyped_null() => Assert.Equal("~|1", Of("select null as v, 1 as n").Cells);

    [Fact]
    public void Codes_are_numbered_by_first_appearance_over_the_whole_scan()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select case when range % 5 = 4 then null when range % 2 = 0 then 'key ' || (range % 1000) else 'a longer key number ' || (range % 777) end as s from range(100000)" }, Token);
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        var row = 0;
        data.Scan(
            data.Columns(),
            chunk =>
            {
                var codes = chunk.Codes(0);
                for (var i = 0; i < chunk.Rows; i++, row++)
                {
                    var text = row % 5 == 4 ? null : row % 2 == 0 ? $"key {row % 1000}" : $"a longer key number {row % 777}";
                    if (text is null)
                    {
                        Assert.Equal(-1, codes[i]);
                        continue;
                    }

                    if (!expected.TryGetValue(text, out var code))
                    {
                        expected.Add(text, code = expected.Count);
                    }

                    Assert.Equal(code, codes[i]);
                    Assert.Equal(text, chunk.Dictionary(0)[codes[i]]);
                }

                return true;
            },
            Token);
        Assert.Equal(100_000, row);
    }

    [Fact]
    public void Gaps_hold_zero_and_a_clear_bit()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select case when range % 3 = 1 then null else range + 1 end as n, range as whole from range(5000)" }, Token);
        var row = 0;
        data.Scan(
            data.Columns(),
            chunk =>
            {
                Assert.True(chunk.Validity(1).IsEmpty);
                var integers = chunk.Integers(0);
                var doubles = chunk.Doubles(0);
                for (var i = 0; i < chunk.Rows; i++, row++)
                {
                    Assert.Equal(row % 3 == 1, chunk.IsNull(0, i));
                    Assert.Equal(row % 3 == 1 ? 0 : row + 1, integers[i]);
                    Assert.Equal(row % 3 == 1 ? 0.0 : row + 1, doubles[i]);
                }

                return true;
            },
            Token);
        Assert.Equal(5000, row);
    }

    [Fact]
    public void Hashes_are_the_same_in_every_engine_and_differ_by_value()
    {
        static HashSet<ulong> Hashes()
        {
            var set = new HashSet<ulong>();
            using var engine = new DuckDbEngine();
            using var data = engine.Open(new() { Sql = "select range::varchar as s from range(10000)" }, Token);
            data.Scan(Query.Of(new Projection("h", Scalar.Column("s").Hash())), c => { set.UnionWith(c.Hashes(0).ToArray()); return true; }, Token);
            return set;
        }

        var first = Hashes();
        Assert.Equal(10_000, first.Count);
        Assert.Subset(first, Hashes());
    }

    [Fact]
    public void Reading_a_column_as_what_it_is_not_is_a_defect_with_its_name()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select 'x' as name" }, Token);
        var error = Assert.Throws<InvalidOperationException>(() => data.Scan(data.Columns(), c => c.Doubles(0).Length > 0, Token));
        Assert.Equal("Column 'name' is VARCHAR; it cannot be read as numbers.", error.Message);
    }
}
