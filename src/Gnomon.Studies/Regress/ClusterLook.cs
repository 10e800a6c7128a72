using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress;

/// <summary>What one column does to errors when its values are taken as clusters.</summary>
/// <param name="Column">The column.</param>
/// <param name="Codes">Cluster of each row.</param>
/// <param name="Clusters">Number of clusters.</param>
/// <param name="Likeness">Intra-class correlation of the residuals; null when every cluster has one row or residuals do not vary within.</param>
/// <param name="NaiveError">Error of the coefficient that changes most, rows independent.</param>
/// <param name="ClusteredError">Its clustered error.</param>
internal sealed record ClusterLook(string Column, int[] Codes, int Clusters, IntraClassResult? Likeness, double NaiveError, double ClusteredError)
{
    private const double LargestInflation = 1.10;
    private const double LargestRepeat = 1.2;
    private const int FewestClusters = 10;

    public long Rows => Codes.Length;

    /// <summary>Rows of a cluster are alike, and the errors change by more than a tenth.</summary>
    public bool Matters => Clusters >= FewestClusters && Rows > LargestRepeat * Clusters && Likeness is { Low: > 0 } && ClusteredError > LargestInflation * NaiveError;

    public static IReadOnlyList<ClusterLook> All(FittedModel model)
    {
        var looks = new List<ClusterLook>();
        IEnumerable<(string Name, int[] Codes)> named = model.Data.Clusters.Count == 0 ? model.Data.Candidates : [(string.Empty, model.Data.Clusters[0])];
        foreach (var (name, codes) in named)
        {
            if (Of(model.Fit, name, codes) is { } look)
            {
                looks.Add(look);
            }
        }

        return [.. looks.OrderByDescending(l => l.Matters).ThenBy(l => l.Clusters)];
    }

    /// <summary>Null where the column's values hardly repeat.</summary>
    public static ClusterLook? Of(RegressionFit fit, string name, int[] codes)
    {
        var count = codes.Distinct().Count();
        if (count < 2 || codes.Length <= LargestRepeat * count)
        {
            return null;
        }

        var naive = RobustErrors.Heteroskedastic(fit, HcKind.Hc1);
        var clustered = RobustErrors.Clustered(fit, codes);
        var worst = 0;
        var ratio = 0.0;
        for (var j = 0; j < naive.Size; j++)
        {
            var now = naive.StandardError(j) > 0 ? clustered.StandardError(j) / naive.StandardError(j) : 0;
            if ((j != fit.Design.Intercept || naive.Size == 1) && now > ratio)
            {
                (worst, ratio) = (j, now);
            }
        }

        return new ClusterLook(name, codes, count, Alike(fit, codes), naive.StandardError(worst), clustered.StandardError(worst));
    }

    private static IntraClassResult? Alike(RegressionFit fit, int[] codes)
    {
        var residuals = fit is GlmFit glm ? glm.PearsonResiduals() : ((LinearFit)fit).Residuals.ToArray();
        var place = new Dictionary<int, int>();
        var sums = new List<double>();
        var rows = new List<long>();
        for (var i = 0; i < codes.Length; i++)
        {
            if (!place.TryGetValue(codes[i], out var at))
            {
                place.Add(codes[i], at = sums.Count);
                sums.Add(0);
                rows.Add(0);
            }

            sums[at] += residuals[i];
            rows[at]++;
        }

        try
        {
            return UnitClustering.IntraClass(sums.ToArray(), rows.ToArray(), Moments.MeanVariance(residuals));
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}
