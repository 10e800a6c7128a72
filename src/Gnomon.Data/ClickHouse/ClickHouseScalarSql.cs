using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.ClickHouse;

/// <summary>Expressions as ClickHouse SQL that answer what the embedded engine answers, from 18.16 on.</summary>
/// <remarks>
/// Every expression has a physical form of <see cref="ClickHouseColumn"/>. Old servers do not know three-valued logic (NULL OR 0 is 0 there, NULL AND 0 is NULL), so truth is written with numbers where
/// NULL can matter; conditions of WHERE and CASE, where NULL and false are the same, are written as usual. Texts are compared by their bytes by every server.
/// </remarks>
internal sealed class ClickHouseScalarSql(Scope scope, ClickHouseNames names, ClickHouseCapabilities can) : ScalarSql(new SqlParameters(), scope)
{
    // Of a value that is not there: the number that the PostgreSQL engine uses.
    private const string HashOfNull = "-4658895280553007687";

    private readonly ClickHouseAggregates _aggregates = new(can);

    /// <summary>An expression of which only true counts: NULL and false are one.</summary>
    public string Condition(Scalar scalar) => scalar switch
    {
        CallScalar { Function: ScalarFunction.And } c => Infix("AND", [.. c.Arguments.Select(Condition)]),
        CallScalar { Function: ScalarFunction.Or } c => Infix("OR", [.. c.Arguments.Select(Condition)]),
        _ => Write(scalar),
    };

    protected override string Constant(object value) => ClickHouseText.Constant(value);

    protected override string Column(string name) => names.Value(name);

    protected override string Case(CaseScalar c)
    {
        var branches = c.Branches.Select(b => b.Then).Append(c.Otherwise).ToList();
        var isMixed = Mixed(branches);
        var text = c.Branches.Select(b => $"{Condition(b.When)}, {(isMixed ? Real(b.Then) : Write(b.Then))}");
        return $"multiIf({string.Join(", ", text)}, {(isMixed ? Real(c.Otherwise) : Write(c.Otherwise))})";
    }

    protected override string Call(CallScalar call)
    {
        var a = call.Arguments;
        return call.Function switch
        {
            ScalarFunction.Divide => $"({Real(a[0])} / nullIf({Real(a[1])}, 0))",
            ScalarFunction.Add or ScalarFunction.Subtract or ScalarFunction.Multiply or ScalarFunction.Coalesce when Mixed(a) => Common(call.Function, [.. a.Select(Real)])!,
            ScalarFunction.And or ScalarFunction.Or => Logic(call),
            ScalarFunction.Equal or ScalarFunction.NotEqual or ScalarFunction.Less or ScalarFunction.LessOrEqual or ScalarFunction.Greater or ScalarFunction.GreaterOrEqual =>
                Common(call.Function, [.. a.Select(x => SameClock(x, a))])!,
            ScalarFunction.Least or ScalarFunction.Greatest => Extreme(call.Function == ScalarFunction.Least ? "<=" : ">=", Mixed(a) ? [.. a.Select(Real)] : [.. a.Select(Write)]),
            ScalarFunction.Abs => TypeOf(a[0]) == ColumnType.Integer ? $"toInt64(abs({Write(a[0])}))" : $"abs({Write(a[0])})",
            ScalarFunction.Log => Write(a[0]) is var x ? $"multiIf({x} > 0, log({Real(a[0])}), NULL)" : x,
            ScalarFunction.ToDouble => ToDouble(a[0]),
            ScalarFunction.ToText => ToText(a[0]),
            ScalarFunction.ToDay => ToDay(a[0]),
            ScalarFunction.ToMicroseconds => ToMicroseconds(a[0]),
            ScalarFunction.Hash => Hash([.. a.Select(ToText)]),
            ScalarFunction.Trim => ClickHouseWords.Trim(ToText(a[0]), can),
            ScalarFunction.Matches => $"match({ToText(a[0])}, concat('^(?:', {Write(a[1])}, ')$'))",
            ScalarFunction.Lower => $"lowerUTF8({ToText(a[0])})",
            ScalarFunction.Length => $"toInt64(lengthUTF8({ToText(a[0])}))",
            _ => Common(call.Function, [.. a.Select(Write)]) ?? throw new ArgumentException($"The function {call.Function} is not known.", nameof(call)),
        };
    }

