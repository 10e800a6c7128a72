using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>Which units a segment holds in one column: those in the listed bins.</summary>
/// <param name="Feature">Index of the column.</param>
/// <param name="Bins">One bit per bin.</param>
public sealed record SegmentCondition(int Feature, ulong Bins);

/// <summary>A segment that one half of the units suggested and the other half judged.</summary>
/// <param name="Conditions">What its units have in common; empty when every unit is in it.</param>
/// <param name="DiscoveryUnits">Units of the discovery half.</param>
/// <param name="DiscoveryEffect">Mean score there: too far from the rest, because the segment was chosen by it.</param>
/// <param name="DiscoveryDifference">The same less the mean score of all other units of that half.</param>
/// <param name="Units">Units of the confirmation half.</param>
/// <param name="Effect">The effect in the segment, from the confirmation half alone.</param>
/// <param name="Difference">The effect in the segment less the effect in all other units, from the confirmation half alone; its p-value is one-sided, in the direction that discovery gave.</param>
public sealed record EffectSegment(
    IReadOnlyList<SegmentCondition> Conditions, int DiscoveryUnits, double DiscoveryEffect, double DiscoveryDifference, int Units, ContrastResult Effect, ContrastResult Difference);

/// <summary>Segments of an honest tree.</summary>
/// <param name="Segments">Candidates that both halves hold, in the order of the tree; empty when discovery found no difference.</param>
/// <param name="Leaf">Index among <paramref name="Segments"/> of each unit of the confirmation half; -1 where its candidate could not be judged.</param>
public sealed record EffectSegmentsResult(IReadOnlyList<EffectSegment> Segments, IReadOnlyList<int> Leaf);

/// <summary>How candidates are looked for.</summary>
public sealed record EffectSegmentsOptions
{
    /// <summary>Questions between the root and a segment, at most.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Segments at most.</summary>
    public int MostSegments { get; init; } = 8;

    /// <summary>Units of each arm that a segment has in the discovery half, at least; an eightieth of its units where that is more.</summary>
    public int LeastArm { get; init; } = 50;

    /// <summary>Discovery proposes a cut where its two sides differ by so many standard errors: chance alone hardly ever reaches 3 for one cut, and often 2 for the best of many.</summary>
    public double LeastZ { get; init; } = 3;

    /// <summary>Confidence level of the intervals.</summary>
    public double Level { get; init; } = 0.95;
}

/// <summary>Segments with different effects, found in one half of the units and judged in the other.</summary>
/// <remarks>
/// Source: Athey and Imbens 2016 (honest causal trees), with doubly robust scores in place of differences of means. The discovery half grows the tree; the confirmation half, which the tree never saw,
/// gives every effect and every test, so no number is flattered by the search. Correct the p-values for the number of segments: <see cref="Multiplicity.BenjaminiHochberg"/>.
/// </remarks>
public static class EffectSegments
{
    const int LeastConfirmed = 20;

    /// <param name="discovery">Columns of the discovery half.</param>
    /// <param name="discoveryScores">Its scores (<see cref="EffectScores"/>).</param>
    /// <param name="discoveryTreated">Its arms.</param>
    /// <param name="confirmation">The same columns in the confirmation half.</param>
    /// <param name="confirmationScores">Its scores.</param>
    /// <param name="options">How candidates are looked for.</param>
    /// <exception cref="TooFewRowsException">A half has too few units for two segments.</exception>
    public static EffectSegmentsResult Find(
        FeatureTable discovery, double[] discoveryScores, bool[] discoveryTreated, FeatureTable confirmation, double[] confirmationScores, EffectSegmentsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(discovery);
        ArgumentNullException.ThrowIfNull(discoveryScores);
        ArgumentNullException.ThrowIfNull(discoveryTreated);
        ArgumentNullException.ThrowIfNull(confirmation);
        ArgumentNullException.ThrowIfNull(confirmationScores);
        options ??= new EffectSegmentsOptions();
        InferenceGuard.Level(options.Level);
        if (discoveryScores.Length != discovery.Units || discoveryTreated.Length != discovery.Units || confirmationScores.Length != confirmation.Units || confirmation.Features.Count != discovery.Features.Count)
        {
            throw new ArgumentException("Scores, arms and columns must belong to the same units.", nameof(discoveryScores));
        }

        Need("The discovery half", discovery.Units, 4 * options.LeastArm);
        Need("The confirmation half", confirmation.Units, 4 * LeastConfirmed);
        var leastArm = Math.Max(options.LeastArm, discovery.Units / 80);
        var rules = new GrowthRules(options.Depth, 2 * options.LeastArm, leastArm, options.LeastZ, options.MostSegments);
        int[] units = [.. Enumerable.Range(0, discovery.Units)];
        var nodes = new TreeGrower(discovery, discoveryScores, discoveryTreated, rules).Grow(units);
        var conditions = Conditions(nodes, discovery.Features);
        if (conditions.Count == 1)
        {
            return new([], [.. Enumerable.Repeat(-1, confirmation.Units)]);
        }

        var (found, _) = Tally(nodes, discovery, discoveryScores, conditions.Count);
        var (judged, leaf) = Tally(nodes, confirmation, confirmationScores, conditions.Count);
        var segments = new List<EffectSegment>();
        var index = new int[conditions.Count];
        for (var l = 0; l < conditions.Count; l++)
        {
            index[l] = -1;
            if (Judge(conditions[l], found, judged, l, options.Level) is { } segment)
            {
                index[l] = segments.Count;
                segments.Add(segment);
            }
        }

        for (var i = 0; i < leaf.Length; i++)
        {
            leaf[i] = index[leaf[i]];
        }

        return new(segments, leaf);
    }

