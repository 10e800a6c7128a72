namespace Gnomon.Methods.Survival;

/// <summary>Do two arms whose clusters were assigned share one survival curve?</summary>
/// <param name="Score">Events of the treated less those to be expected if both arms had the same curve.</param>
/// <param name="Error">Its standard error, by cluster.</param>
/// <param name="Statistic">Score over error.</param>
/// <param name="DegreesOfFreedom">Of Student's t.</param>
/// <param name="PValue">Two-sided.</param>
/// <param name="RobustScore">The robust score statistic without a correction for few clusters: chi-square with 1 degree of freedom.</param>
public sealed record ClusteredLogRankResult(double Score, double Error, double Statistic, double DegreesOfFreedom, double PValue, double RobustScore);

/// <summary>The log-rank test of two arms whose clusters were assigned.</summary>
/// <remarks>
/// Sources: Lin and Wei 1989, JASA 84: the log-rank score is the sum of the units' score residuals at a hazard ratio of 1, and the spread of their cluster sums is its variance whatever goes on inside clusters; ties by Efron,
/// so that without ties it is the plain test's score. For few clusters: sums less the arm's mean per unit, squares divided by 1 less the cluster's share of its arm (Bell and McCaffrey 2002), Student's t with Satterthwaite's
/// degrees of freedom as in <see cref="Interference.ClusterComparison"/>. Without that correction it is R's robust score test, <c>coxph(cluster =)</c> (1e-8; tests/reference/survival/clustered.json). O(n log n).
/// </remarks>
public static class ClusteredLogRank
{
    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="treated">Whether the unit was treated.</param>
    /// <param name="clusters">Cluster of each unit, any whole numbers; a cluster lies in one arm.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters of an arm.</exception>
    /// <exception cref="NotEstimableException">No event while both arms were watched, or clusters do not differ.</exception>
    public static ClusteredLogRankResult Test(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<bool> treated, ReadOnlySpan<int> clusters)
    {
        if (treated.Length != times.Length || clusters.Length != times.Length)
            throw new ArgumentException("There must be one arm and one cluster per time.", nameof(clusters));
        var x = new double[times.Length];
        for (var i = 0; i < x.Length; i++)
            x[i] = treated[i] ? 1.0 : 0.0;
        var data = new CoxData(times, events, x, 1, SurvivalData.Order(times, events));
        if (!(data.Evaluate([0]).Information[0] > 0))
            throw new NotEstimableException("There is no time at which an event could tell the arms apart.");
        var scores = ClusterScores.Of("The log-rank test", data.Residuals([0]), treated, clusters);
        return new(scores.Score, scores.Error, scores.Statistic, scores.Degrees, scores.PValue, scores.Score * scores.Score / scores.Squares);
    }
}
