using Gnomon.Methods.Interference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Survival;

/// <summary>A sum of score residuals of two arms whose clusters were assigned, tested by its cluster sums.</summary>
/// <param name="Score">Sum over all units.</param>
/// <param name="Error">Its standard error: cluster sums less the arm's mean per unit, squares divided by 1 less the cluster's share of the units of its arm.</param>
/// <param name="Degrees">Satterthwaite's, for clusters of these sizes.</param>
/// <param name="Squares">Sum of the squared cluster sums as they are: the variance of Lin and Wei 1989.</param>
internal sealed record ClusterScores(double Score, double Error, double Degrees, double Squares)
{
    public double Statistic => Score / Error;

    public double PValue => StudentT.TwoSided(Statistic, Degrees);

    /// <param name="what">As messages name it.</param>
    /// <param name="residuals">Of each unit.</param>
    /// <param name="treated">Arm of each unit.</param>
    /// <param name="clusters">Cluster of each unit; a cluster lies in one arm.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters of an arm.</exception>
    /// <exception cref="NotEstimableException">No spread between clusters.</exception>
    public static ClusterScores Of(string what, ReadOnlySpan<double> residuals, ReadOnlySpan<bool> treated, ReadOnlySpan<int> clusters)
    {
        var sums = new SortedDictionary<(bool Treated, int Cluster), (double Score, double Units)>();
        for (var i = 0; i < residuals.Length; i++)
        {
            var (score, units) = sums.GetValueOrDefault((treated[i], clusters[i]));
            sums[(treated[i], clusters[i])] = (score + residuals[i], units + 1);
        }

        var (first, second) = (Arm(sums, true), Arm(sums, false));
        if (Math.Min(first.Sizes.Length, second.Sizes.Length) < 2)
            throw new TooFewRowsException($"{what} (by cluster of an arm)", Math.Min(first.Sizes.Length, second.Sizes.Length), 2);
        var (variance, squares) = (0.0, 0.0);
        foreach (var (key, (score, units)) in sums)
        {
            var arm = key.Treated ? first : second;
            var own = score - units * arm.Mean;
            variance += own * own / (1.0 - units / arm.Units);
            squares += score * score;
        }

        return variance > 0
            ? new(first.Mean * first.Units + second.Mean * second.Units, Math.Sqrt(variance), ClusterComparison.Degrees(first.Sizes, second.Sizes), squares)
            : throw new NotEstimableException($"{what}: clusters do not differ.");
    }

    static (double[] Sizes, double Units, double Mean) Arm(SortedDictionary<(bool Treated, int Cluster), (double Score, double Units)> sums, bool treated)
    {
        var own = sums.Where(s => s.Key.Treated == treated).Select(s => s.Value).ToList();
        var units = own.Sum(s => s.Units);
        return ([.. own.Select(s => s.Units)], units, units > 0 ? own.Sum(s => s.Score) / units : 0);
    }
}
