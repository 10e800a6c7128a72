using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Data.Pushdown;

/// <summary>Random tables and the questions that every engine answers alike: whole numbers and texts equal, doubles within 1e-9.</summary>
internal static class EngineParity
{
    private static readonly string[] Words = ["a", "B", "b", "ä", "日本", "o'neil", "two words", " lead", "\"quoted\"", "", "10", "1e3", "nan", "2024-03-01", "NULL", "%_\\"];

    private static Scalar C(string name) => Scalar.Column(name);

    private static Scalar F(ScalarFunction function, params Scalar[] arguments) => Scalar.Call(function, arguments);

    private static Projection A(string name, AggregateFunction function, Scalar? argument = null, double? parameter = null, Scalar? filter = null) => new(name, Scalar.Aggregate(function, argument, filter, parameter));

    public static IEnumerable<Query> Questions()
    {
        Projection[] statistics =
        [
            A("rows", AggregateFunction.RowCount), A("n", AggregateFunction.Count, C("x")), A("different", AggregateFunction.CountDistinct, C("Größe \"x\"")), A("least", AggregateFunction.Min, C("i")),
            A("first", AggregateFunction.Min, C("Größe \"x\"")), A("last", AggregateFunction.Max, C("Größe \"x\"")), A("any", AggregateFunction.Max, C("b")), A("day", AggregateFunction.Min, C("day")), A("moment", AggregateFunction.Max, C("at")),
            A("sum", AggregateFunction.FixedPointSum, C("i")), A("yes", AggregateFunction.FixedPointSum, C("b")), A("total", AggregateFunction.FixedPointSum, C("x").ToDouble(), 60),
            A("some", AggregateFunction.FixedPointSum, C("i"), null, F(ScalarFunction.Greater, C("x"), Scalar.Value(0.0))),
            A("median", AggregateFunction.Quantile, C("x"), 0.5), A("tenth", AggregateFunction.Quantile, C("i"), 0.1), A("usual", AggregateFunction.Mode, C("Größe \"x\"")), A("often", AggregateFunction.Mode, C("i")),
            new("seen first", Scalar.AtSmallest(C("Größe \"x\""), F(ScalarFunction.ToMicroseconds, C("at")), C("i"))),
        ];
        yield return Query.Of(statistics);
        yield return new Query { Select = [new("key", C("Größe \"x\"")), .. statistics], GroupBy = [C("Größe \"x\"")] };
        yield return new Query { Select = [new("key", C("b")), new("day", C("day")), A("rows", AggregateFunction.RowCount)], GroupBy = [C("b"), C("day")] };
        yield return new Query
        {
            Select = [new("key", C("key")), A("groups", AggregateFunction.RowCount), A("most", AggregateFunction.Max, C("total"))],
            From = new Query { Select = [new("key", C("b")), new("total", Scalar.Aggregate(AggregateFunction.FixedPointSum, C("i")))], GroupBy = [C("b"), C("Größe \"x\"")], Where = C("x").IsNull().Not() },
            GroupBy = [C("key")],
            OrderBy = [new(C("key"), Descending: true)],
        };
        yield return new Query
        {
            Select =
            [
                new("number", C("Größe \"x\"").ToDouble()), new("text", C("i").ToText()), new("words", C("x").ToText()), new("truth", C("b").ToText()), new("day", F(ScalarFunction.ToDay, C("Größe \"x\""))), new("when", F(ScalarFunction.ToMicroseconds, C("at"))),
                new("share", C("i") / F(ScalarFunction.Abs, C("x"))), new("sum", C("x") + C("i").ToDouble()), new("more", F(ScalarFunction.Greater, C("Größe \"x\""), Scalar.Value("a"))), new("short", F(ScalarFunction.Length, F(ScalarFunction.Trim, C("Größe \"x\"")))),
                new("small", F(ScalarFunction.Lower, C("Größe \"x\""))), new("log", F(ScalarFunction.Log, C("x"))), new("known", F(ScalarFunction.Coalesce, C("x"), Scalar.Value(-1.0))),
                new("kind", Scalar.Case([(F(ScalarFunction.Less, C("x"), Scalar.Value(0.0)), Scalar.Value("below")), (C("x").IsNull(), Scalar.Value("none"))], Scalar.Value("above"))),
            ],
        };
        yield return new Query { Select = [new("x", C("x")), new("word", C("Größe \"x\""))], OrderBy = [new(C("Größe \"x\"")), new(C("x"), Descending: true), new(C("i"))], Limit = 7 };
    }

