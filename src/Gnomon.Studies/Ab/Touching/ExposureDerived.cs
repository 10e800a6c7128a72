using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Survival;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Metrics of linked units that are no means: times to an event, and an outcome expected from early ones. Both become values per unit, which exposures then compare.</summary>
internal sealed class ExposureDerived(AbDesign design, StudyContext context, Table table, int first, IReadOnlyList<int> rowOf, ExposureAnalysis analysis, IReadOnlyList<string> arms)
{
    /// <summary>Behind --survival.</summary>
    public SurvivalTimes? Times { get; private set; }

    /// <summary>Behind --surrogates.</summary>
    public SurrogateReport? Surrogates { get; private set; }

    /// <summary>Columns these metrics need besides their first; every unit has one row.</summary>
    public static IEnumerable<Projection> Select(AbDesign design, IDataset data)
    {
        foreach (var spec in design.Metrics)
        {
            if (spec.Derived is SurvivalMetric survival)
            {
                SurvivalTimes.RequireNumber(survival, data);
                var column = SurvivalTimes.Event(survival, data.Schema);
                yield return new("event", Scalar.Aggregate(AggregateFunction.Min, Scalar.Column(column.Column).ToText()));
            }
            else if (spec.Derived is SurrogateMetric surrogates)
            {
                foreach (var (name, i) in surrogates.Surrogates.Select((n, i) => (n, i)))
                {
                    yield return new($"surrogate{i}", Scalar.Aggregate(AggregateFunction.Min, Scalar.Column(data.Schema.Require(name, "--surrogates").Name).ToDouble()));
                }
            }
        }
    }

    public static bool Knows(MetricSpec spec) => spec.Derived is SurvivalMetric or SurrogateMetric;

    /// <param name="spec">A metric that <see cref="Knows"/>.</param>
    /// <param name="values">Its first column by unit; NaN where there is none.</param>
    public ExposureAnswer Answer(MetricSpec spec, double[] values) =>
        spec.Derived is SurvivalMetric survival ? Waits(spec, survival, values) : Expected(spec, (SurrogateMetric)spec.Derived!);

    private ExposureAnswer Waits(MetricSpec spec, SurvivalMetric survival, double[] times)
    {
        var schema = context.RequireData().Schema;
        var text = (TextColumn)table.Columns[At(spec)];
        int[] known = [.. Enumerable.Range(0, times.Length).Where(i => !double.IsNaN(times[i]) && text.Codes[rowOf[i]] >= 0)];
        var (treated, control) = (analysis.Weights(times, true), analysis.Weights(times, false));
        Times = SurvivalTimes.Exposed(
            survival, context.RequireData().Name, schema, Array.ConvertAll(known, i => times[i]), text, Array.ConvertAll(known, i => rowOf[i]), Array.ConvertAll(known, i => analysis.Arms[i] ? 1 : 0), arms.Count,
            Array.ConvertAll(known, i => treated[i] > 0 || control[i] > 0), analysis.IsClustered ? Array.ConvertAll(known, i => analysis.Assigned[i]) : null);
        var (on, off) = (Curve(treated, true), Curve(control, false));
        var values = new double[times.Length];
        Array.Fill(values, double.NaN);
        for (var k = 0; k < known.Length; k++)
        {
            values[known[k]] = (analysis.Arms[known[k]] ? on : off).Contribution(Times.Times[k], Times.Ended[k]);
        }

        return analysis.Answer(spec.Name, isShare: false, values) with { Method = $"mean time without the event up to {Figures.Number(Times.Horizon)}, from the curves of the exposures" };

        WeightedRestrictedMean Curve(double[] weights, bool arm) =>
            WeightedRestrictedMean.Of(Times.Times, Times.Ended, Array.ConvertAll(known, i => weights[i]), Times.Horizon, $"arm {arms[arm ? 1 : 0]}");
    }

    private ExposureAnswer Expected(MetricSpec spec, SurrogateMetric metric)
    {
        var at = At(spec);
        var columns = metric.Surrogates.Select((_, k) => (DoubleColumn)table.Columns[at + k]).ToList();
        var whole = rowOf.Select(r => columns.All(c => !c.IsNull(r))).ToArray();
        double[][] early = [.. columns.Select(c => rowOf.Select((r, i) => whole[i] ? c.Values[r] : double.NaN).ToArray())];
        var (history, model) = SurrogateReader.Learn(metric, design, context);
        double[] index = [.. rowOf.Select((_, i) => whole[i] ? model.Level + model.Slopes.Select((s, k) => s * (early[k][i] - model.Centre[k])).Sum() : double.NaN)];
        Surrogates = new SurrogateReport(metric, model, history, early, arms, design.Options.Cluster) { Neighbours = true };
        var plain = analysis.Answer(spec.Name, Array.TrueForAll(history.Columns[0], v => v is 0 or 1), index);
        var parts = early.Select(s => analysis.Answer(spec.Name, isShare: false, s)).ToList();

        // The same contrast of every surrogate says how much of what the history teaches enters.
        ContrastResult With(ContrastResult contrast, Func<ExposureAnswer, ContrastResult?> same) =>
            SurrogateHistory.Add(model, contrast, [.. parts.Select(p => same(p)?.Value ?? 0)]).Difference;
        ExposureAnswerParts of = new(plain, parts, With);
        var answer = of.Apply() with { Method = "surrogate index" };
        if ((answer.Total?.Difference ?? answer.ByClusters) is { } lead && (plain.Total?.Difference ?? plain.ByClusters) is { } own)
        {
            Surrogates.Learned(1, Math.Sqrt(Math.Max(0, lead.StandardError * lead.StandardError - own.StandardError * own.StandardError)), lead.StandardError);
        }

        return answer;
    }

    // Where a metric's further columns begin.
    private int At(MetricSpec spec)
    {
        var at = first;
        foreach (var other in design.Metrics.TakeWhile(m => m != spec))
        {
            at += other.Derived is SurvivalMetric ? 1 : other.Derived is SurrogateMetric s ? s.Surrogates.Count : 0;
        }

        return at;
    }

    /// <summary>Puts the error of the history into every contrast of an index.</summary>
    private sealed record ExposureAnswerParts(ExposureAnswer Index, List<ExposureAnswer> Parts, Func<ContrastResult, Func<ExposureAnswer, ContrastResult?>, ContrastResult> With)
    {
        public ExposureAnswer Apply() => Index with
        {
            Full = Index.Full is { } full ? full with { Difference = With(full.Difference, p => p.Full?.Difference ?? p.Met?.Difference) } : null,
            Effects = Index.Effects is { } e ? e with { Total = Of(e.Total, x => x.Total), Direct = Of(e.Direct, x => x.Direct), SpillOver = Of(e.SpillOver, x => x.SpillOver) } : null,
            ByClusters = Index.ByClusters is { } by ? With(by, p => p.ByClusters) : null,
        };

        private ExposureContrast? Of(ExposureContrast? contrast, Func<ExposureEffects, ExposureContrast?> same) =>
            contrast is null ? null : contrast with { Difference = With(contrast.Difference, p => p.Effects is { } e ? same(e)?.Difference : null) };
    }
}
