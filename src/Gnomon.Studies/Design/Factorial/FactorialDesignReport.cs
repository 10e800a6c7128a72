using Gnomon.Core.Findings;
using Gnomon.Methods.Factorial;

namespace Gnomon.Studies.Design.Factorial;

/// <summary>What a planned factorial design tells: every effect's size beside each other, the cells, what cannot be told apart.</summary>
internal sealed class FactorialDesignReport(DesignFacts facts)
{
    private const int MostRows = 64;
    private readonly FactorialLayout _layout = FactorialLayout.Of(facts.Options);
    private readonly IReadOnlyList<AliasSet> _kept = FactorialLayout.Of(facts.Options).Kept;

    public IEnumerable<ResultTable> Tables()
    {
        var tied = _kept.Any(k => k.With.Count > 0);
        yield return new ResultTable(
            "effects", $"Every effect{(facts.Effect is { } e ? $", at {Text(e)}" : string.Empty)} and with {Figures.Count(facts.Total)} units", ["effect", .. tied ? (IEnumerable<string>)["not told from"] : [], "units per cell", "units in all", "smallest effect seen", "power"],
            [.. _kept.Take(MostRows).Select(k => (IReadOnlyList<object?>)
            [
                _layout.Name(k.Term), .. tied ? (IEnumerable<object?>)[k.With.Count == 0 ? null : string.Join(", ", k.With.Select(_layout.Name))] : [],
                Needed(k.Term) is { } n ? n / _layout.Cells : null, Needed(k.Term), Rule(k.Term, facts.ComparisonAlpha).Detectable(facts.Total, facts.Options.Power, true), facts.Effect is { } planned ? Rule(k.Term, facts.ComparisonAlpha).Power(facts.Total, planned) : null,
            ])]);
        if (_layout.Fraction is { } fraction)
        {
            var grid = _layout.Grid;
            yield return new ResultTable("cells", $"The {fraction.Cells.Count} cells to run; 0 is the reference level", [.. _layout.Names.Select((_, f) => _layout.Name([f]))],
                [.. fraction.Cells.Select(c => (IReadOnlyList<object?>)[.. _layout.Names.Select((_, f) => (object?)(long)grid.Level(c, f))])]);
        }
    }

    public IEnumerable<string> Sentences()
    {
        if (_layout.IsInteraction)
        {
            yield return $"The effect is {(_layout.Effect.Count == 2 ? "a difference of differences: what one factor does where the other is on, less what it does where that is off" : "a difference of differences of differences")}. It is planned with the factors doing nothing alone.";
        }

        if (facts.Effect is not null && Costs() is { } costs)
        {
            yield return costs;
        }

        if (facts.Effect is { } effect && _kept.Count > 1)
        {
            var each = facts.ComparisonAlpha / _kept.Count;
            var rule = Rule(_layout.Effect, each);
            yield return $"The analysis corrects {_kept.Count} effects for each other (Holm). The size is that of one of them at {facts.ComparisonAlpha:0.####}; held to {each:0.####}, as the strictest of Holm's steps does, it is {Figures.Count((long)rule.Size(effect, facts.Options.Power))} in all.";
        }

        if (_layout.Fraction is { } fraction)
        {
            yield return $"{fraction.Cells.Count} of {_layout.Grid.Cells} cells are run (resolution {Roman(fraction.Resolution)}): {string.Join("; ", fraction.Generators.Select(g => $"{_layout.Name([g.Factor])} is on where an odd number of {string.Join(", ", g.From.Select(f => _layout.Names[f]))} is"))}. "
                + "A fraction saves cells to build, not units: an effect rests on all units either way.";
            var tied = _kept.Where(k => k.With.Count > 0 && k.Term.Count <= 2).ToList();
            yield return tied.Count == 0 ? "No main effect and no pair is tied to another of them or to anything simpler." : $"Not told apart: {string.Join("; ", tied.Take(12).Select(k => $"{_layout.Name(k.Term)} = {string.Join(" = ", k.With.Take(3).Select(_layout.Name))}{(k.With.Count > 3 ? " = ..." : string.Empty)}"))}.";
        }
    }

    // What an interaction costs beside a main effect: four times, where levels are two.
    private string? Costs()
    {
        var main = _kept.Where(k => k.Term.Count == 1).Select(k => Needed(k.Term)).Max();
        var pair = _kept.Where(k => k.Term.Count == 2).Select(k => Needed(k.Term)).DefaultIfEmpty(null).Max();
        return main is { } one && pair is { } two
            ? $"At {Text(facts.Effect!.Value)} an interaction of two factors takes {Figures.Number(Math.Round((double)two / one, 1))} times the units of a main effect: {Figures.Count(two)} against {Figures.Count(one)} in all."
            : null;
    }

    private string Text(double effect) => Figures.Effect(Math.Abs(effect), facts.EffectUnit).TrimStart('+');

    private long? Needed(IReadOnlyList<int> term) => facts.Effect is { } effect && Rule(term, facts.ComparisonAlpha).Size(effect, facts.Options.Power) is < 1e15 and var n ? (long)n : null;

    private FactorialRule Rule(IReadOnlyList<int> term, double alpha) => new(_layout, term, facts.Baseline, facts.Sd, alpha);

    private static string Roman(int order) => order switch { 3 => "III", 4 => "IV", 5 => "V", 6 => "VI", _ => "VII" };
}
