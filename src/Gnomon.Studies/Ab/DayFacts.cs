using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Bandit;

namespace Gnomon.Studies.Ab;

/// <summary>The primary comparisons cut by day and by group: coverage of the week, effects over time, reversals.</summary>
internal sealed class DayFacts
{
    // A week of exposure is what the check on fading effects asks for.
    private const int ExposureDays = 7;
    private readonly AbDesign _design;
    private readonly AbInput _input;

    private readonly RepeatedDays? _repeated;

    private DayFacts(AbDesign design, AbInput input, RepeatedDays? repeated) => (_design, _input, _repeated) = (design, input, repeated);

    /// <param name="primaries">Comparisons that decide.</param>
    /// <param name="design">The question.</param>
    /// <param name="input">What was read.</param>
    /// <param name="repeated">What units that come on several days tell of each; null where every unit has one.</param>
    public static IEnumerable<IEvidence> Of(List<Comparison> primaries, AbDesign design, AbInput input, RepeatedDays? repeated)
    {
        var facts = new DayFacts(design, input, repeated);
        return facts.Days(primaries).Concat(facts.Strata(primaries));
    }

    private IEnumerable<IEvidence> Days(List<Comparison> primaries)
    {
        if (_input.Days is null || primaries.Count == 0)
        {
            yield break;
        }

        // Days count from the first to the last on which the leading metric has a value.
        var lead = primaries[0].Metric;
        var seen = lead.Arms.SelectMany(a => a.ByDay.Keys).Where(d => d != long.MinValue).ToList();
        if (seen.Count == 0)
        {
            yield break;
        }

        var first = seen.Min();
        var days = (int)(seen.Max() - first) + 1;
        var byDay = Enumerable.Range(0, days)
            .Select(d => lead.Arms.Aggregate(Moments.Empty, (sum, arm) => Moments.Merge(sum, arm.ByDay.GetValueOrDefault(first + d, Moments.Empty))))
            .ToList();

        // 1970-01-01 was a Thursday; Monday comes first.
        yield return _repeated?.Coverage() ?? new DayCoverage
        {
            Days = days,
            FirstDay = first,
            EmptyDays = byDay.Count(m => m.Count == 0),
            ByDay = byDay,
            ByWeekday = [.. Enumerable.Range(0, 7).Select(w => byDay.Where((_, d) => (first + d + 3) % 7 == w).Aggregate(Moments.Empty, Moments.Merge))],
        };

        // Clusters and blocks that come on different days move the share by themselves.
        var drawnOneByOne = _design.Options.Cluster is null && !_design.Options.Switchback;
        foreach (var adaptive in primaries.Take(drawnOneByOne ? 1 : 0).Select(AdaptiveLook.Of).OfType<AdaptiveAllocation>())
        {
            yield return adaptive;
        }

        foreach (var c in primaries)
        {
            var cells = Enumerable.Range(0, days)
                .Select(d => (Day: d + 1, Treatment: c.Treatment.ByDay.GetValueOrDefault(first + d), Control: c.Baseline.ByDay.GetValueOrDefault(first + d)))
                .Where(x => x.Treatment is { Count: >= 2 } && x.Control is { Count: >= 2 })
                .Select(x => (x.Day, Difference: x.Treatment!.Mean - x.Control!.Mean, Variance: VarianceOfDay(x.Treatment, c.Treatment) + VarianceOfDay(x.Control, c.Baseline)))
                .Where(x => x.Variance > 0)
                .ToList();

            // Units that mostly come once tell more by the day on which they came first.
            yield return _repeated?.Effects(c) is { } exposure && (exposure.Day.Count >= ExposureDays || exposure.Day.Count >= cells.Count) ? exposure with { Curves = primaries.Count } : new DailyEffects
            {
                Metric = $"{c.Spec.Name} ({c.Contrast})",
                Day = [.. cells.Select(x => x.Day)],
                Difference = [.. cells.Select(x => x.Difference)],
                Variance = [.. cells.Select(x => x.Variance)],
                Low = c.Raw.Low,
                High = c.Raw.High,
                Curves = primaries.Count,
            };
        }
    }

    // The spread of a small day is too uncertain to weigh it by, and follows its mean: a day without events would seem known exactly. It borrows the arm's spread within days.
    private static double VarianceOfDay(Moments day, ArmMetric arm)
    {
        const int enough = 100;
        if (day.Count >= enough)
        {
            return day.VarianceOfMean;
        }

        var days = arm.ByDay.Where(d => d.Key != long.MinValue && d.Value.Count >= 2).OrderBy(d => d.Key).Select(d => d.Value).ToList();
        return days.Sum(d => d.M2) / days.Sum(d => d.Count - 1) / day.Count;
    }

    private IEnumerable<IEvidence> Strata(List<Comparison> primaries)
    {
        foreach (var c in primaries)
        {
            if (_input.Days >= 2)
            {
                var days = c.Treatment.ByDay.Keys.Intersect(c.Baseline.ByDay.Keys).Where(d => d != long.MinValue).Order().ToList();

                // Units that all came on the first day are one stratum: nothing is cut by it.
                if (_repeated is null || days.Count > 1)
                {
                    yield return Stratified(c, "day", [.. days.Select(d => DayText(d))], [.. days.Select(d => c.Treatment.ByDay[d])], [.. days.Select(d => c.Baseline.ByDay[d])]);
                }
            }

            for (var s = 0; s < _design.Options.Segment.Count; s++)
            {
                var strata = Segments(c, s);
                yield return Stratified(c, _design.Options.Segment[s], [.. strata.Select(v => v.Name)], [.. strata.Select(v => v.Treatment)], [.. strata.Select(v => v.Control)]);
            }
        }
    }

    // Groups that hold a tenth of the units are strata of their own; the smaller ones are one together, for a reversal inside a few units is chance.
    private static List<(string Name, Moments Treatment, Moments Control)> Segments(Comparison c, int segment)
    {
        const double share = 0.1;
        var values = c.Treatment.BySegment.Keys.Union(c.Baseline.BySegment.Keys).Where(k => k.Segment == segment).OrderBy(k => k.Value, StringComparer.Ordinal)
            .Select(k => (Name: k.Value, Treatment: c.Treatment.BySegment.GetValueOrDefault(k, Moments.Empty), Control: c.Baseline.BySegment.GetValueOrDefault(k, Moments.Empty))).ToList();
        var enough = share * values.Sum(v => (double)(v.Treatment.Count + v.Control.Count));
        var strata = values.Where(v => v.Treatment.Count + v.Control.Count >= enough).ToList();
        var small = values.Where(v => v.Treatment.Count + v.Control.Count < enough).ToList();
        if (small.Count > 0)
        {
            strata.Add(("(smaller groups)", small.Aggregate(Moments.Empty, (m, v) => Moments.Merge(m, v.Treatment)), small.Aggregate(Moments.Empty, (m, v) => Moments.Merge(m, v.Control))));
        }

        return strata;
    }

    private StratifiedComparison Stratified(Comparison c, string stratifier, IReadOnlyList<string> strata, IReadOnlyList<Moments> treatment, IReadOnlyList<Moments> control) =>
        new()
        {
            Metric = $"{c.Spec.Name} ({c.Contrast})",
            Stratifier = stratifier,
            Strata = strata,
            Treatment = treatment,
            Control = control,
            Level = _design.Level,
        };

    private static string DayText(long day) =>
        DateOnly.FromDayNumber((int)day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
