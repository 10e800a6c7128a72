using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What an expected long-term outcome rests on: the history, the past tests in it, and how far the experiment's units are like its units.</summary>
internal sealed class SurrogateReport(SurrogateMetric metric, SurrogateModel model, HistoryFile history, double[][] early, IReadOnlyList<string> arms, string? cluster)
{
    private readonly SurrogateMetric _metric = metric;
    private readonly SurrogateModel _model = model;
    private readonly HistoryFile _history = history;
    private readonly double[][] _early = early;
    private readonly IReadOnlyList<string> _arms = arms;
    private readonly string? _cluster = cluster;
    private readonly Dictionary<int, (double Model, double Whole)> _errors = [];
    private readonly List<string> _remarks = [];

    /// <summary>Units are linked: the outcome must not answer to neighbours on other ways than through the unit's own surrogates.</summary>
    public bool Neighbours { get; init; }

    /// <summary>Which part of an arm's error comes from the history.</summary>
    public void Learned(int arm, double fromModel, double whole) => _errors[arm] = (fromModel, whole);

    public AbMetrics Report()
    {
        var rows = _metric.Surrogates.Select((s, i) => (IReadOnlyList<object?>)[s, _model.Slopes[i], Math.Sqrt(Math.Max(0, _model.Covariance[(i + 1) * (_model.Slopes.Count + 2)])), _history.Columns[i + 1].Min(), _history.Columns[i + 1].Max(), Outside(i)]).ToList();
        var past = Past();
        return new AbMetrics
        {
            Evidence = [past, new PredictionSupport { Outcome = _metric.Outcome, Rows = _model.Count, Values = [.. _metric.Surrogates.SelectMany((s, i) => Edges(s, i))] }],
            Tables = [new ResultTable("surrogates", $"What {_metric.Outcome} is expected from", ["surrogate", "slope", "error", "history from", "history to", "units outside"], rows)],
            Limitations = [.. Sentences()],
        };
    }

    private IEnumerable<string> Sentences()
    {
        yield return $"{_metric.Outcome} was not measured here: it is expected from {string.Join(", ", _metric.Surrogates)} as {Figures.Count(_model.Count, "past unit")} had it, where they explain {Figures.WholePercent(_model.Explained)} of its variance. "
            + "The answer holds only if the treatment acts on it through these alone, and if the past relation holds for these units; the data cannot show either."
            + (Neighbours ? $" Neighbours' arms, too, must reach {_metric.Outcome} through the unit's own {string.Join(", ", _metric.Surrogates)} alone." : string.Empty);
        foreach (var (arm, (fromModel, whole)) in _errors.OrderBy(e => e.Key))
        {
            var share = fromModel * fromModel / (whole * whole);
            yield return $"{Figures.WholePercent(share)} of the error's square for {_arms[arm]} comes from the history, the rest from the experiment.";
        }

        if (_cluster is not null)
        {
            yield return _history.Clusters is { } past
                ? $"The history names {Figures.Count(past.Distinct().Count(), "value")} of {_cluster} too: errors of what it teaches{(_metric.Past.Count > 0 ? " and of its past tests" : string.Empty)} are by {_cluster} as well."
                : $"The history does not name {_cluster}, so its units are taken as independent; where they lay in {_cluster} too, what it teaches is less sure than told. Add the column to {_metric.History}.";
        }

        foreach (var remark in _remarks)
        {
            yield return remark;
        }

        if (_history.LeftOut > 0)
        {
            yield return $"{Figures.Count(_history.LeftOut, "row")} of the history with a gap {(_history.LeftOut == 1 ? "is" : "are")} left out.";
        }
    }

    // Past tests of the history, each foretold by an index that the others taught.
    private SurrogateRecord Past()
    {
        var record = new SurrogateRecord { Proxy = $"expected {_metric.Outcome}", Goal = _metric.Outcome, Tests = [] };
        if (_metric.Past.Count == 0)
        {
            return record;
        }

        var tests = PastTests.Of(_history.Columns, _history.Tests, _history.Arms, _history.TestNames, _history.ArmNames, null, _remarks, _history.Clusters);
        if (tests.Count < 2)
        {
            return record with { Tests = [.. tests.Select(t => t.Pair(1, 0)).OfType<PairedEffects>()] };
        }

        try
        {
            var left = SurrogateValidation.LeaveOneOut([.. tests.Select(t => CoMoments.Merge(t.Control!, t.Treatment!))], [.. tests.Select(t => t.Effects)], [.. tests.Select(t => t.Covariance)]);
            return record with
            {
                Tests = [.. left.Tests.Select((t, i) => (t.Pair, tests[i].Name)).Where(t => t.Pair is { ProxyVariance: > 0, GoalVariance: > 0 } p && p.Covariance * p.Covariance < p.ProxyVariance * p.GoalVariance)
                    .Select(t => new PairedEffects(t.Name, t.Pair.Proxy, t.Pair.Goal, t.Pair.ProxyVariance, t.Pair.GoalVariance, t.Pair.Covariance))],
            };
        }
        catch (NotEstimableException)
        {
            return record;
        }
    }

    // The bulk of the experiment's units against the range of the history.
    private IEnumerable<PredictedAt> Edges(string name, int i)
    {
        double[] seen = [.. _early[i].Where(v => !double.IsNaN(v)).Order()];
        if (seen.Length == 0)
        {
            yield break;
        }

        var (low, high) = (_history.Columns[i + 1].Min(), _history.Columns[i + 1].Max());
        yield return new PredictedAt(name, seen[(int)(0.01 * (seen.Length - 1))], low, high);
        yield return new PredictedAt(name, seen[(int)(0.99 * (seen.Length - 1))], low, high);
    }

    private string Outside(int i)
    {
        var (low, high) = (_history.Columns[i + 1].Min(), _history.Columns[i + 1].Max());
        double[] seen = [.. _early[i].Where(v => !double.IsNaN(v))];
        return Figures.Percent(seen.Length == 0 ? 0 : (double)seen.Count(v => v < low || v > high) / seen.Length, 1);
    }
}
