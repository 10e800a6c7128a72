using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Do outcomes answer to the arms of neighbours?</summary>
/// <param name="Slope">Change of the outcome when the treated share of neighbours goes from 0 to 1, own arm held fixed; in the metric's unit.</param>
/// <param name="Test">The test by assigning the neighbours again.</param>
/// <param name="Units">Units whose outcomes were looked at.</param>
public sealed record NeighbourResponseResult(double Slope, RerandomisationResult Test, int Units);

/// <summary>A test of interference along edges that is right whatever a unit's own arm does to it.</summary>
/// <remarks>
/// Source: Athey, Eckles and Imbens 2018, JASA 113: half of the assigned clusters are focal and keep their arms; the others are assigned again. Without interference the focal outcomes cannot answer.
/// The statistic is the slope of the focal outcomes, less the mean of their arm, on the treated share of neighbours, less its mean in that arm.
/// </remarks>
public static class NeighbourResponse
{
    const double TieTolerance = 1e-9;
    const int Chunks = 8;

    /// <param name="graph">The links.</param>
    /// <param name="treated">Arm of each unit.</param>
    /// <param name="cluster">Cluster that was assigned, from 0.</param>
    /// <param name="outcome">Outcome of each unit; NaN where there is none.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="NotEstimableException">No focal unit has neighbours whose arms may change, or outcomes do not vary.</exception>
    public static NeighbourResponseResult Test(UnitGraph graph, bool[] treated, int[] cluster, ReadOnlySpan<double> outcome, RerandomisationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(cluster);
        options ??= new();
        var clusters = cluster.Length == 0 ? 0 : cluster.Max() + 1;
        if (clusters < 4)
            throw new NotEstimableException("Fewer than 4 clusters were assigned, so none can be held fixed while others change.");
        var root = new Rng(options.Seed);
        var half = new RandomSubset(clusters, clusters / 2);
        half.Draw(root.Stream("focal"));
        var free = Enumerable.Range(0, clusters).Where(c => !half[c]).ToArray();
        var place = new int[clusters];
        Array.Fill(place, -1);
        for (var f = 0; f < free.Length; f++)
            place[free[f]] = f;
        var y = outcome.ToArray();
        var focal = Enumerable.Range(0, y.Length).Where(i => half[cluster[i]] && !double.IsNaN(y[i]) && HasFree(graph, i, cluster, place)).ToArray();
        var arms = new bool[clusters];
        for (var i = 0; i < treated.Length; i++)
            arms[cluster[i]] = treated[i];
        var chosen = free.Count(c => arms[c]);
        if (focal.Length < 2 || chosen == 0 || chosen == free.Length)
            throw new NotEstimableException("No unit has neighbours whose arms could have been other.");
        var residual = Centred(focal, i => y[i], treated);
        if (Array.TrueForAll(residual, r => Math.Abs(r) < 1e-300))
            throw new NotEstimableException("The outcome does not vary within arms.");
        var seen = Slope(graph, focal, treated, residual, i => treated[i]);
        var bound = Math.Abs(seen) * (1 - TieTolerance);
        var counts = new long[Chunks];
        Parallel.For(0, Chunks, chunk =>
        {
            var subset = new RandomSubset(free.Length, chosen);
            var drawn = new bool[treated.Length];
            for (var draw = chunk; draw < options.Draws; draw += Chunks)
            {
                subset.Draw(root.Stream("neighbours", draw));
                for (var i = 0; i < drawn.Length; i++)
                    drawn[i] = place[cluster[i]] < 0 ? treated[i] : subset[place[cluster[i]]];
                var slope = Slope(graph, focal, treated, residual, i => drawn[i]);
                counts[chunk] += double.IsNaN(slope) || Math.Abs(slope) >= bound ? 1 : 0;
            }
        });
        if (double.IsNaN(seen))
            throw new NotEstimableException("All units have the same share of treated neighbours.");
        return new(seen, new RerandomisationResult((counts.Sum() + 1.0) / (options.Draws + 1.0), options.Draws, IsExact: false, 1.0 / (options.Draws + 1.0)), focal.Length);
    }

    static bool HasFree(UnitGraph graph, int unit, int[] cluster, int[] place)
    {
        foreach (var j in graph.Neighbours(unit))
        {
            if (place[cluster[j]] >= 0)
                return true;
        }

        return false;
    }

    static double[] Centred(int[] focal, Func<int, double> value, bool[] treated)
    {
        double s1 = 0, s0 = 0;
        int n1 = 0, n0 = 0;
        foreach (var i in focal)
        {
            if (treated[i])
            {
                s1 += value(i);
                n1++;
            }
            else
            {
                s0 += value(i);
                n0++;
            }
        }

        return Array.ConvertAll(focal, i => value(i) - (treated[i] ? s1 / n1 : s0 / n0));
    }

    static double Slope(UnitGraph graph, int[] focal, bool[] treated, double[] residual, Func<int, bool> arm)
    {
        var share = Centred(focal, i => Share(graph, i, arm), treated);
        double products = 0, squares = 0;
        for (var f = 0; f < share.Length; f++)
        {
            products += share[f] * residual[f];
            squares += share[f] * share[f];
        }

        return squares > 1e-12 * share.Length ? products / squares : double.NaN;
    }

    static double Share(UnitGraph graph, int unit, Func<int, bool> arm)
    {
        var neighbours = graph.Neighbours(unit);
        var count = 0;
        foreach (var j in neighbours)
            count += arm(j) ? 1 : 0;
        return count / (double)neighbours.Length;
    }
}
