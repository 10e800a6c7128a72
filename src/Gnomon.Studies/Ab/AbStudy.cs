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
            return options.Policy is null ? new BanditReport(options, log, context).Finding() : new PolicyReport(options, log).Finding();
        }

        var design = ComputedMetrics.Settle(AbDesign.Read(options, options.IsTyped ? null : context.RequireData().Schema), context);
        var reader = options.IsTyped ? null : new AbReader(design.Readable, context, options.Randomised);
        var input = reader is null ? AbTyped.Read(design) : AbMetrics.Apply(design, AssignedReader.Follow(design, AbTouching.Input(design, reader, context), context), reader, context);
        var extras = reader is null || input.Designed is not null and not AssignedSet ? new AbExtras() : AbExtras.Read(design, input, context, reader);
        var history = AbHistory.Read(design, input, context);
        var facts = AbEvidence.State(design, input, history, extras);
        var looks = new AbLooksReport(design, input, facts);
        var bayes = AbBayes.Of(facts, context.Ledger, history.Key);
        var touching = AbTouching.Read(design, input, facts, context);
        var metrics = AbMetrics.Of(design, input, facts, reader, context);
        var verdict = new AbVerdict(design, input, facts);
        var relabel = AbRelabel.Of(design, input, facts, reader, context);
        var business = AbBusiness.Of(design, facts);
        var effects = AbEffects.Of(design, input, facts, context);
        var exposure = AbExposure.Of(design, input, facts, context);
        var proposal = business?.Weigh(verdict.Propose()) ?? verdict.Propose();
        proposal = effects is null ? proposal : proposal with { Summary = $"{proposal.Summary} {effects.Headline}" };
        var report = new AbReport(design, input, facts, extras);
        return new StudyReport
        {
            Question = "ab",
            Title = AbWords.Title(input, design),
            Propose = _ => proposal,
            Estimates = [.. report.Estimates(), .. metrics.Estimates, .. touching.Estimates, .. AssignedReader.Estimates(facts), .. business?.Estimates() ?? [], .. effects?.Estimates() ?? [], .. exposure?.Estimates() ?? []],
            Evidence = [.. bayes?.With(facts.Evidence) ?? facts.Evidence, .. touching.Evidence, .. metrics.Evidence, .. relabel?.Evidence() ?? [], .. effects?.Evidence() ?? [], .. exposure?.Evidence() ?? []],
            Limitations =
            [
                .. touching.Limitations, .. metrics.Limitations, .. AssignedReader.Sentences(design, input, facts), .. relabel?.Sentences() ?? [], .. looks.Sentences(), .. bayes?.Sentences() ?? [], .. new AbSplit(design, input, facts).Sentences(), .. Limitations(design, input, facts, extras),
                .. AbDeviations.Exclusions(history.Plan, options.Where), .. business?.Limitations() ?? [], .. effects?.Limitations() ?? [], .. exposure?.Limitations() ?? [],
            ],
            Next = [.. verdict.Next(proposal.Action), .. touching.Next, .. business?.Next() ?? [], .. effects?.Next() ?? []],
            Plots = [.. report.Plots(), .. metrics.Plots, .. effects?.Plots() ?? []],
            Tables =
            [
                .. report.Tables(), .. metrics.Tables, .. touching.Tables, .. bayes?.Tables() ?? [], .. business is null ? [] : new[] { business.Table() }, .. relabel is null ? [] : new[] { relabel.Table() }, .. effects?.Tables() ?? [],
            ],
            Trace = Trace(design, input, history, facts),
        };
    }

    private static IEnumerable<string> Limitations(AbDesign design, AbInput input, AbFacts facts, AbExtras extras)
    {
        if (design.Options.IsTyped)
        {
            yield return "Only totals were typed in: days, repeated units and tails cannot be checked.";
        }
        else if (design.Options.Randomised is null && input.Designed is null or AssignedSet && design.Options.Rate.Count == 0)
        {
            yield return "No --unit was named: each row is taken as one unit.";
        }

        if (input.Repeated && input.Designed is null)
        {
            yield return $"Units repeat: {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}. Metrics are means per row, with errors by {design.Options.Unit}.";
        }

        if (!facts.Assignment.SplitDeclared)
        {
            yield return "No split was declared: equal shares are assumed. Say --split when the arms were meant to differ in size.";
        }

        foreach (var excluded in input.Exclusions)
        {
            yield return $"{Figures.Count(excluded.Rows, "row")} set aside: {excluded.Reason}.";
        }

        foreach (var metric in input.Metrics.Where(m => m.Spec.RetentionDay is null))
        {
            var missing = metric.Arms.Sum(a => a.Missing);
            if (missing > 0)
            {
                yield return $"{Figures.Count(missing, metric.Spec.Kind == MetricKind.Rate ? "row" : "unit")} {(missing == 1 ? "has" : "have")} no usable value of {metric.Spec.Name} and {(missing == 1 ? "is" : "are")} left out of it.";
            }
        }

        foreach (var lift in facts.Comparisons.Where(c => c.EffectLift.Contrast is null).Select(c => $"{c.Spec.Name} ({c.Contrast}): {c.EffectLift.NotIdentifiedBecause}").Take(3))
        {
            yield return $"No relative effect is given for {lift}.";
        }

        foreach (var refusal in facts.Refusals.GroupBy(r => r.Why).Take(5))
        {
            yield return $"Not compared: {refusal.Key}{(refusal.Count() > 1 ? $" (and {refusal.Count() - 1} more)" : string.Empty)}.";
        }

        foreach (var sentence in Fragile(facts, extras))
        {
            yield return sentence;
        }
    }

    // Two answers whenever a choice could move the verdict; "fragile" when they disagree.
    private static IEnumerable<string> Fragile(AbFacts facts, AbExtras extras)
    {
        foreach (var capped in extras.Capped)
        {
            var raw = facts.Comparisons.FirstOrDefault(c => c.Spec.Name == capped.Comparison.Spec.Name && c.Contrast == capped.Comparison.Contrast);
            if (raw is not null)
            {
                var agree = Sign(raw.Raw.Low, raw.Raw.High) == Sign(capped.Raw.Low, capped.Raw.High);
                yield return $"With {raw.Spec.Name} capped at {Figures.Number(capped.Cap)} the difference is {AbWords.Text(capped.Raw, raw.Metric.Unit).Point} ({AbWords.Text(capped.Raw, raw.Metric.Unit).Range}): {(agree ? "the same answer" : "another answer, so this result is fragile")}.";
            }
        }

        foreach (var c in facts.Comparisons.Where(c => c.Adjusted is not null && c.Spec.Role == MetricRole.Primary))
        {
            if (Sign(c.Raw.Low, c.Raw.High) * Sign(c.Effect.Low, c.Effect.High) < 0)
            {
                yield return $"Adjusted and plain differences of {c.Spec.Name} point in opposite directions: this result is fragile.";
            }
        }
    }

    private static int Sign(double low, double high) => low > 0 ? 1 : high < 0 ? -1 : 0;

    private static LedgerTrace Trace(AbDesign design, AbInput input, AbHistory history, AbFacts facts) => new()
    {
        Experiment = history.Key,
        DataState = history.DataState,
        Hypotheses = [.. facts.Comparisons.Select(c => new Hypothesis(c.Spec.Name, c.Contrast, c.Fixed.PValue, c.Spec.RoleWord))],
        Exclusions = input.Exclusions,
        PlanJson = design.Plan?.Json,
    };
}
