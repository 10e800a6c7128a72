using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Factorial;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>The finding of a factorial experiment: interactions first, then main effects, simple effects, cells.</summary>
internal sealed class FactorialReport
{
    private const int MostEstimates = 60;
    private const int MostRows = 240;
    private const int MostLines = 12;
    private readonly FactorialInput _input;
    private readonly FactorialEffects _effects;
    private readonly FactorialVerdict _verdict;
    private readonly AbHistory _history;

    public FactorialReport(AbOptions options, StudyContext context)
    {
        _input = FactorialInput.Of(options, context);
        _history = AbHistory.Read(_input.Design, _input.Read, context);
        _effects = new FactorialEffects(_input);
        try
        {
            _verdict = new FactorialVerdict(_input, _effects);
        }
        catch (NotEstimableException wrong)
        {
            throw new Core.Errors.GnomonError("not-estimable", $"{_input.Spec.Name}: {wrong.Message}", "--metric", "Check the metric, or collect more units.", wrong);
        }
    }

    private AliasStructure Aliases => _effects.Fit.Aliases;

    public StudyReport Finding()
    {
        var proposal = _verdict.Propose();
        return new StudyReport
        {
            Question = "ab",
            Title = $"What do {string.Join(", ", _input.Factors.SkipLast(1).Select(f => f.Name))} and {_input.Factors[^1].Name} do to {_input.Spec.Name}, alone and together?",
            Propose = _ => proposal,
            Estimates = [.. Estimates()],
            Evidence = [.. new FactorialEvidence(_input, _effects, _verdict, _history).All()],
            Limitations = [.. Limitations()],
            Next = [.. _verdict.Next(proposal.Action)],
            Plots = [.. Plots()],
            Tables = [.. Tables()],
            Trace = new LedgerTrace
            {
                Experiment = _history.Key, DataState = _history.DataState, Exclusions = _input.Read.Exclusions,
                Hypotheses = [.. _effects.Terms.Select(t => new Hypothesis(_input.Spec.Name, _input.Name(t.Set.Term), t.Test.PValue, "primary"))],
            },
        };
    }

    private IEnumerable<Estimate> Estimates()
    {
        var n = _effects.Fit.Cells.Sum(_input.Observed);
        Estimate Of(string name, string contrast, Methods.Inference.ContrastResult c, double? p, string unit, string method, string role) => new()
        {
            Name = name, Metric = _input.Spec.Name, Contrast = contrast, Value = c.Value, Low = c.Low, High = c.High, Level = c.Level, Unit = unit, P = p, N = n, Method = method, Role = role,
        };

        foreach (var (term, c) in _effects.Terms.SelectMany(t => t.Contrasts.Select(c => (t, c))).Take(MostEstimates))
        {
            yield return Of(term.IsInteraction ? "interaction" : "main effect", c.Name, c.Effect, c.Effect.PValue, _input.Metric.Unit, c.Effect.Method, "primary");
        }

        foreach (var (term, c) in (_effects.LogOdds ?? []).SelectMany(t => t.Contrasts.Select(c => (t, c))).Take(MostEstimates))
        {
            yield return Of(term.IsInteraction ? "interaction, log-odds" : "main effect, log-odds", c.Name, c.Effect, c.Effect.PValue, "log-odds", "effect coding, logistic", "sensitivity");
        }

        foreach (var (cell, c) in _verdict.Against.Take(MostEstimates))
        {
            yield return Of("difference", $"{_input.Name(cell)} - {_input.Name(_effects.Reference)}", c, c.PValue, _input.Metric.Unit, c.Method, "secondary");
        }
    }

    private IEnumerable<string> Limitations()
    {
        if (_input.Design.Options.Unit is null)
        {
            yield return "No --unit was named: each row is taken as one unit.";
        }

        if (_input.Read.Repeated)
        {
            yield return $"Units repeat: {Figures.Count(_input.Read.Rows, "row")} of {Figures.Count(_input.Read.TotalUnits, "unit")}. Metrics are means per row, with errors by {_input.Design.Options.Unit}.";
        }

        if (_input.Design.Options.Split is null)
        {
            yield return "No split was declared: equal shares of the cells are assumed. Say --split when they were meant to differ in size.";
        }

        yield return _effects.Fit.Errors switch
        {
            FactorialErrors.OwnSpread => "A main effect is an average over the levels of the other factors, which weigh alike; every cell has a spread of its own.",
            FactorialErrors.OwnSpreadByBlock => $"Cells are compared within {_input.Design.Options.Strata} and averaged over it by the number of units; every cell of every block has a spread of its own.",
            _ => $"One spread is taken for all cells{(_input.Blocks.Count > 1 ? $", and {_input.Design.Options.Strata} shifts them all alike" : string.Empty)}: there are too few units per cell to tell otherwise.",
        };
        foreach (var line in AliasWords())
        {
            yield return line;
        }

        if (_effects.NoLogOdds is { } why)
        {
            yield return $"No log-odds are given: {why}.";
        }

        if (_effects.LogOdds is { } odds && Disagree(odds) is { } term)
        {
            yield return $"{term} is clear on one scale and not on the other (differences and log-odds): whether parts add up depends on what adding means. The decision rests on differences, which count outcomes.";
        }

        foreach (var excluded in _input.Read.Exclusions)
        {
            yield return $"{Figures.Count(excluded.Rows, "row")} set aside: {excluded.Reason}.";
        }

        if (_input.Metric.Arms.Sum(a => a.Missing) is var missing and > 0)
        {
            yield return $"{Figures.Count(missing, "unit")} {(missing == 1 ? "has" : "have")} no usable value of {_input.Spec.Name} and {(missing == 1 ? "is" : "are")} left out of it.";
        }
    }

