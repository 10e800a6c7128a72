using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Assigned;
using Gnomon.Studies.Ab.Metrics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab;

/// <summary>An experiment read under the plan that rules it: split, control, guardrails, level and worthwhile effect come from the plan on record, not only its stopping rule.</summary>
/// <param name="Design">The question.</param>
/// <param name="Reader">Null for typed counts.</param>
/// <param name="Input">What was read.</param>
/// <param name="History">What the ledger knows.</param>
internal sealed record RulingPlan(AbDesign Design, AbReader? Reader, AbInput Input, AbHistory History)
{
    /// <summary>Reads under the plan of the experiment's name. A plan that only the units lead to is known after reading: the data are then read once more, under it.</summary>
    public static RulingPlan Read(AbOptions options, StudyContext context)
    {
        var first = Under(ByName(options, context), options, context);
        return first.History.Ruling is { } ruling && ruling.Hash != first.Design.Plan?.Hash ? Under(ruling, options, context) : first;
    }

    /// <summary>The plan on record for the name that was given; null when there is no name or no plan.</summary>
    public static AbPlan? ByName(AbOptions options, StudyContext context)
    {
        var given = options.Plan is null ? null : AbPlan.Load(options.Plan);
        var name = options.Experiment ?? given?.Experiment;
        return name is null ? null : AbPlan.Ruling(context.Ledger.PlansFor(new ExperimentKey("ab", name, [], 0)), given);
    }

    private static RulingPlan Under(AbPlan? ruling, AbOptions options, StudyContext context)
    {
        var design = ComputedMetrics.Settle(AbDesign.Read(options, options.IsTyped ? null : context.RequireData().Schema, ruling), context);
        var reader = options.IsTyped ? null : new AbReader(design.Readable, context, options.Randomised);
        var input = reader is null ? AbTyped.Read(design) : AbMetrics.Apply(design, AssignedReader.Follow(design, AbTouching.Input(design, reader, context), context), reader, context);
        return new RulingPlan(design, reader, input, AbHistory.Read(design, input, context));
    }
}
