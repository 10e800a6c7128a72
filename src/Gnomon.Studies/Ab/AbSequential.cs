using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>What one comparison means at this look.</summary>
internal enum LookOutcome
{
    GoOn,
    Gain,
    Harm,
    Futile,
    End,
}

/// <summary>An experiment under a plan with a stopping rule, at the look that is taken now.</summary>
/// <remarks>
/// The look that crossed a bound is the answer: under the stagewise ordering its p-value, median-unbiased estimate and interval hold whatever came after it. Data that came later are told beside
/// it (<see cref="Overrun"/>). So it is with a futility bound that binds: the bounds for a gain took credit for it, and no later look keeps the size.
/// </remarks>
internal sealed class AbSequential
{
    // A critical value that no data reach: nothing may be spent at that look.
    internal const double Unreachable = 37;
    private const double NextLook = 0.01;
    private readonly Dictionary<(string Metric, string Contrast), LookPath> _paths;
    private readonly LookTimes _times;
    private readonly LookBounds _made;
    private readonly LookReplay _replay;

    private AbSequential(LookTimes times, LookBounds bounds, IReadOnlyList<LookPath> paths, IReadOnlyList<PastLook> past, double[] coming, int planned)
    {
        (_times, _made, Past, Coming) = (times, bounds, past, coming);
        _paths = paths.ToDictionary(p => (p.Comparison.Spec.Name, p.Comparison.Contrast));
        _replay = new LookReplay(bounds, times, paths, planned);
        _replay.Run(past);
    }

    public StoppingRule Rule => _made.Rule;

    /// <summary>Earlier looks, oldest first.</summary>
    public IReadOnlyList<PastLook> Past { get; }

    /// <summary>Information at the looks still to come.</summary>
    public IReadOnlyList<double> Coming { get; }

    public double? PlannedZ => _made.PlannedZ;

    /// <summary>Information reached: at this look, or at an earlier one that had more.</summary>
    public double Information => Math.Max(_times.Now, _times.Taken[^1]);

    public bool IsEnd => Information >= PlannedLook.Reached;

    /// <summary>More was read at an earlier look than the data hold now: this look can stop nothing.</summary>
    public bool IsBackward => _times.IsBackward;

    /// <summary>Comparisons that the size is shared among: those that are read, or those that the plan named.</summary>
    public int Family => _replay.Family;

    /// <summary>Comparisons that share the size at this look, the decided ones aside.</summary>
    public int Sharing => _replay.Sharing;

    /// <summary>Bounds at the looks taken and to come, of one of the comparisons that share the size.</summary>
    public IReadOnlyList<GroupSequentialLook> Bounds => _made.Of(Sharing);

    public int Taken => _times.Taken.Count;

    /// <summary>Two-sided size of this look for a comparison that has the whole of it; what p-values that count the family are held against.</summary>
    public double AlphaNow
    {
        get
        {
            var now = IsBackward ? 0 : LookPath.Nominal(_made.Of(1)[Taken - 1].CriticalZ);
            return now > 0 ? now : _paths.Values.Any(p => p.Stop is not null) ? _made.Alpha : 0;
        }
    }

    /// <summary>Nothing of the size is left for this look or a later one.</summary>
    public bool IsSpent => IsEnd && (IsBackward || _made.Of(1)[Taken - 1].CriticalZ is null);

    /// <summary>Null when no stopping rule with an end was declared, or nothing was compared.</summary>
    public static AbSequential? Of(LookHistory looks, AbPlan? plan, IReadOnlyList<Comparison> primaries, IReadOnlyList<PastLook> past)
    {
        if (!looks.SequentialRule || looks.Rule == PlannedLook.OpenEnded || plan is null || primaries.Count == 0 || looks.Information is not { } information)
        {
            return null;
        }

        var times = LookTimes.Of(information, looks.Units, past.Select(p => p.Units));
        var rule = StoppingText.With(PlannedLook.RuleOf(looks), plan.Futility);
        var count = Math.Max(1, plan.Looks ?? 1);
        double[] coming = times.Taken[^1] >= PlannedLook.Reached ? [] : [.. Enumerable.Range(1, count).Select(k => (double)k / count).Where(t => t > times.Taken[^1] + NextLook)];
        var planned = plan.Metrics * primaries.Select(c => c.Arm).Distinct().Count();
        var bounds = new LookBounds([.. times.Taken, .. coming], rule, plan, looks.Alpha, Math.Max(planned, primaries.Count));
        return new AbSequential(times, bounds, [.. primaries.Select(c => new LookPath(c))], past, coming, planned);
    }

