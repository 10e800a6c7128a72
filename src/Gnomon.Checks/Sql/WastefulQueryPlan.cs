using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>The query does far more work than the answer needs.</summary>
public sealed class WastefulQueryPlan : Check<PlanWork>
{
    private const double MostTimes = 10;
    private const long FewestRows = 1_000;

    public override CheckCard Card { get; } = new(
        Id: "wasteful-query-plan",
        Asks: "Does the query do the work that its answer needs, and no more?",
        FiresWhen: "rows between two steps exceed 10 times the larger of input and output, and a form with equal results that does less is known",
        Means: "The query does far more work than the answer needs.",
        Remedy: "Pre-aggregate, use a window function, prune columns and partitions.",
        Source: "Graefe 1993; Abadi et al. 2013")
    { Level = CheckLevel.Note, FalseAlarmRate = 0, Aliases = ["self-join-explosion"] };

    public override CheckResult Evaluate(PlanWork evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.RowsBetween < FewestRows)
        {
            return CheckResult.Skip($"{evidence.Form}: {Figures.Count(evidence.RowsBetween, "row")} at most, too few for the plan to matter; {Figures.Count(FewestRows)} are needed");
        }

        var times = evidence.RowsBetween / (double)Math.Max(1, Math.Max(evidence.RowsIn, evidence.RowsOut));
        var says = $"{evidence.Form} handles {Figures.Count(evidence.RowsBetween, "row")} between its steps for {Figures.Count(evidence.RowsIn)} read and {Figures.Count(evidence.RowsOut)} returned";
        return times > MostTimes && evidence.Rewrite is { } rewrite
            ? CheckResult.Note($"{says}; {rewrite} gives the same", times, MostTimes)
            : CheckResult.Pass(says, times, MostTimes);
    }

    public override PlanWork Trap(int seed) => Simulate(seed, 12);

    public override PlanWork Clean(int seed) => Simulate(seed, 1);

    public override PlanWork? Tiny => new() { Form = "a self-join", RowsIn = 10, RowsBetween = 200, RowsOut = 10, Rewrite = "a window" };

    // 10,000 events; a self-join that pairs each with about twelve others, or with itself alone.
    private static PlanWork Simulate(int seed, int pairs)
    {
        var rng = new Rng(seed).Stream("wasteful-query-plan");
        var between = 0L;
        for (var i = 0; i < 10_000; i++)
        {
            between += pairs == 1 ? 1 : pairs - 1 + rng.NextInt(3);
        }

        return new PlanWork { Form = "a self-join on days", RowsIn = 10_000, RowsBetween = between, RowsOut = 10_000, Rewrite = "a window over one row per user and day" };
    }
}
