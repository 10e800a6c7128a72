using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Factorial;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>The finding of a factorial experiment: interactions first, then main effects, simple effects, cells; of every metric, with guardrails and plan.</summary>
internal sealed class FactorialReport
{
    private readonly FactorialInput _input;
    private readonly AbHistory _history;
    private readonly IReadOnlyList<FactorialVerdict> _primaries;
    private readonly IReadOnlyList<FactorialEffects> _family;
    private readonly IReadOnlyList<FactorialGuard> _guards;
    private readonly IReadOnlyList<(FactorialInput Input, FactorialEffects Effects)> _secondaries;
    private readonly FactorialPlan _plan;
    private readonly LookHistory _looks;
    private readonly FactorialDecision _decision;
    private readonly List<(string Metric, MetricRole Role, string Why)> _notCompared = [];

    public FactorialReport(AbOptions options, StudyContext context)
    {
        _input = FactorialInput.Of(options, context, RulingPlan.ByName(options, context));
        _history = AbHistory.Read(_input.Design, _input.Read, context);
        if (_history.Ruling is { } ruling && ruling.Hash != _input.Design.Plan?.Hash)
        {
            _input = FactorialInput.Of(options, context, ruling);
            _history = AbHistory.Read(_input.Design, _input.Read, context);
        }

        FactorialPlan.Require(_history.Plan);
        var all = _input.Read.Metrics.Select((m, i) => _input with { Index = i }).Select(m => (Input: m, Effects: Effects(m), m.Spec.Role)).Where(m => m.Effects is not null).Select(m => (m.Input, Effects: m.Effects!, m.Role)).ToList();
        var primaries = all.Where(m => m.Role == MetricRole.Primary).ToList();
        if (primaries.Count == 0)
        {
            throw new GnomonError("option-missing", "Every metric is a guardrail; a decision needs one that may win.", "--metric", "Name a --metric that is no guardrail.");
        }

        _family = [.. primaries.Select(m => m.Effects)];
        FactorialEffects.Together(_family);
        _secondaries = [.. all.Where(m => m.Role == MetricRole.Secondary).Select(m => (m.Input, m.Effects))];
        FactorialEffects.Together([.. _secondaries.Select(m => m.Effects)]);
        try
        {
            _primaries = [.. primaries.Select(m => new FactorialVerdict(m.Input, m.Effects, primaries.Count))];
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{string.Join(", ", primaries.Select(m => m.Input.Spec.Name))}: {wrong.Message}", "--metric", "Check the metric, or collect more units.", wrong);
        }

        _plan = new FactorialPlan(_input, _family[0], _history);
        _looks = Facts(0).Looks(_family);
        _guards = [.. all.Where(m => m.Role == MetricRole.Guardrail).Select(m => new FactorialGuard(m.Input, m.Effects, _looks.Looks > 1 || _looks.Information < PlannedLook.Reached))];
        _decision = new FactorialDecision(_primaries, _guards, [.. _notCompared.Where(m => m.Role == MetricRole.Guardrail).Select(m => m.Metric)], _looks.Information);
    }

    // The question stands on the metrics that decide; another one that cannot be compared is named and left out.
    private FactorialEffects? Effects(FactorialInput metric)
    {
        try
        {
            return new FactorialEffects(metric);
        }
        catch (GnomonError wrong) when (metric.Spec.Role != MetricRole.Primary)
        {
            _notCompared.Add((metric.Spec.Name, metric.Spec.Role, wrong.Message));
            return null;
        }
    }

    private AliasStructure Aliases => _family[0].Fit.Aliases;

    public StudyReport Finding()
    {
        var proposal = _decision.Propose();
        FactorialMetricReport[] reports = [.. _primaries.Select((v, i) => new FactorialMetricReport(v.Input, v.Effects, v, i))];
        FactorialMetricReport[] beside = [.. _secondaries.Select((m, i) => new FactorialMetricReport(m.Input, m.Effects, null, _primaries.Count + i))];
        FactorialMetricReport[] guards = [.. _guards.Select((g, i) => new FactorialMetricReport(g.Input, g.Effects, null, _primaries.Count + _secondaries.Count + i))];
        var guarded = _guards.SelectMany(g => g.Facts(_decision.Launch)).ToList();
        return new StudyReport
        {
            Question = "ab",
            Title = $"What do {string.Join(", ", _input.Factors.SkipLast(1).Select(f => f.Name))} and {_input.Factors[^1].Name} do to {string.Join(" and ", _family.Select(f => f.Metric))}, alone and together?",
            Propose = _ => proposal,
            Estimates =
            [
                .. reports.SelectMany(r => r.Estimates("primary")), .. guards.SelectMany(r => r.Estimates("guardrail")),
                .. guards.Select(r => _decision.Launch is { } cell ? r.Launch(cell, "guardrail") : null).OfType<Estimate>(), .. beside.SelectMany(r => r.Estimates("secondary")),
            ],
            Evidence =
            [
                .. Facts(0).Whole(_family), .. _primaries.SelectMany((_, i) => Facts(i).OfMetric()), .. guarded,
                .. _plan.Plan is null ? Array.Empty<Core.Checks.IEvidence>() : [_plan.Statement(), _plan.Use(_primaries, _decision.Candidates.Count > 0)],
            ],
            Limitations = [.. Limitations(), .. reports.SelectMany(r => r.Limitations(_input.Design.Alpha)), .. Guards(), .. AbDeviations.Exclusions(_plan.Plan, _input.Design.Options.Where)],
            Next = [.. _primaries.SelectMany(v => v.Next(proposal.Action)).Distinct()],
            Plots = [.. reports.SelectMany(r => r.Plots())],
            Tables = [.. reports.SelectMany(r => r.Tables()), .. Guarded(guarded), .. guards.Concat(beside).SelectMany(r => r.Tables())],
            Trace = new LedgerTrace
            {
                Experiment = _history.Key, DataState = _history.DataState, Exclusions = _input.Read.Exclusions, PlanJson = _history.Ruling?.Json ?? _input.Design.Plan?.Json, AmendmentJson = _history.Amendment?.Json,
                Hypotheses = [.. _primaries.Select(v => (v.Input, v.Effects, Role: "primary")).Concat(_guards.Select(g => (g.Input, g.Effects, Role: "guardrail"))).Concat(_secondaries.Select(m => (m.Input, m.Effects, Role: "secondary")))
                    .SelectMany(m => m.Effects.Terms.Select(t => new Hypothesis(m.Input.Spec.Name, _input.Name(t.Set.Term), t.Test.PValue, m.Role)))],
            },
        };
    }

