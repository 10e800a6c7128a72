using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Postgres;

/// <summary>Expressions and aggregates as PostgreSQL 15 SQL that answer what the embedded engine answers.</summary>
/// <remarks>
/// PostgreSQL has no cast that gives up quietly, so text is looked at by a pattern before it is cast; texts are compared by their bytes (<c>COLLATE "C"</c>), not by the server's
/// language; division is that of real numbers.
/// </remarks>
internal sealed class PostgresScalarSql(SqlParameters parameters, Scope scope) : ScalarSql(parameters, scope)
{
    private const string Number = @"'^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$'";
    private const string Moment = @"'^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?([Zz]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?)?$'";
    private const int PartBits = 62;
    private const string Widest = "4e37";
    private const string HashOfNull = "-4658895280553007687";

    public override string Sorted(Scalar scalar) => TypeOf(scalar) is ColumnType.Text or ColumnType.Category or null ? Bytewise(scalar) : Write(scalar);

    protected override string Constant(object value)
    {
        var mark = Parameters.Mark(value);
        return value switch
        {
            bool => $"CAST({mark} AS boolean)",
            int or long => $"CAST({mark} AS bigint)",
            double => $"CAST({mark} AS double precision)",
            DateOnly => $"CAST({mark} AS date)",
            DateTimeOffset => $"CAST({mark} AS timestamptz)",
            _ => $"CAST({mark} AS text)",
        };
    }

