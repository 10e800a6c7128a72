using Gnomon.Core.Tables;
using Gnomon.Data.Postgres;
using Gnomon.Tests.Data.Pushdown;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>Every function and aggregate of the vocabulary, asked of a real server: the answers that the embedded engine gives.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresDialectTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Scalar C(string name) => Scalar.Column(name);

    private object? Value(Scalar scalar, string sql = "select 7 as i, '-2.5'::float8 as x, 'abc' as s, true as b, null::int as n, date '2020-01-05' as d, timestamptz '2020-01-05 23:30:00-02' as t")
    {
        server.Require();
        using var engine = new PostgresEngine();
        using var data = engine.Open(new() { Path = server.Address(), Sql = sql }, Token);
        return data.Ask(scalar);
    }

    [Theory]
    [MemberData(nameof(DuckDbDialectTests.Cases), MemberType = typeof(DuckDbDialectTests))]
    public void Functions(string name, object? expected) => Assert.Equal(expected, Value(DuckDbDialectTests.Named(name)));

    [Fact]
    public void Aggregates() => DuckDbDialectTests.Answers(
        (scalar, sql) => Value(scalar, sql), "select * from (values (1, 'a', 2.0::float8), (2, 'b', null), (2, 'b', 1.0), (3, 'a', 4.0), (null, null, 8.0), (3, 'c', 'nan'::float8)) v(i, s, x)", "select null::int as i");

    [Fact]
    public void Fixed_point_sums_are_exact()
    {
        Assert.Equal(1.0, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("i")), "select unnest(array[1152921504606846976, 1, -1152921504606846976]) as i"));

        // A tenth is 109,951,162,778 units of 2^-40: ten of them are 4 units above 1.
        Assert.Equal(1.0 + 4.0 / (1L << 40), Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 40), "select 0.1::float8 as x from generate_series(1, 10)"));
        Assert.Equal(3e200, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 0), "select unnest(array[1e200, 2e200, 1]::float8[]) as x"));
        Assert.Equal(1e37 + 2e37, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 0), "select unnest(array[1e37, 2e37]::float8[]) as x"));
    }

    [Theory]
    [InlineData(" 12.5 ", 12.5)]
    [InlineData("1e400", null)]
    [InlineData("1e-400", 0.0)]
    [InlineData("-.5", -0.5)]
    [InlineData("1.5.2", null)]
    [InlineData("", null)]
    [InlineData("0x10", null)]
    [InlineData("12 apples", null)]
    public void Text_becomes_a_number_or_nothing(string text, double? expected) => Assert.Equal(expected, Value(Scalar.Value(text).ToDouble()));

    [Theory]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("2023-02-29", null)]
    [InlineData("2023-04-31 10:00", null)]
    [InlineData("2023-12-31 23:59:59.5-08", "2024-01-01")]
    [InlineData("2023-12-31T23:59:59Z", "2023-12-31")]
    [InlineData("31.12.2023", null)]
    [InlineData("0000-01-01", null)]
    public void Text_becomes_a_day_or_nothing(string text, string? expected) =>
        Assert.Equal(expected is null ? null : DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Value(Scalar.Call(ScalarFunction.ToDay, Scalar.Value(text))));

    [Fact]
    public void Texts_are_compared_by_their_bytes_in_any_locale()
    {
        const string words = "select w collate \"en-x-icu\" as w from (values ('b'), ('A'), ('a'), ('B'), ('é'), ('z')) v(w)";
        Assert.Equal("A", Value(Scalar.Aggregate(AggregateFunction.Min, C("w")), words));
        Assert.Equal("é", Value(Scalar.Aggregate(AggregateFunction.Max, C("w")), words));
    }

    [Fact]
    public void A_hash_is_the_same_each_time_and_tells_values_apart()
    {
        Assert.Equal(Value(C("i").Hash()), Value(C("i").Hash()));
        Assert.NotEqual(Value(C("i").Hash()), Value(C("s").Hash()));
        Assert.NotNull(Value(C("n").Hash()));

        // Two columns are more than their texts one after the other.
        Assert.NotEqual(Value(Scalar.Value("ab").HashWith(Scalar.Value("c"))), Value(Scalar.Value("a").HashWith(Scalar.Value("bc"))));
    }

    [Fact]
    public void Types_of_the_server_become_ours()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS kinds; DROP TYPE IF EXISTS mood; DROP DOMAIN IF EXISTS cents; CREATE TYPE mood AS ENUM ('fine', 'sad'); CREATE DOMAIN cents AS bigint; "
            + "CREATE TABLE kinds (a boolean, b smallint, c cents, d numeric(12,3), e real, f date, g timestamp(3), h timestamptz, i time, j varchar(20), k char(4), l uuid, m mood, n jsonb, o int[], p bytea); "
            + "INSERT INTO kinds VALUES (true, 3, 5, 1.125, 0.5, '2024-05-06', '2024-05-06 07:08:09.25', '2024-05-06 07:08:09+02', '10:00', 'w', 'x', '00000000-0000-0000-0000-000000000001', 'sad', '{\"a\": 1}', '{1,2}', '\\x01'), "
            + "(null, null, null, 'NaN', 'Infinity', 'infinity', '-infinity', 'infinity', null, null, null, null, null, null, null, null)");
        using var engine = new PostgresEngine();
        using var data = engine.Open(new() { Path = server.Address("kinds") }, Token);
        Assert.Equal(
            "Boolean Integer Integer Decimal Double Date LocalTimestamp Timestamp Time Text Text Text Category Nested Nested Nested",
            string.Join(' ', data.Schema.Select(f => f.Type)));
        var table = data.Read(new Query { Select = [.. data.Schema.Select(f => Projection.Column(f.Name))] }, Token);
        var first = table.Columns.Select(c => c.Cell(0)).ToList();
        Assert.Equal([true, 3L, 5L, 1.125, 0.5, new DateOnly(2024, 5, 6)], first.Take(6));
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, 250, TimeSpan.Zero), first[6]);
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 5, 8, 9, TimeSpan.Zero), first[7]);
        Assert.Equal(["w", "x", "00000000-0000-0000-0000-000000000001", "sad", "{\"a\": 1}", "{1,2}", "\\x01"], first.Skip(9));

        // Infinite dates and numbers are no values.
        Assert.All(table.Columns, c => Assert.True(c.IsNull(1)));
    }
}
