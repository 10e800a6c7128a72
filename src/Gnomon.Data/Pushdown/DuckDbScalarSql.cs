using Gnomon.Core.Tables;

namespace Gnomon.Data.Pushdown;

/// <summary>Expressions and aggregates as DuckDB SQL.</summary>
internal sealed class DuckDbScalarSql(SqlParameters parameters, Scope scope) : ScalarSql(parameters, scope)
{
    /// <summary>Blocks that are read know a number that is not finite as no value, so that the engine need not sort it out.</summary>
    public override string Delivered(Scalar scalar) =>
        scalar is CallScalar { Function: ScalarFunction.ToDouble, Arguments: [ColumnScalar column] } && TypeOf(column) == ColumnType.Double ? Write(column) : Write(scalar);

    protected override string Call(CallScalar call)
    {
        var a = call.Arguments.Select(Write).ToList();
        return call.Function switch
        {
            ScalarFunction.Divide => Infix("/", a),
            ScalarFunction.ToDouble => ToDouble(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.ToText => $"CAST({a[0]} AS VARCHAR)",
            ScalarFunction.ToDay => ToDay(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.ToMicroseconds => ToMicroseconds(a[0], TypeOf(call.Arguments[0])),
            ScalarFunction.Hash => $"hash({string.Join(", ", a)})",
            ScalarFunction.Matches => $"regexp_full_match({a[0]}, {a[1]})",
            _ => Common(call.Function, a) ?? throw new ArgumentException($"The function {call.Function} is not known.", nameof(call)),
        };
    }

    private static string ToDouble(string sql, ColumnType? type)
    {
        if (type is ColumnType.Boolean or ColumnType.Integer or ColumnType.Decimal)
        {
            return $"CAST({sql} AS DOUBLE)";
        }

        var value = type == ColumnType.Double ? sql : $"TRY_CAST({(type is null ? sql : $"CAST({sql} AS VARCHAR)")} AS DOUBLE)";
        return $"(CASE WHEN isfinite({value}) THEN {value} END)";
    }

    /// <summary>The engine's session lies in UTC, so casts between instants and days do too.</summary>
    private static string ToDay(string sql, ColumnType? type) => type switch
    {
        ColumnType.Date => sql,
        ColumnType.Timestamp or ColumnType.LocalTimestamp => $"CAST({sql} AS DATE)",
        _ => $"CAST({FromText(sql)} AS DATE)",
    };

    private static string ToMicroseconds(string sql, ColumnType? type) => type switch
    {
        ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp => $"epoch_us({sql})",
        _ => $"epoch_us({FromText(sql)})",
    };

    private static string FromText(string sql) => $"TRY_CAST(CAST({sql} AS VARCHAR) AS TIMESTAMPTZ)";

    protected override string Aggregate(AggregateScalar aggregate)
    {
        var x = aggregate.Argument is null ? null : Write(aggregate.Argument);
        var filter = aggregate.Filter is null ? "" : $" FILTER (WHERE {Write(aggregate.Filter)})";
        return aggregate.Function switch
        {
            AggregateFunction.RowCount => $"count(*){filter}",
            AggregateFunction.Count => $"count({x}){filter}",
            AggregateFunction.CountDistinct => $"count(DISTINCT {x}){filter}",
            AggregateFunction.Min => $"min({x}){filter}",
            AggregateFunction.Max => $"max({x}){filter}",
            AggregateFunction.FixedPointSum => FixedPointSum(x!, TypeOf(aggregate.Argument!), filter, aggregate.Parameter ?? 0),
            AggregateFunction.Quantile => Quantile(x!, TypeOf(aggregate.Argument!), filter, aggregate.Parameter ?? 0.5),
            AggregateFunction.Mode => Mode($"histogram({x}){filter}"),
            AggregateFunction.AtSmallest => AtSmallest(x!, Write(aggregate.Order!), aggregate.Tie is null ? null : Write(aggregate.Tie), aggregate.Filter),
            _ => throw new ArgumentException($"The aggregate {aggregate.Function} is not known.", nameof(aggregate)),
        };
    }

    /// <summary>128-bit whole numbers add exactly in any order; scaling by a power of two is exact as well.</summary>
    private static string FixedPointSum(string x, ColumnType? type, string filter, double exponent)
    {
        var isWhole = type is ColumnType.Boolean or ColumnType.Integer;
        var value = isWhole ? x : ToDouble(x, type);
        if (exponent == 0)
        {
            return $"CAST(sum(CAST({value} AS HUGEINT)){filter} AS DOUBLE)";
        }

        var scaled = $"CAST({value} AS DOUBLE) * {SqlText.Power(exponent)}";
        return $"(CAST(sum(CAST({scaled} AS HUGEINT)){filter} AS DOUBLE) * {SqlText.Power(-exponent)})";
    }

    private static string Quantile(string x, ColumnType? type, string filter, double probability)
    {
        var value = type == ColumnType.Decimal ? $"CAST({x} AS DOUBLE)" : x;
        return FormattableString.Invariant($"quantile_cont({value}, {probability:R}){filter}");
    }

    /// <summary>Rows are compared by order first, then by the tie expression and the argument, so that ties have one answer.</summary>
    private string AtSmallest(string x, string order, string? tie, Scalar? filter)
    {
        var more = filter is null ? "" : $" AND {Write(filter)}";
        return $"arg_min({x}, row({order}, {(tie is null ? string.Empty : $"{tie}, ")}{x})) FILTER (WHERE {order} IS NOT NULL AND {x} IS NOT NULL{more})";
    }

    /// <summary>The histogram's keys are sorted, so the first of the largest counts is the smallest such value.</summary>
    private static string Mode(string histogram) =>
        $"map_keys({histogram})[list_position(map_values({histogram}), list_max(map_values({histogram})))]";
}
