using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Checks.Sql;

/// <summary>Equal values or file order make the answer ambiguous.</summary>
public sealed class OrderDependentResult : Check<TieHandling>
{
    public override CheckCard Card { get; } = new(
        Id: "order-dependent-result",
        Asks: "Would the same data in another order give the same answer?",
        FiresWhen: "breaking ties another way changes at least one entity of the answer",
        Means: "Equal values or file order make the answer ambiguous.",
        Remedy: "Add a tie-breaker or choose the ranking rule, make the order explicit, and count the ties.",
        Source: "SQL:2003 window functions; relational model")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["order-dependent-logic", "tie-order-nondeterminism", "tie-handling", "tied-votes"] };

    public override CheckResult Evaluate(TieHandling evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return FormJudge.Judge(evidence);
    }

    public override TieHandling Trap(int seed) => Simulate(seed, flawed: true);

    public override TieHandling Clean(int seed) => Simulate(seed, flawed: false);

    public override TieHandling? Tiny => new() { Form = "numbering rows with ROW_NUMBER", Entities = "departments", Right = 0, Missed = 0, Wrong = 0 };

    private static TieHandling Simulate(int seed, bool flawed)
    {
        var (right, missed, wrong) = FormJudge.Draw(seed, "order-dependent-result", flawed);
        return new TieHandling { Form = "numbering rows with ROW_NUMBER", Entities = "departments", Right = right, Missed = missed, Wrong = wrong, IsAnswer = false };
    }
}
