using System.Globalization;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies.Compare;

/// <summary>What the numbers alone support, in words: a difference, no difference that matters, or not settled. It never recommends a cause.</summary>
internal sealed class CompareVerdict
{
    private const double WantedPower = 0.80;
    private readonly CompareOptions _options;
    private readonly CompareInput _input;
    private readonly CompareAnswer _answer;
    private readonly IReadOnlyList<Mixture> _mixtures;
    private readonly LookHistory? _looks;
    private readonly CompareStop? _stop;

    public CompareVerdict(CompareOptions options, CompareInput input, CompareAnswer answer, IReadOnlyList<Mixture> mixtures, LookHistory? looks, CompareStop? stop = null)
    {
        (_looks, _stop) = (looks, stop);
        Alpha = looks is null ? options.Alpha : PlannedLook.NominalNow(looks);
        _options = options;
        _input = input;
        _answer = answer;
        _mixtures = mixtures;
    }

    /// <summary>Below which p a difference counts now: the size that was asked for, or what a planned stopping rule leaves for this look.</summary>
    public double Alpha { get; }

    public string Title => $"Does {_input.Metric} differ by {_input.By}?";

    public Proposal Propose()
    {
        var (action, summary) = Decide();
        var moved = _mixtures.FirstOrDefault(m => m.Joint is not null);
        return new Proposal(action, summary, moved is null ? null : new Dictionary<string, string> { ["confounded-comparison"] = Held(moved) });
    }

    public IEnumerable<string> Next(DecisionAction action)
    {
        if (action == DecisionAction.Inconclusive)
        {
            foreach (var c in _answer.Contrasts.Where(c => c.Name == "difference" && c.Category is null && c.Main.StandardError > 0 && !c.IsClear(Alpha)).Take(2))
            {
                var detectable = (Normal.Quantile(1 - _options.Alpha / 2) + Normal.Quantile(WantedPower)) * c.Main.StandardError;
                if (_options.MarginAt(c.Reference.Moments.Mean) is { } margin && detectable > margin)
                {
                    yield return $"To see a difference of {Figures.Effect(margin, c.Unit)} between {c.Group.Name} and {c.Reference.Name} in {WantedPower * 100:0} % of such samples takes about {Figures.Count((long)Math.Ceiling(c.N * (detectable / margin) * (detectable / margin)))} units in all; there are {Figures.Count(c.N)}.";
                }
                else if (_options.Margin is null)
                {
                    yield return $"These {Figures.Count(c.N)} units can see a difference of {Figures.Effect(detectable, c.Unit)} in {WantedPower * 100:0} % of such samples. Say with --margin which difference matters.";
                }
            }
        }

        if (!_options.Randomized && !_input.IsPaired)
        {
            yield return "To learn what a change of the group would do, assign it at random to some units (gnomon ab reads the result).";
        }

        if (_options.Margin is null && action == DecisionAction.Answer && _answer.Contrasts.Any(c => c.Name == "difference"))
        {
            yield return "Say with --margin which difference matters, to have the size judged and not only its presence.";
        }
    }

