using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>
/// What the numbers alone support. Ship when a primary metric is better after Holm, none is worse and every guardrail is cleared; "inconclusive" is an answer,
/// with what would settle it (Schultzberg, Ankargren and Franberg 2024).
/// </summary>
internal sealed class AbVerdict
{
    private const double WantedPower = 0.80;
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly AbFacts _facts;
    private readonly IReadOnlyList<Comparison> _primaries;
    private readonly Dictionary<Comparison, double> _harm;
    private readonly AbSplitBounds _bounds;
    private readonly PlannedMargin? _margin;

    public AbVerdict(AbDesign design, AbInput input, AbFacts facts, AbSplitBounds bounds)
    {
        _bounds = bounds;
        _design = design;
        _input = input;
        _facts = facts;
        _primaries = [.. facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary)];
        _harm = Discoveries(_primaries, facts.Sequential);
        _margin = PlannedMargin.Of(design, facts, _primaries);
    }

    /// <summary>The arm that the averages alone would ship; null for none.</summary>
    public string? Winner => _margin is { } margin ? margin.Held.FirstOrDefault(a => OpenGuardrails(a).Count == 0) : Cleared().FirstOrDefault();

    /// <summary>The facts as the decision needs them judged: of several arms it hangs on the one that would be shipped, and harm in another one is news and no veto.</summary>
    public IEnumerable<IEvidence> Restate(IReadOnlyList<IEvidence> evidence)
    {
        var arms = _primaries.Select(c => c.Arm).Distinct().ToList();
        if (arms.Count < 2)
        {
            return evidence;
        }

        var control = _primaries[0].Control;
        string Contrast(string arm) => $"{arm} - {control}";
        var lead = Winner ?? Ready().OrderByDescending(BestBenefit).FirstOrDefault();
        var free = arms.Where(a => HurtGuardrails(a).Count == 0).ToList();
        string? Beside(GuardrailResult g) => lead is not null ? (g.Contrast == Contrast(lead) ? null : $"{lead} is the arm that would be shipped")
            : free.Count > 0 && free.TrueForAll(a => g.Contrast != Contrast(a)) ? $"{string.Join(", ", free.Take(3))} {(free.Count == 1 ? "is" : "are")} not hurt there" : null;
        return evidence.Select(e => e switch
        {
            GuardrailResult g => g with { Declared = $"{g.Declared} ({g.Contrast})", Beside = Beside(g) },
            PrimaryUse use => use with { Shipped = Winner is { } arm ? Contrast(arm) : null },
            _ => e,
        });
    }

    public Proposal Propose()
    {
        var (action, summary) = Decide();
        return new Proposal(action, summary, new Dictionary<string, string> { ["sample-ratio-mismatch"] = BrokenSplit() });
    }

    /// <summary>What would settle an open question: units, days, or a better-measured metric.</summary>
    public IEnumerable<string> Next(DecisionAction action)
    {
        if (action is DecisionAction.Ship or DecisionAction.DoNotShip)
        {
            yield break;
        }

        // Under a stopping rule the plan says how far to go; its chances stand in the table of this look.
        if (_facts.Sequential is { IsEnd: false } state && action == DecisionAction.KeepRunning)
        {
            yield return state.Coming.Count > 0
                ? $"Read again at {Figures.WholePercent(state.Coming[0])} of the plan, with the same experiment's name or units, so that this look is counted."
                : "Read again at the end of the plan.";
            yield break;
        }

        // Past its planned end a stopping rule has no size left: what it would take is then said of a new test of the declared size.
        var isSpent = _facts.Sequential?.IsSpent ?? _facts.Alpha <= 0;
        var alpha = isSpent || _facts.Alpha <= 0 ? _design.Alpha : _facts.Alpha;
        if (isSpent)
        {
            yield return "The planned end is passed and the size of the test is spent: more data cannot settle this experiment. What follows is for a new one.";
        }

        foreach (var sentence in _margin?.Next(_input.TotalUnits) ?? [])
        {
            yield return sentence;
        }

        foreach (var c in _primaries.Where(c => _margin is null && c.FamilyP >= _facts.Alpha).Take(3))
        {
            if (c.Effect.StandardError <= 0)
            {
                continue; // nothing varied, so the data do not say what they could have seen
            }

            var detectable = Detectable(c, alpha);
            if (_facts.Worthwhile(c) is { } worthwhile && detectable > worthwhile)
            {
                var factor = detectable / worthwhile * (detectable / worthwhile);
                var units = (long)Math.Ceiling(_input.TotalUnits * factor);
                yield return $"To see an effect of {Figures.Effect(worthwhile, c.Metric.Unit)} on {c.Spec.Name} in {WantedPower * 100:0} % of such tests takes about {Figures.Count(units, "unit")} in all{Days(factor)}; there are {Figures.Count(_input.TotalUnits)}.";
            }
            else if (_facts.Worthwhile(c) is null)
            {
                yield return $"These {Figures.Count(_input.TotalUnits)} units can see {Figures.Effect(detectable, c.Metric.Unit)} on {c.Spec.Name} in {WantedPower * 100:0} % of such tests; half of that takes {(c.Sequence is null ? "four" : "more than four")} times as many{Days(4)}. Say with --mde which effect is worth having.";
            }
        }

        if (!_design.Options.IsAdjusted && !_design.Options.IsTyped && !_design.Options.Switchback && _design.Options.Edges is null && _primaries.Any(c => c.Spec.Derived is null && c.FamilyP >= _facts.Alpha))
        {
            yield return "A column with the same metric before the experiment (--pre) can narrow the interval at no cost.";
        }
    }

    private (DecisionAction Action, string Summary) Decide()
    {
        if (_primaries.Count == 0)
        {
            return (DecisionAction.Inconclusive, $"No primary metric could be compared: {string.Join("; ", _facts.Refusals.Select(r => r.Why).Distinct())}.");
        }

        var arms = _primaries.Select(c => c.Arm).Distinct().ToList();
        if (_margin is not null)
        {
            return _margin.Decide(OpenGuardrails, Harmed([.. arms.Where(a => HurtGuardrails(a).Count > 0)]));
        }

        var ready = Ready();
        var cleared = Cleared();
        if (cleared.Count > 0)
        {
            return Ship(cleared[0], cleared.Count);
        }

        if (ready.Count > 0)
        {
            var arm = ready.OrderByDescending(BestBenefit).First();
            return (DecisionAction.Inconclusive, $"{AbWords.Effect(Best(arm))}, but harm to {string.Join(", ", OpenGuardrails(arm))} beyond the margin is not ruled out.{After(Best(arm))}");
        }

        if (LostUnits(arms) is { } doubted)
        {
            return (DecisionAction.Inconclusive, doubted);
        }

        if (arms.TrueForAll(Hurts))
        {
            var worst = _primaries.Where(IsHarm).OrderBy(c => c.Effect.PValue).First();
            return (DecisionAction.DoNotShip, $"{AbWords.Effect(worst)}: that is worse.{Beside(worst)}{After(worst)}");
        }

        return Open(arms);
    }

    private List<string> Ready() => [.. _primaries.Select(c => c.Arm).Distinct().Where(Wins).Where(a => !Hurts(a))];

    // The best first.
    private List<string> Cleared() => [.. Ready().Where(a => OpenGuardrails(a).Count == 0).OrderByDescending(BestBenefit)];

    private (DecisionAction Action, string Summary) Ship(string arm, int candidates)
    {
        var best = Best(arm);
        var more = candidates > 1 ? $" {candidates - 1} other {(candidates == 2 ? "arm is" : "arms are")} better than {best.Control} too." : string.Empty;
        return (DecisionAction.Ship, $"{AbWords.Effect(best)}.{Held(arm)}{more}{Harmed([.. _primaries.Select(c => c.Arm).Distinct().Where(a => a != arm)])}{After(best)}");
    }

    // An interval on the harmful side at one of several looks is no harm yet, but nothing that holds either.
    private string Held(string arm)
    {
        var guardrails = Guardrails(arm).ToList();
        var doubted = guardrails.Where(g => g.High < 0).Select(g => g.Metric).ToList();
        var held = guardrails.Select(g => g.Metric).Except(doubted).ToList();
        return (held.Count > 0 ? $" Guardrails hold: {string.Join(", ", held)}." : string.Empty)
            + (doubted.Count > 0 ? $" Within {(doubted.Count == 1 ? "its margin" : "their margins")}, but worse as read at this look: {string.Join(", ", doubted)}." : string.Empty);
    }

    // Arms that are worse, or hurt what they must not.
    private string Harmed(List<string> arms)
    {
        var worse = arms.Where(Hurts).ToList();
        var hurt = arms.Except(worse).Where(a => HurtGuardrails(a).Count > 0).Select(a => $" {a} hurts {string.Join(", ", HurtGuardrails(a))}.");
        return (worse.Count > 0 ? $" {string.Join(", ", worse.Take(3))} {(worse.Count == 1 ? "is" : "are")} worse than {_primaries[0].Control}." : string.Empty) + string.Concat(hurt.Take(3));
    }

    private (DecisionAction Action, string Summary) Open(List<string> arms)
    {
        // An arm that is worse is settled, and named after it.
        var lead = _primaries.OrderBy(c => Hurts(c.Arm)).ThenBy(c => c.Effect.PValue).First();
        if (_primaries.All(IsTrivial))
        {
            return (DecisionAction.DoNotShip, $"No effect worth having: {AbWords.Allowed(lead)}, less than the {(lead.Spec.Sign > 0 ? Figures.Effect(_facts.Worthwhile(lead)!.Value, lead.Metric.Unit) : Figures.Effect(_facts.Worthwhile(lead)!.Value, lead.Metric.Unit).TrimStart('+'))} that would matter.");
        }

        var harm = Harmed(arms);
        if (_facts.Sequential is { } state && _primaries.All(c => state.Outcome(c) is LookOutcome.Futile))
        {
            return (DecisionAction.DoNotShip, lead.Stopped is null
                ? $"Stop for futility: the planned gain is out of sight at {Figures.WholePercent(state.Information)} of the plan, {AbWords.Allowed(lead)}.{harm}{Look(lead)}"
                : $"Stopped for futility, by a bound that binds: the planned gain was out of sight, {AbWords.Allowed(lead)}.{harm}{After(lead)}");
        }

        if (_facts.Looks.Rule == PlannedLook.OpenEnded)
        {
            return (DecisionAction.KeepRunning, $"Not settled yet, and no end is planned: {AbWords.Allowed(lead)}, at this look and every other.{harm}");
        }

        if (_facts.Looks.Information is { } information && information < PlannedLook.Reached)
        {
            return (DecisionAction.KeepRunning, $"{Figures.WholePercent(information)} of the plan is reached; so far {AbWords.Allowed(lead)}.{harm}{Lost()}{Look(lead)}");
        }

        return (DecisionAction.Inconclusive, $"Not settled: {AbWords.Allowed(lead)}.{TooSmall()}{harm}{Lost()}");
    }

    private string After(Comparison c) => Overrun.Of(_facts, c)?.Short ?? string.Empty;

    private string Look(Comparison lead) => new AbLooksReport(_design, _input, _facts).ThisLookSays(lead);

    private string Lost()
    {
        var lost = _primaries.Count(c => c.Effect.PValue < _facts.Alpha && c.FamilyP >= _facts.Alpha && c.Benefit > 0);
        return lost == 0 ? string.Empty : $" {lost} apparent {(lost == 1 ? "win does" : "wins do")} not survive the correction for {Figures.Count(_primaries.Count, "comparison")}.";
    }

    private string Beside(Comparison worst)
    {
        var good = _primaries.Where(c => c.Arm == worst.Arm && c.FamilyP < _facts.Alpha && c.Benefit > 0).ToList();
        return good.Count == 0 ? string.Empty : $" {string.Join(", ", good.Select(c => c.Spec.Name))} improved.";
    }

    private string TooSmall()
    {
        var small = _primaries.Where(c => IsBetter(c) && IsTrivial(c)).Select(c => c.Spec.Name).Distinct().ToList();
        return small.Count == 0 ? string.Empty : $" {string.Join(", ", small.Take(3))} {(small.Count == 1 ? "is" : "are")} better by less than is worth having.";
    }

    // A split that is off by little does not stop the reading, but a difference that the lost units could have made is not an effect.
    private string? LostUnits(List<string> arms)
    {
        var doubted = _primaries.Where(c => _bounds.CouldExplain(c) && ((IsBetter(c) && !IsTrivial(c)) || IsHarm(c))).OrderBy(c => c.Effect.PValue).FirstOrDefault();
        var clear = arms.TrueForAll(a => _primaries.Any(c => c.Arm == a && IsHarm(c) && !_bounds.CouldExplain(c)));
        return doubted is null || clear ? null : $"{AbWords.Effect(doubted)}, but the arms differ by lost units, and that loss alone could have made the difference: {_bounds.Allowed(doubted)}.";
    }

    private bool Wins(string arm) => _primaries.Any(c => c.Arm == arm && IsWin(c));

    private bool IsBetter(Comparison c) => c.FamilyP < _facts.Alpha && c.Benefit > 0;

    // A gain wholly below the smallest one worth having is no reason to ship, however sure it is; nor is one that lost units could have made.
    private bool IsWin(Comparison c) => IsBetter(c) && !IsTrivial(c) && !_bounds.CouldExplain(c);

    private bool IsTrivial(Comparison c) => _facts.Worthwhile(c) is { } w && c.Shown.Low > -w && c.Shown.High < w;

    // What is seen in four of five such tests: the distance at which the interval of this reading leaves 0 out, and the luck on top. A sequence is wider than a single reading.
    private static double Detectable(Comparison c, double alpha)
    {
        var luck = Normal.Quantile(WantedPower) * c.Effect.StandardError;
        return c.Sequence is null ? Normal.Quantile(1 - alpha / 2) * c.Effect.StandardError + luck
            : (c.Spec.Sign > 0 ? c.Effect.Value - c.Effect.Low : c.Effect.High - c.Effect.Value) + luck;
    }

    // A false alarm costs less here than a missed one, so harm is held to the false discovery rate among the metrics of its arm: beside a clear win it is read nearly without
    // correction, and among many metrics without any effect it is not seen everywhere.
    private bool Hurts(string arm) => _primaries.Any(c => c.Arm == arm && IsHarm(c));

    private bool IsHarm(Comparison c) => c.Benefit < 0 && _harm[c] < _facts.Alpha;

    private static Dictionary<Comparison, double> Discoveries(IReadOnlyList<Comparison> primaries, AbSequential? state)
    {
        var corrected = new Dictionary<Comparison, double>(ReferenceEqualityComparer.Instance);
        foreach (var arm in primaries.GroupBy(c => c.Arm))
        {
            var members = arm.ToList();
            foreach (var (c, p) in members.Zip(Multiplicity.BenjaminiHochberg([.. members.Select(m => m.Effect.PValue)])))
            {
                corrected[c] = state?.HarmP(c, p) ?? p;
            }
        }

        return corrected;
    }

    // Neither cleared of harm beyond its margin nor free of harm that is shown.
    private IReadOnlyList<string> OpenGuardrails(string arm) =>
        [.. Guardrails(arm).Where(g => g.NonInferiorityP >= g.Alpha || g.IsHarmShown).Select(g => g.Metric),
            .. _facts.Refusals.Where(r => r.Arm == arm && _design.Metrics.Any(m => m.Role == MetricRole.Guardrail && m.Name == r.Metric)).Select(r => r.Metric)];

    private IReadOnlyList<string> HurtGuardrails(string arm) => [.. Guardrails(arm).Where(g => g.IsHarmShown).Select(g => g.Metric)];

    private IEnumerable<GuardrailResult> Guardrails(string arm)
    {
        var contrasts = _facts.Comparisons.Where(c => c.Arm == arm).Select(c => c.Contrast).ToHashSet();
        return _facts.Guardrails.Where(g => contrasts.Contains(g.Contrast));
    }

    private Comparison Best(string arm) => _primaries.Where(c => c.Arm == arm && IsWin(c)).OrderBy(c => c.FamilyP).ThenByDescending(c => Math.Abs(c.Z)).First();

    private double BestBenefit(string arm) => Best(arm).Benefit;

    private string Days(double factor) => _input.Days is { } days ? $" (about {Math.Ceiling(days * factor / 7) * 7:0} days at this traffic)" : string.Empty;

    private string BrokenSplit()
    {
        var total = (double)_facts.Assignment.Observed.Sum();
        var shown = _facts.Assignment.Observed.Take(6).Select(n => Figures.Percent(n / total)).ToList();
        var planned = _facts.Assignment.PlannedShares.Take(6).Select(s => Figures.Percent(s));
        return $"The split is broken: {string.Join(" / ", shown)} where {string.Join(" / ", planned)} was {(_facts.Assignment.SplitDeclared ? "planned" : "assumed")}. No effect can be read from these data.";
    }
}
