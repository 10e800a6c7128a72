using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>What holds at any look: sequences of an experiment without a planned end, and evidence of harm.</summary>
internal sealed class AbAnytimeReport(AbDesign design, AbInput input, AbFacts facts)
{
    private const int MostRows = 20;

    private IReadOnlyList<Comparison> Primaries => [.. facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary)];

    private string Noun => input.Designed switch { Touching.ClusterSet => "cluster", Touching.SwitchbackSet => "block", _ => "unit" };

    public IEnumerable<string> Sentences()
    {
        if (facts.Looks.Rule != PlannedLook.OpenEnded)
        {
            yield break;
        }

        foreach (var sentence in EarlierSequences().Concat(BoundedMetrics.Sentences(design, Primaries)))
        {
            yield return sentence;
        }

        if (Primaries.Count > 0 && Primaries.All(c => BoundedMetrics.IsNamed(design, c.Spec)))
        {
            yield break;
        }

        yield return $"No end is planned, so intervals and tests hold at every look together; they are narrowest near {Figures.Count((long)facts.Tuned, Noun)} where an interval as narrow as that of a single reading takes {OpenEnded.Price(design):0.0} times the {Noun}s."
            + (OpenEnded.IsByCluster(input) ? $" With few {Noun}s they are widened as Student's t widens an interval." : string.Empty);
        foreach (var c in Primaries.Where(c => !BoundedMetrics.IsNamed(design, c.Spec) && (c.Sequence is null || !c.Metric.Binary && Math.Min(c.Treatment.N, c.Baseline.N) < 100)).Take(3))
        {
            yield return $"{c.Spec.Name} in {c.Arm} has so few units that the normal approximation behind its sequence is not yet to be trusted; 100 in each arm are.";
        }
    }

    // What a sequence left out at one look stays out.
    private IEnumerable<string> EarlierSequences()
    {
        foreach (var c in Primaries.Where(c => c.Sequence is { Alone: not null }).Take(3))
        {
            var (alone, name) = (AbWords.Text(c.Sequence!.Alone!, c.Metric.Unit), $"{c.Spec.Name} in {c.Arm}");
            yield return c.Sequence.IsEmpty
                ? $"No effect on {name} lies within the intervals of all looks (this look alone: {alone.Range}): the effect changed over time, the data were changed, or this is one of the few sequences that miss. {(c.Sequence.Look is { } look ? $"Look {look} found the most, and is the answer" : "This look found the most, and is the answer")}."
                : $"The interval for {name} is what the looks leave together; this look alone allows {alone.Range}.{(c.Sequence.Look is { } at && c.Effect.PValue < design.Alpha && c.Sequence.Alone!.PValue >= design.Alpha ? $" Look {at} left 0 out ({Figures.P(c.Effect.PValue)}); that holds at any look, and this one does not take it back." : string.Empty)}";
        }
    }

    public ResultTable? Harm()
    {
        var rows = facts.Guardrails.Where(g => g is { Interim: true, HarmEValue: not null }).Take(MostRows).Select(g => (IReadOnlyList<object?>)
        [
            g.Metric, g.Contrast, Math.Min(g.HarmEValue!.Value, PastHarm.Most), g.EarlierHarmEValue is { } e ? Math.Min(e, PastHarm.Most) : null, g.EarlierHarmLook is { } look ? (long)look : null, 1 / g.Alpha,
        ]).ToList();
        return rows.Count == 0 ? null : new ResultTable(PastHarm.Table, "Evidence of harm, at any look", ["guardrail", "contrast", "now", "at an earlier look", "which", "stops at"], rows);
    }

    public Plot? SequencePlot()
    {
        if (Primaries.OrderBy(c => c.Fixed.PValue).FirstOrDefault() is not { } lead || OpenEnded.IsExact(lead) || BoundedMetrics.IsNamed(design, lead.Spec))
        {
            return null;
        }

        var days = lead.Treatment.ByDay.Keys.Intersect(lead.Baseline.ByDay.Keys).Where(d => d != long.MinValue).Order().ToList();
        var points = new List<LinePoint>();
        foreach (var ((share, treatment, control), day) in AbLooksReport.Cumulative(lead).Zip(days))
        {
            var error = Math.Sqrt(treatment.VarianceOfMean + control.VarianceOfMean);
            if (error > 0 && Math.Min(treatment.Count, control.Count) >= 100)
            {
                var interval = AlwaysValid.Interval(treatment.Mean - control.Mean, error, share * facts.Looks.Units, facts.Tuned, lead.Fixed.Level);
                points.Add(new LinePoint(DateTimeOffset.UnixEpoch.AddDays(day), interval.Estimate, lead.Contrast, interval.Low, interval.High));
            }
        }

        return points.Count < 2 ? null : new Plot("sequence", $"Effect on {lead.Spec.Name} so far, with an interval for all looks", LinePlot.Build(points, $"effect on {lead.Spec.Name}", new PlotUnit(lead.Metric.Unit, Change: true)));
    }
}
