using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>The plan of a factorial experiment: units are counted per cell, and the data are read once.</summary>
internal sealed class FactorialPlan(FactorialInput input, FactorialEffects lead, AbHistory history)
{
    public AbPlan? Plan => history.Plan;

    /// <summary>Units that were planned, all cells together.</summary>
    public long? Units => history.Plan?.UnitsPerArm * lead.Fit.Cells.Count;

    /// <exception cref="GnomonError">The plan allows early stops.</exception>
    public static void Require(AbPlan? plan)
    {
        if (plan is { Sequential: true })
        {
            throw new GnomonError(
                "plan-stopping", $"The plan's stopping rule '{plan.Stopping}' is not offered with --factors: a factorial experiment is read once, at the end.", "--plan, --factors", "Write \"stopping\": \"fixed\", or compare two cells with --variant.");
        }
    }

    public PlanStatement Statement() => new()
    {
        Exists = Plan is not null, BeforeFirstLook = history.PlanCameFirst, LooksBefore = history.LooksBeforePlan, Edits = history.Edits, Missing = Plan?.Missing ?? [],
        Deviations = Plan is { } plan ? [.. AbDeviations.Of(plan, input.Design, View(), history), .. Factors(plan)] : [],
    };

    public PrimaryUse Use(IReadOnlyList<FactorialVerdict> primaries, bool anyWin) => new()
    {
        Declared = Plan?.Primary ?? [], Used = [.. primaries.Select(v => v.Input.Spec.Name)], Level = input.Design.Level, AnyWin = anyWin,
        DroppedSinceEarlierLooks = [.. history.Earlier.SelectMany(l => l.Metrics).Distinct().Where(m => input.Read.Metrics.All(r => r.Spec.Name != m))],
        Headlines = [.. primaries.SelectMany(v => v.Effects.Mains.SelectMany(m => m.Contrasts).Select(c => (v.Input.Spec.Name, Contrast: c.Name, Low: v.Input.Spec.Sign * c.Effect.Low, High: v.Input.Spec.Sign * c.Effect.High)))
            .Select(h => (h.Name, h.Contrast, Math.Min(h.Low, h.High), Math.Max(h.Low, h.High)))],
    };

    // The cells as a plan names them: the levels in the order of the factors, the reference first.
    private AbInput View() => input.Read with
    {
        Arms = [.. lead.Fit.Cells.Select(c => string.Join(",", input.Factors.Select((f, i) => f.Levels[input.Grid.Level(c, i)])))], Units = [.. lead.Fit.Cells.Select(input.Units)],
    };

    private IEnumerable<string> Factors(AbPlan plan)
    {
        var read = input.Factors.Select(f => f.Name).ToList();
        if (plan.Factors.Count > 0 && !plan.Factors.ToHashSet().SetEquals(read))
        {
            yield return $"planned factors {string.Join(", ", plan.Factors)}, analysed by {string.Join(", ", read)}";
        }

        var reference = View().Arms[0];
        if (input.PlannedControl is { } planned && string.Join(",", planned.Split(',', StringSplitOptions.TrimEntries)) != reference)
        {
            yield return $"planned reference levels {planned}, compared with {reference}";
        }
    }
}