    /// <summary>The earlier look that ended the test of a comparison; null where none did.</summary>
    public PathStop? Stop(Comparison c) => Path(c).Stop is { } stop && Path(c).Now != LookOutcome.Harm ? stop : null;

    /// <summary>What is shown of a gain at this look: stop at this z or beyond; null where nothing may be stopped.</summary>
    public double? CriticalZ(Comparison c) => Path(c).Bound?.CriticalZ;

    public double? FutilityZ(Comparison c) => IsEnd ? null : Path(c).Bound?.FutilityZ;

    /// <summary>Whether z is beyond the bound that it would have alone, though not beyond the one that counts the family.</summary>
    public bool CrossesAlone(Comparison c) => _replay.Family > 1 && !IsBackward && Math.Abs(c.Z) >= (_made.Of(1)[Taken - 1].CriticalZ ?? Unreachable);

    public LookOutcome Outcome(Comparison c)
    {
        var now = Path(c).Now;
        return Stop(c) is { } stop ? stop.Outcome : now is LookOutcome.GoOn or LookOutcome.Futile && IsEnd ? LookOutcome.End : now;
    }

    /// <summary>The test of a comparison is over: decided, at its end, or all of them without a gain in sight.</summary>
    public bool HasEnded(Comparison c) => Outcome(c) is LookOutcome.Gain or LookOutcome.Harm or LookOutcome.End || Stop(c) is not null
        || (Outcome(c) == LookOutcome.Futile && _paths.Values.All(p => Outcome(p.Comparison) == LookOutcome.Futile));

    /// <summary>The comparisons with what may be said of them at this look; guardrails and secondaries keep the reading they have.</summary>
    public IReadOnlyList<Comparison> Correct(IReadOnlyList<Comparison> comparisons) => [.. comparisons.Select(c => c.Spec.Role == MetricRole.Primary ? Correct(c) : c)];

    /// <summary>Where the test went on past a bound that binds, a clause each.</summary>
    public IEnumerable<string> PassedStops() => _paths.Values.Where(p => p.Stop is { Outcome: LookOutcome.Futile })
        .Select(p => $"the futility bound binds, look {p.Stop!.Look.Number} crossed it for {p.Comparison.Spec.Name} in {p.Comparison.Arm}, and the test went on");

    /// <summary>z that a gain would need at this look if futility had been advice from the start; null where nothing may be stopped.</summary>
    public double? UncreditedZ => IsBackward ? null : _made.Of(Sharing, credit: false)[Taken - 1].CriticalZ;

    /// <summary>Chances of still stopping with an effect; null where the test has stopped.</summary>
    public SequentialPowerResult? Chances(Comparison c)
    {
        if (Coming.Count == 0 || Information >= 1 || IsBackward || Stop(c) is not null || Outcome(c) is not (LookOutcome.GoOn or LookOutcome.Futile))
        {
            return null;
        }

        var later = Bounds.Skip(Taken).ToList();
        double[] futility = later.TrueForAll(b => b.FutilityZ is not null) ? [.. later.Select(b => b.FutilityZ!.Value)] : [];
        return SequentialPower.At(c.Spec.Sign * c.Z, Information, [.. Coming], [.. later.Select(b => b.CriticalZ ?? Unreachable)], PlannedZ, futility);
    }

