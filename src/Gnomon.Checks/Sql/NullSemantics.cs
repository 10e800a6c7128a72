using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Checks.Sql;

/// <summary>Missing values are being read as ordinary values, or silently empty the result.</summary>
public sealed class NullSemantics : Check<NullHandling>
{
    public override CheckCard Card { get; } = new(
        Id: "null-semantics",
        Asks: "Do missing values change who is returned?",
        FiresWhen: "NOT IN, a comparison, an order or an aggregate returns other rows under three-valued logic than with NULL handled explicitly, by at least one row",
        Means: "Missing values are being read as ordinary values, or silently empty the result.",
        Remedy: "State the rule per column, use NOT EXISTS or flags per entity, and report how many values are NULL.",
        Source: "ISO/IEC 9075 (three-valued logic); Codd 1979")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["null-unsafe-anti-join"] };

    public override CheckResult Evaluate(NullHandling evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return FormJudge.Judge(evidence);
    }

    public override NullHandling Trap(int seed) => Simulate(seed, flawed: true);

    public override NullHandling Clean(int seed) => Simulate(seed, flawed: false);

    public override NullHandling? Tiny => new() { Form = "NOT IN over a column with NULL", Entities = "customers", Right = 0, Missed = 0, Wrong = 0 };

    private static NullHandling Simulate(int seed, bool flawed)
    {
        var (right, missed, wrong) = FormJudge.Draw(seed, "null-semantics", flawed);
        return new NullHandling { Form = "NOT IN over a column with NULL", Entities = "customers", Right = right, Missed = missed, Wrong = wrong, IsAnswer = false };
    }
}
