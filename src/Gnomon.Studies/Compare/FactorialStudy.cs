using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Compare;

/// <summary>The story of a two-way comparison: do the two columns act together, and if not, what does each do?</summary>
internal sealed class FactorialStudy
{
    private const int MostNamed = 2;
    private readonly CompareOptions _options;
    private readonly FactorialInput _input;
    private readonly FactorialModel _model;

    private FactorialStudy(CompareOptions options, FactorialInput input, FactorialModel model) => (_options, _input, _model) = (options, input, model);

    private bool Interacts => _model.Interaction.Test.PValue < _options.Alpha;

    private string Errors => _model.Covariance is SatterthwaiteCovariance ? "mixed model by REML, Satterthwaite degrees of freedom" : "least squares with HC3 errors";

    public static StudyReport Run(CompareOptions options, string first, string second, StudyContext context)
    {
        var input = FactorialInput.Read(options, first, second, context);
        return new FactorialStudy(options, input, FactorialModel.Of(input, options.Level, context.Threads)).Report();
    }

    private StudyReport Report()
    {
        var simple = _model.SimpleContrasts(first: true);
        if (Interacts && !simple.Any(IsClear) && _model.SimpleContrasts(first: false) is var turned && turned.Any(IsClear))
        {
            simple = turned; // the columns act together, and it shows from the other side
        }

        var first = _model.MainContrasts(first: true);
        var second = _model.MainContrasts(first: false);
        return new StudyReport
        {
            Question = "compare",
            Title = $"Does {_input.Metric} differ by {_input.First.Name} and {_input.Second.Name}?",
            Propose = _ => Propose(simple, first, second),
            Estimates = [.. (Interacts ? simple : first.Concat(second)).Select(Estimate)],
            Evidence = [.. Evidence()],
            Limitations = [.. Limitations()],
            Next = [.. Next()],
            Plots = Plots(Interacts ? simple : [.. first, .. second]),
            Tables = Tables(simple, first, second),
        };
    }

    private Proposal Propose(IReadOnlyList<CellContrast> simple, IReadOnlyList<CellContrast> first, IReadOnlyList<CellContrast> second)
    {
        var (a, b) = (_input.First.Name, _input.Second.Name);
        if (Interacts)
        {
            var clear = simple.Where(IsClear).OrderBy(c => c.Estimate.PValue).ToList();
            var said = clear.Count > 0 ? string.Join("; ", clear.Take(MostNamed).Select(Sentence)) : "no single difference is clear once their number is allowed for";
            var (moves, by) = simple[0].Factor == a ? (a, b) : (b, a);
            return new Proposal(DecisionAction.Answer, $"What {moves} goes with depends on {by} ({Figures.P(_model.Interaction.Test.PValue)} for the interaction): {said}.{More(clear.Count)}");
        }

        var found = first.Concat(second).Where(IsClear).OrderBy(c => c.Estimate.PValue).ToList();
        var together = $"{a} and {b} do not clearly act together ({Figures.P(_model.Interaction.Test.PValue)} for the interaction)";
        if (found.Count > 0)
        {
            return new Proposal(DecisionAction.Answer, $"{string.Join("; ", found.Take(MostNamed).Select(Sentence))}.{More(found.Count)} {together}.");
        }

        var allowed = string.Join("; ", first.Take(1).Concat(second.Take(1)).Select(c => $"{c.Contrast}: anything from {Figures.Range(c.Estimate.Low, c.Estimate.High, _input.Unit)}"));
        return new Proposal(DecisionAction.Inconclusive, $"{_input.Metric} does not clearly differ by {a} or by {b} in {Figures.Count(_input.Rows)} rows. The data allow, {allowed}. {together}.");
    }

    private bool IsClear(CellContrast c) => c.Estimate.PValue < _options.Alpha && (c.Estimate.Low > 0 || c.Estimate.High < 0);

    private string Sentence(CellContrast c) =>
        $"{c.Factor} {c.Contrast.Replace(" - ", " instead of ", StringComparison.Ordinal)}: {_input.Metric} is {Figures.Effect(Math.Abs(c.Estimate.Value), _input.Unit, c.Estimate.High - c.Estimate.Low).TrimStart('+')} {(c.Estimate.Value < 0 ? "lower" : "higher")} ({Figures.Confidence(_options.Level)} interval {Figures.Range(c.Estimate.Low, c.Estimate.High, _input.Unit)})";

    private static string More(int found) => found > MostNamed ? $" {found - MostNamed} more {(found == MostNamed + 1 ? "difference is" : "differences are")} clear." : string.Empty;

