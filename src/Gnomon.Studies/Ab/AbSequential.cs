using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Planning;
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
internal sealed class AbSequential
{
    // A critical value that no data reach: nothing may be spent at that look.
    private const double Unreachable = 37;
    private const double NextLook = 0.01;
    private readonly double[] _times;
    private readonly IReadOnlyList<GroupSequentialLook> _bounds;
    private readonly bool _binding;

    private AbSequential(StoppingRule rule, double[] times, double[] coming, IReadOnlyList<GroupSequentialLook> bounds, double? plannedZ, double alpha)
    {
        Rule = rule;
        _times = times;
        Coming = coming;
        _bounds = bounds;
        _binding = rule.Futility == FutilityStopping.Binding;
        PlannedZ = plannedZ;
        Alpha = alpha;
    }

    public StoppingRule Rule { get; }

    /// <summary>Information at the looks still to come.</summary>
    public IReadOnlyList<double> Coming { get; }

    public double? PlannedZ { get; }

    public double Alpha { get; }

    public double Information => _times[^1];

    public bool IsEnd => Information >= PlannedLook.Reached;

    /// <summary>Bounds at the looks taken and to come.</summary>
    public IReadOnlyList<GroupSequentialLook> Bounds => _bounds;

    public int Taken => _times.Length;

    public GroupSequentialLook Now => _bounds[_times.Length - 1];

    public double CriticalZ => Now.CriticalZ ?? Unreachable;

    /// <summary>Null when no stopping rule with an end was declared, or nothing was compared.</summary>
    public static AbSequential? Of(LookHistory looks, AbPlan? plan, IReadOnlyList<Comparison> primaries)
    {
        if (!looks.SequentialRule || looks.Rule == PlannedLook.OpenEnded || plan is null || primaries.Count == 0 || PlannedLook.Times(looks) is not { } times)
        {
            return null;
        }

        var rule = StoppingText.With(PlannedLook.RuleOf(looks), plan.Futility);
        var count = Math.Max(1, plan.Looks ?? 1);
        double[] coming = times[^1] >= PlannedLook.Reached ? [] : [.. Enumerable.Range(1, count).Select(k => (double)k / count).Where(t => t > times[^1] + NextLook)];
        double[] all = [.. times, .. coming];
        var power = plan.Power ?? 0.8;
        double? planned = plan.PlannedZ ?? Drift(rule, count, looks.Alpha, power);
        var bounds = planned is { } z ? PowerGroupSequential.Bounds(all, looks.Alpha, 1 - power, z, rule) : GroupSequential.Bounds(all, looks.Alpha, rule);
        return new AbSequential(rule, times, coming, bounds, planned, looks.Alpha);
    }

    /// <summary>The comparisons with what may be said of them at this look; guardrails and secondaries keep the reading they have.</summary>
    public IReadOnlyList<Comparison> Correct(IReadOnlyList<Comparison> comparisons) =>
        [.. comparisons.Select(c => c.Spec.Role == MetricRole.Primary ? c with { Corrected = new LookAnswer(Answer(c, c.Fixed), c.FixedLift.Contrast is { } lift ? Answer(c, lift) : null) } : c)];

    public LookOutcome Outcome(Comparison c)
    {
        var z = c.Spec.Sign * c.Z;
        return z >= CriticalZ ? LookOutcome.Gain
            : z <= -CriticalZ ? LookOutcome.Harm
            : IsEnd ? LookOutcome.End
            : Now.FutilityZ is { } futility && z <= futility ? LookOutcome.Futile
            : LookOutcome.GoOn;
    }

    /// <summary>Chances of still stopping with an effect; null where the test has stopped.</summary>
    public SequentialPowerResult? Chances(Comparison c)
    {
        if (Coming.Count == 0 || Information >= 1 || Outcome(c) is not (LookOutcome.GoOn or LookOutcome.Futile))
        {
            return null;
        }

        var later = _bounds.Skip(_times.Length).ToList();
        double[] futility = later.TrueForAll(b => b.FutilityZ is not null) ? [.. later.Select(b => b.FutilityZ!.Value)] : [];
        return SequentialPower.At(c.Spec.Sign * c.Z, Information, [.. Coming], [.. later.Select(b => b.CriticalZ ?? Unreachable)], PlannedZ, futility);
    }

    // Stopped: median-unbiased, with the stagewise interval. Going on: the repeated interval, which leaves out 0 exactly when the test may stop (Jennison and Turnbull 1989).
    private ContrastResult Answer(Comparison c, ContrastResult plain)
    {
        if (Outcome(c) == LookOutcome.GoOn)
        {
            var half = CriticalZ * plain.StandardError;
            return plain with { Low = plain.Value - half, High = plain.Value + half, Method = $"repeated interval, {plain.Method}" };
        }

        var sign = c.Spec.Sign;
        var earlier = _bounds.Take(_times.Length - 1).ToList();
        double[] high = [.. earlier.Select(b => b.CriticalZ ?? Unreachable)];
        double[] low = [.. earlier.Select(b => _binding && b.FutilityZ is { } f ? Math.Max(f, -(b.CriticalZ ?? Unreachable)) : -(b.CriticalZ ?? Unreachable))];
        if (!(plain.StandardError > 0))
        {
            return plain;
        }

        var result = StagewiseInference.At(_times, low, high, sign * plain.Value, plain.StandardError, plain.Level);
        var (a, b) = (sign * result.Low, sign * result.High);
        return plain with { Value = sign * result.Estimate, Low = Math.Min(a, b), High = Math.Max(a, b), PValue = result.PValue, Method = $"looks counted, median-unbiased, {plain.Method}" };
    }

    private static double? Drift(StoppingRule rule, int looks, double alpha, double power)
    {
        try
        {
            return PowerGroupSequential.Plan([.. Enumerable.Range(1, looks).Select(k => (double)k / looks)], alpha, power, rule with { Futility = FutilityStopping.None }).PlannedZ;
        }
        catch (ArgumentException)
        {
            return Normal.UpperQuantile(alpha / 2) + Normal.Quantile(power);
        }
    }
}
