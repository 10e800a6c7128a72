using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Planning;

/// <summary>One item to be ranked: a score of reach, impact and confidence over effort, each with its range.</summary>
/// <param name="Reach">Units reached, not negative.</param>
/// <param name="Impact">Gain per unit reached.</param>
/// <param name="Confidence">Chance that the gain comes, in [0, 1].</param>
/// <param name="Effort">Work, positive.</param>
public sealed record PriorityItem(TriangularRange Reach, TriangularRange Impact, TriangularRange Confidence, TriangularRange Effort)
{
    /// <summary>The score at the likeliest values.</summary>
    public double Score => Reach.Likely * Impact.Likely * Confidence.Likely / Effort.Likely;

    /// <summary>Expected benefit: reach times impact times confidence, each at its mean, as independent guesses multiply.</summary>
    public double Benefit => Reach.Mean * Impact.Mean * Confidence.Mean;

    /// <summary>Expected score.</summary>
    public double ExpectedScore => Benefit * Effort.Expect(e => 1 / e);

    internal IReadOnlyList<TriangularRange> Inputs => [Reach, Impact, Confidence, Effort];
}

/// <summary>How often an item takes each place.</summary>
/// <param name="Shares">Share of draws at place 1, 2, ...; ties go to the earlier item.</param>
/// <param name="MeanRank">Mean place, 1 for the best.</param>
/// <param name="Low">5 % quantile of its score.</param>
/// <param name="High">95 % quantile of its score.</param>
public sealed record PriorityRank(IReadOnlyList<double> Shares, double MeanRank, double Low, double High);

/// <summary>What learning one input of one item exactly would be worth, in the unit of the score.</summary>
/// <param name="Item">Index of the item.</param>
/// <param name="Input">0 reach, 1 impact, 2 confidence, 3 effort.</param>
/// <param name="Value">Expected gain in the score of what is chosen.</param>
/// <param name="FlipsTop">Whether some value inside its range changes which item comes first by its expected score.</param>
public sealed record InputValue(int Item, int Input, double Value, bool FlipsTop);

/// <summary>Ranks that admit that their inputs are guesses.</summary>
/// <remarks>
/// Ranks by simulation from the stated ranges, all independent; the same numbers for any number of threads. The worth of an input is the expected value of partial perfect information
/// (Howard 1966; Felli and Hazen 1998): the best expected score after learning it, less the best before, by quadrature.
/// </remarks>
public static class PriorityRanks
{
    // Worth below this share of the best score is the rounding of two sums that are equal.
    const double Rounding = 1e-12;

    /// <param name="items">At least 1.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="draws">Draws, at least 100.</param>
    public static IReadOnlyList<PriorityRank> Simulate(IReadOnlyList<PriorityItem> items, int seed, int draws = 20_000)
    {
        Check(items);
        if (draws < 100)
            throw new ArgumentOutOfRangeException(nameof(draws), draws, "At least 100 draws are needed.");
        var n = items.Count;
        var scores = new double[n][];
        for (var i = 0; i < n; i++)
        {
            var rng = new Rng(seed).Stream("priority", i);
            var own = new double[draws];
            var item = items[i];
            for (var d = 0; d < draws; d++)
                own[d] = item.Reach.Quantile(rng.NextDouble()) * item.Impact.Quantile(rng.NextDouble()) * item.Confidence.Quantile(rng.NextDouble()) / item.Effort.Quantile(rng.NextDouble());
            scores[i] = own;
        }
        var places = new long[n][];
        for (var i = 0; i < n; i++)
            places[i] = new long[n];
        var (drawn, order) = (new double[n], new int[n]);
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < n; i++)
                (drawn[i], order[i]) = (-scores[i][d], i);
            // Ties go to the earlier item: the keys are sorted with the index as second key.
            Array.Sort(order, (a, b) => drawn[a] != drawn[b] ? drawn[a].CompareTo(drawn[b]) : a.CompareTo(b));
            for (var place = 0; place < n; place++)
                places[order[place]][place]++;
        }
        var ranks = new PriorityRank[n];
        for (var i = 0; i < n; i++)
        {
            Array.Sort(scores[i]);
            var mean = 0.0;
            for (var place = 0; place < n; place++)
                mean += (place + 1.0) * places[i][place];
            ranks[i] = new([.. places[i].Select(c => (double)c / draws)], mean / draws, scores[i][draws / 20], scores[i][draws - 1 - draws / 20]);
        }
        return ranks;
    }

    /// <summary>The worth of every input that has a range, largest first; empty with a single item.</summary>
    public static IReadOnlyList<InputValue> Inputs(IReadOnlyList<PriorityItem> items)
    {
        Check(items);
        if (items.Count < 2)
            return [];
        double[] expected = [.. items.Select(i => i.ExpectedScore)];
        var best = expected.Max();
        var leader = Array.IndexOf(expected, best);
        var values = new List<InputValue>();
        for (var i = 0; i < items.Count; i++)
        {
            var others = expected.Where((_, j) => j != i).Max();
            var inputs = items[i].Inputs;
            for (var k = 0; k < inputs.Count; k++)
            {
                var range = inputs[k];
                if (range.IsPoint)
                    continue;
                // The score is linear in the input, or in its inverse for effort; the rest stays at its expectation.
                var isEffort = k == 3;
                var rest = isEffort ? items[i].Benefit : expected[i] / range.Mean;
                double Score(double x) => isEffort ? rest / x : rest * x;
                var turn = others <= 0 ? double.NaN : isEffort ? rest / others : others / rest;
                var worth = range.Expect(x => Math.Max(Score(x), others), turn) - best;
                var flips = i == leader ? Math.Min(Score(range.Low), Score(range.High)) < others : Math.Max(Score(range.Low), Score(range.High)) > best;
                values.Add(new(i, k, worth > Rounding * best ? worth : 0, flips));
            }
        }
        return [.. values.OrderByDescending(v => v.Value).ThenBy(v => v.Item).ThenBy(v => v.Input)];
    }

    static void Check(IReadOnlyList<PriorityItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count < 1)
            throw new TooFewRowsException("The list of items", items.Count, 1);
        foreach (var item in items)
        {
            if (!(item.Reach.Low >= 0) || !(item.Confidence.Low >= 0 && item.Confidence.High <= 1) || !(item.Effort.Low > 0))
                throw new ArgumentOutOfRangeException(nameof(items), item, "Reach is not negative, confidence lies between 0 and 1, effort is positive.");
        }
    }
}
