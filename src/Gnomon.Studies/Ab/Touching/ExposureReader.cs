using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
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
        Projection[] further = [.. ExposureDerived.Select(design, data)];
        var parts = MetricTotals.Of(design, data, usable, context.Cancellation, _ => 0);
        var table = data.Read(
            new Query
            {
                Select = [new("unit", unit), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm)), new("cluster", Scalar.Aggregate(AggregateFunction.Min, cluster ?? unit)), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(parts), .. further],
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

        var analysis = new ExposureAnalysis(graph, arms, assigned, mapping, clustered, design.Level, (ulong)options.Seed);
        var derived = new ExposureDerived(design, context, table, 5 + 3 * parts.Count, rowOf, analysis, order);
        var answers = parts.Select((part, m) => Answer(part, m, table, rowOf, analysis, order, derived)).ToList();
        long Clusters(bool treated) => assigned.Where((_, i) => arms[i] == treated).Distinct().LongCount();
        return new AbInput
        {
            Arms = order,
            Units = [arms.LongCount(a => !a), arms.LongCount(a => a)],
            Drawn = clustered ? [Clusters(treated: false), Clusters(treated: true)] : null,
            Metrics = [.. answers.Select((a, m) => a.Input(design.Metrics[m]))],
            Rows = ((IntegerColumn)table.Columns[4]).Values.ToArray().Sum(),
            UnitsInSeveralArms = mixed,
            Survival = derived.Times,
            Surrogates = derived.Surrogates,
            Exclusions = mixed > 0 ? [new("unit in several arms", mixed)] : [],
            Designed = new ExposureSet(answers)
            {
                Analysis = analysis,
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

    private static ExposureAnswer Answer(MetricTotals part, int m, Table table, List<int> rowOf, ExposureAnalysis analysis, IReadOnlyList<string> order, ExposureDerived derived)
    {
        var (sums, sizes) = ((DoubleColumn)table.Columns[5 + 3 * m], (DoubleColumn)table.Columns[6 + 3 * m]);
        var spec = part.Metric;
        double[] Of(Func<int, double> value, bool positive) => [.. rowOf.Select(r => sums.IsNull(r) || (positive && !(sizes.Values[r] > 0)) ? double.NaN : value(r))];
        try
        {
            if (spec.Denominator is not null)
            {
                var (above, below) = (Of(r => sums.Values[r] + part.Centre * sizes.Values[r], positive: false), Of(r => sizes.Values[r], positive: false));
                return analysis.Answer(spec.Name, part.IsShare, analysis.Ratio(above, below));
            }

            var y = Of(r => part.Centre + sums.Values[r] / sizes.Values[r], positive: true);
            return ExposureDerived.Knows(spec) ? derived.Answer(spec, y) : spec.Derived is Metrics.QuantileMetric quantile
                ? analysis.Answer(spec.Name, isShare: false, analysis.Quantile(y, quantile.Share, order)) with { Method = $"{Figures.Number(100 * quantile.Share)} % quantile, mid-distribution" }
                : analysis.Answer(spec.Name, part.IsShare, y);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return new ExposureAnswer(spec.Name, part.IsShare, null, null, Moments.Empty, Moments.Empty, 0, null) { Refused = e.Message };
        }
    }

    private static string Text(TextColumn column, int row) => column.Dictionary[column.Codes[row]];
}
