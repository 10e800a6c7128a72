using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>Data that came after the look that ended a test: told beside the answer, which stays that of the stop.</summary>
/// <remarks>
/// Sources: Whitehead 1992, Controlled Clinical Trials 13 (the deletion method: the look that stopped is left out and the test is read as if it had gone on to all data);
/// Sooriyarachchi, Whitehead, Matsushita, Bolland and Whitehead 2003, Biometrics 59. The decision is not made anew: a reading that is repeated until it turns has no size.
/// </remarks>
internal sealed class Overrun
{
    private const double Clear = 0.05;
    private readonly Comparison _comparison;
    private readonly PathStop _stop;
    private readonly long _units;

    private Overrun(Comparison comparison, PathStop stop, long units, StagewiseResult? all)
    {
        (_comparison, _stop, _units) = (comparison, stop, units);
        if (all is not null)
        {
            var sign = comparison.Spec.Sign;
            var (a, b) = (sign * all.Low, sign * all.High);
            All = comparison.Fixed with { Value = sign * all.Estimate, Low = Math.Min(a, b), High = Math.Max(a, b), PValue = all.PValue, Method = $"all units, the look that stopped left out (deletion method), {comparison.Fixed.Method}" };
            Alone = Later(comparison.Fixed, comparison.N, stop.Read);
        }
    }

    /// <summary>Of all data, the look that stopped left out; null where the data hold no more than that look had.</summary>
    public ContrastResult? All { get; }

    /// <summary>Of the units after the stop alone; null where the comparison has no more units than it had.</summary>
    public ContrastResult? Alone { get; }

    /// <summary>Null where no earlier look ended the test of the comparison.</summary>
    public static Overrun? Of(AbFacts facts, Comparison c) =>
        c.Stopped is { } stop && facts.Sequential is { } state ? new Overrun(c, stop, facts.Looks.Units - stop.Look.Units, state.WithoutTheStop(c)) : null;

    /// <summary>The later data tell another story than the stop.</summary>
    public bool Contradicts => _stop.Outcome != LookOutcome.Futile && (HasTurned || IsAgainst);

    /// <summary>For the decision's sentence.</summary>
    public string Short => $" The test stopped at look {_stop.Look.Number} ({Figures.Count(_stop.Look.Units, "unit")}), and that look is the answer"
        + (All is null ? $"; the data now hold {Figures.Count(Math.Max(0, _stop.Look.Units + _units), "unit")}." : $"; {Figures.Count(_units, "unit")} came after it{(Contradicts ? " and speak against it" : string.Empty)}.");

    public IEnumerable<string> Sentences()
    {
        var (name, unit) = ($"{_comparison.Spec.Name} in {_comparison.Arm}", _comparison.Metric.Unit);
        if (All is null)
        {
            yield return $"The test of {name} stopped at look {_stop.Look.Number}, at {Figures.Count(_stop.Look.Units, "unit")}; the data now hold no more than that, so rows were changed or left out since. The stop stands as it was read.";
            yield break;
        }

        var once = AbWords.Text(_comparison.Fixed, unit);
        var all = AbWords.Text(All, unit);
        var alone = Alone is { } later ? $"; the later units alone {AbWords.Text(later, unit).Point} ({AbWords.Text(later, unit).Range})" : "; none of them has a value, so the later units cannot be told apart";
        yield return $"{Figures.Count(_units, "unit")} came after look {_stop.Look.Number} had ended the test of {name}. All units together read {once.Point} ({once.Range} if read once; {all.Point}, {all.Range} with the look that stopped left out){alone}. The decision is that of the stop.";
        if (Contradicts)
        {
            yield return $"What came after the stop speaks against it: {(HasTurned ? $"over all units {name} no longer moves the way it did at the stop" : $"the later units of {name} alone move the other way")}. A stop is a lucky moment more often than a later reading is; repeat the test before much rests on it.";
        }
    }

    private bool HasTurned => Math.Sign(_comparison.Fixed.Value) != Math.Sign(_stop.Read.Once.Value);

    private bool IsAgainst => Alone is { } later && later.PValue < Clear && Math.Sign(later.Value) != Math.Sign(_stop.Read.Once.Value);

    // Means weigh by their units: what all data hold beyond the stop is what came after it. The spread is that of all units.
    private static ContrastResult? Later(ContrastResult all, long units, PastResult stop)
    {
        double later = units - stop.Units;
        if (!(later > 0) || stop.Units <= 0)
        {
            return null;
        }

        var (value, error) = ((units * all.Value - stop.Units * stop.Once.Value) / later, all.StandardError * Math.Sqrt(units / later));
        var half = Normal.UpperQuantile((1 - all.Level) / 2) * error;
        return all with { Value = value, Low = value - half, High = value + half, StandardError = error, Statistic = value / error, DegreesOfFreedom = null, PValue = 2 * Normal.Sf(Math.Abs(value) / error), Method = "units after the stop" };
    }
}
