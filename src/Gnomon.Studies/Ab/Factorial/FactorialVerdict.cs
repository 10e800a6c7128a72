using Gnomon.Core.Findings;
using Gnomon.Methods.Factorial;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>
/// What the cells support. Where an interaction is clear, cells are compared with the reference cell; where none is, each factor stands for itself. A factor that does
/// nothing clear, alone or together, stays at its reference level: the luckiest cell is not the best one.
/// </summary>
internal sealed class FactorialVerdict
{
    private const double Power = 0.8;
    private readonly FactorialInput _input;
    private readonly FactorialEffects _effects;
    private readonly double _alpha;
    private readonly double _each;

    /// <param name="metrics">Metrics that decide: cells are compared at their share of the size.</param>
    public FactorialVerdict(FactorialInput input, FactorialEffects effects, int metrics = 1)
    {
        (_input, _effects, _alpha, _each) = (input, effects, input.Design.Alpha, input.Design.Alpha / metrics);
        Against = effects.Fit.Against(effects.Reference);
        int[] cells = [.. effects.Fit.Cells];
        if (cells.Length >= 4 && cells.All(c => effects.Fit.Mean(c) is not null))
        {
            var means = cells.Select(c => effects.Fit.Mean(c)!).ToList();
            var drawn = ShrunkenMeans.Of([.. means.Select(m => m.Value)], [.. means.Select(m => m.StandardError * m.StandardError)]);
            Shrunken = cells.Zip(drawn).ToDictionary(p => p.First, p => p.Second);
        }

        Active = [.. Enumerable.Range(0, input.Factors.Count).Where(f => effects.Terms.Any(t => IsClear(t) && t.Set.Term.Contains(f)))];

        // A fraction does not run every combination of the active factors with all others at their reference: each stands for itself by the cell that comes nearest to it.
        var open = cells.GroupBy(c => string.Join(',', Active.Select(f => input.Grid.Level(c, f)))).Select(g => g.MinBy(Moved));
        Best = open.MaxBy(c => input.Spec.Sign * effects.Fit.Value(c));
    }

    // Factors without a clear effect that stand off their reference.
    private int Moved(int cell) => Enumerable.Range(0, _input.Factors.Count).Count(f => !Active.Contains(f) && _input.Grid.Level(cell, f) != 0);

    /// <summary>Every other cell less the reference; intervals hold together.</summary>
    public IReadOnlyList<(int Cell, ContrastResult Contrast)> Against { get; }

    /// <summary>Cell means drawn towards their average; null with fewer than 4 cells.</summary>
    public IReadOnlyDictionary<int, double>? Shrunken { get; }

    /// <summary>Factors in some effect that is clear.</summary>
    public IReadOnlyList<int> Active { get; }

    /// <summary>The cell that does best, factors without a clear effect at their reference.</summary>
    public int Best { get; }

    /// <summary>The cell that this metric speaks for; null when it speaks for none.</summary>
    public int? Launch { get; private set; }

    public FactorialInput Input => _input;

    public FactorialEffects Effects => _effects;

    /// <summary>Best less reference; null when they are one.</summary>
    public ContrastResult? BestGain => Against.Where(a => a.Cell == Best).Select(a => a.Contrast).FirstOrDefault();

    public bool IsClear(TermResult term) => term.HolmP < _alpha;

    public Proposal Propose()
    {
        if (_effects.Interactions.Any(IsClear) || _effects.Fit.Aliases.Kept.Any(k => k.With.Count > 0 && Active.Count > 0))
        {
            return Together();
        }

        return Active.Count == 0 ? Open() : Apart();
    }

    /// <summary>Whether the parts add up, in one or two sentences.</summary>
    public string AddUp()
    {
        if (_effects.Mains.Any(m => m.Set.With.Any(w => w.Count == 2)))
        {
            return "In this fraction main effects cannot be told from pairs of factors, so whether the parts add up stays open.";
        }

        var clear = _effects.Interactions.Where(IsClear).OrderBy(t => t.Test.PValue).ToList();
        if (clear.Count > 0)
        {
            return $"The parts do not add up: {string.Join("; ", clear.Take(3).Select(Interaction))}.{Signs()}";
        }

        var widest = _effects.Interactions.SelectMany(t => t.Contrasts).MaxBy(c => Math.Max(Math.Abs(c.Effect.Low), Math.Abs(c.Effect.High)));
        return widest is null ? "Whether the parts add up cannot be told from this fraction."
            : $"Nothing shows that the factors change each other's effect; {(_effects.Interactions.Count() == 1 ? "the interaction" : "the least certain interaction")} may be anything from {Range(widest.Effect)}.";
    }

    public IEnumerable<string> Next(DecisionAction action)
    {
        if (_effects.Interactions.Any() && !_effects.Interactions.Any(IsClear) && Size() is { } size)
        {
            yield return size;
        }

        if (action == DecisionAction.Ship)
        {
            yield return "Keep a small share of units in the reference cell after launch, and check the gain there.";
        }

        if (_effects.Fit.Aliases.Kept.FirstOrDefault(k => k.With.Count > 0) is { } tied)
        {
            yield return $"Run the other half of the design to tell {_input.Name(tied.Term)} from {string.Join(", ", tied.With.Select(_input.Name))}.";
        }
    }

