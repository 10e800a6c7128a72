using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;

namespace Gnomon.Studies.Ab;

/// <summary>Estimates, tables and pictures of an experiment.</summary>
internal sealed class AbReport
{
    private const int MostArms = 50;
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly AbFacts _facts;
    private readonly AbExtras _extras;
    private readonly int _threads;

    public AbReport(AbDesign design, AbInput input, AbFacts facts, AbExtras extras, int threads)
    {
        _threads = threads;
        _design = design;
        _input = input;
        _facts = facts;
        _extras = extras;
    }

    private AbLooksReport Looks => new(_design, _input, _facts);

    private AbSplit Split => new(_design, _input, _facts);

    public IReadOnlyList<Estimate> Estimates() => [.. _facts.Comparisons.SelectMany(Of), .. ManyArms.Of(_input, _facts, _threads), .. _extras.Capped.Select(Capped), .. _extras.Resampled.Select(Resampled), .. Sensitivities()];

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable> { Arms(), Tests() };
        var lines = Lines().ToList();
        if (lines.Count > 0)
        {
            tables.Add(ReferenceLines.Table(lines));
        }

        tables.AddRange(Looks.Tables());
        tables.AddRange(Split.Tables());
        if (_facts.Refusals.Count > 0)
        {
            tables.Add(new ResultTable("not-compared", "Not compared", ["metric", "arm", "why"], [.. _facts.Refusals.Take(MostArms).Select(r => (IReadOnlyList<object?>)[r.Metric, r.Arm, r.Why])]));
        }

