using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>How regions are drawn for the change.</summary>
public enum RegionMatching
{
    /// <summary>Regions that moved alike form pairs, and a coin picks one of each.</summary>
    Pairs,

    /// <summary>Drawn again until the arms had about the same level and trend.</summary>
    Rerandomised,

    /// <summary>Drawn once, each choice alike.</summary>
    Random,
}

/// <summary>Which regions are to have the change.</summary>
/// <param name="Treated">By region.</param>
/// <param name="Partner">For each region the other one of its pair, -1 for one left over; null without pairs.</param>
public sealed record RegionDraw(bool[] Treated, int[]? Partner);

/// <summary>Draws regions for a test from what they did before.</summary>
/// <remarks>
/// Sources: Greevy, Lu, Silber and Rosenbaum 2004, Biostatistics 5 (pairs from the distance of their past); Morgan and Rubin 2012, Annals of Statistics 40 (re-randomisation: the draw
/// with the smallest Mahalanobis distance of level and trend between arms out of 20, which accepts about one in twenty).
/// </remarks>
public static class RegionAssignment
{
    const int Tries = 20;
    const int MostRounds = 1_000;

    // Gains below rounding are none.
    const double Smallest = 1e-12;

    /// <param name="series">Value of every region in every period.</param>
    /// <param name="from">First period that is looked at.</param>
    /// <param name="to">Period after the last one.</param>
    /// <param name="treated">Regions to draw; pairs draw one of each.</param>
    /// <param name="matching">How.</param>
    /// <param name="rng">Source of the draw.</param>
    public static RegionDraw Draw(IReadOnlyList<double[]> series, int from, int to, int treated, RegionMatching matching, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(rng);
        if (matching == RegionMatching.Pairs)
        {
            var partner = Partners(series, from, to);
            var arms = new bool[series.Count];
            for (var i = 0; i < arms.Length; i++)
            {
                if (partner[i] > i)
                    arms[rng.NextInt(2) == 0 ? i : partner[i]] = true;
            }

            return new(arms, partner);
        }

        if (matching == RegionMatching.Random || treated < 2 || series.Count - treated < 2)
            return new(Random(series.Count, treated, rng), null);
        var summary = Enumerable.Range(0, series.Count).Select(i => LevelAndTrend(series[i], from, to)).ToArray();
        var (best, least) = (Random(series.Count, treated, rng), double.PositiveInfinity);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var drawn = Random(series.Count, treated, rng);
            if (Distance(summary, drawn) is var distance && distance < least)
                (best, least) = (drawn, distance);
        }

        return new(best, null);
    }

    /// <summary>Pairs of regions by squared distance over the periods: the nearest two first, then partners are exchanged between two pairs as long as any exchange brings the pairs closer together in all.</summary>
    /// <remarks>The end is no worse than any exchange away from it (2-opt), not the least sum there is: that takes Edmonds' algorithm, for a gain that tests of regions do not see.</remarks>
    /// <param name="series">Value of every region in every period.</param>
    /// <param name="from">First period that is looked at.</param>
    /// <param name="to">Period after the last one.</param>
    /// <returns>The other region of each; -1 for the one left over.</returns>
    public static int[] Partners(IReadOnlyList<double[]> series, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(series);
        var near = new List<(double Distance, int A, int B)>();
        var distance = new double[series.Count, series.Count];
        for (var a = 0; a < series.Count; a++)
        {
            for (var b = a + 1; b < series.Count; b++)
            {
                var sum = 0.0;
                for (var t = from; t < to; t++)
                    sum += (series[a][t] - series[b][t]) * (series[a][t] - series[b][t]);
                (distance[a, b], distance[b, a]) = (sum, sum);
                near.Add((sum, a, b));
            }
        }

        near.Sort();
        var partner = new int[series.Count];
        Array.Fill(partner, -1);
        foreach (var (_, a, b) in near)
        {
            if (partner[a] < 0 && partner[b] < 0)
                (partner[a], partner[b]) = (b, a);
        }

        for (var round = 0; round < MostRounds && Exchange(partner, distance); round++)
        {
        }

        return partner;
    }

    // One round over all pairs of pairs; the region that is left over may take the place of another. True when something was gained.
    static bool Exchange(int[] partner, double[,] distance)
    {
        var gained = false;
        double Of(int i, int j) => i < 0 || j < 0 ? 0.0 : distance[i, j];
        void Join(int i, int j)
        {
            if (i >= 0)
                partner[i] = j;
            if (j >= 0)
                partner[j] = i;
        }

        for (var a = 0; a < partner.Length; a++)
        {
            for (var c = a + 1; c < partner.Length; c++)
            {
                var (b, d) = (partner[a], partner[c]);
                if (b == c)
                    continue;

                // Crossed over, (a, c) and (b, d); the other way, (a, d) and (b, c), comes up when d is visited.
                var (now, then) = (Of(a, b) + Of(c, d), Of(a, c) + Of(b, d));
                if (then < now * (1 - Smallest))
                {
                    Join(a, c);
                    Join(b, d);
                    gained = true;
                }
            }
        }

        return gained;
    }

    static bool[] Random(int count, int treated, Rng rng)
    {
        var arms = new bool[count];
        arms.AsSpan(0, treated).Fill(true);
        rng.Shuffle(arms.AsSpan());
        return arms;
    }

    static (double Level, double Trend) LevelAndTrend(double[] series, int from, int to)
    {
        double middle = 0.5 * (from + to - 1), level = 0, trend = 0;
        for (var t = from; t < to; t++)
        {
            level += series[t] / (to - from);
            trend += (t - middle) * series[t];
        }

        return (level, trend);
    }

    // Squared difference of the arms' means in the metric of the regions' own covariance.
    static double Distance((double Level, double Trend)[] summary, bool[] treated)
    {
        var n = summary.Length;
        double meanL = summary.Average(s => s.Level), meanT = summary.Average(s => s.Trend), ll = 0, lt = 0, tt = 0, gapL = 0, gapT = 0;
        var k = treated.Count(t => t);
        for (var i = 0; i < n; i++)
        {
            var (l, t) = (summary[i].Level - meanL, summary[i].Trend - meanT);
            ll += l * l;
            lt += l * t;
            tt += t * t;
            var share = treated[i] ? 1.0 / k : -1.0 / (n - k);
            gapL += share * l;
            gapT += share * t;
        }

        var determinant = ll * tt - lt * lt;
        return determinant > 1e-12 * ll * tt ? (gapL * gapL * tt - 2 * gapL * gapT * lt + gapT * gapT * ll) / determinant : ll > 0 ? gapL * gapL / ll : 0.0;
    }
}