    private Proposal Together()
    {
        if (Best == _effects.Reference)
        {
            return new Proposal(DecisionAction.DoNotShip, $"No cell does better than {_input.Name(Best)}, where {_input.Spec.Name} is {Level(Best)}. {AddUp()}");
        }

        if (BestGain is not { } gain)
        {
            return new Proposal(DecisionAction.Inconclusive, $"{_input.Name(Best)} does best, with {_input.Spec.Name} at {Level(Best)}, but neither it nor {_input.Name(_effects.Reference)} varies, so the gap has no error to be judged by. {AddUp()}");
        }

        var clear = gain.PValue < _each && _input.Spec.Sign * gain.Value > 0;
        var small = clear && IsTrivial(gain);
        Launch = clear && !small ? Best : null;
        return new Proposal(
            small ? DecisionAction.DoNotShip : clear ? DecisionAction.Ship : DecisionAction.Inconclusive,
            $"{(small ? $"No effect worth having, where {Figures.Effect(Worth!.Value, _input.Metric.Unit)} would matter: " : string.Empty)}{_input.Name(Best)} does best: {_input.Spec.Name} is {Level(Best)}, {Point(gain)} against {_input.Name(_effects.Reference)} ({Confidence} interval {Range(gain)}, for {Figures.Count(Against.Count, "comparison")} together).{Only()} {AddUp()}{Luck()}");
    }

    // Why the best cell holds a level that does nothing by itself.
    private string Only()
    {
        var held = Enumerable.Range(0, _input.Factors.Count).Where(f => !Active.Contains(f) && _input.Grid.Level(Best, f) != 0).Select(f => _input.Factors[f].Name).ToList();
        return held.Count == 0 ? string.Empty
            : $" {string.Join(", ", held)} {(held.Count == 1 ? "does" : "do")} nothing clear and {(held.Count == 1 ? "is" : "are")} there because the design ran this combination of {string.Join(", ", Active.Select(f => _input.Factors[f].Name))} in no other cell.";
    }

    private double? Worth => _input.Design.Worthwhile(_input.Spec, _effects.Fit.Value(_effects.Reference));

    // A gain wholly below the smallest one worth having is no reason to launch, however sure it is.
    private bool IsTrivial(ContrastResult c) => Worth is { } w && c.Low > -w && c.High < w;

    private Proposal Apart()
    {
        var chosen = new List<(int Factor, TermContrast Contrast)>();
        var said = new List<string>();
        foreach (var main in _effects.Mains.Where(IsClear))
        {
            var top = main.Contrasts.Where(c => _input.Spec.Sign * c.Effect.Value > 0 && (main.Contrasts.Count == 1 || c.Effect.PValue < _each / main.Contrasts.Count)).OrderByDescending(c => _input.Spec.Sign * c.Effect.Value).FirstOrDefault();
            var shown = top ?? main.Contrasts.MinBy(c => c.Effect.PValue)!;
            said.Add($"{Step(shown, main.Set.Term[0])} {(shown.Effect.Value > 0 ? "raises" : "lowers")} {_input.Spec.Name} by {Point(shown.Effect).TrimStart('+', '-', '−')} ({Confidence} interval {Range(shown.Effect)})");
            if (top is not null && !IsTrivial(top.Effect))
            {
                chosen.Add((main.Set.Term[0], top));
            }
        }

        Launch = chosen.Count > 0 ? _input.Grid.Cell([.. Enumerable.Range(0, _input.Factors.Count).Select(f => chosen.Where(c => c.Factor == f).Select(c => c.Contrast.To[0]).FirstOrDefault())]) : null;
        return chosen.Count > 0
            ? new Proposal(DecisionAction.Ship, $"Launch {string.Join(" with ", chosen.Select(c => $"{_input.Factors[c.Factor].Name}={_input.Factors[c.Factor].Levels[c.Contrast.To[0]]}"))}: {string.Join("; ", said)}. {AddUp()}")
            : new Proposal(DecisionAction.DoNotShip, $"{string.Join("; ", said)}: nothing does {(Worth is { } w ? $"{Figures.Effect(w, _input.Metric.Unit).TrimStart('+')} better than {_input.Name(_effects.Reference)}, which is what would matter" : $"better than {_input.Name(_effects.Reference)}")}. {AddUp()}");
    }

    private Proposal Open()
    {
        var mains = _effects.Mains.SelectMany(m => m.Contrasts).ToList();
        if (Worth is { } w && Against.All(a => IsTrivial(a.Contrast)))
        {
            return new Proposal(DecisionAction.DoNotShip, $"No effect worth having: no cell differs from {_input.Name(_effects.Reference)} by as much as {Figures.Effect(w, _input.Metric.Unit)}.");
        }

        return new Proposal(DecisionAction.Inconclusive, $"Not settled: the data allow {string.Join(", and ", mains.Take(3).Select(c => $"for {c.Name} anything from {Range(c.Effect)}"))}. {AddUp()}");
    }

