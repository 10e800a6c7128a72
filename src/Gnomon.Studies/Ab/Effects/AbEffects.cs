using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>For whom the arms work, by the columns of <c>--effects-by</c>: what one half of the units suggests is told only when the other half confirms it.</summary>
internal sealed class AbEffects
{
    private readonly AbDesign _design;
    private readonly SegmentColumns? _columns;
    private readonly IReadOnlyList<ArmEffects> _arms;
    private readonly IReadOnlyList<string> _refusals;
    private readonly SegmentRules _rules;

    private AbEffects(AbDesign design, SegmentColumns? columns, IReadOnlyList<ArmEffects> arms, IReadOnlyList<string> refusals)
    {
        _design = design;
        _columns = columns;
        _arms = arms;
        _refusals = refusals;
        _rules = new SegmentRules(design, arms);
    }

    private EffectsReport Report => new(_design, _columns!, _arms, _rules);

    /// <returns>Null when nobody asked.</returns>
    /// <exception cref="GnomonError">The metric has no single value per unit.</exception>
    public static AbEffects? Of(AbDesign design, AbInput input, AbFacts facts, StudyContext context)
    {
        if (design.Options.EffectsBy.Count == 0)
        {
            return null;
        }

        var leads = facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).GroupBy(c => c.Spec.Name).FirstOrDefault()?.ToList();
        if (leads is null)
        {
            return new(design, null, [], ["no primary metric could be compared"]);
        }

        var lead = leads[0];
        if (input.Repeated || lead.Metric.IsRatio || lead.Spec.Kind != MetricKind.Value)
        {
            throw new GnomonError("not-supported", $"{lead.Spec.Name} has no single value per unit, so the effect on a unit cannot be asked for.", "--effects-by", input.Repeated ? "Total the rows per unit first, with --query." : "Name a metric with one value per unit, or leave out --effects-by.");
        }

        var data = context.RequireData();
        foreach (var column in design.Options.EffectsBy)
        {
            // A segment made of an outcome is picked by the effect itself.
            if (Metrics.CovariateRoles.MetricOf(design, column) is { } metric)
            {
                throw new GnomonError("options-conflict", $"{column} belongs to the metric {metric.Name}; segments are made of columns known before assignment.", "--effects-by", $"Leave out {column}.");
            }
        }

        var fields = design.Options.EffectsBy.Select(c => UnitRows.Require(data.Schema, c, "--effects-by")).ToList();
        var rows = UnitRows.Read(data, design.Options.Unit is { } unit ? data.Schema.Require(unit).Name : null, data.Schema.Require(design.Options.Variant!).Name, lead.Spec, input.Arms, fields, context);
        var columns = SegmentColumns.Of(rows, input.Arms);
        if (columns.Features.Count == 0)
        {
            return new(design, columns, [], [columns.Moved.Count > 0 ? $"the arms hold different values of {string.Join(", ", columns.Moved)}, so nothing is left to cut by" : $"{string.Join(", ", design.Options.EffectsBy)} {(fields.Count == 1 ? "is" : "are")} the same for every unit"]);
        }

        var (names, shares, _) = design.Shares(input.Arms);
        double Share(string arm) => shares[names.ToList().IndexOf(arm)];
        var cost = (design.Options.TreatmentCost ?? 0) / (design.Options.Value ?? 1);
        var (made, refused) = (new List<ArmEffects>(), new List<string>());
        foreach (var comparison in leads)
        {
            try
            {
                var share = Share(comparison.Arm) / (Share(comparison.Arm) + Share(input.Arms[0]));
                made.Add(share is > 0 and < 1
                    ? ArmEffects.Of(comparison, columns, rows, input.Arms.ToList().IndexOf(comparison.Arm), share, cost, design, context)
                    : throw new NotEstimableException($"the plan gives {comparison.Arm} or {input.Arms[0]} no units"));
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                refused.Add($"{comparison.Contrast}: {e.Message.TrimEnd('.')}");
            }
        }

        return new(design, columns, made, refused);
    }

    /// <summary>The answer in a sentence, to stand beside the decision.</summary>
    private string Headline => _arms.Count == 0 ? $"Segments were not looked for: {string.Join("; ", _refusals)}." : Report.Headline();

    /// <summary>Says for whom it works, and does not let an arm go to everybody that a confirmed segment is worse off with.</summary>
    /// <param name="proposal">What the average supports.</param>
    /// <param name="winner">The arm that it would ship.</param>
    /// <param name="facts">What is worth having.</param>
    public Proposal Weigh(Proposal proposal, string? winner, AbFacts facts)
    {
        var hurt = proposal.Action == DecisionAction.Ship && winner is not null ? _rules.Hurt(winner, facts) : [];
        return hurt.Count == 0
            ? proposal with { Summary = $"{proposal.Summary} {Headline}" }
            : proposal with { Action = DecisionAction.DoNotShip, Summary = $"{Report.NotForAll(hurt, winner!)} {proposal.Summary} {Headline}" };
    }

    public AbPart Part => new() { Estimates = [.. Estimates()], Evidence = [.. Evidence()], Limitations = [.. Limitations()], Next = [.. Next()], Plots = [.. Plots()], Tables = [.. Tables()] };

    public IEnumerable<IEvidence> Evidence()
    {
        foreach (var column in _columns?.Balance ?? [])
        {
            yield return column;
        }

        if (_arms.Sum(a => a.Segments.Count) > 0)
        {
            yield return new TestFamily
            {
                Names = [.. _arms.SelectMany(a => a.Segments.Select(s => $"{Report.Words.Of(s)} ({a.Comparison.Contrast})"))],
                PValues = [.. _arms.SelectMany(a => a.Segments).Select(s => s.Difference.PValue)],
                Alpha = _design.Alpha,
                Decides = false,
                CorrectedBy = "Benjamini-Hochberg, in the half of the units that did not suggest them",
                CorrectedPValues = [.. _rules.Adjusted.SelectMany(p => p)],
                Label = "segments",
            };
        }
    }

    public IEnumerable<Estimate> Estimates() => _arms.Count == 0 ? [] : Report.Estimates();

    public IEnumerable<string> Limitations()
    {
        foreach (var column in _columns?.Moved ?? [])
        {
            yield return $"{column} is no segment: the arms hold different values of it, so it was not settled before assignment.";
        }

        foreach (var sentence in _arms.Count == 0 ? [] : _refusals.Select(r => $"Segments were not looked for in {r}.").Concat(Report.Limitations()))
        {
            yield return sentence;
        }
    }

    public IEnumerable<ResultTable> Tables() => _arms.Count == 0 ? [] : Report.Tables();

    public IEnumerable<Plot> Plots() => _arms.Count == 0 ? [] : Report.Plots();

    public IEnumerable<string> Next() => _arms.Count == 0 ? [] : Report.Next();
}
