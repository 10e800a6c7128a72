using System.Text.RegularExpressions;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Assign;

/// <summary>The same arms as one expression in each database.</summary>
internal static partial class AssignSql
{
    public static ResultTable Table(AssignOptions options, string salt, IReadOnlyList<double> shares) => new(
        "assignment", options.Strata.Count > 0 ? "The arm of a unit, over the list of units" : "The arm of a unit, from its id", ["where", "expression"],
        [.. Enum.GetValues<AssignmentDialect>().Select(d => (IReadOnlyList<object?>)[Word(d), Expression(d, options, salt, shares)])]);

    /// <summary>The statement for the database that was asked for.</summary>
    public static string Sentence(AssignOptions options, string salt, IReadOnlyList<double> shares)
    {
        var dialect = options.Sql switch { "postgresql" => AssignmentDialect.PostgreSql, "clickhouse" => AssignmentDialect.ClickHouse, _ => AssignmentDialect.DuckDb };
        return $"The same arms in {Word(dialect)}: SELECT {Name(options.Unit!)}, {Expression(dialect, options, salt, shares)} AS arm FROM units";
    }

    private static string Expression(AssignmentDialect dialect, AssignOptions options, string salt, IReadOnlyList<double> shares)
    {
        var unit = Name(options.Unit!);
        if (options.Strata.Count > 0)
        {
            return StratifiedAssignment.Sql(dialect, salt, unit, [.. options.Strata.Select(Name)], options.Arms, [.. shares], options.Slot);
        }

        var arm = Assignment.Sql(dialect, salt, unit, options.Arms, [.. shares]);
        return options.Slot is { } slot ? $"CASE WHEN {slot.Sql(dialect, unit)} THEN {arm} END" : arm;
    }

    private static string Name(string column) => Plain().IsMatch(column) ? column : $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Word(AssignmentDialect dialect) => dialect switch
    {
        AssignmentDialect.PostgreSql => "PostgreSQL",
        AssignmentDialect.ClickHouse => "ClickHouse",
        _ => "DuckDB",
    };

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex Plain();
}
