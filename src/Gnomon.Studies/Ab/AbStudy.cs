using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Assigned;
using Gnomon.Studies.Ab.Bandit;
using Gnomon.Studies.Ab.Effects;
using Gnomon.Studies.Ab.Factorial;
using Gnomon.Studies.Ab.Metrics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab;

/// <summary>The story of an experiment: read it, remember earlier looks, compare the arms, state the facts, propose.</summary>
public sealed class AbStudy : Study<AbOptions>
{
    /// <inheritdoc/>
    public override StudyReport Run(AbOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (Special.SpecialDesigns.Run(options, context) is { } special)
        {
            return special;
        }

        if (options.Factors.Count > 0)
        {
            return new FactorialReport(options, context).Finding();
        }

        if (options.Propensity is not null)
        {
            var log = new BanditReader(options, context).Read();
            return options.Policy is null
                ? Special.DesignLook.Remember(new BanditReport(options, log, context, options.OpenEnded ? Special.DesignLook.Past(options, context) : []).Finding(), options, context, options.OpenEnded ? PlannedLook.OpenEnded : null)
                : new PolicyReport(options, log).Finding();
        }

        var (design, reader, input, history) = RulingPlan.Read(options, context);
        var extras = reader is null ? new AbExtras() : input.Designed is not null and not AssignedSet ? AbExtras.Without(input) : AbExtras.Read(design, input, context, reader);
        var facts = AbEvidence.State(design, input, history, extras);
        var looks = new AbLooksReport(design, input, facts);
        var bayes = AbBayes.Of(facts, context.Ledger, history.Key);
        var touching = AbTouching.Read(design, input, facts, context);
        var metrics = AbMetrics.Of(design, input, facts, reader, context);
        var bounds = AbSplitBounds.Read(design, input, facts, reader);
        var verdict = new AbVerdict(design, input, facts, bounds);
        var relabel = AbRelabel.Of(design, input, facts, reader, context);
        var business = AbBusiness.Of(design, facts);
        var effects = AbEffects.Of(design, input, facts, context);
        var exposure = AbExposure.Of(design, input, facts, context);
        var plain = verdict.Propose();
        var proposal = business?.Weigh(plain, verdict.Winner) ?? plain;
        proposal = effects?.Weigh(proposal, verdict.Winner, facts) ?? proposal;
        var report = new AbReport(design, input, facts, extras, context.Threads);
        AbPart[] parts =
        [
            new() { Estimates = report.Estimates(), Evidence = [.. verdict.Restate(bayes?.With(facts.Evidence) ?? facts.Evidence)], Next = [.. verdict.Next(proposal.Action)], Plots = report.Plots(), Tables = report.Tables() },
            touching,
            metrics,
            new() { Estimates = [.. AssignedReader.Estimates(facts)], Limitations = [.. AssignedReader.Sentences(design, input, facts)] },
            relabel?.Part ?? new(),
            new() { Limitations = [.. looks.Sentences()] },
            bayes?.Part ?? new(),
            new() { Limitations = [.. new AbSplit(design, input, facts).Sentences()] },
            bounds.Part,
            AbSalvage.Of(design, input, facts),
            MixedUnits.Of(design, input, facts, reader, context),
            AbDates.Of(reader, context),
            new() { Limitations = [.. AbLimits.Sentences(design, input, facts, extras), .. AbDeviations.Exclusions(history.Plan, options.Where), .. history.Sentences(), .. AbBaseRate.Sentences(facts, context.Ledger, history.Key)] },
            business?.Part(plain, verdict.Winner) ?? new(),
            effects?.Part ?? new(),
            exposure?.Part ?? new(),
        ];
        return new StudyReport
        {
            Question = "ab",
            Title = AbWords.Title(input, design),
            Propose = _ => proposal,
            Estimates = [.. parts.SelectMany(p => p.Estimates)],
            Evidence = [.. parts.SelectMany(p => p.Evidence)],
            Limitations = [.. parts.SelectMany(p => p.Limitations)],
            Next = [.. parts.SelectMany(p => p.Next)],
            Plots = [.. parts.SelectMany(p => p.Plots)],
            Tables = [.. parts.SelectMany(p => p.Tables)],
            Trace = Trace(design, input, history, facts),
        };
    }

    private static LedgerTrace Trace(AbDesign design, AbInput input, AbHistory history, AbFacts facts) => new()
    {
        Experiment = history.Key,
        DataState = history.DataState,
        Hypotheses = [.. facts.Comparisons.Select(c => new Hypothesis(c.Spec.Name, c.Contrast, c.Fixed.PValue, c.Spec.RoleWord))],
        Exclusions = input.Exclusions,
        PlanJson = history.Ruling?.Json ?? design.Plan?.Json,
        AmendmentJson = history.Amendment?.Json,
    };
}
