using System.Globalization;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>One comparison of a column with a value.</summary>
internal sealed record TriggerClause(string Column, string Comparison, string Text, double? Number)
{
    /// <summary>Asked of text, since the value is no number or the column holds none.</summary>
    public bool IsText { get; init; }

    public bool Holds(double value) => Comparison switch
    {
        ">" => value > Number,
        ">=" => value >= Number,
        "<" => value < Number,
        "<=" => value <= Number,
        "=" => value == Number,
        _ => value != Number,
    };
}

/// <summary>A rule that keeps a row when all its comparisons hold; a missing value meets none.</summary>
internal sealed partial record TriggerRule(string Text, IReadOnlyList<TriggerClause> Clauses)
{
    public static bool IsRule(string text) => text.Split('&').All(c => Clause().IsMatch(c));

    /// <exception cref="GnomonError">A column is not there, or holds no numbers where one is compared.</exception>
    public static TriggerRule Bind(string text, Schema schema) => new(text.Trim(), [.. text.Split('&').Select(part =>
    {
        var match = Clause().Match(part);
        var field = schema.Require(match.Groups["column"].Value.Trim(), "--keep");
        var (comparison, value) = (match.Groups["comparison"].Value, match.Groups["value"].Value.Trim());
        double? number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? parsed : null;
        var isNumeric = field.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;
        var isText = number is null || !isNumeric;
        return isText && comparison is not ("=" or "!=")
            ? throw new GnomonError("bad-rule", number is null ? $"'{part.Trim()}' compares {field.Name} with '{value}', which is no number." : $"'{part.Trim()}' asks for numbers; {field.Name} holds text.", "--keep", "Compare texts with = or !=.")
            : new TriggerClause(field.Name, comparison, value, number) { IsText = isText };
    })]);

    [GeneratedRegex("^\\s*(?<column>[^<>=!&]+?)\\s*(?<comparison>>=|<=|!=|>|<|=)\\s*(?<value>[^<>=!&]+?)\\s*$", RegexOptions.None, 1000)]
    private static partial Regex Clause();
}
