using System.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>How a forest of effects is grown.</summary>
public sealed record EffectForestOptions
{
    /// <summary>Number of trees.</summary>
    public int Trees { get; init; } = 200;

    /// <summary>Units that a tree draws, half of all at most; one half of them grows the tree, the other fills its leaves.</summary>
    public int Subsample { get; init; } = 50_000;

    /// <summary>Questions between the root and a leaf, at most.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Units of each side of a question, and of a leaf that is filled.</summary>
    public int LeastUnits { get; init; } = 25;

    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; all cores when null. The forest does not depend on it.</summary>
    public int? Threads { get; init; }
}

/// <summary>A forest of honest trees: the treatment effect as a function of columns known before assignment.</summary>
/// <remarks>
/// Sources: Wager and Athey 2018 (subsamples without replacement, honest leaves); Athey and Imbens 2016; Kennedy 2023 (regression on doubly robust scores). Each tree draws a subsample, grows on
/// one half of it by the difference of mean scores and predicts with the mean score of the other half in the leaf; leaves in which too few of these fall take the mean of the node above. The
/// prediction is the mean over trees. Predictions rank units; an interval for a group of units comes from scores of units that the forest never saw.
/// </remarks>
public sealed class EffectForest
{
    const int LeastUnitsInAll = 100;
    readonly Tree[] _trees;

    EffectForest(Tree[] trees) => _trees = trees;

    /// <param name="features">Columns known before assignment, at most 64.</param>
    /// <param name="scores">A score per unit (<see cref="EffectScores"/>).</param>
    /// <param name="options">How it is grown.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="TooFewRowsException">Fewer than 100 units.</exception>
    public static EffectForest Fit(FeatureTable features, double[] scores, EffectForestOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(scores);
        options ??= new EffectForestOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Trees, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LeastUnits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features.Features.Count, Feature.MostBins);
        if (scores.Length != features.Units)
        {
            throw new ArgumentException($"{scores.Length} scores for {features.Units} units.", nameof(scores));
        }

        if (scores.Length < LeastUnitsInAll)
        {
            throw new TooFewRowsException("The forest", scores.Length, LeastUnitsInAll);
        }

        var trees = new Tree[options.Trees];
        var root = new Rng(options.Seed);
        var draw = Math.Min(scores.Length / 2, Math.Max(options.Subsample, LeastUnitsInAll / 2));
        var rules = new GrowthRules(options.Depth, options.LeastUnits, 0, 0, int.MaxValue);
        var workers = Math.Clamp(options.Threads ?? Environment.ProcessorCount, 1, options.Trees);
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, w =>
        {
            var grower = new TreeGrower(features, scores, null, rules);
            var taken = new ulong[(scores.Length + 63) / 64];
            var (grow, fill) = (new int[draw / 2], new int[draw - (draw / 2)]);
            for (var t = w; t < trees.Length; t += workers)
            {
                cancellation.ThrowIfCancellationRequested();
                var rng = root.Stream("tree", t);
                Draw(rng, scores.Length, taken, grow, fill);
                trees[t] = Tree.Of(grower.Grow(grow, Columns(rng, features.Features.Count)), fill, features, scores, options.LeastUnits);
            }
        });
        return new(trees);
    }

    /// <summary>Predicted effect of each unit, in the unit of the scores.</summary>
    /// <param name="features">The columns that the forest was grown on, of any units.</param>
    /// <param name="threads">Threads; all cores when null. The answer does not depend on it.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public double[] Predict(FeatureTable features, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        const int block = 4_096;
        var predicted = new double[features.Units];
        var width = features.Features.Count;
        Parallel.For(0, (features.Units + block - 1) / block, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1, CancellationToken = cancellation }, b =>
        {
            var (first, last) = (b * block, Math.Min(features.Units, (b + 1) * block));
            var codes = features.Codes;
            foreach (var tree in _trees)
            {
                for (var i = first; i < last; i++)
                {
                    predicted[i] += tree.Effects[TreeGrower.Leaf(tree.Nodes, codes.Slice(i * width, width))];
                }
            }

            for (var i = first; i < last; i++)
            {
                predicted[i] /= _trees.Length;
            }
        });
        return predicted;
    }

    // Two disjoint random sets, in ascending order for the cache (Floyd's draw, as in Bentley and Floyd 1987).
    static void Draw(Rng rng, int n, ulong[] taken, int[] grow, int[] fill)
    {
        Array.Clear(taken);
        var m = grow.Length + fill.Length;
        for (var j = n - m; j < n; j++)
        {
            var pick = rng.NextInt(j + 1);
            if ((taken[pick >> 6] >> pick & 1) == 1)
            {
                pick = j;
            }

            taken[pick >> 6] |= 1UL << pick;
        }

        var (g, f) = (0, 0);
        for (var word = 0; word < taken.Length; word++)
        {
            for (var bits = taken[word]; bits != 0; bits &= bits - 1)
            {
                var unit = (word << 6) + BitOperations.TrailingZeroCount(bits);
                var left = m - g - f;
                if (rng.NextInt(left) < grow.Length - g)
                {
                    grow[g++] = unit;
                }
                else
                {
                    fill[f++] = unit;
                }
            }
        }
    }

    // Few columns are all asked; of many, each question may ask about sqrt(p) + 20 drawn ones, as is usual for causal forests.
    static Func<ulong>? Columns(Rng rng, int columns)
    {
        var most = (int)Math.Ceiling(Math.Sqrt(columns)) + 20;
        return columns <= most ? null : () =>
        {
            var mask = 0UL;
            for (var j = columns - most; j < columns; j++)
            {
                var pick = rng.NextInt(j + 1);
                mask |= (mask >> pick & 1) == 1 ? 1UL << j : 1UL << pick;
            }

            return mask;
        };
    }

    sealed record Tree(TreeNode[] Nodes, double[] Effects)
    {
        // Means of the other half by node, from the leaves up; a leaf with too few takes the mean of the nearest node above that has enough.
        public static Tree Of(TreeNode[] nodes, int[] fill, FeatureTable features, double[] scores, int least)
        {
            var (sum, count, effect) = (new double[nodes.Length], new int[nodes.Length], new double[nodes.Length]);
            var codes = features.Codes;
            var width = features.Features.Count;
            foreach (var unit in fill)
            {
                var at = 0;
                while (true)
                {
                    sum[at] += scores[unit];
                    count[at]++;
                    var node = nodes[at];
                    if (node.Feature < 0)
                    {
                        break;
                    }

                    at = node.LeftChild + (int)(1 ^ (node.Left >> codes[(unit * width) + node.Feature] & 1));
                }
            }

            effect[0] = count[0] > 0 ? sum[0] / count[0] : 0;
            var byLeaf = new double[(nodes.Length + 1) / 2];
            for (var at = 0; at < nodes.Length; at++)
            {
                if (nodes[at].Feature < 0)
                {
                    byLeaf[nodes[at].LeftChild] = effect[at];
                    continue;
                }

                foreach (var child in (ReadOnlySpan<int>)[nodes[at].LeftChild, nodes[at].LeftChild + 1])
                {
                    effect[child] = count[child] >= least ? sum[child] / count[child] : effect[at];
                }
            }

            return new(nodes, byLeaf);
        }
    }
}