    protected override string Call(CallScalar call)
    {
        var a = call.Arguments.Select(Write).ToList();
        return call.Function switch
        {
            ScalarFunction.Divide => $"({Real(a[0], call.Arguments[0])} / nullif({Real(a[1], call.Arguments[1])}, 0))",
            ScalarFunction.Add or ScalarFunction.Subtract or ScalarFunction.Multiply or ScalarFunction.Coalesce or ScalarFunction.Least or ScalarFunction.Greatest when Mixed(call) =>
                Common(call.Function, [.. a.Select((x, i) => Real(x, call.Arguments[i]))])!,
            ScalarFunction.Less or ScalarFunction.LessOrEqual or ScalarFunction.Greater or ScalarFunction.GreaterOrEqual or ScalarFunction.Least or ScalarFunction.Greatest
                when call.Arguments.All(x => TypeOf(x) is ColumnType.Text or ColumnType.Category) => Common(call.Function, [.. call.Arguments.Select(Bytewise)])!,
            ScalarFunction.Equal or ScalarFunction.NotEqual when call.Arguments.Any(x => TypeOf(x) is ColumnType.Category) =>
                Common(call.Function, [.. a.Select(x => $"CAST({x} AS text)")])!,
            ScalarFunction.Log => $"(CASE WHEN {a[0]} > 0 THEN ln({Real(a[0], call.Arguments[0])}) END)",
            ScalarFunction.ToDouble => ToDouble(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.ToText => ToText(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.ToDay => ToDay(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.ToMicroseconds => ToMicroseconds(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.Hash => Hash([.. a.Select((x, i) => ToText(x, TypeOf(call.Arguments[i])))]),
            ScalarFunction.Matches => $"({a[0]} ~ ('^(?:' || {a[1]} || ')$'))",
            ScalarFunction.Trim => $"btrim({a[0]})",
            _ => Common(call.Function, a) ?? throw new ArgumentException($"The function {call.Function} is not known.", nameof(call)),
        };
    }

    protected override string Aggregate(AggregateScalar aggregate)
    {
        var x = aggregate.Argument is null ? null : Write(aggregate.Argument);
        var type = aggregate.Argument is null ? null : TypeOf(aggregate.Argument);
        var filter = aggregate.Filter is null ? "" : $" FILTER (WHERE {Write(aggregate.Filter)})";
        return aggregate.Function switch
        {
            AggregateFunction.RowCount => $"count(*){filter}",
            AggregateFunction.Count => $"count({x}){filter}",
            AggregateFunction.CountDistinct => $"count(DISTINCT {x}){filter}",
            AggregateFunction.Min or AggregateFunction.Max when type == ColumnType.Boolean => $"bool_{(aggregate.Function == AggregateFunction.Min ? "and" : "or")}({x}){filter}",
            AggregateFunction.Min => $"min({Sorted(aggregate.Argument!)}){filter}",
            AggregateFunction.Max => $"max({Sorted(aggregate.Argument!)}){filter}",
            AggregateFunction.FixedPointSum => FixedPointSum(x!, type, filter, aggregate.Parameter ?? 0),
            AggregateFunction.Quantile => Quantile(x!, type, filter, aggregate.Parameter ?? 0.5),
            AggregateFunction.Mode => $"mode() WITHIN GROUP (ORDER BY {Sorted(aggregate.Argument!)}){filter}",
            AggregateFunction.AtSmallest => AtSmallest(aggregate),
            _ => throw new ArgumentException($"The aggregate {aggregate.Function} is not known.", nameof(aggregate)),
        };
    }

    /// <summary>An expression as text, written as the embedded engine writes it.</summary>
    internal static string ToText(string sql, ColumnType? type) => type switch
    {
        ColumnType.Double => $"(CASE WHEN {sql} = trunc({sql}) AND abs({sql}) < 1e15 THEN CAST({sql} AS text) || '.0' ELSE CAST({sql} AS text) END)",
        _ => $"CAST({sql} AS text)",
    };

    private string Bytewise(Scalar scalar) => TypeOf(scalar) is ColumnType.Text or ColumnType.Category ? $"CAST({Write(scalar)} AS text) COLLATE \"C\"" : Write(scalar);

    private bool Mixed(CallScalar call) => call.Arguments.Select(TypeOf).Distinct().Count() > 1 && call.Arguments.All(x => TypeOf(x) is ColumnType.Integer or ColumnType.Double or ColumnType.Decimal or ColumnType.Boolean);

    private string Real(string sql, Scalar scalar) => TypeOf(scalar) == ColumnType.Boolean ? $"CAST(CAST({sql} AS integer) AS double precision)" : $"CAST({sql} AS double precision)";

    private static string ToDouble(string sql, ColumnType? type)
    {
        if (type == ColumnType.Boolean)
        {
            return $"CAST(CAST({sql} AS integer) AS double precision)";
        }

        if (type == ColumnType.Integer)
        {
            return $"CAST({sql} AS double precision)";
        }

        // What is neither NaN nor infinite leaves nothing when it is taken from itself.
        if (type is ColumnType.Double or ColumnType.Decimal)
        {
            var value = $"CAST({sql} AS double precision)";
            return $"(CASE WHEN {value} - {value} = 0 THEN {value} END)";
        }

        var text = $"btrim(CAST({sql} AS text))";
        var exact = $"abs(CAST({text} AS numeric))";
        return $"(CASE WHEN {text} ~ {Number} THEN CASE WHEN {exact} < 1.797e308 AND {exact} > 1e-307 THEN CAST({text} AS double precision) WHEN {exact} <= 1e-307 THEN 0.0 END END)";
    }

    private static string ToDay(string sql, ColumnType? type) => type switch
    {
        ColumnType.Date => sql,
        ColumnType.Timestamp or ColumnType.LocalTimestamp => $"CAST({sql} AS date)",
        _ => $"CAST({FromText(sql)} AS date)",
    };

    private static string ToMicroseconds(string sql, ColumnType? type) => type switch
    {
        ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp => Microseconds(sql),
        _ => Microseconds(FromText(sql)),
    };

    internal static string Microseconds(string sql) => $"CAST(extract(epoch FROM {sql}) * 1000000 AS bigint)";

    // The pattern lets 31 days a month through; the comparison with the month's last day does not.
    private static string FromText(string sql)
    {
        var text = $"btrim(CAST({sql} AS text))";
        var month = $"CAST(substr({text}, 1, 7) || '-01' AS date)";
        return $"(CASE WHEN {text} ~ {Moment} THEN CASE WHEN substr({text}, 1, 4) > '0000' AND CAST(substr({text}, 9, 2) AS integer) <= extract(day FROM {month} + interval '1 month' - interval '1 day') THEN CAST({text} AS timestamptz) END END)";
    }

    // The first eight bytes of MD5: the same in every version, unlike the server's own hash.
    private static string Hash(IReadOnlyList<string> texts)
    {
        var all = texts.Count == 1 ? texts[0] : $"({string.Join(" || chr(31) || ", texts)})";
        return $"coalesce(CAST(CAST('x' || left(md5({all}), 16) AS bit(64)) AS bigint), {HashOfNull})";
    }

    /// <summary>
    /// Whole numbers add exactly in any order. A double times a power of two is rounded to a whole number and parted at 2^62, so that both parts are exact 64-bit numbers, which the server adds in 128 bits:
    /// the embedded engine's sum to the last bit.
    /// </summary>
    private static string FixedPointSum(string x, ColumnType? type, string filter, double exponent)
    {
        if (type is ColumnType.Integer or ColumnType.Boolean)
        {
            return $"CAST(sum(CAST({(type == ColumnType.Boolean ? $"CAST({x} AS integer)" : x)} AS bigint)){filter} AS double precision)";
        }

        var value = ToDouble(x, type);
        var y = exponent == 0 ? value : $"({value} * {Power((int)exponent)})";
        var high = $"trunc({y} / {Power(PartBits)})";
        string Part(string part) => $"sum(CAST((CASE WHEN abs({y}) < {Widest} THEN {part} END) AS bigint)){filter}";
        var sum = $"CAST({Part(high)} * {1L << PartBits} + {Part($"round({y} - {high} * {Power(PartBits)})")} AS double precision) * {Power(-(int)exponent)}";

        // What 128 bits cannot hold is added as doubles are.
        return $"(CASE WHEN max(abs({y})){filter} < {Widest} THEN {sum} ELSE sum({value}){filter} END)";
    }

    private static string Power(int exponent) => FormattableString.Invariant($"CAST({Math.ScaleB(1, exponent):R} AS double precision)");

    private static string Quantile(string x, ColumnType? type, string filter, double probability)
    {
        var value = type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Boolean ? ToDouble(x, type) : x;
        return FormattableString.Invariant($"percentile_cont({probability:R}) WITHIN GROUP (ORDER BY {value}){filter}");
    }

    private string AtSmallest(AggregateScalar aggregate)
    {
        var (x, order) = (Write(aggregate.Argument!), Write(aggregate.Order!));
        var tie = aggregate.Tie is null ? "" : $"{Sorted(aggregate.Tie)}, ";
        var more = aggregate.Filter is null ? "" : $" AND {Write(aggregate.Filter)}";
        return $"(array_agg({x} ORDER BY {Sorted(aggregate.Order!)}, {tie}{Sorted(aggregate.Argument!)}) FILTER (WHERE {order} IS NOT NULL AND {x} IS NOT NULL{more}))[1]";
    }
}
