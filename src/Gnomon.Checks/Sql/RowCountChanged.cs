using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>The transformation gained or lost rows without being told to.</summary>
public sealed class RowCountChanged : Check<RowContract>
{
    public override CheckCard Card { get; } = new(
        Id: "row-count-changed",
        Asks: "Does the step return the number of rows that it promises?",
        FiresWhen: "a step that promises one row per key, or as many rows as went in, returns at least one row more or less; a failure where the answer came out of it",
        Means: "The transformation gained or lost rows without being told to.",
        Remedy: "Stop, list the keys that gained or lost rows, choose the rule and write it down.",
        Source: "relational contract; Kimball and Ross 2013")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0 };

    public override CheckResult Evaluate(RowContract evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Promised == 0 && evidence.Found == 0)
        {
            return CheckResult.Skip($"{evidence.Step}: no rows went in");
        }

        var off = Math.Abs(evidence.Found - evidence.Promised);
        var says = $"{evidence.Step}: {Figures.Count(evidence.Promised, "row")} promised, {Figures.Count(evidence.Found)} found";
        return off == 0 ? CheckResult.Pass(says, 0, 1) : evidence.IsAnswer ? CheckResult.Fail(says, off, 1) : CheckResult.Warn($"{says}; the answer given here keeps the promise", off, 1);
    }

    public override RowContract Trap(int seed) => Simulate(seed, off: 1);

    public override RowContract Clean(int seed) => Simulate(seed, off: 0);

    public override RowContract? Tiny => new() { Step = "one row per customer", Promised = 0, Found = 0, IsAnswer = true };

    private static RowContract Simulate(int seed, int off)
    {
        var rng = new Rng(seed).Stream("row-count-changed");
        var rows = 900 + rng.NextInt(200);
        return new RowContract { Step = "one row per customer", Promised = rows, Found = rows + (rng.NextInt(2) == 0 ? off : -off), IsAnswer = true };
    }
}