        return tables;
    }

    public IReadOnlyList<Plot> Plots()
    {
        var plots = new List<Plot>();
        foreach (var group in _facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).GroupBy(c => c.Metric.Unit))
        {
            var rows = group.Take(MostArms).Select(c => new IntervalRow($"{c.Spec.Name}, {c.Contrast}", c.Shown.Value, c.Shown.Low, c.Shown.High)).ToList();
            var name = group.Select(c => c.Spec.Name).Distinct().Count() == 1 ? group.First().Spec.Name : "the metrics";
            plots.Add(new Plot(plots.Count == 0 ? "effect" : $"effect-{plots.Count + 1}", $"Effect on {name}", IntervalPlot.Build(rows, $"effect on {name}", new PlotUnit(group.Key, Change: true), [.. Lines().Where(l => l.Unit == group.Key)])));
        }

        if (_extras.Repeated is { } repeated)
        {
            plots.AddRange(_facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).Take(1).SelectMany(repeated.Plots));
        }
        else if (DailyPlot() is { } daily)
        {
            plots.Add(daily);
        }

        plots.AddRange(Looks.Plots());
        plots.AddRange(Split.Plots());

        return plots;
    }

    private IEnumerable<Estimate> Of(Comparison c)
    {
        var shown = c.Shown;
        var plain = c.Adjusted is null ? c.Fixed.Method : c.AdjustedBy.Method;
        yield return Difference(c, shown.Value, shown.Low, shown.High, c.Corrected is not null && _facts.Sequential?.HasEnded(c) == false ? null : shown.PValue, c.Corrected is null && c.Sequence is null ? plain : shown.Method, c.Spec.RoleWord) with { N = c.Stopped?.Read.Units ?? c.N };
        if (c.Corrected is not null || c.Sequence is not null)
        {
            yield return Difference(c, c.Fixed.Value, c.Fixed.Low, c.Fixed.High, c.Fixed.PValue, $"as if read once, {plain}", "sensitivity");
        }

        if (Overrun.Of(_facts, c)?.All is { } all)
        {
            yield return Difference(c, all.Value, all.Low, all.High, all.PValue, all.Method, "sensitivity");
        }

        if (c.EffectLift.Contrast is { } lift)
        {
            yield return Difference(c, lift.Value, lift.Low, lift.High, null, lift.Method, c.Spec.RoleWord) with { Name = "lift", Contrast = c.LiftContrast, Unit = "relative", N = c.Stopped?.Read.Units ?? c.N };
        }

        if (c.Adjusted is not null)
        {
            yield return Difference(c, c.Raw.Value, c.Raw.Low, c.Raw.High, c.Raw.PValue, c.Raw.Method + ", not adjusted", "sensitivity");
        }

        if (c.ByRows is { } rows)
        {
            yield return Difference(c, rows.Value, rows.Low, rows.High, rows.PValue, "rows taken as independent: too narrow here", "sensitivity");
        }
    }

    private static Estimate Capped(CappedComparison capped) =>
        Difference(capped.Comparison, capped.Raw.Value, capped.Raw.Low, capped.Raw.High, capped.Raw.PValue, $"{capped.Raw.Method}, values capped at {Figures.Number(capped.Cap)}", "sensitivity");

    private static Estimate Resampled(ResampledComparison r) => new()
    {
        Name = "difference",
        Metric = r.Metric,
        Contrast = r.Contrast,
        Value = r.Result.Estimate,
        Low = r.Result.Interval.Low,
        High = r.Result.Interval.High,
        Level = r.Result.Level,
        Unit = r.Metric,
        N = r.N,
        Method = $"studentised bootstrap, {r.Result.Resamples:N0} resamples",
        Role = "sensitivity",
    };

    private IEnumerable<Estimate> Sensitivities() => _extras.Candidates.Select(x =>
        Difference(x.Comparison, x.Comparison.Raw.Value, x.Comparison.Raw.Low, x.Comparison.Raw.High, x.Comparison.Raw.PValue, $"clustered by {x.Column}", "sensitivity"));

    private static Estimate Difference(Comparison c, double value, double low, double high, double? p, string method, string role) => new()
    {
        Name = "difference",
        Metric = c.Spec.Name,
        Contrast = c.Contrast,
        Value = value,
        Low = low,
        High = high,
        Level = c.Effect.Level,
        Unit = c.Metric.Unit,
        P = p,
        N = c.N,
        Method = method,
        Role = role,
    };

    private ResultTable Arms()
    {
        var metrics = _input.Metrics;
        var rows = _input.Arms.Take(MostArms).Select((arm, i) => (IReadOnlyList<object?>)
            [arm, _input.Units[i], .. metrics.Select(m => m.Arms[i].N == 0 ? null : (object?)m.Arms[i].Values.Mean)]).ToList();
        var title = _input.Arms.Count > MostArms ? $"Arms (first {MostArms} of {_input.Arms.Count})" : "Arms";
        return new ResultTable("arms", title, ["arm", "n", .. metrics.Select(m => m.Spec.Name)], rows);
    }

    private ResultTable Tests() => new(
        "tests", _facts.Comparisons.Count > MostArms ? $"Comparisons (strongest {MostArms} of {_facts.Comparisons.Count})" : "Comparisons",
        ["metric", "contrast", "role", "difference", "p", "p adjusted", "method"],
        [.. _facts.Comparisons.OrderBy(c => c.Spec.Role).ThenBy(c => _facts.Comparisons.Count > MostArms ? c.Effect.PValue : 0).Take(MostArms)
            .Select(c => (IReadOnlyList<object?>)[c.Spec.Name, c.Contrast, c.Spec.RoleWord, c.Effect.Value, c.Effect.PValue, c.FamilyP, c.Adjusted is null ? c.Effect.Method : c.AdjustedBy.Phrase])]);

    private IEnumerable<ReferenceLine> Lines()
    {
        foreach (var metric in _facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary).DistinctBy(c => c.Spec.Name))
        {
            if (_facts.Worthwhile(metric) is { } worthwhile)
            {
                yield return new ReferenceLine("worth having", metric.Spec.Sign * worthwhile, metric.Metric.Unit, metric.Spec.Name);
                if (metric.EffectLift.Contrast is not null && metric.Baseline.Values.Mean > 0)
                {
                    yield return new ReferenceLine("worth having", metric.Spec.Sign * worthwhile / metric.Baseline.Values.Mean, "relative", metric.Spec.Name);
                }
            }
        }

        foreach (var guardrail in _design.Metrics.Where(m => m.Role == MetricRole.Guardrail))
        {
            yield return new ReferenceLine("margin", -guardrail.Sign * guardrail.Margin, guardrail.MarginIsRelative ? "relative" : UnitOf(guardrail), guardrail.Name);
        }
    }

    private string UnitOf(MetricSpec spec) => _input.Metrics.First(m => m.Spec.Name == spec.Name).Unit;

    private Plot? DailyPlot()
    {
        var lead = _facts.Comparisons.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary);
        if (lead is null || _input.Days is not >= 2)
        {
            return null;
        }

        var points = lead.Treatment.ByDay
            .Where(d => d.Key != long.MinValue && d.Value.Count >= 2 && lead.Baseline.ByDay.GetValueOrDefault(d.Key) is { Count: >= 2 })
            .OrderBy(d => d.Key)
            .Select(d => (Day: d.Key, Treatment: d.Value, Control: lead.Baseline.ByDay[d.Key]))
            .Select(x => (x.Day, Difference: x.Treatment.Mean - x.Control.Mean, Half: 1.96 * Math.Sqrt(x.Treatment.VarianceOfMean + x.Control.VarianceOfMean)))
            .Select(x => new LinePoint(DateTimeOffset.UnixEpoch.AddDays(x.Day), x.Difference, lead.Contrast, x.Difference - x.Half, x.Difference + x.Half))
            .ToList();
        return points.Count < 2 ? null : new Plot("daily", $"Effect on {lead.Spec.Name} by day", LinePlot.Build(points, $"effect on {lead.Spec.Name}", new PlotUnit(lead.Metric.Unit, Change: true)));
    }
}
