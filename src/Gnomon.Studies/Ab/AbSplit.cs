using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>The split of the arms: read once and at any look, over time, and which units tilt it.</summary>
internal sealed class AbSplit(AbDesign design, AbInput input, AbFacts facts)
{
    // Below this a person wants to know which units it is.
    private const double Suspicious = 0.001;
    private const double EValueThreshold = 100;
    private const int MostSlices = 6;

    // What is left must look like the plan before anything is read from it.
    private const double Rest = 0.01;

    // Beside the strongest slice only those that are off by themselves.
    private const double Shown = 0.05;

    // 99.9 % of honest splits lie within so many standard deviations at one look.
    private const double Reach = 3.2905267314919255;

    private double[] Shares => [.. facts.Assignment.PlannedShares];

    private long[] Observed => [.. facts.Assignment.Observed];

    private bool CanTest => Shares.Count(s => s > 0) >= 2 && Observed.Where((_, i) => Shares[i] > 0).Sum() > 0;

    public IEnumerable<ResultTable> Tables()
    {
        if (!CanTest)
        {
            yield break;
        }

        var once = SampleRatio.ChiSquare(Observed, Shares);
        var always = SampleRatio.EProcess(Observed, Shares);
        if (once.PValue >= Suspicious && always.EValue <= EValueThreshold && !facts.Looks.SequentialRule)
        {
            yield break;
        }

        yield return new ResultTable(
            "split", "The split, read once and at any look", ["reading", "statistic", "p", "alarm at"],
            [
                ["chi-square, read once", once.Statistic, once.PValue, "p below 0.001"],
                ["e-value, read at any look", Math.Min(always.EValue, 1e12), always.AlwaysValidP, "an e-value above 100"],
            ]);
        if (once.PValue < Suspicious && Slices() is { Rows.Count: > 0 } slices)
        {
            yield return slices;
        }
    }

    public IEnumerable<Plot> Plots()
    {
        if (Lead() is not { } lead || lead.Arms.Count != 2 || facts.Assignment.Arms.Count != 2 || !CanTest)
        {
            yield break;
        }

        var days = lead.Arms.SelectMany(a => a.ByDay.Keys).Where(d => d != long.MinValue).Distinct().Order().ToList();
        var points = new List<LinePoint>();
        var planned = Shares[1];
        double first = 0, second = 0;
        foreach (var day in days)
        {
            first += lead.Arms[0].ByDay.GetValueOrDefault(day, Moments.Empty).Count;
            second += lead.Arms[1].ByDay.GetValueOrDefault(day, Moments.Empty).Count;
            var n = first + second;
            if (n < 100)
            {
                continue;
            }

            var half = Reach * Math.Sqrt(planned * (1 - planned) / n);
            points.Add(new LinePoint(DateTimeOffset.UnixEpoch.AddDays(day), second / n, $"share of {input.Arms[1]}", Math.Max(0, planned - half), Math.Min(1, planned + half)));
        }

        if (points.Count >= 2)
        {
            yield return new Plot("split", "The split so far, with the range of honest splits", LinePlot.Build(points, $"share of {input.Arms[1]}", new PlotUnit("proportion"), [new ReferenceLine("planned", planned, "proportion")]));
        }
    }

    public IEnumerable<string> Sentences()
    {
        if (!CanTest || SampleRatio.ChiSquare(Observed, Shares).PValue >= Suspicious)
        {
            yield break;
        }

        var ranked = Ranked();
        if (ranked.Count > 1 && ranked[0] is { AdjustedPValue: < Suspicious } worst)
        {
            yield return $"The imbalance is strongest among units with {worst.Name}: {string.Join(" / ", worst.Observed.Take(6).Select(Figures.Count))}. {(worst.RestPValue is >= Suspicious ? "Without them the split is as planned: look there first." : "Without them the split is still off, so they are not the whole cause.")}";
        }
    }

    private ResultTable Slices() => new(
        "split-slices", "Where the imbalance comes from", ["units with", .. input.Arms.Take(6), "chi-square", "adjusted p", "without them: p"],
        [.. Ranked().Where((s, i) => i == 0 || s.AdjustedPValue < Shown).Take(MostSlices).Select(s => (IReadOnlyList<object?>)[s.Name, .. s.Observed.Take(6).Select(n => (object?)n), s.Statistic, s.AdjustedPValue, s.RestPValue])]);

    // By day and by every named segment, over the units with a value of the leading metric; the arms that the plan adds and nobody reached have none.
    private IReadOnlyList<SampleRatioSlice> Ranked() => Lead() is not { } lead || lead.Arms.Count != Shares.Length ? []
        : SampleRatioSlices.Rank([.. Parts(lead).Select(p => (p.Name, (IReadOnlyList<long>)[.. lead.Arms.Select(a => p.Inside(a).Count)]))], Shares, [.. lead.Arms.Select(a => a.N)]);

    /// <summary>The slice that explains a broken split: without it the rest is as planned. Null where none does.</summary>
    public (UnitPart Part, SampleRatioSlice Slice)? Culprit() =>
        CanTest && SampleRatio.ChiSquare(Observed, Shares).PValue < Suspicious && Ranked() is [{ AdjustedPValue: < Suspicious, RestPValue: >= Rest } worst, _, ..]
            ? (Parts(Lead()!).First(p => p.Name == worst.Name), worst) : null;

    private IEnumerable<UnitPart> Parts(MetricInput lead)
    {
        for (var s = 0; s < design.Options.Segment.Count; s++)
        {
            var column = s;
            foreach (var key in lead.Arms.SelectMany(a => a.BySegment.Keys).Where(k => k.Segment == column).Distinct().OrderBy(k => k.Value, StringComparer.Ordinal))
            {
                yield return new UnitPart(
                    $"{design.Options.Segment[s]} = {key.Value}", a => a.BySegment.GetValueOrDefault(key, Moments.Empty),
                    a => Sum(a.BySegment.Where(b => b.Key.Segment == column && b.Key != key).OrderBy(b => b.Key.Value, StringComparer.Ordinal).Select(b => b.Value)));
            }
        }

        foreach (var day in lead.Arms.SelectMany(a => a.ByDay.Keys).Where(d => d != long.MinValue).Distinct().Order())
        {
            var text = DateOnly.FromDayNumber((int)day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            yield return new UnitPart($"day {text}", a => a.ByDay.GetValueOrDefault(day, Moments.Empty), a => Sum(a.ByDay.Where(b => b.Key != day).OrderBy(b => b.Key).Select(b => b.Value)));
        }
    }

    private static Moments Sum(IEnumerable<Moments> parts) => parts.Aggregate(Moments.Empty, Moments.Merge);

    private MetricInput? Lead() => input.Metrics.FirstOrDefault(m => m.Spec is { Role: MetricRole.Primary, Derived: null }) ?? (input.Metrics.Count > 0 ? input.Metrics[0] : null);
}

/// <summary>Units of one kind, and all the others.</summary>
internal sealed record UnitPart(string Name, Func<ArmMetric, Moments> Inside, Func<ArmMetric, Moments> Outside);
