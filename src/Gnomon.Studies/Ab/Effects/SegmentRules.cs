using Gnomon.Methods.Heterogeneity;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>What the judging half confirms: segments, those whom the arm hurts, and rules of whom to treat.</summary>
/// <remarks>
/// A segment is confirmed when its effect differs from that of all other units after Benjamini-Hochberg over the segments of all arms. A rule treats confirmed segments alone. Which of the segments that
/// discovery called worth treating are confirmed is known from the judging half, so a rule is one of 2^m - 1 that discovery allowed, beside the one by predicted effect: its interval is
/// widened by Bonferroni for all of them and holds whichever is told.
/// </remarks>
internal sealed class SegmentRules
{
    private readonly AbDesign _design;
    private readonly IReadOnlyList<ArmEffects> _arms;
    private readonly IReadOnlyList<double>[] _harm;
    private readonly Dictionary<ArmEffects, (IReadOnlyList<int> Treated, TargetingValueResult? BySegment, TargetingValueResult ByPrediction)> _rules = new(ReferenceEqualityComparer.Instance);

    public SegmentRules(AbDesign design, IReadOnlyList<ArmEffects> arms)
    {
        (_design, _arms) = (design, arms);
        Adjusted = Corrected(s => s.Difference.PValue);
        _harm = Corrected(s => s.Effect.PValue);
        foreach (var (arm, a) in arms.Select((arm, a) => (arm, a)))
        {
            var sign = arm.Comparison.Spec.Sign;
            var treated = arm.Promising.Where(s => IsConfirmed(a, s) && sign * arm.Segments[s].Effect.Value > Cost).ToList();
            var level = 1 - design.Alpha / (Math.Pow(2, arm.Promising.Count) * arms.Count);
            var isTreated = Enumerable.Range(0, arm.Segments.Count).Select(treated.Contains).ToArray();
            _rules[arm] = (
                treated,
                treated.Count == 0 ? null : TargetingValue.Of(arm.Benefit, [.. arm.Leaf.Select(l => l >= 0 && isTreated[l])], Cost, level),
                TargetingValue.Of(arm.Benefit, arm.PredictedGain, Cost, level) with { Everybody = TargetingValue.Of(arm.Benefit, arm.PredictedGain, Cost, design.Level).Everybody });
        }
    }

    /// <summary>p of each segment of each arm, by Benjamini-Hochberg over all of them.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Adjusted { get; }

    /// <summary>Cost of treating one unit, in the metric's unit.</summary>
    public double Cost => (_design.Options.TreatmentCost ?? 0) / (_design.Options.Value ?? 1);

    public IEnumerable<(ArmEffects Arm, EffectSegment Segment, double P)> Confirmed() =>
        _arms.SelectMany((a, i) => a.Segments.Select((s, j) => (a, s, i, j)).Where(x => IsConfirmed(x.i, x.j)).Select(x => (x.a, x.s, Adjusted[x.i][x.j])));

    /// <summary>After the correction, and on the side of the others that discovery put it.</summary>
    public bool IsConfirmed(int arm, int segment) =>
        Adjusted[arm][segment] <= _design.Alpha && Math.Sign(_arms[arm].Segments[segment].Difference.Value) == Math.Sign(_arms[arm].Segments[segment].DiscoveryDifference);

    /// <summary>Confirmed segments for which this arm is worse than control, beyond what is too small to matter; held to the false discovery rate, as harm is everywhere.</summary>
    public IReadOnlyList<EffectSegment> Hurt(string arm, AbFacts facts)
    {
        var hurt = new List<EffectSegment>();
        for (var a = 0; a < _arms.Count; a++)
        {
            var (c, segments) = (_arms[a].Comparison, _arms[a].Segments);
            var small = facts.Worthwhile(c) ?? 0;
            hurt.AddRange(segments.Where((s, j) => c.Arm == arm && IsConfirmed(a, j) && c.Spec.Sign * s.Effect.Value < 0 && _harm[a][j] <= _design.Alpha && !(s.Effect.Low > -small && s.Effect.High < small)));
        }

        return hurt;
    }

    /// <summary>Segments that the rule treats; empty without a confirmed one worth treating.</summary>
    public IReadOnlyList<int> Treated(ArmEffects arm) => _rules[arm].Treated;

    /// <summary>Treating the confirmed segments alone; null where none is worth treating.</summary>
    public TargetingValueResult? BySegment(ArmEffects arm) => _rules[arm].BySegment;

    /// <summary>Treating the units whose predicted effect exceeds the cost.</summary>
    public TargetingValueResult ByPrediction(ArmEffects arm) => _rules[arm].ByPrediction;

    /// <summary>Does the judging half confirm that the prediction tells units apart?</summary>
    public bool IsPredictionConfirmed(ArmEffects arm) => arm.Calibration is { } calibration && calibration.Slope.PValue <= _design.Alpha;

    private IReadOnlyList<double>[] Corrected(Func<EffectSegment, double> p)
    {
        var all = Multiplicity.BenjaminiHochberg([.. _arms.SelectMany(a => a.Segments).Select(p)]);
        var at = 0;
        return [.. _arms.Select(a => (IReadOnlyList<double>)[.. a.Segments.Select(_ => all[at++])])];
    }
}