    protected override string Aggregate(AggregateScalar aggregate)
    {
        var x = aggregate.Argument is null ? null : Write(aggregate.Argument);
        var filter = aggregate.Filter is null ? null : Condition(aggregate.Filter);
        var type = aggregate.Argument is null ? null : TypeOf(aggregate.Argument);
        return aggregate.Function switch
        {
            AggregateFunction.RowCount => ClickHouseAggregates.RowCount(filter),
            AggregateFunction.Count => ClickHouseAggregates.Count(x!, filter),
            AggregateFunction.CountDistinct => ClickHouseAggregates.CountDistinct(aggregate.Argument is ColumnScalar c && type == ColumnType.Decimal ? names.Native(Resolve(c.Name)) ?? x! : x!, filter),
            AggregateFunction.Min => ClickHouseAggregates.Extreme("min", x!, type == ColumnType.Double && aggregate.Argument is ColumnScalar, filter),
            AggregateFunction.Max => ClickHouseAggregates.Extreme("max", x!, type == ColumnType.Double && aggregate.Argument is ColumnScalar, filter),
            AggregateFunction.FixedPointSum => type is ColumnType.Boolean or ColumnType.Integer
                ? ClickHouseAggregates.WholeSum(x!, filter)
                : ClickHouseAggregates.FixedPointSum(ToDouble(aggregate.Argument!), filter, aggregate.Parameter ?? 0),
            AggregateFunction.Quantile => _aggregates.Quantile(ToDouble(aggregate.Argument!), filter, aggregate.Parameter ?? 0.5),
            AggregateFunction.Mode => ClickHouseAggregates.Mode(x!, filter),
            AggregateFunction.AtSmallest => ClickHouseAggregates.AtSmallest(x!, Write(aggregate.Order!), aggregate.Tie is null ? null : Write(aggregate.Tie), aggregate.Tie is { } t && TypeOf(t) is ColumnType.Text or ColumnType.Category ? "''" : "0", filter),
            _ => throw new ArgumentException($"The aggregate {aggregate.Function} is not known.", nameof(aggregate)),
        };
    }

    // False is 0, unknown 1, true 2: AND is the least, OR the greatest, and 1 is NULL again.
    private string Logic(CallScalar call)
    {
        var isAnd = call.Function == ScalarFunction.And;
        if (call.Arguments.All(IsCertain))
        {
            return Infix(isAnd ? "AND" : "OR", [.. call.Arguments.Select(Write)]);
        }

        var all = call.Arguments.Select(x => $"ifNull({Write(x)} * 2, 1)").Aggregate((x, y) => $"{(isAnd ? "least" : "greatest")}({x}, {y})");
        return $"(nullIf({all}, 1) > 1)";
    }

    // Never NULL, whatever the rows hold.
    private static bool IsCertain(Scalar scalar) => scalar switch
    {
        CallScalar { Function: ScalarFunction.IsNull } => true,
        CallScalar { Function: ScalarFunction.And or ScalarFunction.Or or ScalarFunction.Not } c => c.Arguments.All(IsCertain),
        ValueScalar v => v.Constant is not null,
        _ => false,
    };

    // What is not there is passed over, as in the embedded engine.
    private static string Extreme(string sign, IReadOnlyList<string> values) =>
        values.Aggregate((x, y) => $"multiIf(isNull({x}), {y}, isNull({y}), {x}, {x} {sign} {y}, {x}, {y})");