    /// <summary>What all data say when the look that stopped is left out: as if the test had gone on to this one (Whitehead 1992). Null where the data now hold no more than that look had.</summary>
    public StagewiseResult? WithoutTheStop(Comparison c)
    {
        if (Stop(c) is not { } stop || IsBackward || stop.Place >= Taken - 1 || !(c.Fixed.StandardError > 0))
        {
            return null;
        }

        return Stagewise(c, c.Fixed, [.. _times.Taken.Take(stop.Place), _times.Now]);
    }

    /// <summary>p of a harm on the scale of <see cref="AlphaNow"/>.</summary>
    public double HarmP(Comparison c, double p)
    {
        if (Outcome(c) == LookOutcome.Harm)
        {
            return Stop(c) is { } stop ? Scaled(stop.Read.Once.PValue, stop.Nominal) : Math.Min(Scaled(p, LookPath.Nominal(UncreditedWholeZ)), AlphaNow * (1 - 1e-9));
        }

        return 1;
    }

    private double? UncreditedWholeZ => IsBackward ? null : _made.Of(1, credit: false)[Taken - 1].CriticalZ;

    private LookPath Path(Comparison c) => _paths[(c.Spec.Name, c.Contrast)];

    private double Scaled(double p, double nominal) => nominal > 0 ? Math.Min(1, p * AlphaNow / nominal) : 1;

    private Comparison Correct(Comparison c)
    {
        if (Stop(c) is { } stop)
        {
            var isRead = stop.Read.Shown.Method.Contains(PastResult.LooksCounted, StringComparison.Ordinal);
            var shown = isRead ? stop.Read.Shown : Stagewise(c, stop.Read.Once, [.. _times.Taken.Take(stop.Place + 1)]) is { } r ? Shown(stop.Read.Once, c.Spec.Sign, r) : stop.Read.Once;
            return c with { Stopped = stop, Corrected = new LookAnswer(shown, stop.Read.Lift), FamilyP = stop.Outcome == LookOutcome.Futile ? 1 : Scaled(stop.Read.Once.PValue, stop.Nominal) };
        }

        return c with
        {
            Corrected = new LookAnswer(Answer(c, c.Fixed), c.FixedLift.Contrast is { } lift ? Answer(c, lift) : null),
            FamilyP = Scaled(c.Fixed.PValue, LookPath.Nominal(CriticalZ(c))),
        };
    }

    // Stopped: median-unbiased, with the stagewise interval. Going on: the repeated interval, which leaves out 0 exactly when the test may stop (Jennison and Turnbull 1989).
    private ContrastResult Answer(Comparison c, ContrastResult plain)
    {
        if (!HasEnded(c))
        {
            var half = ((IsBackward ? Bounds[Taken - 1].CriticalZ : CriticalZ(c)) ?? Unreachable) * plain.StandardError;
            return plain with { Low = plain.Value - half, High = plain.Value + half, Method = $"repeated interval, {plain.Method}" };
        }

        return !(plain.StandardError > 0) || IsBackward ? plain : Shown(plain, c.Spec.Sign, Stagewise(c, plain, [.. _times.Taken]));
    }

    private static ContrastResult Shown(ContrastResult plain, int sign, StagewiseResult result)
    {
        var (a, b) = (sign * result.Low, sign * result.High);
        return plain with { Value = sign * result.Estimate, Low = Math.Min(a, b), High = Math.Max(a, b), PValue = result.PValue, Method = $"{PastResult.LooksCounted}, median-unbiased, {plain.Method}" };
    }

    private StagewiseResult Stagewise(Comparison c, ContrastResult plain, double[] times)
    {
        var regions = Path(c).Regions;
        double[] low = [.. Enumerable.Range(0, times.Length - 1).Select(k => k < regions.Count ? regions[k].Low : -Unreachable)];
        double[] high = [.. Enumerable.Range(0, times.Length - 1).Select(k => k < regions.Count ? regions[k].High : Unreachable)];
        return StagewiseInference.At(times, low, high, c.Spec.Sign * plain.Value, plain.StandardError, plain.Level);
    }
}