    private IEnumerable<string> Limitations()
    {
        var within = new[] { _input.First, _input.Second }.Where(f => f.IsWithin).Select(f => f.Name).ToList();
        yield return _input.UnitColumn is null
            ? "Every row is taken as a unit of its own; errors allow cells to spread unequally (HC3). If several rows belong to one unit, name it with --paired."
            : within.Count > 0
                ? $"{string.Join(" and ", within)} {(within.Count == 1 ? "varies" : "vary")} within {_input.UnitColumn}: its rows share random levels ({Terms()}), with Satterthwaite's degrees of freedom."
                : $"Several rows of one {_input.UnitColumn} share a random level ({Terms()}), with Satterthwaite's degrees of freedom.";
        yield return "Each term is tested against the model without it and without the interaction (type II); intervals and p-values of one family hold together (Bonferroni).";
        if (_model.Covariance is SatterthwaiteCovariance)
        {
            yield return "A mixed model takes rows of one unit as equally alike, whatever lies between them (sphericity); where every unit has every condition, compare each pair of conditions by one column to do without that.";
        }

        if (_model.Mixed is { Dropped.Count: > 0 } singular)
        {
            yield return $"The random levels were singular ({string.Join("; ", singular.Dropped.Select(d => d.Text))}): the answer is read from the fit {(singular.Reduced is null ? "without them" : $"with {string.Join(" + ", singular.Reduced.Terms.Select(t => t.Text))}")}; both are in the tables.";
        }

        if (!_options.Randomized)
        {
            yield return "Nobody assigned the groups, as far as the data tell: whatever else differs between them stays open. Say --randomized when they were assigned by chance.";
        }

        if (_input.Rows < _input.RowsRead)
        {
            yield return $"{Figures.Count(_input.RowsRead - _input.Rows)} of {Figures.Count(_input.RowsRead)} rows have a gap in a column of the comparison and are left out.";
        }
    }

    private string Terms() => string.Join(" + ", (_model.Mixed!.Reduced ?? _model.Mixed.Asked).Terms.Select(t => t.Text));

    private IEnumerable<string> Next()
    {
        yield return $"To hold other columns fixed as well: gnomon regress --formula \"{_input.Metric} ~ {_input.First.Name} * {_input.Second.Name}{(_input.UnitColumn is { } u ? $" + (1 | {u})" : string.Empty)}\".";
    }

    private IEnumerable<IEvidence> Evidence()
    {
        if (_options.Claim is { } claim && Claim.Parse(claim).P is { } stated)
        {
            yield return new StatedResult
            {
                Claim = claim, StatedP = stated.Value, PDecimals = stated.Decimals,
                Recomputed =
                [
                    ($"test of {_input.First.Name} (type II, {Errors})", _model.MainFirst.Test.PValue), ($"test of {_input.Second.Name} (type II, {Errors})", _model.MainSecond.Test.PValue),
                    .. OtherTools.Settings(_input).Select(o => (OtherTools.Phrase(o), o.PValue!.Value)),
                ],
            };
        }

        if (_model.Mixed is not { } mixed)
        {
            if (_model.Fit is LinearFit plain && FactorialUnits.Look(_input, plain, _model.Covariance) is { } repeats)
            {
                yield return repeats;
            }

            yield break;
        }

        var asked = mixed.Asked;
        var units = asked.Terms[0];
        // The person named the unit; terms of a factor within it are this study's own offer, and a variance of 0 there is an answer, not a flaw.
        yield return new RandomEffectsFit
        {
            Outcome = _input.Metric, Rows = _input.Rows, Groups = units.Levels.Count, Asked = string.Join(" + ", asked.Terms.Select(t => t.Text)), Singular = [.. mixed.Dropped.Where(d => d.Group == _input.UnitColumn).Select(d => d.Text)],
            Refit = mixed.Reduced is { } kept ? string.Join(" + ", kept.Terms.Select(t => t.Text)) : string.Empty,
            LargestShift = Enumerable.Range(0, _model.Fit.Coefficients.Count).Max(j => asked.Covariance.StandardError(j) > 0 ? Math.Abs(_model.Fit.Coefficients[j] - asked.Coefficients[j]) / asked.Covariance.StandardError(j) : 0),
        };
        if (mixed.Reduced is { } own)
        {
            yield return new ClusterCount
            {
                Column = units.Group, Rows = _input.Rows, Clusters = units.Levels.Count, LargestShare = units.RowsByLevel().Max() / (double)_input.Rows, IsMixedModel = true,
                SmallestDegrees = Math.Min(_input.Rows, own.Covariance.DegreesOfFreedom.Skip(1).Min()),
            };
        }
    }

    private Estimate Estimate(CellContrast c) => new()
    {
        Name = "difference", Metric = _input.Metric, Contrast = c.Contrast, Value = c.Estimate.Value, Low = c.Estimate.Low, High = c.Estimate.High, Level = _options.Level, Unit = _input.Unit, P = c.Estimate.PValue,
        N = _input.Rows, Method = $"{Errors}; Bonferroni p and intervals", Role = "primary",
    };