    private IEnumerable<string> AliasWords()
    {
        if (Aliases.WithMean.Count > 0)
        {
            yield return $"A fraction was run: {_effects.Fit.Cells.Count} of {_input.Grid.Cells} cells, with {string.Join(", ", Aliases.WithMean.Select(_input.Name))} the same throughout (resolution {Roman(Aliases.Resolution)}). Those effects cannot be estimated.";
        }

        foreach (var tied in Aliases.Kept.Where(k => k.With.Count > 0))
        {
            yield return $"{_input.Name(tied.Term)} cannot be told from {string.Join(" or ", tied.With.Select(_input.Name))}: what stands under its name is {(tied.With.Count == 1 ? "both" : "all of them")} together.";
        }

        if (Aliases.WithBlocks.Count > 0)
        {
            yield return $"{string.Join(", ", Aliases.WithBlocks.Select(_input.Name))} cannot be told from {_input.Design.Options.Strata} and {(Aliases.WithBlocks.Count == 1 ? "is" : "are")} not estimated.";
        }
    }

    private string? Disagree(IReadOnlyList<TermResult> odds) =>
        _effects.Terms.Zip(odds).Where(p => p.First.IsInteraction && _verdict.IsClear(p.First) != _verdict.IsClear(p.Second)).Select(p => _input.Name(p.First.Set.Term)).FirstOrDefault();

    private IEnumerable<ResultTable> Tables()
    {
        var what = _input.Metric.Binary ? "rate" : "mean";
        var isTied = Aliases.Kept.Any(k => k.With.Count > 0);
        yield return new ResultTable("terms", "Effects: interactions first, then main effects", ["effect", "F", "df", "residual df", "p", "Holm p", .. _effects.LogOdds is null ? (IEnumerable<string>)[] : ["log-odds p", "log-odds Holm p"], .. isTied ? (IEnumerable<string>)["not told from"] : []],
            [.. _effects.Terms.Select((t, i) => (IReadOnlyList<object?>)
            [
                _input.Name(t.Set.Term), t.Test.Statistic, (long)t.Test.Degrees, t.Test.DenominatorDegrees, t.Test.PValue, t.HolmP,
                .. _effects.LogOdds is { } odds ? (IEnumerable<object?>)[odds[i].Test.PValue, odds[i].HolmP] : [],
                .. isTied ? (IEnumerable<object?>)[t.Set.With.Count == 0 ? null : string.Join(", ", t.Set.With.Select(_input.Name))] : [],
            ])]);
        yield return new ResultTable("cells", "Cells", ["cell", "units", "with outcome", what, $"low {what}", $"high {what}", .. _verdict.Shrunken is null ? (IEnumerable<string>)[] : [$"shrunken {what}"]],
            [.. _effects.Fit.Cells.Select(c => (_effects.Fit.Mean(c), c)).Select(x => (IReadOnlyList<object?>)
                [_input.Name(x.c), _input.Units(x.c), _input.Observed(x.c), _effects.Fit.Value(x.c), x.Item1?.Low, x.Item1?.High, .. _verdict.Shrunken is { } s ? (IEnumerable<object?>)[s[x.c]] : []])]);
        if (_effects.Simple.Count > 0)
        {
            yield return new ResultTable("simple", _effects.Simple.Count > MostRows ? $"Simple effects (first {MostRows})" : "Simple effects: each factor where the others stand still", ["effect", "where", "difference", "low", "high", "p", "Holm p"],
                [.. _effects.Simple.Take(MostRows).Select(s => (IReadOnlyList<object?>)[s.Contrast, s.Where, s.Effect.Value, s.Effect.Low, s.Effect.High, s.Effect.PValue, s.HolmP])]);
        }
    }

    private IEnumerable<Plot> Plots()
    {
        var title = $"Effects on {_input.Spec.Name}";
        yield return new Plot("effect", title, IntervalPlot.Build(
            [.. _effects.Terms.SelectMany(t => t.Contrasts).Take(MostEstimates).Select(c => new IntervalRow(c.Name, c.Effect.Value, c.Effect.Low, c.Effect.High))], $"effect on {_input.Spec.Name}", new PlotUnit(_input.Metric.Unit, Change: true)));
        var lines = _effects.Fit.Cells.Select(c => Others(c)).Distinct().ToList();
        if (lines.Count > MostLines)
        {
            yield break;
        }

        // The last factor runs along the axis; a line is a combination of the others.
        var last = _input.Factors.Count - 1;
        yield return new Plot("interaction", $"{_input.Spec.Name} by cell: parallel lines are parts that add up", InteractionPlot.Build(
            [.. _effects.Fit.Cells.Select(c => (Cell: c, Mean: _effects.Fit.Mean(c))).Select(x => new InteractionPoint(_input.Factors[last].Levels[_input.Grid.Level(x.Cell, last)], Others(x.Cell), _effects.Fit.Value(x.Cell), x.Mean?.Low ?? _effects.Fit.Value(x.Cell), x.Mean?.High ?? _effects.Fit.Value(x.Cell)))],
            _input.Factors[last].Name, _input.Spec.Name, new PlotUnit(_input.Metric.Unit), string.Join(", ", _input.Factors.Take(last).Select(f => f.Name))));
    }

    private string Others(int cell) => string.Join(", ", Enumerable.Range(0, _input.Factors.Count - 1).Select(f => _input.Factors[f].Levels[_input.Grid.Level(cell, f)]));

    private static string Roman(int order) => order switch { 1 => "I", 2 => "II", 3 => "III", 4 => "IV", _ => "V" };
}
