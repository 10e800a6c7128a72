using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>What the moment of reading means: bounds and chances under a plan, intervals at any look without an end, both answers where nothing was declared.</summary>
internal sealed class AbLooksReport(AbDesign design, AbInput input, AbFacts facts)
{
    private const int MostRows = 20;

    // The exact recursion is quadratic in the looks; more of them hardly change the answer.
    private const int MostLooks = 60;
    private const double HighestDrawn = 8;
    private readonly AbAnytimeReport _anytime = new(design, input, facts);

    private IReadOnlyList<Comparison> Primaries => [.. facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary)];

    private string NowText => facts.Looks.Information is { } information ? $"{Figures.WholePercent(information)} of the plan" : Figures.Count(facts.Looks.Units, "unit");

    public IEnumerable<ResultTable> Tables()
    {
        if (_anytime.Harm() is { } harm)
        {
            yield return harm;
        }

        if (facts.Sequential is { } state)
        {
            yield return ThisLook(state);
            if (Chances(state) is { } chances)
            {
                yield return chances;
            }

            yield return Bounds(state);
        }
        else if (Readings() is { } readings)
        {
            yield return readings;
        }
    }

    public IEnumerable<Plot> Plots()
    {
        if (facts.Sequential is { } state && Boundary(state) is { } boundary)
        {
            yield return boundary;
        }

        if (facts.Looks.Rule == PlannedLook.OpenEnded && _anytime.SequencePlot() is { } sequence)
        {
            yield return sequence;
        }
    }

    /// <summary>For the decision's sentence: what this look allows. Empty without a stopping rule.</summary>
    public string ThisLookSays(Comparison lead)
    {
        if (facts.Sequential is not { } state)
        {
            return string.Empty;
        }

        var bound = state.IsBackward ? "More units than these were read before, so this look can stop nothing."
            : state.CriticalZ(lead) is { } z ? $"This look stops at p below {Figures.P(2 * Normal.Sf(z))[2..].TrimStart('=', ' ')}{Family()}; p is {Figures.P(lead.Fixed.PValue)[2..].TrimStart('=', ' ')}."
            : "Nothing may be stopped at so early a look.";
        return state.Chances(lead) is { } chances
            ? $" {bound} Chance to still end with an effect: {Figures.WholePercent(chances.OnTrend)} on the trend so far{(chances.IfPlanned is { } p ? $", {Figures.WholePercent(p)} if the planned effect is real" : string.Empty)}, {Figures.WholePercent(chances.Predictive)} averaged over what the data allow{ToGo(state)}."
            : $" {bound}";
    }

    // The bounds are those of the share of the size that each primary has.
    private string Family() => facts.Sequential is { Family: > 1 and var family } ? $" with {Figures.Count(family, "comparison")} counted (Holm)" : string.Empty;

    public IEnumerable<string> Sentences()
    {
        foreach (var sentence in Stopped().Concat(_anytime.Sentences()).Concat(Unplanned()))
        {
            yield return sentence;
        }
    }

    private IEnumerable<string> Stopped()
    {
        if (facts.Sequential is not { } state)
        {
            yield break;
        }

        foreach (var sentence in Primaries.Take(3).SelectMany(c => Overrun.Of(facts, c)?.Sentences() ?? []))
        {
            yield return sentence;
        }

        foreach (var c in Primaries.Where(c => c.Stopped is { Outcome: LookOutcome.Futile }).Take(3))
        {
            yield return $"Look {c.Stopped!.Look.Number} crossed a futility bound that binds for {c.Spec.Name} in {c.Arm}, and the test went on. The bounds for a gain are lower because of that bound, so no later look of this test keeps the size, and none can call a gain."
                + (state.UncreditedZ is { } z ? $" Had futility been advice from the start, this look would need z of {z:0.00}; it is {c.Spec.Sign * c.Z:0.00}. Read that way only now, the test would call an effect that is not there too often." : string.Empty);
        }

        foreach (var c in Primaries.Where(c => c.Stopped is null && state.HasEnded(c) && state.Taken > 1 && !state.IsBackward).Take(3))
        {
            yield return $"A test that may stop early stops on lucky moments: read once, {c.Spec.Name} in {c.Arm} would show {AbWords.Text(c.Fixed, c.Metric.Unit).Point} ({AbWords.Text(c.Fixed, c.Metric.Unit).Range}); with its {Figures.Count(state.Taken, "look")} counted it is {AbWords.Text(c.Shown, c.Metric.Unit).Point} ({AbWords.Text(c.Shown, c.Metric.Unit).Range}).";
        }

        if (Primaries.Any(c => !state.HasEnded(c)))
        {
            yield return $"Intervals at this look are repeated intervals: they hold at every look of the plan{(state.Family > 1 ? $" and for {Figures.Count(state.Family, "comparison")}" : string.Empty)} together, and leave out 0 exactly when it may stop ({StoppingText.Name(state.Rule)}).";
        }
    }

    private IEnumerable<string> Unplanned()
    {
        if (facts.Looks.SequentialRule || facts.Looks.Looks < 2 || Primaries.Count == 0 || Lead() is not { } lead)
        {
            yield break;
        }

        var times = LedgerTimes();
        var p = PeekingError.LargestOf(times, Math.Abs(lead.Z));
        yield return $"Read {Figures.Count(facts.Looks.Looks, "time")} without a stopping rule: the p-value of {lead.Spec.Name} is {Figures.P(lead.Fixed.PValue)[2..].TrimStart('=', ' ')} if this reading were the only one, and {Figures.P(p)[2..].TrimStart('=', ' ')} with its looks counted. Reading a test so often at {facts.Alpha:0.##} calls an effect that is not there in {Figures.Percent(PeekingError.LargestOf(times, Normal.UpperQuantile(facts.Alpha / 2)), 1)} of cases.";
    }

    private ResultTable ThisLook(AbSequential state)
    {
        var rows = Primaries.Take(MostRows).Select(c => (IReadOnlyList<object?>)
            [c.Spec.Name, c.Contrast, c.Spec.Sign * c.Z, state.CriticalZ(c), state.FutilityZ(c), Word(state, c)]).ToList();
        return new ResultTable(
            "this-look", $"This look: {NowText}, {StoppingText.Name(state.Rule)}",
            ["metric", "contrast", "z, better is up", "stops at |z| of", "futile at z of", "so"], rows);
    }

    // Of tests that go on only: a stopped one has no chance left to speak of.
    private ResultTable? Chances(AbSequential state)
    {
        var rows = Primaries.Take(MostRows).Select(c => (c, Chances: state.Chances(c))).Where(x => x.Chances is not null)
            .Select(x => (IReadOnlyList<object?>)[x.c.Spec.Name, x.c.Contrast, x.Chances!.OnTrend, x.Chances.IfPlanned, x.Chances.IfNull, x.Chances.Predictive]).ToList();
        return rows.Count == 0 ? null : new ResultTable(
            "chances", "Chance that the test ends with an effect", ["metric", "contrast", "trend holds: chance", "planned effect: chance", "no effect from now: chance", "averaged: chance"], rows);
    }

    private string Word(AbSequential state, Comparison c) => state.Stop(c) is { } stop ? $"stopped at look {stop.Look.Number}: {stop.Outcome switch { LookOutcome.Gain => "better", LookOutcome.Harm => "worse", _ => "no gain in sight" }}" : state.Outcome(c) switch
    {
        LookOutcome.GoOn or LookOutcome.Harm or LookOutcome.End or LookOutcome.Futile when state.CrossesAlone(c) && c.FamilyP >= facts.Alpha => $"{(c.Spec.Sign * c.Z > 0 ? "better" : "worse")} alone, not with {Figures.Count(state.Family, "comparison")} counted",
        LookOutcome.Gain => "stop: better",
        LookOutcome.Harm => "stop: worse",
        LookOutcome.Futile => "stop: no gain in sight",
        LookOutcome.End => "the end is reached",
        _ => "go on",
    };

    private ResultTable Bounds(AbSequential state)
    {
        var planned = facts.Looks.PlannedUnits;
        return new ResultTable(
            "looks", "Looks", ["look", "share of the plan", "units in all", "stop at |z| of", "or p below", "futile at z of", "when"],
            [.. state.Bounds.Select((b, i) => (IReadOnlyList<object?>)
            [
                (long)i + 1, b.Information, planned is { } n ? (long)Math.Round(b.Information * n) : null, b.CriticalZ, b.CriticalZ is null ? null : b.NominalAlpha, b.FutilityZ,
                i + 1 < state.Taken || (i + 1 == state.Taken && state.IsBackward) ? "taken" : i + 1 == state.Taken ? "now" : "to come",
            ])]);
    }

    // The same data as a single reading, with the looks that were taken, and with one look a day: what would have to be declared to use each of them.
    private ResultTable? Readings()
    {
        if (Primaries.Count == 0 || facts.Looks.Rule == PlannedLook.OpenEnded || design.Options.IsTyped && facts.Looks.Looks < 2)
        {
            return null;
        }

        var ways = new List<(string Name, double[] Times)>();
        if (facts.Looks.Looks > 1)
        {
            ways.Add(($"the {Figures.Count(facts.Looks.Looks, "look")} of the ledger counted", LedgerTimes()));
        }

        // A plan that reads once and was read once leaves no looks to suspect in its days.
        var isPlanned = facts.Evidence.OfType<PlanStatement>().Any(p => p.Exists);
        if (!isPlanned && input.Days is >= 2 && Primaries[0].Treatment.ByDay.Count >= 2)
        {
            var days = Math.Min(MostLooks, input.Days.Value);
            ways.Add(($"if it was read every day ({days} looks)", [.. Enumerable.Range(1, days).Select(d => (double)d / days)]));
        }

        if (ways.Count == 0)
        {
            return null;
        }

        // The bound and the error hang on the looks alone, and each is a root of many recursions.
        var sizes = ways.Select(w => (w.Name, w.Times, Bound: PeekingError.CriticalValue(w.Times, design.Alpha), Error: PeekingError.LargestOf(w.Times, Normal.UpperQuantile(design.Alpha / 2)))).ToList();
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var c in Primaries.Take(MostRows).Where(c => c.Fixed.StandardError > 0))
        {
            rows.Add([c.Spec.Name, c.Contrast, "read once", c.Fixed.Value, c.Fixed.Low, c.Fixed.High, c.Fixed.PValue, design.Alpha]);
            foreach (var (name, times, bound, error) in sizes)
            {
                var half = bound * c.Fixed.StandardError;
                rows.Add([c.Spec.Name, c.Contrast, name, c.Fixed.Value, c.Fixed.Value - half, c.Fixed.Value + half, PeekingError.LargestOf(times, Math.Abs(c.Z)), error]);
            }
        }

        return rows.Count == 0 ? null : new ResultTable("readings", "The same data under other ways of reading", ["metric", "contrast", "reading", "difference", "low", "high", "p", "uncorrected: false alarm rate"], rows);
    }

    // Units at the earlier looks tell how far apart they were; looks at the same number of units count once.
    private double[] LedgerTimes()
    {
        var looks = facts.Looks;
        double[] earlier = [.. looks.EarlierUnits.Where(u => u > 0 && u < looks.Units).Order().Distinct().TakeLast(MostLooks).Select(u => (double)u / looks.Units)];

        // A ledger that cannot tell the sizes apart still counted the looks.
        return earlier.Length == 0 ? [.. Enumerable.Range(1, Math.Min(MostLooks, looks.Looks)).Select(k => (double)k / Math.Min(MostLooks, looks.Looks))] : [.. earlier, 1];
    }

    private Comparison? Lead() => Primaries.OrderBy(c => c.Fixed.PValue).FirstOrDefault();

    private string ToGo(AbSequential state)
    {
        if (input.Days is not { } days || state.Information is >= 1 or <= 0)
        {
            return string.Empty;
        }

        var next = state.Coming.Count > 0 ? Math.Max(1, (int)Math.Ceiling(days * (state.Coming[0] - state.Information) / state.Information - 1e-9)) : 0;
        var end = Math.Max(1, (int)Math.Ceiling(days * (1 - state.Information) / state.Information - 1e-9));
        return next < end ? $"; at this traffic the next look is due in {Figures.Count(next, "day")}, the end in {Figures.Count(end, "day")}" : $"; at this traffic the end is due in {Figures.Count(end, "day")}";
    }

    private Plot? Boundary(AbSequential state)
    {
        if (Lead() is not { } lead)
        {
            return null;
        }

        var scale = facts.Looks.PlannedUnits is > 0 and var planned ? planned : 100.0;
        var points = new List<CurvePoint>();
        foreach (var (series, bound) in new (string, Func<GroupSequentialLook, double?>)[] { ("better", b => b.CriticalZ), ("worse", b => -b.CriticalZ), ("no gain in sight", b => b.FutilityZ) })
        {
            points.AddRange(state.Bounds.Where(b => bound(b) is { } z && Math.Abs(z) <= HighestDrawn).Select(b => new CurvePoint(b.Information * scale, bound(b)!.Value, series)));
        }

        var taken = Path(lead, state.Information * scale);
        var looks = MarkLooks(taken, lead, state, state.Information * scale);
        taken.Add(new CurvePoint(state.Information * scale, Math.Clamp(lead.Spec.Sign * lead.Z, -HighestDrawn, HighestDrawn), $"look {looks + 1}, now"));
        return points.Count == 0 ? null : new Plot("boundary", $"{lead.Spec.Name}, {lead.Contrast}: when the test may stop", BoundaryPlot.Build(points, taken, facts.Looks.PlannedUnits is null ? "% of the plan" : "units in all", "z, better is up"));
    }

    // The ledger knows how many units an earlier look had and what it read. Where the reading is not on record, it is the day that had about as many.
    private int MarkLooks(List<CurvePoint> path, Comparison lead, AbSequential state, double nowAt)
    {
        const double near = 0.1;
        var looks = facts.Looks;
        long[] earlier = [.. looks.EarlierUnits.Where(u => u > 0 && u < looks.Units).Order().Distinct()];
        for (var k = 0; k < earlier.Length; k++)
        {
            var at = (double)earlier[k] / looks.Units * nowAt;
            if (state.Past.FirstOrDefault(p => p.Units == earlier[k])?.Of(lead)?.Z is { } z)
            {
                path.Add(new CurvePoint(at, Math.Clamp(lead.Spec.Sign * z, -HighestDrawn, HighestDrawn), $"look {k + 1}"));
            }
            else if (path.Count > 0 && Enumerable.Range(0, path.Count).MinBy(j => Math.Abs(path[j].X - at)) is var i && Math.Abs(path[i].X - at) <= near * at)
            {
                path[i] = path[i] with { Series = $"look {k + 1}" };
            }
        }

        path.Sort((a, b) => a.X.CompareTo(b.X));

        return earlier.Length;
    }

    // z as it was after each day, from the days of the data.
    private static List<CurvePoint> Path(Comparison c, double nowAt)
    {
        var points = new List<CurvePoint>();
        foreach (var (share, treatment, control) in Cumulative(c).SkipLast(1))
        {
            var error = Math.Sqrt(treatment.VarianceOfMean + control.VarianceOfMean);
            if (error > 0)
            {
                points.Add(new CurvePoint(share * nowAt, Math.Clamp(c.Spec.Sign * (treatment.Mean - control.Mean) / error, -HighestDrawn, HighestDrawn), BoundaryPlot.OnTheWay));
            }
        }

        return points;
    }

    internal static IEnumerable<(double Share, Moments Treatment, Moments Control)> Cumulative(Comparison c)
    {
        var days = c.Treatment.ByDay.Keys.Intersect(c.Baseline.ByDay.Keys).Where(d => d != long.MinValue).Order().ToList();
        var total = days.Sum(d => (double)(c.Treatment.ByDay[d].Count + c.Baseline.ByDay[d].Count));
        var (treatment, control) = (Moments.Empty, Moments.Empty);
        foreach (var day in days)
        {
            treatment = Moments.Merge(treatment, c.Treatment.ByDay[day]);
            control = Moments.Merge(control, c.Baseline.ByDay[day]);
            if (treatment.Count >= 2 && control.Count >= 2)
            {
                yield return ((treatment.Count + control.Count) / total, treatment, control);
            }
        }
    }
}