    private FactorialEvidence Facts(int metric) => new(_primaries[metric], _history, _plan.Units, _primaries.Count);

    private static IEnumerable<ResultTable> Guarded(List<GuardrailResult> guarded)
    {
        if (guarded.Count > 0)
        {
            yield return new ResultTable("guardrails", "Guardrails: effects signed so that negative is harm", ["guardrail", "contrast", "effect", "low", "high", "margin", "p of harm beyond it"],
                [.. guarded.Select(g => (IReadOnlyList<object?>)[g.Declared, g.Contrast, g.Effect, g.Low, g.High, g.Margin, g.NonInferiorityP])]);
        }
    }

    private IEnumerable<string> Guards()
    {
        if (_guards.Count > 0)
        {
            yield return _decision.Launch is { } cell && cell != _family[0].Reference
                ? $"Guardrails are judged by {_input.Name(cell)} against {_input.Name(_family[0].Reference)}, the cells that would change places, without help from the others: that takes no interaction to be absent, and more units."
                : "No cell is to be launched, so guardrails are judged by each level against its reference, averaged over the other factors.";
        }

        foreach (var (_, _, why) in _notCompared)
        {
            yield return $"Not compared: {why}";
        }

        if (_primaries.Count > 1)
        {
            yield return $"Holm runs over {_family[0].Family} effects on {_primaries.Count} metrics; cells are compared with the reference at a share of the size for each metric.";
        }
    }

    private IEnumerable<string> Limitations()
    {
        if (_input.Design.Options.Unit is null)
        {
            yield return "No --unit was named: each row is taken as one unit.";
        }

        if (_input.Read.Repeated)
        {
            yield return $"Units repeat: {Figures.Count(_input.Read.Rows, "row")} of {Figures.Count(_input.Read.TotalUnits, "unit")}. Metrics are means per row, with errors by {_input.Design.Options.Unit}.";
        }

        if (_input.Design.Options.Split is null && _plan.Plan?.Split is null)
        {
            yield return "No split was declared: equal shares of the cells are assumed. Say --split when they were meant to differ in size.";
        }

        yield return _family[0].Fit.Errors switch
        {
            FactorialErrors.OwnSpread => "A main effect is an average over the levels of the other factors, which weigh alike; every cell has a spread of its own.",
            FactorialErrors.OwnSpreadByBlock => $"Cells are compared within {_input.Design.Options.Strata} and averaged over it by the number of units; every cell of every block has a spread of its own.",
            _ => $"One spread is taken for all cells{(_input.Blocks.Count > 1 ? $", and {_input.Design.Options.Strata} shifts them all alike" : string.Empty)}: there are too few units per cell to tell otherwise.",
        };
        foreach (var line in AliasWords())
        {
            yield return line;
        }

        foreach (var excluded in _input.Read.Exclusions)
        {
            yield return $"{Figures.Count(excluded.Rows, "row")} set aside: {excluded.Reason}.";
        }
    }

    private IEnumerable<string> AliasWords()
    {
        if (Aliases.WithMean.Count > 0)
        {
            yield return $"A fraction was run: {_family[0].Fit.Cells.Count} of {_input.Grid.Cells} cells, with {string.Join(", ", Aliases.WithMean.Select(_input.Name))} the same throughout (resolution {Roman(Aliases.Resolution)}). Those effects cannot be estimated.";
        }

        foreach (var tied in Aliases.Kept.Where(k => k.With.Count > 0))
        {
            yield return $"{_input.Name(tied.Term)} cannot be told from {string.Join(" or ", tied.With.Select(_input.Name))}: what stands under its name is {(tied.With.Count == 1 ? "both" : "all of them")} together.";
        }

        if (Aliases.WithBlocks.Count > 0)
        {
            yield return $"{string.Join(", ", Aliases.WithBlocks.Select(_input.Name))} cannot be told from {_input.Design.Options.Strata} and {(Aliases.WithBlocks.Count == 1 ? "is" : "are")} not estimated.";
        }
    }

    private static string Roman(int order) => order switch { 1 => "I", 2 => "II", 3 => "III", 4 => "IV", _ => "V" };
}
