using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Pre-period means of every cluster, over its rows that have a value.</summary>
internal sealed class ClusterCovariates
{
    private readonly Dictionary<string, double[]> _means;
    private readonly double[] _overall;

    private ClusterCovariates(Dictionary<string, double[]> means, double[] overall) => (_means, _overall) = (means, overall);

    /// <summary>Null without <c>--pre</c>.</summary>
    public static ClusterCovariates? Read(AbDesign design, IDataset data, Scalar cluster, Scalar usable, CancellationToken cancellation)
    {
        if (design.Options.Pre.Count == 0)
        {
            return null;
        }

        List<MetricSpec> columns = [.. design.Options.Pre.Select(p => new MetricSpec { Name = p, Kind = MetricKind.Value, Column = data.Schema.Require(p, "--pre").Name })];
        var parts = MetricTotals.Of(columns, data, usable, cancellation, _ => 0);
        var table = data.Read(new Query { Select = [new("cluster", cluster), .. MetricTotals.Select(parts)], Where = usable, GroupBy = [cluster], OrderBy = [new(cluster)] }, cancellation);
        var names = (TextColumn)table.Columns[0];
        var (means, sums, counts) = (new Dictionary<string, double[]>(StringComparer.Ordinal), new double[columns.Count], new double[columns.Count]);
        for (var i = 0; i < table.Rows; i++)
        {
            var row = new double[columns.Count];
            for (var p = 0; p < row.Length; p++)
            {
                var (sum, size) = ((DoubleColumn)table.Columns[1 + 3 * p], (DoubleColumn)table.Columns[2 + 3 * p]);
                var isThere = !sum.IsNull(i) && size.Values[i] > 0;
                row[p] = isThere ? sum.Values[i] / size.Values[i] : double.NaN;
                (sums[p], counts[p]) = isThere ? (sums[p] + row[p], counts[p] + 1) : (sums[p], counts[p]);
            }

            means[names.Dictionary[names.Codes[i]]] = row;
        }

        return new ClusterCovariates(means, [.. sums.Zip(counts, (s, n) => n > 0 ? s / n : 0)]);
    }

    /// <summary>Each covariate over these clusters; a cluster without a value gets the mean of the others, which says nothing about its arm.</summary>
    public double[][] Of(List<string> clusters) => [.. Enumerable.Range(0, _overall.Length).Select(p => clusters.Select(c => double.IsNaN(_means[c][p]) ? _overall[p] : _means[c][p]).ToArray())];
}
