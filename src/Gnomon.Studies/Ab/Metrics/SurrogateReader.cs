using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>A difference and lift that were computed apart.</summary>
internal sealed record OwnContrast(ContrastResult Difference, LiftResult Lift);

/// <summary>The expected long-term outcome of --surrogates, and what it rests on.</summary>
internal sealed class SurrogateReader
{
    private readonly SurrogateMetric _metric;
    private readonly SurrogateModel _model;
    private readonly HistoryFile _history;
    private readonly UnitTable _units;
    private readonly AbInput _input;
    private readonly Dictionary<int, (double Model, double Whole)> _errors = [];
    private readonly string? _cluster;
    private readonly SurrogateClusters?[] _clusters;

    private SurrogateReader(SurrogateMetric metric, SurrogateModel model, HistoryFile history, UnitTable units, AbInput input, string? cluster)
    {
        (_metric, _model, _history, _units, _input, _cluster) = (metric, model, history, units, input, cluster);
        _clusters = cluster is null ? [] : [.. Enumerable.Range(0, input.Arms.Count).Select(Clusters)];
    }

    /// <exception cref="GnomonError">The history cannot be read or fitted, or units repeat.</exception>
    public static (MetricInput Metric, SurrogateReader Facts) Read(MetricSpec spec, SurrogateMetric metric, AbDesign design, AbReader reader, AbInput input, StudyContext context)
    {
        var cluster = design.Options.Cluster;
        if (input.Repeated && cluster is null)
        {
            throw new GnomonError("units-repeat", $"--surrogates needs one row per {reader.Unit}; there are {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}.", "--surrogates", $"Bring the rows together first with --query, or leave out --unit and write --cluster {reader.Unit}: every row then counts for itself, with errors by {reader.Unit}.");
        }

        var history = HistoryFile.Read(design.Options.Source(), metric, context, cluster);
        SurrogateModel model;
        try
        {
            model = history.Clusters is { } past ? ClusteredSurrogateIndex.Fit(history.Columns[0], [.. history.Columns.Skip(1)], past) : SurrogateIndex.Fit(history.Columns[0], [.. history.Columns.Skip(1)]);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            throw new GnomonError("not-estimable", $"{metric.History}: {e.Message}", "--history", "Give past units with both the surrogates and the long-term outcome.", e);
        }

        UnitColumn[] columns = [.. metric.Surrogates.Select(s => new UnitColumn(s, Scalar.Column(reader.Data.Schema.Require(s, "--surrogates").Name).ToDouble(), UnitFold.Sum))];
        var units = cluster is null ? UnitTable.Read(reader, input, columns, context) : UnitTable.OfRows(reader, input, columns, context);
        var facts = new SurrogateReader(metric, model, history, units, input, cluster);
        return (cluster is null ? facts.Metric(spec, design.Level) : facts.ClusteredMetric(spec), facts);
    }

    /// <summary>The index by cluster; null where units were assigned one by one.</summary>
    public ClusterMetric? ByCluster(MetricSpec spec) => _cluster is null ? null : new ClusterMetric
    {
        Name = spec.Name,
        Centre = _model.Level,
        Arms = [.. _clusters.Select(c => c is null ? new ClusterTotals([], []) : Index(c))],
        Squares = [.. Enumerable.Range(0, _clusters.Length).Select(SquaresOf)],
        Learned = (arm, level) =>
        {
            var result = ClusteredSurrogateIndex.Compare(_model, _clusters[arm]!, _clusters[0]!, level);
            _errors[arm] = (result.ModelError, result.Difference.StandardError);
            return result;
        },
    };

    private MetricInput ClusteredMetric(MetricSpec spec) => new()
    {
        Spec = spec,
        Binary = false,
        IsShare = Array.TrueForAll(_history.Columns[0], v => v is 0 or 1),
        Method = "surrogate index, error of the history included",
        ByDesign = true,
        Arms = [.. _clusters.Select((c, a) => c is null
            ? new ArmMetric { Values = Moments.Empty, Refused = $"arm {_input.Arms[a]} has no {_cluster} with all surrogates" }
            : new ArmMetric { Values = ClusterParts.Shape(Index(c), _model.Level) })],
    };

    private ClusterTotals Index(SurrogateClusters arm) =>
        new([.. Enumerable.Range(0, arm.Sizes.Length).Select(g => _model.Slopes.Select((s, i) => s * (arm.Sums[i][g] - arm.Sizes[g] * _model.Centre[i])).Sum())], arm.Sizes);

    // Rows of one arm that have all surrogates, added up by cluster.
    private SurrogateClusters? Clusters(int arm)
    {
        var columns = _metric.Surrogates.Select(_units.Numbers).ToArray();
        var groups = _units.Clusters(arm).Select(g => g.Where(i => columns.All(c => !double.IsNaN(c[i]))).ToArray()).Where(g => g.Length > 0).ToList();
        return groups.Count == 0 ? null : new([.. columns.Select(c => groups.Select(g => g.Sum(i => c[i])).ToArray())], [.. groups.Select(g => (double)g.Length)]);
    }

