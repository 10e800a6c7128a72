using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>Estimates, tables and pictures of one metric of a factorial experiment.</summary>
/// <param name="place">0 for the first metric; others have their name on tables and pictures.</param>
internal sealed class FactorialMetricReport(FactorialInput input, FactorialEffects effects, FactorialVerdict? verdict, int place)
{
    private const int MostEstimates = 60;
    private const int MostRows = 240;
    private const int MostLines = 12;
    private readonly string _suffix = place == 0 ? string.Empty : $"-{place + 1}";
    private readonly string _of = place == 0 ? string.Empty : $" on {input.Spec.Name}";

    public IEnumerable<Estimate> Estimates(string role)
    {
        foreach (var (term, c) in effects.Terms.SelectMany(t => t.Contrasts.Select(c => (t, c))).Take(MostEstimates))
        {
            yield return Of(term.IsInteraction ? "interaction" : "main effect", c.Name, c.Effect, c.Effect.PValue, input.Metric.Unit, c.Effect.Method, role);
        }

        foreach (var (term, c) in (effects.LogOdds ?? []).SelectMany(t => t.Contrasts.Select(c => (t, c))).Take(verdict is null ? 0 : MostEstimates))
        {
            yield return Of(term.IsInteraction ? "interaction, log-odds" : "main effect, log-odds", c.Name, c.Effect, c.Effect.PValue, "log-odds", "effect coding, logistic", "sensitivity");
        }

        foreach (var (cell, c) in (verdict?.Against ?? []).Take(MostEstimates))
        {
            yield return Cell(cell, c, "secondary");
        }
    }

    /// <summary>One cell against the reference, by itself.</summary>
    public Estimate? Launch(int cell, string role) => cell != effects.Reference && effects.Fit.Difference(cell, effects.Reference) is { } c ? Cell(cell, c, role) : null;

    public IEnumerable<string> Limitations(double alpha)
    {
        if (effects.NoLogOdds is { } why)
        {
            yield return $"No log-odds are given for {input.Spec.Name}: {why}.";
        }

        if (effects.LogOdds is { } odds && effects.Terms.Zip(odds).Where(p => p.First.IsInteraction && p.First.HolmP < alpha != p.Second.HolmP < alpha).Select(p => input.Name(p.First.Set.Term)).FirstOrDefault() is { } term)
        {
            yield return $"{term} is clear on one scale and not on the other (differences and log-odds): whether parts add up depends on what adding means. The decision rests on differences, which count outcomes.";
        }

        if (input.Metric.Arms.Sum(a => a.Missing) is var missing and > 0)
        {
            yield return $"{Figures.Count(missing, "unit")} {(missing == 1 ? "has" : "have")} no usable value of {input.Spec.Name} and {(missing == 1 ? "is" : "are")} left out of it.";
        }
    }

