using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Design;

/// <summary>How the units of a named experiment get their arms: by a hash that SQL and C# share.</summary>
internal static class AssignmentSql
{
    public static IEnumerable<string> Next(DesignFacts facts)
    {
        if (Says(facts))
        {
            yield return $"Assign by a hash of the unit's id, salted with '{facts.Options.Experiment}': the table of expressions gives the same arm in every database, and Assignment.Arm in C#. Log a unit when it first meets its arm, both arms by the same code.";
        }
    }

    public static IEnumerable<ResultTable> Tables(DesignFacts facts)
    {
        if (Says(facts))
        {
            var (unit, control) = (facts.Options.Unit ?? "unit_id", facts.Options.Control ?? "A");
            string[] arms = [control, .. Enumerable.Range(1, facts.Shares.Count - 1).Select(i => Name(i, control))];
            yield return new ResultTable("assignment", "The arm of a unit, from its id", ["where", "expression"],
                [.. Enum.GetValues<AssignmentDialect>().Select(d => (IReadOnlyList<object?>)[Word(d), Assignment.Sql(d, facts.Options.Experiment!, unit, arms, [.. facts.Shares])])]);
        }
    }

    private static bool Says(DesignFacts facts) =>
        facts.Options is { Experiment: { Length: > 0 } name } && DesignKinds.IsExperiment(facts.Kind) && facts.Kind != "cluster" && facts.Shares.Count > 1 && !$"{name}{facts.Options.Control}".Contains('\'', StringComparison.Ordinal);

    private static string Name(int index, string control) => control == "A" ? ((char)('A' + index)).ToString() : index == 1 ? "treatment" : $"treatment {index}";

    private static string Word(AssignmentDialect dialect) => dialect switch
    {
        AssignmentDialect.PostgreSql => "PostgreSQL",
        AssignmentDialect.ClickHouse => "ClickHouse",
        _ => "DuckDB",
    };
}
