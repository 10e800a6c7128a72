using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Checks.Sql;

/// <summary>Filtering rows is not the same as answering for each person or group.</summary>
public sealed class QueryScopeMismatch : Check<QueryScope>
{
    public override CheckCard Card { get; } = new(
        Id: "query-scope-mismatch",
        Asks: "Does the query test what the question is about: each entity, not each row?",
        FiresWhen: "rows, neighbouring rows or the whole table are tested where the question is about each entity, and at least one entity comes out differently; a failure where the answer rests on it, a warning where it is the usual form beside a right answer",
        Means: "Filtering rows is not the same as answering for each person or group.",
        Remedy: "Aggregate one flag or running extreme per entity, rank inside each group, then filter entities.",
        Source: "Codd 1972 (relational division); interval sweep, Cormen et al.")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0, Aliases = ["per-row-exclusion", "adjacent-only-overlap", "global-limit-for-per-group"] };

    public override CheckResult Evaluate(QueryScope evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return FormJudge.Judge(evidence);
    }

    public override QueryScope Trap(int seed) => Simulate(seed, flawed: true);

    public override QueryScope Clean(int seed) => Simulate(seed, flawed: false);

    public override QueryScope? Tiny => new() { Form = "filtering rows", Entities = "customers", Right = 0, Missed = 0, Wrong = 0 };

    private static QueryScope Simulate(int seed, bool flawed)
    {
        var (right, missed, wrong) = FormJudge.Draw(seed, "query-scope-mismatch", flawed);
        return new QueryScope { Form = "filtering rows", Entities = "customers", Right = right, Missed = missed, Wrong = wrong, IsAnswer = true };
    }
}