    private bool Mixed(IReadOnlyList<Scalar> scalars)
    {
        var types = scalars.Where(x => x is not ValueScalar { Constant: null }).Select(TypeOf).ToList();
        return types.Distinct().Count() > 1 && types.TrueForAll(t => t is ColumnType.Integer or ColumnType.Double or ColumnType.Decimal or ColumnType.Boolean or null);
    }

    private string Real(Scalar scalar) => scalar is ValueScalar { Constant: null } ? "NULL" : TypeOf(scalar) is ColumnType.Double or ColumnType.Decimal ? Write(scalar) : $"toFloat64({Write(scalar)})";

    // A date beside an instant is its midnight.
    private string SameClock(Scalar scalar, IReadOnlyList<Scalar> beside) =>
        TypeOf(scalar) == ColumnType.Date && beside.Any(b => TypeOf(b) == ColumnType.Timestamp)
            ? FormattableString.Invariant($"({Write(scalar)} * {ClickHouseColumn.MicrosecondsPerDay})")
            : Write(scalar);

    private string ToDouble(Scalar scalar)
    {
        if (scalar is CallScalar { Function: ScalarFunction.ToDouble } or AggregateScalar { Function: AggregateFunction.FixedPointSum })
        {
            return Write(scalar);
        }

        var x = Write(scalar);
        return TypeOf(scalar) switch
        {
            ColumnType.Boolean or ColumnType.Integer or ColumnType.Date or ColumnType.Timestamp => $"toFloat64({x})",
            ColumnType.Text or ColumnType.Category or ColumnType.Nested => ClickHouseWords.Number(x, can),
            ColumnType.Decimal => $"toFloat64({x})",
            _ => $"multiIf(isFinite(toFloat64({x})), toFloat64({x}), NULL)",
        };
    }

    private string ToText(Scalar scalar)
    {
        if (scalar is ColumnScalar column && names.AsText(Resolve(column.Name)) is { } direct)
        {
            return direct;
        }

        var x = Write(scalar);
        return TypeOf(scalar) switch
        {
            ColumnType.Text or ColumnType.Category or ColumnType.Nested => x,
            ColumnType.Boolean => $"multiIf(isNull({x}), NULL, {x} != 0, 'true', 'false')",
            ColumnType.Double => ClickHouseWords.OfNumber(x),
            ColumnType.Date => $"toString(toDate({x}))",
            ColumnType.Timestamp => $"concat(toString(toDateTime(intDiv({x}, 1000000)), 'UTC'), '+00')",
            _ => $"toString({x})",
        };
    }

    private string ToDay(Scalar scalar) => TypeOf(scalar) switch
    {
        ColumnType.Date => Write(scalar),
        ColumnType.Timestamp => ClickHouseWords.DayOf(Write(scalar)),
        _ => ClickHouseWords.DayOf(ClickHouseWords.Moment(ToText(scalar), can)),
    };

    private string ToMicroseconds(Scalar scalar) => TypeOf(scalar) switch
    {
        ColumnType.Date => FormattableString.Invariant($"({Write(scalar)} * {ClickHouseColumn.MicrosecondsPerDay})"),
        ColumnType.Timestamp => Write(scalar),
        _ => ClickHouseWords.Moment(ToText(scalar), can),
    };

    // The first eight bytes of MD5: the same on every server and in every version.
    private static string Hash(IReadOnlyList<string> texts)
    {
        var all = texts.Count == 1 ? texts[0] : $"concat({string.Join(", '\\x1f', ", texts)})";
        return $"ifNull(toInt64(halfMD5({all})), {HashOfNull})";
    }
}

/// <summary>How the columns of a query's source are written: those of a table by their types, those of an inner query by its aliases.</summary>
/// <param name="Value">A column in its physical form.</param>
/// <param name="AsText">A table's column as text, where that does not follow from its value.</param>
/// <param name="Native">A table's column as the server holds it.</param>
internal sealed record ClickHouseNames(Func<string, string> Value, Func<string, string?> AsText, Func<string, string?> Native);