    private (DecisionAction Action, string Summary) Decide()
    {
        if (_stop is not null)
        {
            return (DecisionAction.Answer, $"{_stop.Summary}{Cause()}");
        }

        if (_answer.Contrasts.Count == 0)
        {
            return _answer.Omnibus is { } all
                ? (all.PValue < Alpha ? DecisionAction.Answer : DecisionAction.Inconclusive,
                    $"The shares of {_input.Metric} {(all.PValue < Alpha ? "differ" : "do not clearly differ")} between {_input.Groups.Count} groups ({Figures.P(all.PValue)}{(_answer.Overall is { } v ? $", Cramer's V {v.Value:0.00}, {v.Low:0.00} to {v.High:0.00}" : string.Empty)}).{Cause()}")
                : (DecisionAction.Inconclusive, $"The groups could not be compared: {string.Join("; ", _answer.Refusals.DefaultIfEmpty("the data do not allow it"))}.");
        }

        if (_answer.Contrasts[0].Category is not null)
        {
            return Categories();
        }

        var clear = _answer.Contrasts.Where(c => c.IsClear(Alpha)).OrderBy(c => c.Main.PValue).ThenByDescending(Distance).ToList();
        if (clear.Count > 0)
        {
            var more = clear.Count > 1 ? $" {clear.Count - 1} more of {_answer.Contrasts.Count} comparisons differ clearly." : _answer.Contrasts.Count > 1 ? $" None of the other {_answer.Contrasts.Count - 1} comparisons is clear." : string.Empty;
            return (DecisionAction.Answer, $"{Sentence(clear[0])}{Matters(clear[0])}.{Needed(clear[0])}{more}{Cause()}");
        }

        var lead = _answer.Contrasts.OrderBy(c => c.Main.PValue).First();
        if (IsAllEquivalent)
        {
            return (DecisionAction.Answer, $"No difference that matters: {Allowed(lead)}, inside the margin of {Figures.Effect(_options.MarginAt(lead.Reference.Moments.Mean)!.Value, lead.Unit)} either way.{Cause()}");
        }

        var all2 = _answer.Omnibus is { } omnibus && omnibus.PValue < Alpha ? $" The {_input.Groups.Count} groups together do differ ({omnibus.Method}, {Figures.P(omnibus.PValue)}), but no single pair stands out." : string.Empty;
        return Unsettled($"{Allowed(lead)}.{all2}");
    }

    private (DecisionAction Action, string Summary) Categories()
    {
        var clear = _answer.Contrasts.Where(c => c.IsClear(Alpha)).OrderBy(c => c.Main.PValue).ToList();
        var test = _answer.Omnibus is { } o ? $" ({Figures.P(o.PValue)})" : string.Empty;
        if (clear.Count > 0)
        {
            var c = clear[0];
            return (DecisionAction.Answer, $"The shares of {_input.Metric} differ between {c.Group.Name} and {c.Reference.Name}{test}; most clearly {c.Category}: {Figures.Effect(c.Main.Value, c.Unit, c.Main.High - c.Main.Low)} ({Interval(c)}).{Cause()}");
        }

        return _answer.Omnibus is { } all && all.PValue < Alpha
            ? (DecisionAction.Answer, $"The shares of {_input.Metric} differ between the groups{test}, but no single category stands out.{Cause()}")
            : Unsettled($"the shares of {_input.Metric} do not clearly differ{test}.");
    }

    // Before the end of the plan an open question waits; after it, it is the answer.
    private (DecisionAction Action, string Summary) Unsettled(string what) => _looks switch
    {
        { SequentialRule: true, Rule: PlannedLook.OpenEnded } => (DecisionAction.KeepRunning, $"Not settled yet, and no end is planned: {what}{Boundary()}"),
        { Information: < PlannedLook.Reached and var information } => (DecisionAction.KeepRunning, $"{Figures.WholePercent(information)} of the plan is reached; so far {what}{Boundary()}"),
        _ => (DecisionAction.Inconclusive, $"Not settled: {what}{Boundary()}"),
    };

    private string Boundary() => _looks?.SequentialRule is not true || Alpha == _options.Alpha || _answer.Contrasts.Count == 0
        ? string.Empty
        : $" The planned stopping rule calls a difference at this look only below p = {Small(Alpha)}; the smallest p is {Small(_answer.Contrasts.Min(c => c.Main.PValue))}.";

    private static string Small(double p) => p < 0.0001 ? "0.0001 (or less)" : p.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Every interval lies inside the margin that was declared.</summary>
    public bool IsAllEquivalent => _answer.Contrasts.Count > 0 && _answer.Contrasts.All(IsEquivalent);

    private bool IsEquivalent(GroupContrast c) =>
        c.Name == "difference" && _options.MarginAt(c.Reference.Moments.Mean) is { } margin && c.Main.Low > -margin && c.Main.High < margin;

    private static double Distance(GroupContrast c) => Math.Abs(c.Main.Value - c.Null);

    /// <summary><c>spend is 52.3 in women and 45.1 in men: +7.2 (95 % interval +0.7 to +13.7)</c>.</summary>
    private string Sentence(GroupContrast c)
    {
        var spread = c.Main.High - c.Main.Low;
        if (c.Name == "superiority")
        {
            return $"A unit of {c.Group.Name} has the higher {_input.Metric} than one of {c.Reference.Name} in {Figures.Level(c.Main.Value, "proportion", spread)} of cases, ties split ({Interval(c)}; 50 % is no difference)";
        }

        return c.Name == "shift"
            ? $"{_input.Metric} is typically {Figures.Effect(c.Main.Value, c.Unit, spread)} in {c.Group.Name} against {c.Reference.Name} ({Interval(c)})"
            : $"{(_input.Kind == MetricKind.Binary ? $"The share of {_input.Metric}" : _input.Metric)} is {Figures.Level(c.Group.Moments.Mean, c.Unit, spread)} in {c.Group.Name} and {Figures.Level(c.Reference.Moments.Mean, c.Unit, spread)} in {c.Reference.Name}: {Figures.Effect(c.Main.Value, c.Unit, spread)} ({Interval(c)})";
    }

    private string Matters(GroupContrast c)
    {
        if (c.Name != "difference" || _options.MarginAt(c.Reference.Moments.Mean) is not { } margin)
        {
            return string.Empty;
        }

        var text = Figures.Effect(margin, c.Unit).TrimStart('+');
        return c.Main.Low > margin || c.Main.High < -margin ? $"; even the near end is beyond the {text} that matter"
            : c.Main.Low > -margin && c.Main.High < margin ? $"; the whole interval lies below the {text} that matter"
            : $"; whether it reaches the {text} that matter is open";
    }

    private static string Needed(GroupContrast c) => c.Needed is { Value: { } value, Interval: { } range }
        ? $" That is one case in {Number(value)} ({Number(range.Low)} to {Number(range.High)})."
        : string.Empty;

    private static string Number(double value) => value < 10 ? value.ToString("0.0", CultureInfo.InvariantCulture) : Figures.Count((long)Math.Round(value));

    private string Allowed(GroupContrast c) => c.Name == "superiority"
        ? $"the chance that a unit of {c.Group.Name} has the higher {_input.Metric} than one of {c.Reference.Name} may lie anywhere from {Figures.Level(c.Main.Low, "proportion", c.Main.High - c.Main.Low)} to {Figures.Level(c.Main.High, "proportion", c.Main.High - c.Main.Low)}"
        : $"for {_input.Metric} in {c.Group.Name} against {c.Reference.Name} the data allow anything from {Figures.Range(c.Main.Low, c.Main.High, c.Unit)}";

    private string Cause() => _options.Randomized || _input.IsPaired ? string.Empty : " This describes the groups as they are; it is not an effect of belonging to one.";

    private string Held(Mixture m)
    {
        var unit = m.Contrast.Name == "superiority" ? "proportion" : m.Contrast.Unit;
        return $"{Sentence(m.Contrast)}. But the groups are mixed differently: with {string.Join(", ", m.HeldFixed.Select(h => h.Name))} held fixed the difference is {Figures.Effect(m.Joint!.Stratified.Value, unit, m.Joint.Stratified.High - m.Joint.Stratified.Low)} ({Figures.Range(m.Joint.Stratified.Low, m.Joint.Stratified.High, unit)}).";
    }

    private static string Interval(GroupContrast c) => c.Name == "superiority"
        ? $"{(c.Main.Level * 100).ToString("0.##", CultureInfo.InvariantCulture)} % interval {Figures.Level(c.Main.Low, "proportion", c.Main.High - c.Main.Low)} to {Figures.Level(c.Main.High, "proportion", c.Main.High - c.Main.Low)}"
        : $"{(c.Main.Level * 100).ToString("0.##", CultureInfo.InvariantCulture)} % interval {Figures.Range(c.Main.Low, c.Main.High, c.Unit)}";
}
