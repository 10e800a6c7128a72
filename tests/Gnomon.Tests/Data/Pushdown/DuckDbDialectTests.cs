using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.Pushdown;

/// <summary>Every function and aggregate of the vocabulary, asked of the engine and worked out by hand.</summary>
public sealed class DuckDbDialectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Scalar C(string name) => Scalar.Column(name);

    private static Scalar V(object? value) => Scalar.Value(value);

    private static Scalar F(ScalarFunction function, params Scalar[] arguments) => Scalar.Call(function, arguments);

    /// <summary>One row: the value of an expression over a small query.</summary>
    private static object? Value(Scalar scalar, string sql = "select 7 as i, -2.5::double as x, 'abc' as s, true as b, null::int as n, date '2020-01-05' as d, timestamptz '2020-01-05 23:30:00-02' as t")
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = sql }, Token);
        return data.Ask(scalar);
    }

    public static TheoryData<string, object?> Cases() => new()
    {
        { "add", 9L }, { "subtract", 5L }, { "multiply", 14L }, { "divide", 3.5 }, { "divide by zero", null },
        { "equal", true }, { "not equal", true }, { "less", false }, { "less or equal", true }, { "greater", true }, { "greater or equal", true },
        { "and", false }, { "or", true }, { "not", false }, { "is null", true }, { "coalesce", 7L }, { "least", -2.5 }, { "greatest", 7.0 },
        { "abs", 2.5 }, { "log", Math.Log(7) }, { "log of a negative", null }, { "trim", "y" }, { "lower", "yz" }, { "length", 3L },
        { "boolean to double", 1.0 }, { "text to double", 12.5 }, { "word to double", null }, { "nan to double", null }, { "infinity to double", null },
        { "number to text", "7" }, { "date to text", "2020-01-05" },
        { "day of a date", new DateOnly(2020, 1, 5) }, { "day of an instant", new DateOnly(2020, 1, 6) }, { "day of a text", new DateOnly(2020, 1, 6) }, { "day of a word", null },
        { "microseconds of a date", 1_578_182_400_000_000L }, { "microseconds of an instant", 1_578_274_200_000_000L }, { "microseconds of a text", 1_578_274_200_000_000L },
        { "case", "big" }, { "null value", null }, { "bound date", true }, { "bound instant", true }, { "bound quote", "it's \"x\"" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Functions(string name, object? expected) => Assert.Equal(expected, Value(Named(name)));

    /// <summary>The expression behind the name of a case, for every dialect.</summary>
    internal static Scalar Named(string name) =>
        name switch
        {
            "add" => C("i") + V(2L),
            "subtract" => C("i") - V(2L),
            "multiply" => C("i") * V(2L),
            "divide" => C("i") / V(2L),
            "divide by zero" => C("i") / V(0L),
            "equal" => C("s").EqualTo(V("abc")),
            "not equal" => F(ScalarFunction.NotEqual, C("i"), V(8L)),
            "less" => F(ScalarFunction.Less, C("i"), V(7L)),
            "less or equal" => F(ScalarFunction.LessOrEqual, C("i"), V(7L)),
            "greater" => F(ScalarFunction.Greater, C("i"), C("x")),
            "greater or equal" => F(ScalarFunction.GreaterOrEqual, C("i"), V(7L)),
            "and" => C("b").And(V(false)),
            "or" => C("b").Or(V(false)),
            "not" => C("b").Not(),
            "is null" => C("n").IsNull(),
            "coalesce" => F(ScalarFunction.Coalesce, C("n"), C("i")),
            "least" => F(ScalarFunction.Least, C("i").ToDouble(), C("x")),
            "greatest" => F(ScalarFunction.Greatest, C("i").ToDouble(), C("x")),
            "abs" => F(ScalarFunction.Abs, C("x")),
            "log" => F(ScalarFunction.Log, C("i")),
            "log of a negative" => F(ScalarFunction.Log, C("x")),
            "trim" => F(ScalarFunction.Trim, V("  y ")),
            "lower" => F(ScalarFunction.Lower, V("Yz")),
            "length" => F(ScalarFunction.Length, V("äöü")),
            "boolean to double" => C("b").ToDouble(),
            "text to double" => V("12.5").ToDouble(),
            "word to double" => C("s").ToDouble(),
            "nan to double" => V("nan").ToDouble(),
            "infinity to double" => V(double.PositiveInfinity).ToDouble(),
            "number to text" => C("i").ToText(),
            "date to text" => C("d").ToText(),
            "day of a date" => F(ScalarFunction.ToDay, C("d")),
            "day of an instant" => F(ScalarFunction.ToDay, C("t")),
            "day of a text" => F(ScalarFunction.ToDay, V("2020-01-05T23:30:00-02:00")),
            "day of a word" => F(ScalarFunction.ToDay, C("s")),
            "microseconds of a date" => F(ScalarFunction.ToMicroseconds, C("d")),
            "microseconds of an instant" => F(ScalarFunction.ToMicroseconds, C("t")),
            "microseconds of a text" => F(ScalarFunction.ToMicroseconds, V("2020-01-05 23:30:00-02")),
            "case" => Scalar.Case([(F(ScalarFunction.Greater, C("i"), V(5L)), V("big"))], V("small")),
            "null value" => V(null),
            "bound date" => C("d").EqualTo(V(new DateOnly(2020, 1, 5))),
            "bound instant" => C("t").EqualTo(V(new DateTimeOffset(2020, 1, 6, 1, 30, 0, TimeSpan.Zero))),
            _ => V("it's \"x\""),
        };

    private const string Numbers = "select * from (values (1, 'a', 2.0::double), (2, 'b', null), (2, 'b', 1.0), (3, 'a', 4.0), (null, null, 8.0), (3, 'c', 'nan'::double)) v(i, s, x)";

    [Fact]
    public void Aggregates() => Answers(Value, Numbers, "select null::int as i");

    /// <summary>Every aggregate over six rows, for every dialect.</summary>
    internal static void Answers(Func<Scalar, string, object?> value, string numbers, string nothing)
    {
        static Scalar A(AggregateFunction function, Scalar? argument = null, double? parameter = null, Scalar? filter = null) => Scalar.Aggregate(function, argument, filter, parameter);

        Assert.Equal(6L, value(A(AggregateFunction.RowCount), numbers));
        Assert.Equal(3L, value(A(AggregateFunction.RowCount, filter: F(ScalarFunction.GreaterOrEqual, C("x"), V(2.0)).And(C("x").ToDouble().IsNull().Not())), numbers));
        Assert.Equal(5L, value(A(AggregateFunction.Count, C("i")), numbers));
        Assert.Equal(3L, value(A(AggregateFunction.CountDistinct, C("i")), numbers));
        Assert.Equal(1L, value(A(AggregateFunction.Min, C("i")), numbers));
        Assert.Equal("c", value(A(AggregateFunction.Max, C("s")), numbers));
        Assert.Equal(11.0, value(A(AggregateFunction.FixedPointSum, C("i")), numbers));
        Assert.Equal(15.0, value(A(AggregateFunction.FixedPointSum, C("x"), 20), numbers));
        Assert.Equal(2.0, value(A(AggregateFunction.Quantile, C("i"), 0.5), numbers));
        Assert.Equal(1.75, value(A(AggregateFunction.Quantile, C("x").ToDouble(), 0.25), numbers));
        Assert.Equal(2L, value(A(AggregateFunction.Mode, C("i")), numbers));
        Assert.Equal("a", value(A(AggregateFunction.Mode, C("s")), numbers));
        Assert.Equal("b", value(Scalar.AtSmallest(C("s"), C("x")), numbers));
        Assert.Null(value(A(AggregateFunction.Mode, C("i")), nothing));
    }

    [Fact]
    public void At_smallest_breaks_ties_by_the_smallest_argument_and_passes_over_gaps() =>
        Assert.Equal("b", Value(
            Scalar.AtSmallest(C("s"), C("o")),
            "select * from (values ('c', 1), ('b', 1), ('a', 2), ('0', null), (null, 0)) v(s, o)"));

    [Fact]
    public void Fixed_point_sums_are_exact()
    {
        // 2^60 + 1 + (-2^60): a double would lose the 1.
        Assert.Equal(1.0, Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("i")), "select unnest([1152921504606846976, 1, -1152921504606846976]) as i"));
        Assert.Equal(0.1 * 10, (double)Value(Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 40), "select 0.1::double as x from range(10)")!, 11);
    }

    [Fact]
    public void Groups_come_in_the_order_of_their_keys_on_any_number_of_threads()
    {
        var answers = new[] { 1, 2 }.Select(threads =>
        {
            using var engine = new DuckDbEngine();
            using var data = engine.Open(new() { Sql = "select (range * 7919) % 1009 as k, range / 8.0 as x from range(200000)", Threads = threads }, Token);
            var table = data.Read(
                new Query
                {
                    Select = [new("k", C("k")), new("n", Scalar.Aggregate(AggregateFunction.RowCount)), new("s", Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x"), null, 10))],
                    GroupBy = [C("k")],
                },
                Token);
            return string.Join(';', Enumerable.Range(0, table.Rows).Select(r => string.Join(',', table.Columns.Select(c => c.Cell(r)))));
        }).ToList();
        Assert.Equal(answers[0], answers[1]);
        Assert.StartsWith("0,199,", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_nest_filter_order_and_stop()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range % 3 as arm, range % 10 as unit, range as x from range(100)" }, Token);
        var perUnit = new Query
        {
            Select = [new("arm", C("ARM")), new("total", Scalar.Aggregate(AggregateFunction.FixedPointSum, C("x")))],
            Where = F(ScalarFunction.Less, C("unit"), V(9L)),
            GroupBy = [C("arm"), C("unit")],
        };
        var table = data.Read(
            new Query
            {
                Select = [new("a r\"m", C("arm")), new("n", Scalar.Aggregate(AggregateFunction.RowCount)), new("max", Scalar.Aggregate(AggregateFunction.Max, C("total")))],
                From = perUnit,
                GroupBy = [C("arm")],
                OrderBy = [new(C("arm"), Descending: true)],
                Limit = 2,
            },
            Token);
        Assert.Equal("2,9|1,9", string.Join('|', Enumerable.Range(0, 2).Select(r => $"{table["a r\"m"].Cell(r)},{table["n"].Cell(r)}")));
    }

    [Fact]
    public void A_grouped_expression_with_a_bound_value_is_one_expression()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select range as x from range(10)" }, Token);
        var half = F(ScalarFunction.GreaterOrEqual, C("x"), V(5L));
        var table = data.Read(new Query { Select = [new("half", half), new("n", Scalar.Aggregate(AggregateFunction.RowCount))], GroupBy = [half] }, Token);
        Assert.Equal([5L, 5L], [(long)table["n"].Cell(0)!, (long)table["n"].Cell(1)!]);
    }

    [Fact]
    public void A_wrong_name_is_told_with_the_nearest()
    {
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Sql = "select 1 as revenue" }, Token);
        var error = Assert.Throws<Core.Errors.GnomonError>(() => data.Ask(Scalar.Column("revenu")));
        Assert.Equal(("column-not-found", "Did you mean 'revenue'?"), (error.Code, error.Hint));
    }
}
