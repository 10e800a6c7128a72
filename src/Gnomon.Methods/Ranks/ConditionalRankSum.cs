namespace Gnomon.Methods.Ranks;

/// <summary>Exact null distributions of rank sums given the ties, by the shift algorithm on probabilities.</summary>
/// <remarks>Source: Streitberg and Roehmel 1986, Statistical Software Newsletter 12. All terms are positive, so small p-values keep their accuracy.</remarks>
internal static class ConditionalRankSum
{
    /// <summary>Largest number of additions for which the exact distribution is computed.</summary>
    const double MostWork = 6e7;

    /// <summary>Whether the distribution over all choices of <paramref name="chosen"/> of the scores is within the limit.</summary>
    public static bool IsFeasible(int chosen, int total) => (double)total * chosen * chosen * (2.0 * total - chosen) <= MostWork;

    /// <summary>P(|S - E S| at least the observed distance) for the sum S of a random choice of the scores.</summary>
    /// <param name="scores">Whole scores, not negative: twice the midranks.</param>
    /// <param name="chosen">How many are chosen.</param>
    /// <param name="observed">The observed sum.</param>
    public static double TwoSidedChoice(ReadOnlySpan<int> scores, int chosen, long observed)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        var largest = 0L;
        for (var i = sorted.Length - chosen; i < sorted.Length; i++)
        {
            largest += sorted[i];
        }

        // table[c, s]: chance that c of the scores seen so far are chosen and add up to s.
        var width = (int)largest + 1;
        var table = new double[(chosen + 1) * width];
        table[0] = 1.0;
        var reached = new int[chosen + 1];
        for (var seen = 0; seen < sorted.Length; seen++)
        {
            var score = sorted[seen];
            double left = sorted.Length - seen;
            for (var c = Math.Min(chosen, seen + 1); c >= 0; c--)
            {
                var stay = Math.Max(0.0, (left - (chosen - c)) / left);
                var take = c == 0 ? 0.0 : Math.Min(1.0, (chosen - c + 1) / left);
                Step(table, c * width, (c - 1) * width, score, c == 0 ? -1 : reached[c - 1], reached[c], stay, take);
                reached[c] = Math.Min(width - 1, Math.Max(reached[c], c == 0 ? 0 : reached[c - 1] + score));
            }
        }

        var total = 0L;
        foreach (var score in sorted)
        {
            total += score;
        }

        // Compared as whole numbers: n S against chosen times the total.
        var distance = Math.Abs(observed * sorted.Length - total * chosen);
        var p = 0.0;
        for (var s = 0; s < width; s++)
        {
            p += Math.Abs((long)s * sorted.Length - total * chosen) >= distance ? table[chosen * width + s] : 0.0;
        }

        return Math.Min(1.0, p);
    }

    static void Step(double[] table, int row, int above, int score, int reachedAbove, int reachedRow, double stay, double take)
    {
        var high = Math.Max(reachedRow, reachedAbove < 0 ? 0 : reachedAbove + score);
        high = Math.Min(high, table.Length - row - 1);
        for (var s = high; s >= 0; s--)
        {
            var value = stay * table[row + s];
            var source = s - score;
            table[row + s] = source >= 0 && source <= reachedAbove ? value + take * table[above + source] : value;
        }
    }

    /// <summary>P(|S - E S| at least the observed distance) where each score counts with chance one half.</summary>
    public static double TwoSidedSigns(ReadOnlySpan<int> scores, long observed)
    {
        var total = 0;
        foreach (var score in scores)
        {
            total += score;
        }

        var pmf = new double[total + 1];
        pmf[0] = 1.0;
        var reached = 0;
        foreach (var score in scores)
        {
            reached += score;
            for (var s = reached; s >= 0; s--)
            {
                pmf[s] = 0.5 * (pmf[s] + (s >= score ? pmf[s - score] : 0.0));
            }
        }

        var distance = Math.Abs(2 * observed - total);
        var p = 0.0;
        for (var s = 0; s <= total; s++)
        {
            p += Math.Abs(2L * s - total) >= distance ? pmf[s] : 0.0;
        }

        return Math.Min(1.0, p);
    }
}
