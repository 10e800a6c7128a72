using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The question, or the rule for acting on it, was not written down before the data.</summary>
public sealed class PlanIncomplete : Check<PlanStatement>
{
    public override CheckCard Card { get; } = new(
        Id: "plan-incomplete",
        Asks: "Was the question, with its rule for acting, written down before the data?",
        FiresWhen: "there is no plan, or it lacks the unit, the primary metric, the smallest worthwhile effect, the size or the hypothesis, or the analysis departs from it; warns when the plan was written after the first look, or a plan was handed in that is not the one on record, or the test went on past a futility bound that binds",
        Means: "The question, or the rule for acting on it, was not written down before the data.",
        Remedy: "Write a plan file before the next run, or mark the result exploratory.",
        Source: "ICH E9(R1) estimands; registered-report practice")
    { Level = CheckLevel.Warning, Aliases = ["vague-question", "no-prior-hypothesis", "undefined-threshold"] };

    public override CheckResult Evaluate(PlanStatement evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.Exists)
        {
            return CheckResult.Note("0 of 5 plan fields were written before the data: read the result as exploratory", 0, 1);
        }

        var faults = evidence.Missing.Count + evidence.Deviations.Count + evidence.PassedStops.Count;
        var says = $"{evidence.What} {(evidence.BeforeFirstLook ? "written before the first look" : "on file")}, {Figures.Count(evidence.Missing.Count, "field")} missing, {Figures.Count(evidence.Deviations.Count + evidence.PassedStops.Count, "deviation")}";
        if (evidence.LooksBefore > 0)
        {
            return CheckResult.Warn($"the plan was written after {Figures.Count(evidence.LooksBefore, "look")} at the data: its stopping rule does not count, {says}{Listed("edited: ", evidence.Edits)}{Listed("deviations: ", evidence.Deviations)}", evidence.LooksBefore, 0) with { Remedy = "Read the result as exploratory, and write the plan of the replication before its first unit." };
        }

        if (evidence.Edits.Count > 0)
        {
            return CheckResult.Warn($"the plan on record rules, and {Figures.Count(evidence.Edits.Count, "later plan")} {(evidence.Edits.Count == 1 ? "does" : "do")} not{Listed("edited: ", evidence.Edits)}; {says}{Listed("deviations: ", evidence.Deviations)}", evidence.Edits.Count, 0) with { Remedy = "Keep to the plan on record, and say beside the result what was changed after the data and why." };
        }

        if (evidence.PassedStops.Count > 0)
        {
            return CheckResult.Warn($"{string.Join("; ", evidence.PassedStops)}: that look ended the search for a gain; {says}{Listed("missing: ", evidence.Missing)}{Listed("deviations: ", evidence.Deviations)}", evidence.PassedStops.Count, 0)
                with { Remedy = "Keep to the stop, or plan a new test; where futility is to be advice, plan it with --futility nonbinding." };
        }

        return faults > 0
            ? CheckResult.Note(says + Listed("missing: ", evidence.Missing) + Listed("deviations: ", evidence.Deviations), faults, 0)
            : CheckResult.Pass(says, faults, 0);
    }

    public override PlanStatement Trap(int seed) => new Rng(seed).Stream("plan-incomplete").NextDouble() switch
    {
        < 0.25 => new() { Exists = false },
        < 0.5 => new() { Exists = true, BeforeFirstLook = true, Missing = ["mde"] },
        < 0.6 => new() { Exists = true, BeforeFirstLook = true, PassedStops = ["the futility bound binds, look 2 crossed it, and the test went on"] },
        < 0.8 => new() { Exists = true, BeforeFirstLook = true, Edits = ["the plan given is not the one on record: mde 1% for 5%"] },
        _ => new() { Exists = true, LooksBefore = 2 },
    };

    public override PlanStatement Clean(int seed) => new() { Exists = true, BeforeFirstLook = true };

    public override PlanStatement? Tiny => null;

    private static string Listed(string head, IReadOnlyList<string> items) => items.Count == 0 ? string.Empty : $"; {head}{string.Join("; ", items)}";
}
