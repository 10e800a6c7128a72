namespace Gnomon.Methods.Experiments;

/// <summary>Effects of one experiment on several outcomes, with how they vary together where rows lie in clusters.</summary>
/// <param name="Effects">Treated minus control, one per outcome.</param>
/// <param name="Covariance">Sampling covariance of the effects, row by row.</param>
/// <param name="Clusters">Clusters of both arms.</param>
/// <param name="AreAssigned">Every cluster lies in one arm.</param>
public sealed record ClusteredEffectsResult(IReadOnlyList<double> Effects, IReadOnlyList<double> Covariance, int Clusters, bool AreAssigned);

/// <summary>Differences of means of several outcomes at once with the covariance that clusters give them.</summary>
/// <remarks>
/// Sources: Liang and Zeger 1986, Biometrika 73; where clusters were assigned, squares of cluster sums are divided by 1 less the cluster's share of its arm, which is CR2 of Bell and McCaffrey 2002 for a difference of means;
/// where clusters hold both arms, G / (G - 1). Agrees with clubSandwich 0.5.8 on multivariate <c>lm</c> (CR2, and CR1 for mixed clusters) to 1e-10 (tests/reference/interference/effects.json).
/// </remarks>
public static class ClusteredEffects
{
    /// <param name="outcomes">One column per outcome, finite.</param>
    /// <param name="treated">Arm of each row.</param>
    /// <param name="clusters">Cluster of each row: any whole numbers.</param>
    /// <exception cref="TooFewRowsException">An arm lies in fewer than 2 clusters.</exception>
    public static ClusteredEffectsResult Of(IReadOnlyList<double[]> outcomes, ReadOnlySpan<bool> treated, ReadOnlySpan<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var k = outcomes.Count;
        var (sizes, means) = (new double[2], new double[2 * k]);
        for (var i = 0; i < treated.Length; i++)
        {
            var arm = treated[i] ? 1 : 0;
            sizes[arm]++;
            for (var j = 0; j < k; j++)
            {
                means[arm * k + j] += outcomes[j][i];
            }
        }

        for (var at = 0; at < means.Length; at++)
        {
            means[at] /= sizes[at / k];
        }

        var groups = new SortedDictionary<int, (double[] Sums, double Treated, double Control)>();
        for (var i = 0; i < treated.Length; i++)
        {
            var (sums, on, off) = groups.TryGetValue(clusters[i], out var known) ? known : (new double[k], 0, 0);
            var arm = treated[i] ? 1 : 0;
            for (var j = 0; j < k; j++)
            {
                sums[j] += (arm == 1 ? 1 : -1) * (outcomes[j][i] - means[arm * k + j]) / sizes[arm];
            }

            groups[clusters[i]] = (sums, on + arm, off + 1 - arm);
        }

        var (first, second) = (groups.Values.Count(g => g.Treated > 0), groups.Values.Count(g => g.Control > 0));
        if (Math.Min(first, second) < 2)
        {
            throw new TooFewRowsException("An arm (by cluster)", Math.Min(first, second), 2);
        }

        var assigned = groups.Values.All(g => g.Treated == 0 || g.Control == 0);
        var covariance = new double[k * k];
        foreach (var (sums, on, off) in groups.Values)
        {
            var factor = assigned ? 1 / (1 - (on > 0 ? on / sizes[1] : off / sizes[0])) : groups.Count / (groups.Count - 1.0);
            for (var at = 0; at < covariance.Length; at++)
            {
                covariance[at] += factor * sums[at / k] * sums[at % k];
            }
        }

        return new([.. Enumerable.Range(0, k).Select(j => means[k + j] - means[j])], covariance, groups.Count, assigned);
    }
}