    public static void Same(Table expected, Table actual, string where)
    {
        Assert.Equal(expected.Columns.Select(c => c.Name), actual.Columns.Select(c => c.Name));
        Assert.True(expected.Rows == actual.Rows, $"{where}: {expected.Rows} rows against {actual.Rows}");
        foreach (var (e, a) in expected.Columns.Zip(actual.Columns))
        {
            for (var row = 0; row < expected.Rows; row++)
            {
                var (x, y) = (e.Cell(row), a.Cell(row));
                var same = x is double p && y is double q ? p == q || Math.Abs(p - q) <= 1e-9 * Math.Max(Math.Abs(p), Math.Abs(q)) : Equals(x, y);
                Assert.True(same, $"{where}, row {row}, {e.Name}: {x ?? "null"} here, {y ?? "null"} on the server");
            }
        }
    }

    public static string Streamed(IDataset data, CancellationToken cancellation)
    {
        var text = new System.Text.StringBuilder();
        data.Scan(
            new Query { Select = [new("i", C("i")), new("x", C("x")), new("t", C("Größe \"x\"")), new("at", C("at"))] },
            chunk =>
            {
                for (var row = 0; row < chunk.Rows; row++)
                {
                    var code = chunk.Codes(2)[row];
                    text.AppendLine(FormattableString.Invariant($"{chunk.Integers(0)[row]} {chunk.Doubles(1)[row]:R} {chunk.IsNull(1, row)} {(code < 0 ? "-" : chunk.Dictionary(2)[code])} {chunk.Integers(3)[row]}"));
                }

                return true;
            },
            cancellation);
        return text.ToString();
    }

    /// <summary>Gaps, ties, huge offsets, empty tables, names that need quotes.</summary>
    /// <param name="rng">What is drawn from.</param>
    /// <param name="isPlain">For servers without truth and parts of seconds: whole numbers and instants instead, and a column that numbers the rows.</param>
    public static Table Draw(Rng rng, bool isPlain = false)
    {
        var n = rng.NextInt(40) == 0 ? 0 : 1 + rng.NextInt(60);
        var offset = rng.NextInt(3) switch { 0 => 0.0, 1 => 1e12, _ => -3e6 };
        var gap = 0.3 * rng.NextDouble();
        bool Missing() => rng.NextDouble() < gap;
        var nulls = Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, n).Select(_ => Missing()).ToArray()).ToArray();
        long[] Whole(int c, Func<long> value) => [.. Enumerable.Range(0, n).Select(r => nulls[c][r] ? 0 : value())];
        var dictionary = Words.Take(1 + rng.NextInt(Words.Length)).ToList();
        var whole = Whole(0, () => (long)offset + rng.NextInt(20));
        double[] real = [.. Enumerable.Range(0, n).Select(r => nulls[1][r] ? 0 : offset + Math.Round(rng.NextNormal(), rng.NextInt(2) == 0 ? 0 : 6))];
        int[] words = [.. Enumerable.Range(0, n).Select(r => nulls[2][r] ? -1 : rng.NextInt(dictionary.Count))];
        var truth = Whole(3, () => rng.NextInt(2));
        var days = Whole(4, () => 19_700 + rng.NextInt(5));
        var moments = Whole(5, () => 1_700_000_000_000_000 + rng.NextInt(40) * (isPlain ? 1_000_000L : 1_234_567L));
        return new Table(
        [
            new IntegerColumn("i", ColumnType.Integer, whole, nulls[0]),
            new DoubleColumn("x", real, nulls[1]),
            new TextColumn("Größe \"x\"", words, dictionary),
            new IntegerColumn("b", isPlain ? ColumnType.Integer : ColumnType.Boolean, truth, nulls[3]),
            new IntegerColumn("day", ColumnType.Date, days, nulls[4]),
            new IntegerColumn("at", isPlain ? ColumnType.Timestamp : ColumnType.LocalTimestamp, moments, nulls[5]),
            .. isPlain ? new[] { new IntegerColumn("row", ColumnType.Integer, [.. Enumerable.Range(0, n).Select(r => (long)r)]) } : [],
        ]);
    }
}