    private string Interaction(TermResult term)
    {
        var c = term.Contrasts.MinBy(x => x.Effect.PValue)!;
        var holm = $"{Confidence} interval {Range(c.Effect)}, {Figures.P(term.HolmP)} after Holm over {_effects.Family} effects";
        if (_input.Factors.Count == 2 && term.Set.With.Count == 0)
        {
            var grid = _input.Grid;
            var (a, b, both) = (grid.Cell([c.To[0], 0]), grid.Cell([0, c.To[1]]), grid.Cell([c.To[0], c.To[1]]));
            double Gain(int cell) => _effects.Fit.Value(cell) - _effects.Fit.Value(_effects.Reference);
            var width = c.Effect.High - c.Effect.Low;
            return $"{_input.Factors[0].Name}={_input.Factors[0].Levels[c.To[0]]} alone gives {Figures.Effect(Gain(a), _input.Metric.Unit, width)}, {_input.Factors[1].Name}={_input.Factors[1].Levels[c.To[1]]} alone {Figures.Effect(Gain(b), _input.Metric.Unit, width)}, both {Figures.Effect(Gain(both), _input.Metric.Unit, width)}, which is {Point(c.Effect)} beside their sum ({holm})";
        }

        return $"{_input.Name(term.Set.Term)}{(term.Set.With.Count > 0 ? $" (or {string.Join(", ", term.Set.With.Select(_input.Name))})" : string.Empty)}: {Point(c.Effect)} beside the sum of the parts ({holm})";
    }

    // A factor that helps in one place and hurts in another is launched only with its partner.
    private string Signs()
    {
        var said = new List<string>();
        foreach (var f in Active)
        {
            var own = _effects.Simple.Where(s => s.Factor == f && s.HolmP < _alpha).ToList();
            var harm = own.FirstOrDefault(s => _input.Spec.Sign * s.Effect.Value < 0);
            if (harm is not null && own.Exists(s => _input.Spec.Sign * s.Effect.Value > 0))
            {
                said.Add($" {_input.Factors[f].Name} hurts where {harm.Where} ({Point(harm.Effect)}): do not launch it there.");
            }
        }

        return string.Concat(said);
    }

    private string Luck()
    {
        var rivals = _effects.Fit.Cells.Where(c => c != Best && c != _effects.Reference)
            .Where(c => _effects.Fit.Difference(Best, c) is not { } d || d.PValue >= _alpha / (_effects.Fit.Cells.Count - 1)).Select(_input.Name).ToList();
        var drawn = Shrunken is null ? string.Empty : $" Less the luck of being the best of {_effects.Fit.Cells.Count} cells, plan on {Figures.Level(Shrunken[Best], _input.Metric.Unit, Width(Best))}.";
        return rivals.Count == 0 ? drawn : $"{drawn} Not clearly worse: {string.Join("; ", rivals.Take(3))}.";
    }

    private string? Size()
    {
        var contrast = _effects.Interactions.Where(t => t.Set.With.Count == 0 && t.Order == 2).SelectMany(t => t.Contrasts).MaxBy(c => c.Effect.StandardError);
        var main = _effects.Mains.SelectMany(m => m.Contrasts).MaxBy(c => Math.Abs(c.Effect.Value));
        var worth = Worth ?? Math.Abs(main?.Effect.Value ?? 0);
        if (contrast is null || worth == 0 || contrast.Effect.StandardError <= 0)
        {
            return null;
        }

        // The spread of the contrast per unit in every cell, from its error at these sizes.
        var have = _effects.Fit.Cells.Average(c => (double)_input.Observed(c));
        var each = Methods.Planning.PowerFactorial.UnitsPerCell([0.5, -0.5], [2 * have * contrast.Effect.StandardError * contrast.Effect.StandardError, 2 * have * contrast.Effect.StandardError * contrast.Effect.StandardError], worth, Power, _alpha);
        return $"An interaction of {Figures.Effect(worth, _input.Metric.Unit).TrimStart('+')} ({contrast.Name}) is found with {Figures.WholePercent(Power)} power by {Figures.Count((long)Math.Ceiling(each))} units per cell; there are {Figures.Count((long)have)}. A main effect of that size takes a quarter of it.";
    }

    private string Step(TermContrast c, int factor) => $"{_input.Factors[factor].Name}={_input.Factors[factor].Levels[c.To[0]]}{(_input.Factors[factor].Levels.Count > 2 ? $" instead of {_input.Factors[factor].Levels[0]}" : string.Empty)}";

    private string Confidence => Figures.Confidence(_input.Design.Level);

    private string Level(int cell) => Figures.Level(_effects.Fit.Value(cell), _input.Metric.Unit, Width(cell));

    private string Point(ContrastResult c) => AbWords.Text(c, _input.Metric.Unit).Point;

    private string Range(ContrastResult c) => AbWords.Text(c, _input.Metric.Unit).Range;

    // A cell that does not vary is written as finely as its gain.
    private double Width(int cell) => (_effects.Fit.Mean(cell) ?? BestGain) is { } c ? c.High - c.Low : 0.01;
}
