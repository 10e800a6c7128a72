using System.Runtime.InteropServices;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>A place in a tree: a question about one column, or a leaf.</summary>
/// <param name="Feature">Column asked about; -1 for a leaf.</param>
/// <param name="Left">Bins that go left, one bit each.</param>
/// <param name="LeftChild">Index of the left child; the right one follows it. Of a leaf: its number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreeNode(int Feature, ulong Left, int LeftChild);

/// <summary>When a tree asks on.</summary>
/// <param name="Depth">Questions between the root and a leaf, at most.</param>
/// <param name="LeastUnits">Units of each side.</param>
/// <param name="LeastArm">Units of each arm on each side; 0 when arms are not counted.</param>
/// <param name="LeastZ">A question is asked where the two sides differ by so many standard errors.</param>
/// <param name="MostLeaves">Leaves in all; the clearest differences are asked for first.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GrowthRules(int Depth, int LeastUnits, int LeastArm, double LeastZ, int MostLeaves);

/// <summary>Grows one tree on scores: every question is the one after which the two sides' mean scores differ most, which is the honest criterion of Athey and Imbens 2016 for scores of one spread.</summary>
/// <remarks>Levels of a category are put in the order of their mean score first, which finds the best cut into two (Fisher 1958). Missing values go to the side they fit better.</remarks>
internal sealed class TreeGrower(FeatureTable table, double[] scores, bool[]? treated, GrowthRules rules)
{
    readonly int _width = table.Features.Count;
    readonly double[] _sum = new double[table.Features.Count * Feature.MostBins];
    readonly double[] _squares = new double[table.Features.Count * Feature.MostBins];
    readonly int[] _count = new int[table.Features.Count * Feature.MostBins];
    readonly int[] _armCount = new int[table.Features.Count * Feature.MostBins];
    readonly List<TreeNode> _nodes = [];
    readonly int[] _order = new int[Feature.MostBins];
    int _leaves;

