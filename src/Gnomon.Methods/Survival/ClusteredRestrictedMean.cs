using Gnomon.Methods.Interference;

namespace Gnomon.Methods.Survival;

/// <summary>A restricted mean by cluster: what each cluster adds to the area under its arm's curve.</summary>
/// <param name="Totals">Sums of the units' contributions less <paramref name="Centre"/>, and units, by cluster.</param>
/// <param name="Squares">Sum of the squared contributions less the centre, over units.</param>
/// <param name="Centre">What every contribution was lowered by, in the unit of the times.</param>
public sealed record ClusteredRestrictedMeanResult(ClusterTotals Totals, double Squares, double Centre);

/// <summary>Makes a restricted mean a mean over clusters, so that arms whose clusters were assigned are compared as means are.</summary>
/// <remarks>
/// A unit contributes the arm's restricted mean plus n times its influence on it (<see cref="RestrictedMeanInfluence"/>; the infinitesimal jackknife's pseudo-value: Andersen, Hansen and Klein 2004,
/// Lifetime Data Analysis 10; sums by cluster: Lin and Wei 1989, JASA 84, for curves Therneau and Grambsch 2000, section 7). The contributions of an arm average to its restricted mean exactly, and the
/// spread of their cluster sums is its variance whatever goes on inside clusters; bias reduction and degrees of freedom are those of <see cref="ClusterComparison"/>.
/// Agrees with R's <c>residuals(survfit, type = "auc")</c> summed by cluster in clubSandwich to 1e-8 (tests/reference/interference/parts.json). O(n log n).
/// </remarks>
public static class ClusteredRestrictedMean
{
    /// <param name="times">Follow-up times of one arm, not negative.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="clusters">Cluster of each unit, 0 .. <paramref name="count"/> - 1, each with a unit.</param>
    /// <param name="count">Number of clusters.</param>
    /// <param name="horizon">Positive, at most the longest follow-up.</param>
    /// <param name="centre">Lowers every contribution, so that squares keep their digits; the same for all arms.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">Nobody was followed so long.</exception>
    public static ClusteredRestrictedMeanResult Of(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<int> clusters, int count, double horizon, double centre = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(clusters.Length, times.Length);
        var mean = KaplanMeier.Fit(times, events).Mean(horizon).Mean - centre;
        var influence = RestrictedMeanInfluence.Of(times, events, horizon);
        var (sums, sizes, squares) = (new double[count], new double[count], 0.0);
        for (var i = 0; i < influence.Length; i++)
        {
            var value = mean + influence.Length * influence[i];
            sums[clusters[i]] += value;
            sizes[clusters[i]]++;
            squares += value * value;
        }

        return new(new ClusterTotals(sums, sizes), squares, centre);
    }
}
