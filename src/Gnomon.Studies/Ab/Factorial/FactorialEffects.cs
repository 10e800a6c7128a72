using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Factorial;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>One contrast of a term: levels of its factors against their reference levels.</summary>
internal sealed record TermContrast(IReadOnlyList<int> To, string Name, ContrastResult Effect);

/// <summary>A main effect or an interaction on one scale.</summary>
/// <param name="Set">Its factors, and the terms it cannot be told from.</param>
/// <param name="Test">Is all of it 0?</param>
/// <param name="HolmP">The same, over all terms that were tested.</param>
/// <param name="Contrasts">One per combination of levels that are not the reference.</param>
internal sealed record TermResult(AliasSet Set, FactorialTest Test, double HolmP, IReadOnlyList<TermContrast> Contrasts)
{
    public int Order => Set.Term.Count;

    public bool IsInteraction => Order > 1;
}

/// <summary>A factor's effect where the other factors stand at given levels.</summary>
internal sealed record SimpleEffect(int Factor, int To, int From, string Contrast, string Where, ContrastResult Effect, double HolmP);

/// <summary>Everything measured in a factorial experiment: interactions, main effects, simple effects, cells.</summary>
internal sealed class FactorialEffects
{
    private const int MostSimple = 240;
    private readonly FactorialInput _input;

    public FactorialEffects(FactorialInput input)
    {
        _input = input;
        try
        {
            Fit = FactorialFit.Of(input.Grid, input.Runs(), input.Design.Level);
            Terms = Read(Fit);
            Family = Terms.Count;
            Simple = SimpleEffects();
            (LogOdds, NoLogOdds) = OnLogOdds();
        }
        catch (NotEstimableException wrong)
        {
            var empty = Enumerable.Range(0, input.Grid.Cells).Where(c => input.Observed(c) == 0).ToList();
            throw empty.Count > 0
                ? new GnomonError("empty-cell", $"{Figures.Count(empty.Count, "cell")} of {input.Grid.Cells} {(empty.Count == 1 ? "has" : "have")} no outcome of {input.Spec.Name}, for example {input.Name(empty[0])}; {wrong.Message}", "--factors", "Find out whether the cell was planned; else pool levels or leave out a factor.", wrong)
                : new GnomonError("not-estimable", $"{input.Spec.Name}: {wrong.Message}", "--factors", "Collect at least 2 units per cell, or leave out a factor.", wrong);
        }
    }

    public FactorialFit Fit { get; }

    public string Metric => _input.Spec.Name;

    /// <summary>Interactions first, then main effects; in each the order of --factors.</summary>
    public IReadOnlyList<TermResult> Terms { get; private set; }

    /// <summary>Effects that Holm ran over: those of all metrics that decide together.</summary>
    public int Family { get; private set; }

    /// <summary>The same on the log-odds scale; null for metrics that are not yes/no.</summary>
    public IReadOnlyList<TermResult>? LogOdds { get; private set; }

    /// <summary>Why a yes/no metric has no log-odds; null otherwise.</summary>
    public string? NoLogOdds { get; }

    public IReadOnlyList<SimpleEffect> Simple { get; private set; }

    public IEnumerable<TermResult> Interactions => Terms.Where(t => t.IsInteraction);

    public IEnumerable<TermResult> Mains => Terms.Where(t => !t.IsInteraction);

    /// <summary>The cell with every factor at its reference; the first cell run when a fraction leaves that out.</summary>
    public int Reference => Fit.Cells[0];

