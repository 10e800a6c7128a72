using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>How alone each row stands.</summary>
/// <param name="Scores">In (0, 1): about 0.5 for ordinary rows, towards 1 for rows that few random cuts set apart.</param>
/// <param name="Threshold">Score that about <see cref="IsolationForest.CleanShare"/> of clean rows stay below.</param>
public sealed record IsolationScores(double[] Scores, double Threshold);

/// <summary>Rows that random cuts set apart quickly.</summary>
/// <remarks>
/// Source: Liu, Ting and Zhou 2008, the standard forest: axis-parallel cuts, each tree on a subsample, paths cut at its expected depth. A row of a tree's own subsample is scored by the
/// same tree. The threshold is not a share of the rows, which would name outliers in any table: the tail of the scores between their 90 % and 98 % quantiles is carried on as an
/// exponential to 1 row in 1,000; scores end sooner than that, so clean rows are named more seldom. O(trees times depth) a row.
/// </remarks>
public static class IsolationForest
{
    /// <summary>Share of clean rows below the threshold.</summary>
    public const double CleanShare = 0.999;

    const double LowerQuantile = 0.90;
    const double UpperQuantile = 0.98;
    const double Euler = 0.5772156649015329;

    /// <param name="x">Row by row, <paramref name="columns"/> to a row; finite.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="trees">Trees, at least 1.</param>
    /// <param name="subsample">Rows of a tree, at least 2; all where there are fewer.</param>
    /// <param name="seed">Seed of the cuts.</param>
    /// <param name="threads">Threads; the scores do not depend on it.</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 rows.</exception>
    public static IsolationScores Score(double[] x, int columns, int trees = 200, int subsample = 256, ulong seed = 1, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsample, 2);
        var n = x.Length / columns;
        if (x.Length != n * columns)
            throw new ArgumentException("Every row has a value in every column.", nameof(x));
        if (n < 20)
            throw new TooFewRowsException("The table", n, 20);
        var size = Math.Min(subsample, n);
        var depth = (int)Math.Ceiling(Math.Log2(size));
        var forest = new Tree[trees];
        void Grow(int t) => forest[t] = new Tree(x, columns, n, size, depth, new Rng(seed).Stream("isolation", t));
        Each(trees, threads, Grow);
        var scores = new double[n];
        var whole = Average(size);
        const int Block = 1_024;
        Each((n + Block - 1) / Block, threads, b =>
        {
            for (var i = b * Block; i < Math.Min(n, (b + 1) * Block); i++)
            {
                var sum = 0.0;
                var row = x.AsSpan(i * columns, columns);
                foreach (var tree in forest)
                    sum += tree.Path(row);
                scores[i] = Math.Pow(2, -sum / trees / whole);
            }
        });
        return new(scores, Threshold(scores));
    }

    /// <summary>Mean depth at which a random binary tree of n rows sets one apart.</summary>
    internal static double Average(int n) => n <= 1 ? 0 : n == 2 ? 1 : 2 * (Math.Log(n - 1.0) + Euler) - 2 * (n - 1.0) / n;

    static double Threshold(double[] scores)
    {
        var sorted = (double[])scores.Clone();
        Array.Sort(sorted);
        var low = RobustOutliers.Quantile(sorted, LowerQuantile);
        var high = RobustOutliers.Quantile(sorted, UpperQuantile);
        var scale = (high - low) / Math.Log((1 - LowerQuantile) / (1 - UpperQuantile));
        return high + scale * Math.Log((1 - UpperQuantile) / (1 - CleanShare));
    }

    static void Each(int count, int threads, Action<int> work)
    {
        if (threads > 1 && count > 1)
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        else
            for (var i = 0; i < count; i++)
                work(i);
    }

    sealed class Tree
    {
        readonly List<Node> _nodes = [];
        readonly double[] _x;
        readonly int _columns;
        readonly int _depth;
        readonly Rng _rng;

        public Tree(double[] x, int columns, int n, int size, int depth, Rng rng)
        {
            (_x, _columns, _depth, _rng) = (x, columns, depth, rng);
            Build(Sample(n, size), 0);
        }

        public double Path(ReadOnlySpan<double> row)
        {
            var at = 0;
            var depth = 0;
            while (_nodes[at].Column >= 0)
            {
                at = row[_nodes[at].Column] < _nodes[at].Cut ? _nodes[at].Left : _nodes[at].Right;
                depth++;
            }
            return depth + _nodes[at].Cut;
        }

        // Floyd's sample without replacement, in ascending order.
        int[] Sample(int n, int size)
        {
            var taken = new HashSet<int>(size);
            for (var j = n - size; j < n; j++)
            {
                var pick = _rng.NextInt(j + 1);
                if (!taken.Add(pick))
                    taken.Add(j);
            }
            var rows = new int[size];
            taken.CopyTo(rows);
            Array.Sort(rows);
            return rows;
        }

        int Build(Span<int> rows, int depth)
        {
            var at = _nodes.Count;
            _nodes.Add(default);
            var column = depth < _depth && rows.Length > 1 ? Column(rows) : -1;
            if (column < 0)
            {
                // A leaf adds the depth that its rows would still need.
                _nodes[at] = new Node(-1, Average(rows.Length), 0, 0);
                return at;
            }
            var (low, high) = Range(rows, column);
            var cut = low + _rng.NextDouble() * (high - low);
            // A cut at the very end of the range would part nothing.
            cut = cut <= low ? high : cut;
            var middle = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                if (_x[rows[i] * _columns + column] < cut)
                    (rows[i], rows[middle], middle) = (rows[middle], rows[i], middle + 1);
            }
            var left = Build(rows[..middle], depth + 1);
            var right = Build(rows[middle..], depth + 1);
            _nodes[at] = new Node(column, cut, left, right);
            return at;
        }

        // A random column among those that vary here; -1 for none.
        int Column(ReadOnlySpan<int> rows)
        {
            var start = _rng.NextInt(_columns);
            for (var step = 0; step < _columns; step++)
            {
                var column = step == 0 ? start : _rng.NextInt(_columns);
                var (low, high) = Range(rows, column);
                if (high > low)
                    return column;
            }
            for (var column = 0; column < _columns; column++)
            {
                var (low, high) = Range(rows, column);
                if (high > low)
                    return column;
            }
            return -1;
        }

        (double Low, double High) Range(ReadOnlySpan<int> rows, int column)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var row in rows)
            {
                var value = _x[row * _columns + column];
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
            return (low, high);
        }

        readonly record struct Node(int Column, double Cut, int Left, int Right);
    }
}