    /// <summary>Tests of all effects, and the mean of every cell.</summary>
    public IEnumerable<ResultTable> Tables()
    {
        var what = input.Metric.Binary ? "rate" : input.Metric.Unit == "ratio" ? "ratio" : "mean";
        var isTied = effects.Fit.Aliases.Kept.Any(k => k.With.Count > 0);
        yield return new ResultTable($"terms{_suffix}", $"Effects{_of}: interactions first, then main effects", ["effect", "F", "df", "residual df", "p", "Holm p", .. effects.LogOdds is null ? (IEnumerable<string>)[] : ["log-odds p", "log-odds Holm p"], .. isTied ? (IEnumerable<string>)["not told from"] : []],
            [.. effects.Terms.Select((t, i) => (IReadOnlyList<object?>)
            [
                input.Name(t.Set.Term), t.Test.Statistic, (long)t.Test.Degrees, t.Test.DenominatorDegrees, t.Test.PValue, t.HolmP,
                .. effects.LogOdds is { } odds ? (IEnumerable<object?>)[odds[i].Test.PValue, odds[i].HolmP] : [],
                .. isTied ? (IEnumerable<object?>)[t.Set.With.Count == 0 ? null : string.Join(", ", t.Set.With.Select(input.Name))] : [],
            ])]);
        yield return new ResultTable($"cells{_suffix}", place == 0 ? "Cells" : $"Cells, {input.Spec.Name}", ["cell", "units", "with outcome", what, $"low {what}", $"high {what}", .. verdict?.Shrunken is null ? (IEnumerable<string>)[] : [$"shrunken {what}"]],
            [.. effects.Fit.Cells.Select(c => (effects.Fit.Mean(c), c)).Select(x => (IReadOnlyList<object?>)
                [input.Name(x.c), input.Units(x.c), input.Observed(x.c), effects.Fit.Value(x.c), x.Item1?.Low, x.Item1?.High, .. verdict?.Shrunken is { } s ? (IEnumerable<object?>)[s[x.c]] : []])]);
        if (verdict is not null && effects.Simple.Count > 0)
        {
            yield return new ResultTable($"simple{_suffix}", effects.Simple.Count > MostRows ? $"Simple effects{_of} (first {MostRows})" : $"Simple effects{_of}: each factor where the others stand still", ["effect", "where", "difference", "low", "high", "p", "Holm p"],
                [.. effects.Simple.Take(MostRows).Select(s => (IReadOnlyList<object?>)[s.Contrast, s.Where, s.Effect.Value, s.Effect.Low, s.Effect.High, s.Effect.PValue, s.HolmP])]);
        }
    }

    public IEnumerable<Plot> Plots()
    {
        var title = $"Effects on {input.Spec.Name}";
        yield return new Plot($"effect{_suffix}", title, IntervalPlot.Build(
            [.. effects.Terms.SelectMany(t => t.Contrasts).Take(MostEstimates).Select(c => new IntervalRow(c.Name, c.Effect.Value, c.Effect.Low, c.Effect.High))], $"effect on {input.Spec.Name}", new PlotUnit(input.Metric.Unit, Change: true)));
        var lines = effects.Fit.Cells.Select(Others).Distinct().ToList();
        if (lines.Count > MostLines)
        {
            yield break;
        }

        // The last factor runs along the axis; a line is a combination of the others.
        var last = input.Factors.Count - 1;
        yield return new Plot($"interaction{_suffix}", $"{input.Spec.Name} by cell: parallel lines are parts that add up", InteractionPlot.Build(
            [.. effects.Fit.Cells.Select(c => (Cell: c, Mean: effects.Fit.Mean(c))).Select(x => new InteractionPoint(input.Factors[last].Levels[input.Grid.Level(x.Cell, last)], Others(x.Cell), effects.Fit.Value(x.Cell), x.Mean?.Low ?? effects.Fit.Value(x.Cell), x.Mean?.High ?? effects.Fit.Value(x.Cell)))],
            input.Factors[last].Name, input.Spec.Name, new PlotUnit(input.Metric.Unit), string.Join(", ", input.Factors.Take(last).Select(f => f.Name))));
    }

    private Estimate Cell(int cell, ContrastResult c, string role) => Of("difference", $"{input.Name(cell)} - {input.Name(effects.Reference)}", c, c.PValue, input.Metric.Unit, c.Method, role);

    private Estimate Of(string name, string contrast, ContrastResult c, double? p, string unit, string method, string role) => new()
    {
        Name = name, Metric = input.Spec.Name, Contrast = contrast, Value = c.Value, Low = c.Low, High = c.High, Level = c.Level, Unit = unit, P = p, N = effects.Fit.Cells.Sum(input.Observed), Method = method, Role = role,
    };

    private string Others(int cell) => string.Join(", ", Enumerable.Range(0, input.Factors.Count - 1).Select(f => input.Factors[f].Levels[input.Grid.Level(cell, f)]));
}