    /// <summary>Corrects the effects of several metrics for each other: Holm over all of them.</summary>
    public static void Together(IReadOnlyList<FactorialEffects> metrics)
    {
        var terms = new Queue<double>(Multiplicity.Holm([.. metrics.SelectMany(m => m.Terms).Select(t => t.Test.PValue)]));
        var odds = new Queue<double>(Multiplicity.Holm([.. metrics.SelectMany(m => m.LogOdds ?? []).Select(t => t.Test.PValue)]));
        var simple = new Queue<double>(Multiplicity.Holm([.. metrics.SelectMany(m => m.Simple).Select(s => s.Effect.PValue)]));
        var family = terms.Count;
        foreach (var metric in metrics)
        {
            metric.Family = family;
            metric.Terms = [.. metric.Terms.Select(t => t with { HolmP = terms.Dequeue() })];
            metric.LogOdds = metric.LogOdds is null ? null : [.. metric.LogOdds.Select(t => t with { HolmP = odds.Dequeue() })];
            metric.Simple = [.. metric.Simple.Select(s => s with { HolmP = simple.Dequeue() })];
        }
    }

    private IReadOnlyList<TermResult> Read(FactorialFit fit)
    {
        var sets = fit.Aliases.Kept.Where(k => k.Term.Count > 1).Concat(fit.Aliases.Kept.Where(k => k.Term.Count == 1)).ToList();
        var tests = sets.Select(s => fit.Test(s.Term)).ToList();
        var holm = Multiplicity.Holm([.. tests.Select(t => t.PValue)]);
        return [.. sets.Select((s, i) => new TermResult(s, tests[i], holm[i], [.. Tos(s.Term).Select(to => new TermContrast(to, Contrast(s, to), fit.Effect(s.Term, _input.Grid.Contrast(s.Term, to))))]))];
    }

    private (IReadOnlyList<TermResult>? Terms, string? Why) OnLogOdds()
    {
        if (!_input.Metric.Binary)
        {
            return (null, null);
        }

        try
        {
            return (Read(FactorialFit.LogOdds(_input.Grid, _input.Runs(), _input.Design.Level)), null);
        }
        catch (NotEstimableException wrong)
        {
            return (null, wrong.Message.TrimEnd('.'));
        }
    }

    // Every combination of levels that are not the reference.
    private IEnumerable<IReadOnlyList<int>> Tos(IReadOnlyList<int> term)
    {
        IEnumerable<int[]> all = [[]];
        foreach (var f in term)
        {
            all = all.SelectMany(head => Enumerable.Range(1, _input.Grid.Levels[f] - 1).Select(l => (int[])[.. head, l])).ToList();
        }

        return all;
    }

    private string Contrast(AliasSet set, IReadOnlyList<int> to)
    {
        var own = string.Join(" × ", set.Term.Select((f, i) => $"{_input.Factors[f].Name} {_input.Factors[f].Levels[to[i]]} - {_input.Factors[f].Levels[0]}"));
        return set.With.Count == 0 ? own : $"{own} (or {string.Join(", ", set.With.Select(_input.Name))})";
    }

    private List<SimpleEffect> SimpleEffects()
    {
        var grid = _input.Grid;
        var raw = new List<SimpleEffect>();
        foreach (var cell in Fit.Cells)
        {
            for (var f = 0; f < grid.Levels.Count && raw.Count < MostSimple; f++)
            {
                var level = grid.Level(cell, f);
                int[] levels = [.. Enumerable.Range(0, grid.Levels.Count).Select(g => g == f ? 0 : grid.Level(cell, g))];
                var from = grid.Cell(levels);
                if (level == 0 || !Fit.Cells.Contains(from) || Fit.Difference(cell, from) is not { } difference)
                {
                    continue;
                }

                var where = string.Join(", ", Enumerable.Range(0, grid.Levels.Count).Where(g => g != f).Select(g => $"{_input.Factors[g].Name}={_input.Factors[g].Levels[levels[g]]}"));
                raw.Add(new SimpleEffect(f, cell, from, $"{_input.Factors[f].Name} {_input.Factors[f].Levels[level]} - {_input.Factors[f].Levels[0]}", where, difference, 1));
            }
        }

        var holm = Multiplicity.Holm([.. raw.Select(s => s.Effect.PValue)]);
        return [.. raw.Select((s, i) => s with { HolmP = holm[i] }).OrderBy(s => s.Factor).ThenBy(s => s.To)];
    }
}
