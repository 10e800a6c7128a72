using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>The bounds of a plan at the looks taken and to come, for each share of the size that a comparison may be tested at.</summary>
internal sealed class LookBounds
{
    private readonly Dictionary<(int Comparisons, bool Futility), IReadOnlyList<GroupSequentialLook>> _made = [];
    private readonly double[] _times;
    private readonly double _alpha;
    private readonly double _power;

    /// <param name="times">Information at the looks taken and to come.</param>
    /// <param name="rule">When the test may stop.</param>
    /// <param name="plan">Where effect and power come from.</param>
    /// <param name="alpha">Two-sided size of the whole experiment.</param>
    /// <param name="family">Comparisons that the plan shares the size among.</param>
    public LookBounds(double[] times, StoppingRule rule, AbPlan plan, double alpha, int family)
    {
        (_times, Rule, _alpha, _power) = (times, rule, alpha, plan.Power ?? 0.8);
        PlannedZ = plan.PlannedZ ?? Drift(rule, Math.Max(1, plan.Looks ?? 1), alpha / Math.Max(1, family), _power);
    }

    public StoppingRule Rule { get; }

    /// <summary>Expected z at full information under the planned effect.</summary>
    public double? PlannedZ { get; }

    public double Alpha => _alpha;

    /// <summary>Bounds for one of so many comparisons that share the size.</summary>
    /// <param name="comparisons">1 for the whole size.</param>
    /// <param name="credit">Whether a binding futility bound lowers the bounds for a gain; without, they hold whatever was done at futility.</param>
    public IReadOnlyList<GroupSequentialLook> Of(int comparisons, bool credit = true)
    {
        if (!_made.TryGetValue((comparisons, credit), out var bounds))
        {
            var alpha = _alpha / Math.Max(1, comparisons);
            var rule = credit || Rule.Futility != FutilityStopping.Binding ? Rule : Rule with { Futility = FutilityStopping.None };
            bounds = PlannedZ is { } z ? PowerGroupSequential.Bounds(_times, alpha, 1 - _power, z, rule) : GroupSequential.Bounds(_times, alpha, rule);
            _made[(comparisons, credit)] = bounds;
        }

        return bounds;
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
