using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>The table does not have the columns it should.</summary>
public sealed class SchemaDrift : Check<SchemaComparison>
{
    private const int MostNamed = 4;

    public override CheckCard Card { get; } = new(
        Id: "schema-drift",
        Asks: "Does the table have the columns, kinds of values and order that it should have?",
        FiresWhen: "against the other file a column is missing or holds another kind of value: it fails. Columns that are new or stand in another order are a warning",
        Means: "The incoming table is not the one the model or report was built on.",
        Remedy: "Reject or map explicitly with the reasons counted; version the contract.",
        Source: "Breck et al. 2019")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0, Aliases = ["contract-violation"] };

    public override CheckResult Evaluate(SchemaComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Common + evidence.Missing.Count == 0)
        {
            return CheckResult.Skip($"{evidence.Reference} has no columns to compare with");
        }

        var broken = evidence.Missing.Count + evidence.Retyped.Count;
        var changed = broken + evidence.Added.Count;
        List<string> says = [];
        Add(says, evidence.Missing, "missing");
        Add(says, evidence.Retyped, "of another kind");
        Add(says, evidence.Added, "new");
        if (evidence.IsReordered)
        {
            says.Add("columns stand in another order");
        }

        var text = $"against {evidence.Reference}, {string.Join("; ", says)}; {Figures.Count(evidence.Common, "column")} in common";
        return broken > 0 ? CheckResult.Fail(text, changed, 0)
            : says.Count > 0 ? CheckResult.Warn(text, changed, 0)
            : CheckResult.Pass($"the {Figures.Count(evidence.Common, "column")} of {evidence.Reference} are here in the same order and of the same kinds", 0, 0);
    }

    public override SchemaComparison Trap(int seed) => Simulate(seed, drift: true);

    public override SchemaComparison Clean(int seed) => Simulate(seed, drift: false);

    public override SchemaComparison? Tiny => new() { Reference = "train.csv", Common = 0, Missing = [], Added = [], Retyped = [], IsReordered = false };

    // Eight columns; one of them, at random, is lost or arrives as text.
    private static SchemaComparison Simulate(int seed, bool drift)
    {
        var rng = new Rng(seed).Stream("schema-drift");
        var column = $"x{rng.NextInt(8)}";
        var isLost = rng.NextInt(2) == 0;
        return new SchemaComparison
        {
            Reference = "train.csv", Common = drift && isLost ? 7 : 8, Missing = drift && isLost ? [column] : [], Added = [],
            Retyped = drift && !isLost ? [$"{column} (number there, text here)"] : [], IsReordered = false,
        };
    }

    private static void Add(List<string> says, IReadOnlyList<string> columns, string word)
    {
        if (columns.Count > 0)
        {
            says.Add($"{Figures.Count(columns.Count, "column")} {word}: {string.Join(", ", columns.Take(MostNamed))}{(columns.Count > MostNamed ? ", ..." : string.Empty)}");
        }
    }
}
