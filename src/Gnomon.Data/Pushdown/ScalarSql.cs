using Gnomon.Core.Tables;

namespace Gnomon.Data.Pushdown;

/// <summary>Expressions and aggregates as SQL; what engines write differently is theirs.</summary>
internal abstract class ScalarSql(SqlParameters parameters, Scope scope)
{
    public string Write(Scalar scalar) => scalar switch
    {
        ColumnScalar c => Column(scope.Resolve(c.Name)),
        ValueScalar { Constant: null } => "NULL",
        ValueScalar v => Constant(v.Constant),

        // The line break ends a comment that the user may have left open.
        UserSqlScalar u => $"({u.Text}\n)",
        CallScalar c => Call(c),
        AggregateScalar a => Aggregate(a),
        CaseScalar c => Case(c),
        _ => throw new ArgumentException($"The expression {scalar.GetType().Name} is not known.", nameof(scalar)),
    };

    /// <summary>An expression as a row of the answer carries it: what reading does anyway need not be written.</summary>
    public virtual string Delivered(Scalar scalar) => Write(scalar);

    /// <summary>An expression as it is compared and sorted: texts by their bytes, whatever language the engine sorts by.</summary>
    public virtual string Sorted(Scalar scalar) => Write(scalar);

    protected SqlParameters Parameters { get; } = parameters;

    protected string Resolve(string name) => scope.Resolve(name);

    protected virtual string Column(string name) => SqlText.Identifier(name);

    protected virtual string Case(CaseScalar c) =>
        "CASE " + string.Concat(c.Branches.Select(b => $"WHEN {Write(b.When)} THEN {Write(b.Then)} ")) + $"ELSE {Write(c.Otherwise)} END";

    protected virtual string Constant(object value) => Parameters.Add(value);

    /// <summary>The type of an expression where it follows from its parts; null where only the engine knows.</summary>
    public ColumnType? TypeOf(Scalar scalar) => scalar switch
    {
        ColumnScalar c => scope.TypeOf(c.Name),
        ValueScalar v => v.Constant switch
        {
            bool => ColumnType.Boolean,
            int or long => ColumnType.Integer,
            double => ColumnType.Double,
            string => ColumnType.Text,
            DateOnly => ColumnType.Date,
            DateTimeOffset => ColumnType.Timestamp,
            _ => null,
        },
        CallScalar c => TypeOf(c),
        AggregateScalar { Function: AggregateFunction.Min or AggregateFunction.Max or AggregateFunction.Mode or AggregateFunction.AtSmallest } a => TypeOf(a.Argument!),
        AggregateScalar { Function: AggregateFunction.FixedPointSum } => ColumnType.Double,
        AggregateScalar { Function: AggregateFunction.Quantile } => null,
        AggregateScalar => ColumnType.Integer,
        CaseScalar c => TypeOf(c.Otherwise),
        _ => null,
    };

    private ColumnType? TypeOf(CallScalar call) => call.Function switch
    {
        ScalarFunction.Equal or ScalarFunction.NotEqual or ScalarFunction.Less or ScalarFunction.LessOrEqual or ScalarFunction.Greater
            or ScalarFunction.GreaterOrEqual or ScalarFunction.And or ScalarFunction.Or or ScalarFunction.Not or ScalarFunction.IsNull or ScalarFunction.Matches => ColumnType.Boolean,
        ScalarFunction.Divide or ScalarFunction.Log or ScalarFunction.ToDouble => ColumnType.Double,
        ScalarFunction.ToText or ScalarFunction.Trim or ScalarFunction.Lower => ColumnType.Text,
        ScalarFunction.ToDay => ColumnType.Date,
        ScalarFunction.ToMicroseconds or ScalarFunction.Length => ColumnType.Integer,
        ScalarFunction.Hash => ColumnType.Decimal,
        ScalarFunction.Add or ScalarFunction.Subtract or ScalarFunction.Multiply or ScalarFunction.Coalesce or ScalarFunction.Least or ScalarFunction.Greatest =>
            call.Arguments.Select(TypeOf).Distinct().ToList() is [var only] ? only : null,
        ScalarFunction.Abs => TypeOf(call.Arguments[0]),
        _ => null,
    };

    protected abstract string Call(CallScalar call);

    protected abstract string Aggregate(AggregateScalar aggregate);

    /// <summary>Operators and functions that every engine writes alike; null for the others.</summary>
    protected static string? Common(ScalarFunction function, IReadOnlyList<string> a) => function switch
    {
        ScalarFunction.Add => Infix("+", a),
        ScalarFunction.Subtract => Infix("-", a),
        ScalarFunction.Multiply => Infix("*", a),
        ScalarFunction.Equal => Infix("=", a),
        ScalarFunction.NotEqual => Infix("<>", a),
        ScalarFunction.Less => Infix("<", a),
        ScalarFunction.LessOrEqual => Infix("<=", a),
        ScalarFunction.Greater => Infix(">", a),
        ScalarFunction.GreaterOrEqual => Infix(">=", a),
        ScalarFunction.And => Infix("AND", a),
        ScalarFunction.Or => Infix("OR", a),
        ScalarFunction.Not => $"(NOT {a[0]})",
        ScalarFunction.IsNull => $"({a[0]} IS NULL)",
        ScalarFunction.Coalesce => $"coalesce({string.Join(", ", a)})",
        ScalarFunction.Least => $"least({string.Join(", ", a)})",
        ScalarFunction.Greatest => $"greatest({string.Join(", ", a)})",
        ScalarFunction.Abs => $"abs({a[0]})",
        ScalarFunction.Log => $"(CASE WHEN {a[0]} > 0 THEN ln({a[0]}) END)",
        ScalarFunction.Trim => $"trim({a[0]})",
        ScalarFunction.Lower => $"lower({a[0]})",
        ScalarFunction.Length => $"length({a[0]})",
        _ => null,
    };

    protected static string Infix(string sign, IReadOnlyList<string> a) => "(" + string.Join($" {sign} ", a) + ")";
}
