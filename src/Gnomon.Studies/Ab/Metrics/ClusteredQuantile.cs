using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>A quantile of rows where clusters were assigned: what every row contributes to its arm's quantile, added up by cluster and compared as means are.</summary>
internal static class ClusteredQuantile
{
    // Its error is a limit over clusters: from so many of an arm on it holds, also where their sizes are far apart.
    private const int FewestClusters = 10;

    public static AbInput Add(MetricSpec spec, QuantileMetric metric, AbDesign design, AbReader reader, AbInput input, StudyContext context)
    {
        var rows = UnitTable.OfRows(reader, input, [new UnitColumn("value", Scalar.Column(reader.Data.Schema.Require(metric.Column).Name).ToDouble(), UnitFold.Sum)], context);
        var values = rows.Numbers("value");
        var arms = input.Arms.Select((name, a) => Arm(name, [.. rows.Clusters(a).Select(g => g.Select(i => values[i]).Where(v => !double.IsNaN(v)).ToArray()).Where(g => g.Length > 0)], metric.Share, reader.Unit!)).ToList();
        var centre = arms[0].Quantile?.Value ?? 0;
        var shifted = arms.ConvertAll(a => a.Quantile is { } q ? Totals(a.Clusters, q, centre) : (Totals: new ClusterTotals([], []), Squares: 0.0));
        var result = new MetricInput
        {
            Spec = spec,
            Binary = false,
            ByDesign = true,
            Method = $"{Figures.Number(100 * metric.Share)} % quantile of rows, mid-distribution, errors by {reader.Unit}",
            Arms = [.. arms.Zip(shifted, (a, s) => a.Why is { } why ? new ArmMetric { Values = Moments.Empty, Refused = why } : new ArmMetric { Values = ClusterParts.Shape(s.Totals, centre) })],
        };
        return DerivedReader.With(input, result, design, new ClusterMetric { Name = spec.Name, Centre = centre, Arms = [.. shifted.Select(s => s.Totals)], Squares = [.. shifted.Select(s => s.Squares)] });
    }

    private static ArmQuantile Arm(string name, double[][] clusters, double share, string column)
    {
        if (clusters.Length < FewestClusters)
        {
            return new(clusters, null, $"arm {name} has {Figures.Count(clusters.Length)} values of {column}, too few for a quantile; {FewestClusters} are needed");
        }

        try
        {
            double[] all = [.. clusters.SelectMany(c => c)];
            int[] owner = [.. clusters.SelectMany((c, g) => c.Select(_ => g))];
            return new(clusters, WeightedQuantile.Of(all, [.. all.Select(_ => 1.0)], owner, clusters.Length, share, $"arm {name}", FewestClusters), null);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return new(clusters, null, e.Message);
        }
    }

    private static (ClusterTotals Totals, double Squares) Totals(double[][] clusters, WeightedQuantileResult quantile, double centre)
    {
        var (sums, sizes, squares) = (new double[clusters.Length], new double[clusters.Length], 0.0);
        for (var g = 0; g < clusters.Length; g++)
        {
            sizes[g] = clusters[g].Length;
            foreach (var v in clusters[g])
            {
                var value = quantile.Contribution(v) - centre;
                sums[g] += value;
                squares += value * value;
            }
        }

        return (new(sums, sizes), squares);
    }

    /// <summary>An arm's rows by cluster with its quantile, or why it has none.</summary>
    private sealed record ArmQuantile(double[][] Clusters, WeightedQuantileResult? Quantile, string? Why);
}
