namespace Gnomon.Methods.Inference;

/// <summary>A quantile of weighted values, as a mean: every value contributes the quantile plus its influence on it, and the contributions' weighted mean is the quantile.</summary>
/// <param name="Value">The quantile, in the values' unit.</param>
/// <param name="Slope">How far the quantile moves for one more unit of share below it: the inverse of the density there.</param>
/// <param name="Share">Which quantile.</param>
/// <param name="Low">The value at or below the quantile.</param>
/// <param name="High">The next one.</param>
/// <param name="Place">How far the quantile lies between them, in 0..1.</param>
public sealed record WeightedQuantileResult(double Value, double Slope, double Share, double Low, double High, double Place)
{
    /// <summary>The contribution of a value: <see cref="Value"/> + (<see cref="Share"/> - its part below the quantile) times <see cref="Slope"/>.</summary>
    /// <param name="value">Any finite value.</param>
    public double Contribution(double value) =>
        Value + Slope * (Share - (value < Low ? 1 : value == Low ? 0.5 * (1 - Place) + Place : value < High ? Place : value == High ? 0.5 * Place : 0));
}

/// <summary>Makes a quantile a mean, so that a design that compares weighted means compares quantiles: blocks of time, units by what their neighbours were given.</summary>
/// <remarks>
/// Sources: the quantile of the mid-distribution of Ma, Genton and Parzen 2011, Annals of the Institute of Statistical Mathematics 63, with weights; its linearisation (Bahadur 1966; for weighted samples of a
/// design Francisco and Fuller 1991, Annals of Statistics 19). The slope is that of the quantiles 1.96 standard errors of the share away, the error taken over groups; beside a value that holds more than a
/// twentieth of the weight the wider side stands for both, as in <see cref="MidQuantile"/>, with which it agrees exactly for equal weights and one value a group.
/// </remarks>
public static class WeightedQuantile
{
    const double BandZ = 1.96;
    const double Heap = 0.05;

    /// <param name="values">Finite values, any order.</param>
    /// <param name="weights">Weight of each, not negative; those of weight 0 do not count.</param>
    /// <param name="group">Group of each value, 0 .. <paramref name="groups"/> - 1: what was drawn by itself.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="share">Which quantile, in (0, 1).</param>
    /// <param name="what">The sample, as messages name it.</param>
    /// <param name="fewest">Fewest groups with a value that counts.</param>
    /// <exception cref="TooFewRowsException">Fewer groups than <paramref name="fewest"/>.</exception>
    /// <exception cref="NotEstimableException">The quantile lies at the edge of the values, or most values there are equal.</exception>
    public static WeightedQuantileResult Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, ReadOnlySpan<int> group, int groups, double share, string what = "The sample", int fewest = 20)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile's share lies between 0 and 1.");
        }

        if (weights.Length != values.Length || group.Length != values.Length)
        {
            throw new ArgumentException("Every value has a weight and a group.", nameof(weights));
        }

        var counts = new bool[groups];
        for (var i = 0; i < values.Length; i++)
        {
            counts[group[i]] |= weights[i] > 0;
        }

        var seen = counts.Count(c => c);
        if (seen < fewest)
        {
            throw new TooFewRowsException(what, seen, fewest);
        }

        var steps = Steps.Of(values, weights);
        var at = steps.Below(share);
        if (at < 0 || at >= steps.Values.Length - 1)
        {
            throw MidQuantile.Edge(what, share);
        }

        steps.RefuseAtom(share, what);
        var place = (share - steps.Mid[at]) / (steps.Mid[at + 1] - steps.Mid[at]);
        var flat = new WeightedQuantileResult(0, -1, share, steps.Values[at], steps.Values[at + 1], place);
        var totals = new double[groups];
        for (var i = 0; i < values.Length; i++)
        {
            totals[group[i]] += weights[i] / steps.Total * flat.Contribution(values[i]);
        }

        var squares = 0.0;
        foreach (var total in totals)
        {
            squares += total * total;
        }

        var reach = BandZ * Math.Sqrt(squares * seen / (seen - 1.0));
        if (!(share - reach >= steps.Mid[0] && share + reach <= steps.Mid[^1]))
        {
            throw MidQuantile.Edge(what, share);
        }

        var (value, down, up) = (steps.At(share), steps.At(share) - steps.At(share - reach), steps.At(share + reach) - steps.At(share));
        var slope = reach > 0 ? (steps.ReachesHeap(share - reach, share + reach) ? Math.Max(down, up) : 0.5 * (down + up)) / reach : 0;
        return flat with { Value = value, Slope = slope };
    }

    /// <summary>The values that occur, the weight of each and the mid-distribution there.</summary>
    sealed record Steps(double[] Values, double[] Mid, double[] Weights, double Total)
    {
        public static Steps Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
        {
            var (v, w) = (values.ToArray(), weights.ToArray());
            Array.Sort(v, w);
            var (distinct, sums) = (new List<double>(), new List<double>());
            for (var i = 0; i < v.Length; i++)
            {
                InferenceGuard.Finite(v[i], nameof(values));
                if (!(w[i] > 0))
                {
                    continue;
                }

                if (distinct.Count > 0 && distinct[^1] == v[i])
                {
                    sums[^1] += w[i];
                }
                else
                {
                    distinct.Add(v[i]);
                    sums.Add(w[i]);
                }
            }

            var (total, mid, below) = (sums.Sum(), new double[sums.Count], 0.0);
            for (var k = 0; k < mid.Length; k++)
            {
                mid[k] = (below + 0.5 * sums[k]) / total;
                below += sums[k];
            }

            return new([.. distinct], mid, [.. sums], total);
        }

        public int Below(double share)
        {
            var at = Array.BinarySearch(Mid, share);
            return at >= 0 ? at : ~at - 1;
        }

        public double At(double share)
        {
            var at = Below(share);
            return at < 0 ? Values[0] : at >= Values.Length - 1 ? Values[^1] : Values[at] + (share - Mid[at]) / (Mid[at + 1] - Mid[at]) * (Values[at + 1] - Values[at]);
        }

        public bool ReachesHeap(double low, double high)
        {
            var below = 0.0;
            foreach (var weight in Weights)
            {
                if (weight > Heap * Total && below + weight > low * Total && below < high * Total)
                {
                    return true;
                }

                below += weight;
            }

            return false;
        }

        public void RefuseAtom(double share, string what)
        {
            var below = 0.0;
            for (var k = 0; k < Weights.Length; k++)
            {
                below += Weights[k];
                if (below >= share * Total)
                {
                    if (Weights[k] > MidQuantile.LargestAtom * Total)
                    {
                        throw new NotEstimableException(FormattableString.Invariant($"{what}: {100.0 * Weights[k] / Total:0.#} % of the values equal {Values[k]:G6}, where the quantile lies, so it could only jump."));
                    }

                    return;
                }
            }
        }
    }
}
