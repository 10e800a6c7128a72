using Gnomon.Methods.Interference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Survival;

/// <summary>The hazard ratio of two arms whose clusters were assigned, with an error that holds for few clusters too.</summary>
/// <remarks>
/// Sources: Lin and Wei 1989, JASA 84: the change of the log hazard ratio for each cluster is the sum of its units' score residuals times the inverse information. As for a difference of two means
/// (<see cref="ClusterComparison"/>; Bell and McCaffrey 2002) its square is divided by 1 less the cluster's share of the units of its arm, and set against Student's t with the Satterthwaite degrees of freedom
/// of clusters of these sizes. Without that correction the squares add up to R's <c>coxph(cluster =)</c> (1e-8; tests/reference/interference/parts.json).
/// </remarks>
public static class ClusteredHazardRatio
{
    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event at its time.</param>
    /// <param name="treated">Whether the unit was treated.</param>
    /// <param name="clusters">Cluster of each unit, any whole numbers; a cluster lies in one arm.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Treated against control; the robust error is the corrected one.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters of an arm.</exception>
    /// <exception cref="NotEstimableException">No event, or all events in one arm.</exception>
    public static CoxCoefficient Of(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<bool> treated, ReadOnlySpan<int> clusters, double level = 0.95)
    {
        if (treated.Length != times.Length || clusters.Length != times.Length)
            throw new ArgumentException("There must be one arm and one cluster per time.", nameof(clusters));
        var x = new double[times.Length];
        for (var i = 0; i < x.Length; i++)
            x[i] = treated[i] ? 1.0 : 0.0;
        var fit = CoxRegression.Fit(times, events, x, 1, clusters, new CoxOptions { Level = level });
        var residuals = new CoxData(times, events, x, 1, SurvivalData.Order(times, events)).Residuals([fit.Coefficients[0].LogHazardRatio]);
        var sums = new SortedDictionary<(bool Treated, int Cluster), (double Score, double Units)>();
        for (var i = 0; i < x.Length; i++)
        {
            var (score, units) = sums.GetValueOrDefault((treated[i], clusters[i]));
            sums[(treated[i], clusters[i])] = (score + residuals[i], units + 1);
        }

        double[] Sizes(bool arm) => [.. sums.Where(s => s.Key.Treated == arm).Select(s => s.Value.Units)];
        var (first, second) = (Sizes(true), Sizes(false));
        if (Math.Min(first.Length, second.Length) < 2)
            throw new TooFewRowsException("The hazard ratio (by cluster of an arm)", Math.Min(first.Length, second.Length), 2);
        var (n1, n0, variance) = (first.Sum(), second.Sum(), 0.0);
        foreach (var (key, (score, units)) in sums)
        {
            var change = fit.Covariance[0] * score;
            variance += change * change / (1.0 - units / (key.Treated ? n1 : n0));
        }

        var c = fit.Coefficients[0];
        var (error, degrees) = (Math.Sqrt(variance), ClusterComparison.Degrees(first, second));
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return c with
        {
            RobustError = error, Low = Math.Exp(c.LogHazardRatio - reach), High = Math.Exp(c.LogHazardRatio + reach), PValue = StudentT.TwoSided(c.LogHazardRatio / error, degrees),
        };
    }
}
