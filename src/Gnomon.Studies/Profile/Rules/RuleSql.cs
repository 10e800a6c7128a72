using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>What a broken row is, as an expression that the engine answers.</summary>
internal static class RuleSql
{
    private const string WholeNumber = @"-?[0-9]+([.]0*)?([eE][+]?[0-9]+)?";

    /// <summary>True for rows that break the rule, null where there is nothing to ask; null for rules that need more than one row.</summary>
    public static Scalar? Broken(Rule rule, Schema schema)
    {
        if (rule.Kind is RuleKind.Columns or RuleKind.Unique or RuleKind.Depends or RuleKind.Refers or RuleKind.Increasing)
        {
            return null;
        }

        var field = schema.Require(rule.Column);
        var column = Scalar.Column(field.Name);
        return rule.Kind switch
        {
            RuleKind.NotNull => column.IsNull(),
            RuleKind.Type => OfOtherType(rule.Type!, field),
            RuleKind.Range => Outside(rule, field),
            RuleKind.Values => rule.Values.Select(v => column.ToText().EqualTo(Scalar.Value(v))).Aggregate((a, b) => a.Or(b)).Not(),
            RuleKind.Pattern => column.ToText().Matches(rule.Pattern!).Not(),
            _ => Reversed(field, schema.Require(rule.Columns[1])),
        };
    }

    /// <summary>Rows that the rule speaks of: those with a value in each of its columns.</summary>
    public static Scalar? Asked(Rule rule) => rule.Kind == RuleKind.NotNull
        ? null
        : rule.Columns.Select(c => Scalar.Column(c).IsNull().Not()).Aggregate((a, b) => a.And(b));

    /// <summary>One text for the values of several columns, to be told apart and grouped by.</summary>
    public static Scalar Together(IReadOnlyList<string> columns)
    {
        var first = Scalar.Column(columns[0]);
        return columns.Count == 1 ? first.Hash() : columns.Skip(2).Aggregate(first.HashWith(Scalar.Column(columns[1])), (hash, c) => hash.ToText().HashWith(Scalar.Column(c)));
    }

    /// <summary>A column as a number on which its order lies: its value, or its moment.</summary>
    public static Scalar Line(Field field) => field.IsTemporal ? Call(ScalarFunction.ToMicroseconds, Scalar.Column(field.Name)) : Scalar.Column(field.Name).ToDouble();

    // False where the type settles it for every row.
    private static Scalar OfOtherType(string type, Field field)
    {
        var column = Scalar.Column(field.Name);
        var isText = field.Type is ColumnType.Text or ColumnType.Category or ColumnType.Nested;
        return (type, field) switch
        {
            ("text", _) => Scalar.Value(false),
            ("number", { Type: ColumnType.Integer or ColumnType.Double or ColumnType.Decimal }) => Scalar.Value(false),
            ("integer", { Type: ColumnType.Integer }) => Scalar.Value(false),
            ("boolean", { Type: ColumnType.Boolean }) => Scalar.Value(false),
            ("date" or "time", { IsTemporal: true } or { Type: ColumnType.Time }) => Scalar.Value(false),
            ("number", _) when isText => column.ToDouble().IsNull().And(column.IsNull().Not()),
            ("integer", _) => column.ToText().Matches(WholeNumber).Not(),
            ("date" or "time", _) when isText => Call(ScalarFunction.ToMicroseconds, column).IsNull().And(column.IsNull().Not()),
            ("boolean", _) => Call(ScalarFunction.Lower, column.ToText()).Matches("true|false|0|1").Not(),
            _ => column.IsNull().Not(),
        };
    }

    private static Scalar Outside(Rule rule, Field field)
    {
        var isMoment = (rule.Min ?? rule.Max)!.Moment is not null;
        var value = isMoment ? Call(ScalarFunction.ToMicroseconds, Scalar.Column(field.Name)) : Scalar.Column(field.Name).ToDouble();
        var below = rule.Min is { } min ? Call(ScalarFunction.Less, value, End(min)) : null;
        var above = rule.Max is { } max ? Call(ScalarFunction.Greater, value, End(max)) : null;
        return below is null ? above! : above is null ? below : below.Or(above);
    }

    private static Scalar End(Limit limit) => limit.Moment is { } moment ? Scalar.Value(moment) : Scalar.Value(limit.Number);

    // A date and a time are compared by day: a date says nothing about the hour.
    private static Scalar Reversed(Field first, Field second)
    {
        var byDay = first.IsTemporal && second.IsTemporal && first.Type == ColumnType.Date != (second.Type == ColumnType.Date);
        return byDay
            ? Call(ScalarFunction.Greater, Call(ScalarFunction.ToDay, Scalar.Column(first.Name)), Call(ScalarFunction.ToDay, Scalar.Column(second.Name)))
            : Call(ScalarFunction.Greater, Line(first), Line(second));
    }

    private static Scalar Call(ScalarFunction function, params Scalar[] arguments) => Scalar.Call(function, arguments);
}
