using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.ClickHouse;
using Gnomon.Data.DuckDb;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Data.Pushdown;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>Every function and aggregate of the vocabulary, asked of a real server: the answers that the embedded engine gives.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseDialectTests(ClickHouseServers servers)
{
    private const string OneRow = "select toInt64(7) as i, -2.5 as x, 'abc' as s, toUInt8(1) as b, CAST(NULL AS Nullable(Int32)) as n, toDate('2020-01-05') as d, toDateTime('2020-01-06 01:30:00', 'UTC') as t";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Scalar C(string name) => Scalar.Column(name);

    private static Scalar V(object? value) => Scalar.Value(value);

    private static Scalar F(ScalarFunction function, params Scalar[] arguments) => Scalar.Call(function, arguments);

    private object? Value(Scalar scalar, string sql = OneRow)
    {
        servers.Require();
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address(), Sql = sql }, Token);
        return data.Ask(scalar);
    }

    [Theory]
    [MemberData(nameof(DuckDbDialectTests.Cases), MemberType = typeof(DuckDbDialectTests))]
    public void Functions(string name, object? expected)
    {
        var answer = Value(DuckDbDialectTests.Named(name));

        // The server has no type for truth of its own: a column of it is a number.
        Assert.Equal(expected, name is "and" or "or" or "not" && answer is long truth ? truth != 0 : answer);
    }

    [Fact]
    public void Aggregates() => DuckDbDialectTests.Answers(
        (scalar, sql) => Value(scalar, sql),
        "select * from (select toInt64(1) as i, 'a' as s, toNullable(2.0) as x union all select 2, 'b', NULL union all select 2, 'b', 1.0 union all select 3, 'a', 4.0 union all select NULL, NULL, 8.0 union all select 3, 'c', nan)",
        "select CAST(NULL AS Nullable(Int64)) as i");

    [Fact]
    public void Aggregates_over_no_rows_are_not_there()
    {
        const string none = "select toInt64(1) as i, 'a' as s, 2.5 as x where i = 2";
        foreach (var function in new[] { AggregateFunction.Min, AggregateFunction.Max, AggregateFunction.FixedPointSum, AggregateFunction.Quantile, AggregateFunction.Mode })
        {
            Assert.Null(Value(Scalar.Aggregate(function, C(function == AggregateFunction.Mode ? "s" : "x")), none));
        }

        Assert.Equal(0L, Value(Scalar.Aggregate(AggregateFunction.CountDistinct, C("s")), none));
        Assert.Equal(0L, Value(Scalar.Aggregate(AggregateFunction.RowCount), none));
        Assert.Null(Value(Scalar.AtSmallest(C("s"), C("i")), none));
    }

    [Fact]
    public void Fixed_point_sums_are_exact()
    {
        Assert.Equal(1.0, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("i")), "select arrayJoin([toInt64(1152921504606846976), 1, -1152921504606846976]) as i"));
        Assert.Equal(1.0, (double)Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 40), "select 0.1 as x from numbers(10)")!, 11);

        // Beyond 128 bits doubles are added as they are.
        Assert.Equal(3e200, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 0), "select arrayJoin([1e200, 2e200, 1.]) as x"));
        Assert.Equal(1e37 + 2e37, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 0), "select arrayJoin([1e37, 2e37]) as x"));

        // What lies under a NULL does not matter, be it infinite.
        Assert.Equal(1.0, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 20), "select nullIf(number / (number - 1), -inf) * 1 as x from (select toInt64(arrayJoin([0, 1, 2])) as number) where number != 2 union all select 1.0"));
    }

    // NULL AND, NULL OR and NOT as the standard has them, which old servers do not.
    [Fact]
    public void Truth_has_three_values()
    {
        using var embedded = new DuckDbEngine();
        using var file = embedded.Open(new() { Sql = "select * from (values (true), (false), (null)) a(a), (values (true), (false), (null)) b(b)" }, Token);
        servers.Require();
        using var engine = new ClickHouseEngine();
        const string values = "select arrayJoin([1, 0, NULL]) as";
        using var data = engine.Open(new() { Path = servers.Address(), Sql = $"select a, b from ({values} a) cross join ({values} b)" }, Token);
        var (a, b) = (C("a").EqualTo(V(true)), C("b").EqualTo(V(true)));
        Query All(Scalar x, Scalar y) => new() { Select = [new("a", x), new("b", y), new("and", x.And(y)), new("or", x.Or(y)), new("nand", x.And(y).Not()), new("mixed", x.Or(y.And(x.Not())).Not())], OrderBy = [new(x), new(y)] };
        EngineParity.Same(file.Read(All(a, b), Token), data.Read(All(C("a").EqualTo(V(1L)), C("b").EqualTo(V(1L))), Token), "truth");
    }

    [Theory]
    [InlineData(" 12.5 ", 12.5)]
    [InlineData("1e400", null)]
    [InlineData("1e-400", 0.0)]
    [InlineData("-.5", -0.5)]
    [InlineData("+5.", 5.0)]
    [InlineData("1.5.2", null)]
    [InlineData("", null)]
    [InlineData("0x10", null)]
    [InlineData("12 apples", null)]
    public void Text_becomes_a_number_or_nothing(string text, double? expected) => Assert.Equal(expected, Value(Scalar.Value(text).ToDouble()));

    [Theory]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("2023-02-29", null)]
    [InlineData("1900-02-29", null)]
    [InlineData("2023-04-31 10:00", null)]
    [InlineData("2023-12-31 23:59:59.5-08", "2024-01-01")]
    [InlineData("2023-12-31T23:59:59Z", "2023-12-31")]
    [InlineData("1815-06-18", "1815-06-18")]
    [InlineData("1969-12-31 23:00", "1969-12-31")]
    [InlineData("31.12.2023", null)]
    [InlineData("0000-01-01", null)]
    public void Text_becomes_a_day_or_nothing(string text, string? expected) =>
        Assert.Equal(expected is null ? null : DateOnly.Parse(expected, CultureInfo.InvariantCulture), Value(F(ScalarFunction.ToDay, V(text))));

    [Fact]
    public void Numbers_are_written_as_the_embedded_engine_writes_them()
    {
        servers.Require();
        var rng = new Rng(7).Stream("numbers");
        double[] numbers = [0, -0.0, 1, -1, 0.1, 1e15, 1e16, 1.5e16, 123456789012345680, 1e17, -1e20, 1.5e21, 1e22, 1e-4, 1.25e-4, 9.9e-5, -1e-5, 1.5e-6, 1e-7, -2.5e-7, 1e100, 1.7976931348623157e308, 5e-300, .. Enumerable.Range(0, 300).Select(_ => Math.Round(rng.NextNormal(), 3) * Math.Pow(10, rng.NextInt(60) - 30))];
        using var embedded = new DuckDbEngine();
        using var file = embedded.Open(new() { Memory = Table.With("x", numbers).And("r", Enumerable.Range(0, numbers.Length).Select(i => (long)i)) }, Token);
        servers.Store("numbers", [("x", "Float64"), ("r", "UInt32")], [.. numbers.Select((x, i) => new object?[] { x, (long)i })]);
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("numbers") }, Token);
        var texts = new Query { Select = [new("x", C("x")), new("text", C("x").ToText())], OrderBy = [new(C("r"))] };
        EngineParity.Same(file.Read(texts, Token), data.Read(texts, Token), "numbers");
    }

    [Fact]
    public void Names_of_columns_and_outputs_do_not_meet()
    {
        // An output that is called like a column stands for neither in WHERE and GROUP BY.
        servers.Require();
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address(), Sql = "select toInt64(number % 3) as q0_0, toInt64(number) as x from numbers(9)" }, Token);
        var table = data.Read(
            new Query { Select = [new("x", C("q0_0")), new("q0_0", Scalar.Aggregate(AggregateFunction.Max, C("x"))), new("a r\"m\\", Scalar.Aggregate(AggregateFunction.RowCount))], Where = F(ScalarFunction.Greater, C("x"), V(1L)), GroupBy = [C("q0_0")] },
            Token);
        Assert.Equal("0,6,2|1,7,2|2,8,3", string.Join('|', Enumerable.Range(0, 3).Select(r => string.Join(',', table.Columns.Select(c => c.Cell(r))))));
    }

    [Fact]
    public void A_hash_is_that_of_postgresql_and_tells_values_apart()
    {
        // The first eight bytes of MD5, as a signed number.
        Assert.Equal(-8070080442485551184L, Value(C("s").Hash()));
        Assert.NotEqual(Value(C("i").Hash()), Value(C("s").Hash()));
        Assert.Equal(-4658895280553007687L, Value(C("n").Hash()));
        Assert.NotEqual(Value(V("ab").HashWith(V("c"))), Value(V("a").HashWith(V("bc"))));
    }

    [Fact]
    public void Types_of_the_server_become_ours()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS kinds");
        servers.Execute("CREATE TABLE kinds (a UInt8, b Nullable(Int16), c UInt64, d UInt64, e Nullable(Decimal(12,3)), f Float32, g Nullable(Date), h DateTime('Europe/Berlin'), i Nullable(DateTime), j Nullable(FixedString(4)), k UUID, "
            + "l Enum8('fine' = 1, 'sad' = 2), m Array(UInt8), n Nullable(Enum8('x' = 1)), o AggregateFunction(sum, UInt64)) ENGINE = Memory");
        servers.Execute("INSERT INTO kinds SELECT 255, -3, 5, 18446744073709551615, toDecimal64(1.125, 3), toFloat32(0.5), toDate('2024-05-06'), toDateTime('2024-05-06 07:08:09', 'Europe/Berlin'), toDateTime('2024-05-06 07:08:09', 'America/New_York'), "
            + "toFixedString('x', 4), toUUID('00000000-0000-0000-0000-000000000001'), 'sad', [1, 2], 'x', sumState(toUInt64(1))");
        servers.Execute("INSERT INTO kinds SELECT 0, NULL, 0, 0, NULL, toFloat32(nan), NULL, toDateTime(0), NULL, NULL, toUUID('00000000-0000-0000-0000-000000000001'), 'fine', [], NULL, sumState(toUInt64(1))");
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("kinds", more: "order=a") }, Token);
        Assert.Equal("Integer Integer Integer Decimal Decimal Double Date Timestamp Timestamp Text Text Category Nested Category Nested", string.Join(' ', data.Schema.Select(f => f.Type)));
        var names = data.Schema.SkipLast(1).Select(f => f.Name).ToList();
        var table = data.Read(new Query { Select = [.. names.Select(Projection.Column)] }, Token);
        var cells = table.Columns.Select(c => c.Cell(1)).ToList();
        Assert.Equal([255L, -3L, 5L, 18446744073709551615.0, 1.125, 0.5, new DateOnly(2024, 5, 6)], cells.Take(7));
        Assert.Equal([new DateTimeOffset(2024, 5, 6, 5, 8, 9, TimeSpan.Zero), new DateTimeOffset(2024, 5, 6, 11, 8, 9, TimeSpan.Zero)], cells.Skip(7).Take(2));
        Assert.Equal(["x", "00000000-0000-0000-0000-000000000001", "sad", "[1,2]", "x"], cells.Skip(9));

        // What is not there, and what is no number, is null.
        Assert.Equal("b e f g i j n", string.Join(' ', names.Where(n => table[n].IsNull(0))));
        Assert.Equal(["255", "18446744073709551615", "1.125", "2024-05-06 05:08:09+00", "2024-05-06"], new[] { "a", "d", "e", "h", "g" }.Select(n => data.Read(new Query { Select = [new("t", C(n).ToText())] }, Token).Columns[0].Cell(1)));

        // The state of an aggregate is no value; the other columns can be asked all the same.
        var refused = Assert.Throws<GnomonError>(() => data.Read(Query.Of(Projection.Column("o")), Token));
        Assert.Equal("column-not-usable", refused.Code);
        Assert.Contains("AggregateFunction(sum, UInt64)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_come_back_as_they_went()
    {
        foreach (var value in new object[] { "o'neil \\ \"x\" \t\n\0 日本 {x:String} ?", long.MinValue, long.MaxValue, double.MaxValue, double.Epsilon, -0.1, 1e-310, "'; DROP TABLE t; --" })
        {
            Assert.Equal(value, Value(V(value)));
        }
    }

    [Fact]
    public void A_long_question_is_taken()
    {
        servers.Require();
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address(), Sql = "select '2024-02-29' as s" }, Token);
        var table = data.Read(new Query { Select = [.. Enumerable.Range(0, 150).Select(i => new Projection($"d{i}", F(ScalarFunction.ToDay, F(ScalarFunction.Trim, C("s")))))] }, Token);
        Assert.All(table.Columns, c => Assert.Equal(new DateOnly(2024, 2, 29), c.Cell(0)));
    }

    [Fact]
    public void What_the_server_can_do_is_asked()
    {
        servers.Require();
        using var session = new ClickHouseSession(ClickHouseAddress.Parse(servers.Address()), Token);
        Assert.Equal(servers.Execute("SELECT version()").Single(), session.Capabilities.Version);
        Assert.True(session.Capabilities.HasWideDecimals);
        Assert.Equal(servers.Execute("SELECT count() FROM system.functions WHERE name = 'quantileExactInclusive'").Single() == "1", session.Capabilities.HasExactQuantiles);
        Assert.Equal(servers.Execute("SELECT count() FROM system.functions WHERE name = 'row_number'").Single() == "1", session.Capabilities.HasWindows);
    }
}
