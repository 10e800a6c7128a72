using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>A plan that asks whether an arm is not worse than control by more than a margin, or no different by more than one either way: that question decides, and no effect has to be found.</summary>
/// <remarks>
/// Not worse: the end of the interval, a one-sided test at half of the size (Piaggio and others 2012, JAMA 308). No different: two one-sided tests at the whole size each, so an interval of 90 % where others have
/// 95 % (Schuirmann 1987). These are the tests that <c>design --margin</c> plans for. Several comparisons share the size evenly.
/// A single reading is held back until the plan is through; repeated intervals and sequences hold at every look, and are taken as they are.
/// </remarks>
internal sealed class PlannedMargin
{
    private const double WantedPower = 0.80;
    private readonly AbFacts _facts;
    private readonly WorthwhileEffects _margins;
    private readonly bool _isBothWays;
    private readonly IReadOnlyList<Comparison> _asked;

    private PlannedMargin(AbFacts facts, WorthwhileEffects margins, bool isBothWays, IReadOnlyList<Comparison> asked) => (_facts, _margins, _isBothWays, _asked) = (facts, margins, isBothWays, asked);

    /// <summary>Null where the plan names no margin, or no comparison has one.</summary>
    public static PlannedMargin? Of(AbDesign design, AbFacts facts, IReadOnlyList<Comparison> primaries)
    {
        if (design.Plan is not { Margin: { } text } plan)
        {
            return null;
        }

        var margins = WorthwhileEffects.Parse(text, [.. primaries.Select(c => c.Spec.Name).Distinct()], "the plan's margin");
        List<Comparison> asked = [.. primaries.Where(c => margins.Of(c.Spec.Name, c.Baseline.Values.Mean) is not null)];
        return asked.Count == 0 ? null : new PlannedMargin(facts, margins, plan.Equivalence, asked);
    }

    /// <summary>Arms that stay inside the margin, the best first.</summary>
    public IEnumerable<string> Held => IsEarly ? [] : _asked.GroupBy(c => c.Arm).Where(arm => arm.All(Holds)).OrderByDescending(arm => arm.Min(c => c.Benefit)).Select(arm => arm.Key);

    /// <summary>The answer to the planned question.</summary>
    /// <param name="open">Guardrails of an arm that do not hold yet.</param>
    /// <param name="harm">Arms that hurt something, in words.</param>
    public (DecisionAction Action, string Summary) Decide(Func<string, IReadOnlyList<string>> open, string harm)
    {
        var held = Held.ToList();
        if (held.Find(a => open(a).Count == 0) is { } arm)
        {
            return (DecisionAction.Ship, $"{Said(arm)}: {(_isBothWays ? "no difference beyond" : "not worse by more than")} the planned margin of {Margin(First(arm))}.{Beside(First(arm))}");
        }

        if (held.Count > 0)
        {
            return (DecisionAction.Inconclusive, $"{Said(held[0])}, inside the planned margin of {Margin(First(held[0]))}, but harm to {string.Join(", ", open(held[0]))} beyond the margin is not ruled out.");
        }

        var lead = _asked.OrderByDescending(c => c.Benefit).First();
        var said = $"{Allowed(lead)}, and the planned margin is {Margin(lead)}{(_isBothWays ? " either way" : string.Empty)}";
        return !IsEarly && _asked.GroupBy(c => c.Arm).All(a => a.Any(Breaks)) ? (DecisionAction.DoNotShip, $"{(Range(lead).Low > 0 ? "Different" : "Worse")} by more than the planned margin: {said}.{harm}")
            : _facts.Looks.Rule == PlannedLook.OpenEnded ? (DecisionAction.KeepRunning, $"Not settled yet, and no end is planned: {said}.{harm}")
            : _facts.Looks.Information is { } information && information < PlannedLook.Reached ? (DecisionAction.KeepRunning, $"{Figures.WholePercent(information)} of the plan is reached; so far {said}.{harm}")
            : (DecisionAction.Inconclusive, $"Not settled: {said}.{harm}");
    }

    /// <summary>What would settle it, for an arm whose true difference is 0.</summary>
    public IEnumerable<string> Next(long units)
    {
        var lead = _asked.OrderByDescending(c => c.Benefit).First();
        if (lead.Effect.StandardError > 0 && _margins.Of(lead.Spec.Name, lead.Baseline.Values.Mean) is { } margin)
        {
            var share = (_isBothWays ? (1 + WantedPower) / 2 : WantedPower, (1 - Read(lead).Level) / 2);
            var need = (Normal.Quantile(share.Item1) + Normal.UpperQuantile(share.Item2)) * lead.Effect.StandardError / margin;
            if (need > 1)
            {
                yield return $"To keep an arm without a true difference inside {Margin(lead)} in {WantedPower * 100:0} % of such tests takes about {Figures.Count((long)Math.Ceiling(units * need * need), "unit")} in all; there are {Figures.Count(units)}.";
            }
        }
    }

    // A reading that holds once is not taken before the end.
    private bool IsEarly => _facts.Looks is { SequentialRule: false, Information: < PlannedLook.Reached };

    private bool Holds(Comparison c) => Range(c) is var (low, high) && MarginOf(c) is var m && low > -m && (!_isBothWays || high < m);

    private bool Breaks(Comparison c) => Range(c) is var (low, high) && MarginOf(c) is var m && (high < -m || (_isBothWays && low > m));

    private double MarginOf(Comparison c) => _margins.Of(c.Spec.Name, c.Baseline.Values.Mean)!.Value;

    // Better is up.
    private (double Low, double High) Range(Comparison c)
    {
        var read = Read(c);
        return c.Spec.Sign > 0 ? (read.Low, read.High) : (-read.High, -read.Low);
    }

    // The interval at the size of these tests, of several comparisons each with its share.
    private ContrastResult Read(Comparison c)
    {
        var shown = c.Shown;
        if (c.Sequence is not null || c.Corrected is not null)
        {
            return shown;
        }

        double Reach(double tail) => shown.DegreesOfFreedom is { } df ? StudentT.UpperQuantile(tail, df) : Normal.UpperQuantile(tail);
        var tail = (_isBothWays ? 1 - shown.Level : (1 - shown.Level) / 2) / _asked.Count;
        var factor = Reach(tail) / Reach((1 - shown.Level) / 2);
        return shown with { Low = shown.Value - (factor * (shown.Value - shown.Low)), High = shown.Value + (factor * (shown.High - shown.Value)), Level = 1 - (2 * tail) };
    }

    private Comparison First(string arm) => _asked.First(c => c.Arm == arm);

    private string Said(string arm) => Capital(string.Join("; ", _asked.Where(c => c.Arm == arm).Select(Allowed)));

    // Told by its level where it is another interval than the one that is shown.
    private string Allowed(Comparison c) => Read(c) is var read && Math.Abs(read.Level - c.Shown.Level) < 1e-9 ? AbWords.Allowed(c)
        : $"{AbWords.Allowed(c with { Stopped = null, Corrected = new LookAnswer(read, null) })} ({Figures.Confidence(read.Level)} interval)";

    private string Margin(Comparison c) => Figures.Effect(MarginOf(c), c.Metric.Unit).TrimStart('+');

    private string Beside(Comparison c) => Range(c) switch
    {
        ( > 0, _) => $" It is better than {c.Control}.",
        (_, < 0) => $" It is worse than {c.Control}, by less than the plan accepts.",
        _ => string.Empty,
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
