using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Reads units, their arms, clusters and links, and estimates the effects of exposure.</summary>
internal static class ExposureReader
{
    // Designs drawn times what one costs; beyond, fewer are drawn.
    private const double MostWork = 2e10;

    public static AbInput Read(AbDesign design, StudyContext context)
    {
        var options = design.Options;
        var data = context.RequireData();
        var unit = Scalar.Column(data.Schema.Require(options.Unit!, "--unit").Name).ToText();
        var arm = Scalar.Column(data.Schema.Require(options.Variant!).Name).ToText();
        var cluster = options.Cluster is null ? null : Scalar.Column(data.Schema.Require(options.Cluster, "--cluster").Name).ToText();
        if (options.Cluster is { } column)
        {
            ClusterReader.RequireAssigned(design, column, context);
        }

        var usable = MetricTotals.Named(arm).And(unit.IsNull().Not());
        usable = cluster is null ? usable : usable.And(cluster.IsNull().Not());
        var parts = MetricTotals.Of(design, data, usable, context.Cancellation, _ => 0);
        var table = data.Read(
            new Query
            {
                Select = [new("unit", unit), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm)), new("cluster", Scalar.Aggregate(AggregateFunction.Min, cluster ?? unit)), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(parts)],
                Where = usable,
                GroupBy = [unit],
                OrderBy = [new(unit)],
            },
            context.Cancellation);
        return Input(design, table, parts, cluster is not null, context);
    }

    private static AbInput Input(AbDesign design, Table table, List<MetricTotals> parts, bool clustered, StudyContext context)
    {
        var options = design.Options;
        var (names, first, last, clusters) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (TextColumn)table.Columns[2], (TextColumn)table.Columns[3]);
        var order = design.OrderArms([.. Enumerable.Range(0, table.Rows).SelectMany(i => new[] { Text(first, i), Text(last, i) }).Distinct().Order(StringComparer.Ordinal)]);
        if (order.Count != 2)
        {
            throw new GnomonError("exposure-arms", $"{context.RequireData().Name}: effects along edges are estimated for two arms; '{options.Variant}' has {order.Count}.", "--variant", "Keep two with --where.");
        }

        var (index, treated, of, mixed) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<bool>(), new List<int>(), 0L);
        var rowOf = new List<int>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < table.Rows; i++)
        {
            if (Text(first, i) != Text(last, i))
            {
                mixed++;
                continue;
            }

            index.Add(Text(names, i), treated.Count);
            treated.Add(Text(first, i) == order[1]);
            of.Add(known.TryGetValue(Text(clusters, i), out var c) ? c : known[Text(clusters, i)] = known.Count);
            rowOf.Add(i);
        }

        var edges = EdgeFile.Read(options.Edges!, index);
        var graph = UnitGraph.Of(treated.Count, edges.From, edges.To);
        bool[] arms = [.. treated];
        int[] assigned = [.. of];
        var draws = (int)Math.Clamp(MostWork / (2.0 * graph.Edges + 20.0 * graph.Units), 199, 999);
        ExposureDesign mapping;
        try
        {
            mapping = new ExposureDesign(graph, arms, assigned, new ExposureOptions { Surrounded = options.Surrounded, Draws = draws, Seed = (ulong)options.Seed });
        }
        catch (TooFewRowsException e)
        {
            throw new GnomonError("too-few-clusters", $"{context.RequireData().Name}: {e.Message}", "--cluster", "An arm needs several clusters; see gnomon design.");
        }

        var answers = parts.Select((part, m) => Answer(part, m, table, rowOf, graph, arms, assigned, mapping, design)).ToList();
        return new AbInput
        {
            Arms = order,
            Units = [arms.LongCount(a => !a), arms.LongCount(a => a)],
            Metrics = [.. answers.Select((a, m) => a.Input(design.Metrics[m]))],
            Rows = ((IntegerColumn)table.Columns[4]).Values.ToArray().Sum(),
            UnitsInSeveralArms = mixed,
            Exclusions = mixed > 0 ? [new("unit in several arms", mixed)] : [],
            Designed = new ExposureSet(answers)
            {
                Cluster = options.Cluster,
                Clusters = known.Count,
                Edges = graph.Edges,
                Strangers = edges.Strangers,
                CrossArms = graph.CrossShare(Array.ConvertAll(arms, a => a ? 1 : 0)),
                CrossClusters = clustered ? graph.CrossShare(assigned) : null,
                Surrounded = options.Surrounded,
                Suggested = clustered ? null : Suggest(graph, (ulong)options.Seed),
            },
        };
    }

    private static (int Count, double Cross, double Modularity) Suggest(UnitGraph graph, ulong seed)
    {
        var communities = Louvain.Find(graph, seed);
        return (communities.Count, graph.CrossShare(communities.Labels), communities.Modularity);
    }

    private static ExposureAnswer Answer(MetricTotals part, int m, Table table, List<int> rowOf, UnitGraph graph, bool[] arms, int[] assigned, ExposureDesign mapping, AbDesign design)
    {
        var (sums, sizes) = ((DoubleColumn)table.Columns[5 + 3 * m], (DoubleColumn)table.Columns[6 + 3 * m]);
        double[] y = [.. rowOf.Select(r => sums.IsNull(r) || !(sizes.Values[r] > 0) ? double.NaN : part.Centre + sums.Values[r] / sizes.Values[r])];
        ExposureEffects? effects = null;
        NeighbourResponseResult? response = null;
        string? why = null;
        try
        {
            effects = mapping.Estimate(y, design.Level);
            response = NeighbourResponse.Test(graph, arms, assigned, y, new RerandomisationOptions { Seed = (ulong)design.Options.Seed, Draws = 999 });
        }
        catch (NotEstimableException e)
        {
            why = e.Message;
        }

        Moments Of(bool arm) => Moments.Of([.. Enumerable.Range(0, y.Length).Where(i => arms[i] == arm && !double.IsNaN(y[i])).Select(i => y[i])]);
        return new ExposureAnswer(part.Metric.Name, part.IsShare, effects, response, Of(true), Of(false), y.Count(double.IsNaN), ByClusters(y, arms, assigned, design.Level)) { NoResponse = why };
    }

    // The plain difference with errors by what was assigned.
    private static ContrastResult? ByClusters(double[] y, bool[] arms, int[] assigned, double level)
    {
        var groups = Enumerable.Range(0, y.Length).Where(i => !double.IsNaN(y[i])).GroupBy(i => assigned[i]).Select(g => (Arm: arms[g.First()], Sum: g.Sum(i => y[i]), Size: (double)g.Count())).ToList();
        ClusterTotals Of(bool arm) => new([.. groups.Where(g => g.Arm == arm).Select(g => g.Sum)], [.. groups.Where(g => g.Arm == arm).Select(g => g.Size)]);
        try
        {
            return ClusterComparison.Compare(Of(true), Of(false), level).Difference;
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static string Text(TextColumn column, int row) => column.Dictionary[column.Codes[row]];
}