    private List<ResultTable> Tables(IReadOnlyList<CellContrast> simple, IReadOnlyList<CellContrast> first, IReadOnlyList<CellContrast> second)
    {
        var terms = new[] { _model.Interaction, _model.MainFirst, _model.MainSecond }.Concat(_model.Simple);
        var tables = new List<ResultTable>
        {
            new("terms", "Tests: the interaction first, then each column, then each at the levels of the other", ["term", "F", "df", "residual df", "p"],
                [.. terms.Select(t => (IReadOnlyList<object?>)[t.Term, t.Test.Statistic, (long)t.Test.Degrees, t.Test.DenominatorDegrees, t.Test.PValue])]),
            Means(),
            new("contrasts", "Differences", ["contrast", "difference", "low", "high", "df", "p", "p adjusted"],
                [.. (Interacts ? simple.Concat(first).Concat(second) : first.Concat(second).Concat(simple)).Select(c => (IReadOnlyList<object?>)
                    [c.Contrast, c.Estimate.Value, c.Estimate.Low, c.Estimate.High, double.IsFinite(c.Estimate.DegreesOfFreedom) ? c.Estimate.DegreesOfFreedom : null, c.OwnP, c.Estimate.PValue])]),
        };
        if (_options.Tools && OtherTools.Table(OtherTools.Settings(_input)) is { } tools)
        {
            tables.Add(tools);
        }

        if (_model.Mixed is { } mixed)
        {
            if (mixed.Reduced is { } own)
            {
                tables.Add(new ResultTable("random", "How much units differ", ["group", "groups", "standard deviation"],
                    [.. own.Random.Select(r => (IReadOnlyList<object?>)[r.Group, (long)r.Groups, r.StandardDeviation(0)]), new object?[] { "residual", (long)_input.Rows, own.Sigma }]));
            }

            if (mixed.Dropped.Count > 0)
            {
                var asked = mixed.Asked.Table(_options.Level);
                var kept = _model.Covariance.Table(_model.Fit, _options.Level);
                tables.Add(new ResultTable("singular", "The singular model as asked for, beside the refit", ["term", "as asked", "standard error", "refit", "standard error, refit"],
                    [.. asked.Select((e, j) => (IReadOnlyList<object?>)[e.Term, e.Value, e.StandardError, kept[j].Value, kept[j].StandardError])]));
            }
        }

        return tables;
    }

    private ResultTable Means()
    {
        var rows = new List<IReadOnlyList<object?>>();
        for (var a = 0; a < _input.First.Levels.Count; a++)
        {
            for (var b = 0; b < _input.Second.Levels.Count; b++)
            {
                var (k, l) = (a, b);
                var n = (long)Enumerable.Range(0, _input.Rows).Count(i => _input.First.Codes[i] == k && _input.Second.Codes[i] == l);
                rows.Add(Row(_input.First.Levels[a], _input.Second.Levels[b], n, _model.CellMean(a, b)));
            }
        }

        for (var a = 0; a < _input.First.Levels.Count; a++)
        {
            rows.Add(Row(_input.First.Levels[a], "all, alike", _input.First.Codes.LongCount(c => c == a), _model.MarginalMean(first: true, a)));
        }

        for (var b = 0; b < _input.Second.Levels.Count; b++)
        {
            rows.Add(Row("all, alike", _input.Second.Levels[b], _input.Second.Codes.LongCount(c => c == b), _model.MarginalMean(first: false, b)));
        }

        return new ResultTable("means", "Estimated means; over a column, its levels weigh alike", [_input.First.Name, _input.Second.Name, "rows", "mean", "low", "high"], rows);
    }

    private static IReadOnlyList<object?> Row(string first, string second, long n, CoefficientEstimate mean) => [first, second, n, mean.Value, mean.Low, mean.High];

    private List<Plot> Plots(IReadOnlyList<CellContrast> shown)
    {
        const int most = 40;
        var means = new List<IntervalRow>();
        for (var b = 0; b < _input.Second.Levels.Count; b++)
        {
            for (var a = 0; a < _input.First.Levels.Count; a++)
            {
                var mean = _model.CellMean(a, b);
                means.Add(new IntervalRow($"{_input.Second.Levels[b]}: {_input.First.Levels[a]}", mean.Value, mean.Low, mean.High));
            }
        }

        return
        [
            new Plot("effect", $"Differences of {_input.Metric}", IntervalPlot.Build([.. shown.Take(most).Select(c => new IntervalRow(c.Contrast, c.Estimate.Value, c.Estimate.Low, c.Estimate.High))], $"difference of {_input.Metric}", new PlotUnit(_input.Unit, Change: true))),
            new Plot("means", $"Means of {_input.Metric}, {_input.Second.Name}: {_input.First.Name}", IntervalPlot.Build([.. means.Take(most)], $"mean of {_input.Metric}", new PlotUnit(_input.Unit))),
        ];
    }
}
