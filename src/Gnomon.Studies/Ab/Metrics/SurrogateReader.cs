using Gnomon.Core.Errors;
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
    private readonly string? _cluster;
    private readonly SurrogateClusters?[] _clusters;

    private SurrogateReader(SurrogateMetric metric, SurrogateModel model, HistoryFile history, UnitTable units, AbInput input, string? cluster)
    {
        (_metric, _model, _history, _units, _input, _cluster) = (metric, model, history, units, input, cluster);
        _clusters = cluster is null ? [] : [.. Enumerable.Range(0, input.Arms.Count).Select(Clusters)];
        Facts = new SurrogateReport(metric, model, history, [.. metric.Surrogates.Select(units.Numbers)], input.Arms, cluster);
    }

    /// <summary>What the answer rests on.</summary>
    public SurrogateReport Facts { get; }

    /// <exception cref="GnomonError">The history cannot be read or fitted, or units repeat.</exception>
    public static (MetricInput Metric, SurrogateReader Facts) Read(MetricSpec spec, SurrogateMetric metric, AbDesign design, AbReader reader, AbInput input, StudyContext context)
    {
        var cluster = design.Options.Cluster;
        if (input.Repeated && cluster is null)
        {
            throw new GnomonError("units-repeat", $"--surrogates needs one row per {reader.Unit}; there are {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}.", "--surrogates", $"Bring the rows together first with --query, or leave out --unit and write --cluster {reader.Unit}: every row then counts for itself, with errors by {reader.Unit}.");
        }

        var (history, model) = Learn(metric, design, context);
        UnitColumn[] columns = [.. metric.Surrogates.Select(s => new UnitColumn(s, Scalar.Column(reader.Data.Schema.Require(s, "--surrogates").Name).ToDouble(), UnitFold.Sum))];
        var units = cluster is null ? UnitTable.Read(reader, input, columns, context) : UnitTable.OfRows(reader, input, columns, context);
        var facts = new SurrogateReader(metric, model, history, units, input, cluster);
        return (cluster is null ? facts.Metric(spec, design.Level) : facts.ClusteredMetric(spec), facts);
    }

    /// <summary>The history and what it teaches.</summary>
    /// <exception cref="GnomonError">It cannot be read or fitted.</exception>
    public static (HistoryFile History, SurrogateModel Model) Learn(SurrogateMetric metric, AbDesign design, StudyContext context)
    {
        var history = HistoryFile.Read(design.Options.Source(), metric, context, design.Options.Cluster);
        try
        {
            return (history, history.Clusters is { } past ? ClusteredSurrogateIndex.Fit(history.Columns[0], [.. history.Columns.Skip(1)], past) : SurrogateIndex.Fit(history.Columns[0], [.. history.Columns.Skip(1)]));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            throw new GnomonError("not-estimable", $"{metric.History}: {e.Message}", "--history", "Give past units with both the surrogates and the long-term outcome.", e);
        }
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
            Facts.Learned(arm, result.ModelError, result.Difference.StandardError);
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
                    Facts.Learned(a, result.ModelError, result.Difference.StandardError);
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

    private CoMoments? Joint(int arm)
    {
        var columns = _metric.Surrogates.Select(_units.Numbers).ToArray();
        int[] rows = [.. _units.Of(arm).Where(i => columns.All(c => !double.IsNaN(c[i])))];
        return rows.Length < 2 ? null : CoMoments.OfColumns([.. columns.Select(c => Array.ConvertAll(rows, i => c[i]))]);
    }
}