    static EffectSegment? Judge(IReadOnlyList<SegmentCondition> conditions, Numerics.Moments[] found, Numerics.Moments[] judged, int leaf, double level)
    {
        var (own, rest) = (judged[leaf], Rest(judged, leaf));
        if (own.Count < LeastConfirmed || rest.Count < LeastConfirmed || !(own.Variance > 0) || !(rest.Variance > 0))
        {
            return null;
        }

        var proposed = found[leaf].Mean - Rest(found, leaf).Mean;
        var effect = NormalContrast.Of(own.Mean, own.StandardError, level, "doubly robust mean, confirmation half");
        var two = WelchT.Test(own, rest, level);
        var oneSided = Math.Sign(two.Value) == Math.Sign(proposed) ? two.PValue / 2 : 1 - (two.PValue / 2);
        return new(conditions, (int)found[leaf].Count, found[leaf].Mean, proposed, (int)own.Count, effect, two with { PValue = oneSided, Method = "Welch t on doubly robust scores, segment against the rest, one-sided" });
    }

    static Numerics.Moments Rest(Numerics.Moments[] leaves, int leaf)
    {
        var rest = Numerics.Moments.Empty;
        for (var l = 0; l < leaves.Length; l++)
        {
            rest = l == leaf ? rest : Numerics.Moments.Merge(rest, leaves[l]);
        }

        return rest;
    }

    static (Numerics.Moments[] Leaves, int[] Leaf) Tally(TreeNode[] nodes, FeatureTable table, double[] scores, int leaves)
    {
        var (leaf, width) = (new int[table.Units], table.Features.Count);
        var values = new List<double>[leaves];
        for (var l = 0; l < leaves; l++)
        {
            values[l] = [];
        }

        for (var i = 0; i < leaf.Length; i++)
        {
            leaf[i] = TreeGrower.Leaf(nodes, table.Codes.Slice(i * width, width));
            values[leaf[i]].Add(scores[i]);
        }

        return ([.. values.Select(v => v.Count == 0 ? Numerics.Moments.Empty : Numerics.Moments.MeanVariance(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(v)))], leaf);
    }

    // Questions about one column are put together, so that a segment names each column once.
    static IReadOnlyList<IReadOnlyList<SegmentCondition>> Conditions(TreeNode[] nodes, IReadOnlyList<Feature> features)
    {
        var found = new SortedDictionary<int, IReadOnlyList<SegmentCondition>>();
        Walk(0, []);
        return [.. found.Values];

        void Walk(int at, List<SegmentCondition> path)
        {
            var node = nodes[at];
            if (node.Feature < 0)
            {
                found.Add(node.LeftChild, path);
                return;
            }

            var all = features[node.Feature].Bins == Feature.MostBins ? ulong.MaxValue : (1UL << features[node.Feature].Bins) - 1;
            Walk(node.LeftChild, With(path, node.Feature, node.Left, all));
            Walk(node.LeftChild + 1, With(path, node.Feature, ~node.Left & all, all));
        }
    }

    static List<SegmentCondition> With(List<SegmentCondition> path, int feature, ulong bins, ulong all)
    {
        var before = path.Find(c => c.Feature == feature)?.Bins ?? all;
        return [.. path.Where(c => c.Feature != feature), new SegmentCondition(feature, before & bins)];
    }

    static void Need(string what, int units, int needed)
    {
        if (units < needed)
        {
            throw new TooFewRowsException(what, units, needed);
        }
    }
}