    /// <summary>Nodes, the root first.</summary>
    /// <param name="units">Units to grow on; reordered.</param>
    /// <param name="allowed">Columns that may be asked about, drawn anew for every node; all when null.</param>
    public TreeNode[] Grow(int[] units, Func<ulong>? allowed = null)
    {
        _nodes.Clear();
        _leaves = 1;
        _nodes.Add(new TreeNode(-1, 0, 0));
        // The clearest question of all open leaves is asked next: with a limit on leaves, the clearest ones are kept.
        var open = new PriorityQueue<Pending, (double, int)>();
        Enqueue(open, new Pending(0, 0, units.Length, 0, default), units, allowed);
        while (_leaves < rules.MostLeaves && open.TryDequeue(out var next, out _))
        {
            var middle = Partition(units, next);
            var child = _nodes.Count;
            _nodes[next.Node] = new TreeNode(next.Split.Feature, next.Split.Left, child);
            _nodes.Add(new TreeNode(-1, 0, 0));
            _nodes.Add(new TreeNode(-1, 0, 0));
            _leaves++;
            Enqueue(open, new Pending(child, next.First, middle, next.Depth + 1, default), units, allowed);
            Enqueue(open, new Pending(child + 1, middle, next.Last, next.Depth + 1, default), units, allowed);
        }

        var nodes = CollectionsMarshal.AsSpan(_nodes);
        var leaf = 0;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Feature < 0)
            {
                nodes[i] = new TreeNode(-1, 0, leaf++);
            }
        }

        return nodes.ToArray();
    }

    /// <summary>Number of the leaf that a unit falls into.</summary>
    public static int Leaf(ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<byte> codes)
    {
        var node = nodes[0];
        while (node.Feature >= 0)
        {
            node = nodes[node.LeftChild + (int)(1 ^ (node.Left >> codes[node.Feature] & 1))];
        }

        return node.LeftChild;
    }

    void Enqueue(PriorityQueue<Pending, (double, int)> open, Pending leaf, int[] units, Func<ulong>? allowed)
    {
        if (leaf.Depth < rules.Depth && leaf.Last - leaf.First >= 2 * rules.LeastUnits
            && Best(units.AsSpan(leaf.First, leaf.Last - leaf.First), allowed?.Invoke() ?? ulong.MaxValue) is { Gain: > 0 } split)
        {
            open.Enqueue(leaf with { Split = split }, (-split.Gain, leaf.Node));
        }
    }

    int Partition(int[] units, Pending leaf)
    {
        var codes = table.Codes;
        var (low, high) = (leaf.First, leaf.Last - 1);
        while (low <= high)
        {
            if ((leaf.Split.Left >> codes[(units[low] * _width) + leaf.Split.Feature] & 1) == 1)
            {
                low++;
            }
            else
            {
                (units[low], units[high]) = (units[high], units[low]);
                high--;
            }
        }

        return low;
    }

    Split Best(ReadOnlySpan<int> units, ulong allowed)
    {
        Array.Clear(_sum);
        Array.Clear(_count);
        Array.Clear(_squares);
        Array.Clear(_armCount);
        var codes = table.Codes;
        var wantsSpread = rules.LeastZ > 0;
        foreach (var unit in units)
        {
            var score = scores[unit];
            var line = codes.Slice(unit * _width, _width);
            for (var f = 0; f < line.Length; f++)
            {
                var at = (f << 6) + line[f];
                _sum[at] += score;
                _count[at]++;
            }

            if (wantsSpread)
            {
                var (square, arm) = (score * score, treated is not null && treated[unit] ? 1 : 0);
                for (var f = 0; f < line.Length; f++)
                {
                    var at = (f << 6) + line[f];
                    _squares[at] += square;
                    _armCount[at] += arm;
                }
            }
        }

        var best = new Split(-1, 0, 0);
        for (var f = 0; f < _width; f++)
        {
            if ((allowed >> f & 1) == 1)
            {
                best = Better(best, f);
            }
        }

        return best;
    }

    Split Better(Split best, int f)
    {
        var (feature, at) = (table.Features[f], f << 6);
        var missing = feature.MissingBin;
        var used = 0;
        for (var b = 0; b < feature.Bins; b++)
        {
            if (b != missing && _count[at + b] > 0)
            {
                _order[used++] = b;
            }
        }

        if (!feature.IsNumber)
        {
            // A stable order: by mean score, ties by bin.
            _order.AsSpan(0, used).Sort((x, y) => (_sum[at + x] / _count[at + x]).CompareTo(_sum[at + y] / _count[at + y]) is var c && c != 0 ? c : x.CompareTo(y));
        }

        Side all = default;
        for (var b = 0; b < feature.Bins; b++)
        {
            all = all.Plus(_count[at + b], _armCount[at + b], _sum[at + b], _squares[at + b]);
        }

        var lost = missing >= 0 && _count[at + missing] > 0 ? new Side(_count[at + missing], _armCount[at + missing], _sum[at + missing], _squares[at + missing]) : default;
        Side left = default;
        var mask = 0UL;
        for (var k = 0; k < used; k++)
        {
            var b = _order[k];
            mask |= 1UL << b;
            left = left.Plus(_count[at + b], _armCount[at + b], _sum[at + b], _squares[at + b]);
            if (k < used - 1 && Gain(left, all) is var gain && gain > best.Gain)
            {
                best = new Split(f, mask, gain);
            }

            if (lost.Count > 0 && Gain(left.Plus(lost.Count, lost.Arm, lost.Sum, lost.Squares), all) is var with && with > best.Gain)
            {
                best = new Split(f, mask | 1UL << missing, with);
            }
        }

        // Known against not known.
        return lost.Count > 0 && Gain(lost, all) is var alone && alone > best.Gain ? new Split(f, 1UL << missing, alone) : best;
    }

    // n_l n_r / n (mean_l - mean_r)^2: what the cut takes from the squared error. Where spread counts, in units of the squared standard error of the difference.
    double Gain(Side left, Side all)
    {
        var right = all.Minus(left);
        if (left.Count < rules.LeastUnits || right.Count < rules.LeastUnits)
        {
            return 0;
        }

        var difference = (left.Sum / left.Count) - (right.Sum / right.Count);
        if (rules.LeastZ <= 0)
        {
            return difference * difference * left.Count / all.Count * right.Count;
        }

        if (Math.Min(Math.Min(left.Arm, left.Count - left.Arm), Math.Min(right.Arm, right.Count - right.Arm)) < rules.LeastArm)
        {
            return 0;
        }

        var z2 = difference * difference / (left.VarianceOfMean + right.VarianceOfMean);
        return z2 >= rules.LeastZ * rules.LeastZ && double.IsFinite(z2) ? z2 : 0;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Split(int Feature, ulong Left, double Gain);

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Pending(int Node, int First, int Last, int Depth, Split Split);

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Side(int Count, int Arm, double Sum, double Squares)
    {
        // Scores lie about 0, so that their squares lose no digits that a choice of cut could miss.
        public double VarianceOfMean => Math.Max(0, Squares - (Sum / Count * Sum)) / (Count - 1.0) / Count;

        public Side Plus(int count, int arm, double sum, double squares) => new(Count + count, Arm + arm, Sum + sum, Squares + squares);

        public Side Minus(Side other) => new(Count - other.Count, Arm - other.Arm, Sum - other.Sum, Squares - other.Squares);
    }
}