    private double SquaresOf(int arm)
    {
        var columns = _metric.Surrogates.Select(_units.Numbers).ToArray();
        return _units.Of(arm).Where(i => columns.All(c => !double.IsNaN(c[i]))).Sum(i => Math.Pow(columns.Select((c, k) => _model.Slopes[k] * (c[i] - _model.Centre[k])).Sum(), 2));
    }

    private MetricInput Metric(MetricSpec spec, double level)
    {
        var arms = Enumerable.Range(0, _input.Arms.Count).Select(Joint).ToList();
        var own = new Dictionary<int, OwnContrast>();
        for (var a = 1; a < arms.Count; a++)
        {
            try
            {
                if (arms[a] is { } x && arms[0] is { } y)
                {
                    var result = SurrogateIndex.Compare(_model, x, y, level);
                    _errors[a] = (result.ModelError, result.Difference.StandardError);
                    own[a] = new OwnContrast(result.Difference, result.Lift);
                }
            }
            catch (NotEstimableException)
            {
                // The plain comparison below refuses it with its reason.
            }
        }

        double[] slopes = [.. _model.Slopes];
        var shift = _model.Level - slopes.Select((s, i) => s * _model.Centre[i]).Sum();
        return new MetricInput
        {
            Spec = spec,
            Binary = false,
            IsShare = Array.TrueForAll(_history.Columns[0], v => v is 0 or 1),
            Method = "surrogate index, error of the history included",
            Own = own,
            Arms = [.. arms.Select((joint, a) => joint is null
                ? new ArmMetric { Values = Moments.Empty, Refused = $"arm {_input.Arms[a]} has fewer than 2 units with all surrogates" }
                : new ArmMetric { Values = joint.Combine([slopes]).Column(0) is var m ? m with { Mean = m.Mean + shift } : Moments.Empty, Missing = _input.Units[a] - joint.Count })],
        };
    }

    public AbMetrics Report()
    {
        var rows = _metric.Surrogates.Select((s, i) => (IReadOnlyList<object?>)[s, _model.Slopes[i], Math.Sqrt(Math.Max(0, _model.Covariance[(i + 1) * (_model.Slopes.Count + 2)])), _history.Columns[i + 1].Min(), _history.Columns[i + 1].Max(), Outside(i)]).ToList();
        return new AbMetrics
        {
            Evidence = [Past(), new PredictionSupport { Outcome = _metric.Outcome, Rows = _model.Count, Values = [.. _metric.Surrogates.SelectMany((s, i) => Edges(s, i))] }],
            Tables = [new ResultTable("surrogates", $"What {_metric.Outcome} is expected from", ["surrogate", "slope", "error", "history from", "history to", "units outside"], rows)],
            Limitations = [.. Sentences()],
        };
    }

    private IEnumerable<string> Sentences()
    {
        yield return $"{_metric.Outcome} was not measured here: it is expected from {string.Join(", ", _metric.Surrogates)} as {Figures.Count(_model.Count, "past unit")} had it, where they explain {Figures.WholePercent(_model.Explained)} of its variance. "
            + "The answer holds only if the treatment acts on it through these alone, and if the past relation holds for these units; the data cannot show either.";
        foreach (var (arm, (fromModel, whole)) in _errors.OrderBy(e => e.Key))
        {
            var share = fromModel * fromModel / (whole * whole);
            yield return $"{Figures.WholePercent(share)} of the error's square for {_input.Arms[arm]} comes from the history, the rest from the experiment.";
        }

        if (_cluster is not null)
        {
            yield return _history.Clusters is { } past
                ? $"The history names {Figures.Count(past.Distinct().Count(), "value")} of {_cluster} too: errors of what it teaches are by {_cluster} as well."
                : $"The history does not name {_cluster}, so its units are taken as independent; where they lay in {_cluster} too, what it teaches is less sure than told. Add the column to {_metric.History}.";
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

        var tests = PastTests.Of(_history.Columns, _history.Tests, _history.Arms, _history.TestNames, _history.ArmNames, null, []);
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
        double[] seen = [.. _units.Numbers(name).Where(v => !double.IsNaN(v)).Order()];
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
        double[] seen = [.. _units.Numbers(_metric.Surrogates[i]).Where(v => !double.IsNaN(v))];
        return Figures.Percent(seen.Length == 0 ? 0 : (double)seen.Count(v => v < low || v > high) / seen.Length, 1);
    }

    private CoMoments? Joint(int arm)
    {
        var columns = _metric.Surrogates.Select(_units.Numbers).ToArray();
        int[] rows = [.. _units.Of(arm).Where(i => columns.All(c => !double.IsNaN(c[i])))];
        return rows.Length < 2 ? null : CoMoments.OfColumns([.. columns.Select(c => Array.ConvertAll(rows, i => c[i]))]);
    }
}
