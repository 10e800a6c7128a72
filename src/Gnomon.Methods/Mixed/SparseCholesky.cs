namespace Gnomon.Methods.Mixed;

/// <summary>Sparse Cholesky factorisation whose pattern is found once: up-looking, along the elimination tree.</summary>
/// <remarks>Source: Davis 2006, Direct Methods for Sparse Linear Systems, chapter 4.</remarks>
internal sealed class SparseCholesky
{
    /// <summary>Numbers that a factor may hold: half a gigabyte.</summary>
    public const long MostEntries = 60_000_000;

    readonly int _size;
    readonly int[] _columnStart;
    readonly int[] _rowIndex;
    readonly int[] _factorStart;
    readonly int[] _factorRow;
    readonly double[] _factor;

    SparseCholesky(int[] columnStart, int[] rowIndex, int[] parent, int[] factorStart)
    {
        _size = columnStart.Length - 1;
        (_columnStart, _rowIndex, Parent, _factorStart) = (columnStart, rowIndex, parent, factorStart);
        _factorRow = new int[factorStart[^1]];
        _factor = new double[factorStart[^1]];
    }

    /// <summary>Parent of each column in the elimination tree; -1 at a root.</summary>
    public int[] Parent { get; }

    /// <param name="columnStart">First entry of each column of the upper triangle, and the number of entries.</param>
    /// <param name="rowIndex">Row of each entry.</param>
    /// <returns>Null when the factor would hold more than <see cref="MostEntries"/> numbers.</returns>
    public static SparseCholesky? Of(int[] columnStart, int[] rowIndex)
    {
        var parent = Tree(columnStart, rowIndex);
        return Counts(columnStart, rowIndex, parent) is { } start ? new SparseCholesky(columnStart, rowIndex, parent, start) : null;
    }

    /// <summary>Solves L X = B in place; B has <paramref name="width"/> columns, row by row.</summary>
    public void Forward(double[] b, int width)
    {
        for (var j = 0; j < _size; j++)
        {
            var row = b.AsSpan(j * width, width);
            var scale = 1.0 / _factor[_factorStart[j]];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] *= scale;
            }

            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                var to = b.AsSpan(_factorRow[at] * width, width);
                var factor = _factor[at];
                for (var i = 0; i < row.Length; i++)
                {
                    to[i] -= factor * row[i];
                }
            }
        }
    }

    /// <summary>Solves L' x = b in place.</summary>
    public void Back(double[] x)
    {
        for (var j = _size - 1; j >= 0; j--)
        {
            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                x[j] -= _factor[at] * x[_factorRow[at]];
            }

            x[j] /= _factor[_factorStart[j]];
        }
    }

    /// <summary>L^-1 times a unit vector into zeros: its entries lie on the path to the root of the tree.</summary>
    public void Unit(int column, double[] x)
    {
        x[column] = 1.0;
        for (var j = column; j >= 0; j = Parent[j])
        {
            x[j] /= _factor[_factorStart[j]];
            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                x[_factorRow[at]] -= _factor[at] * x[j];
            }
        }
    }

    /// <summary>Factorises the matrix with these values; the logarithm of its determinant, infinite when it is not positive definite.</summary>
    public double Factor(double[] values)
    {
        var next = new int[_size];
        var x = new double[_size];
        var mark = new int[_size];
        var stack = new int[_size];
        Array.Fill(mark, -1);
        var logDeterminant = 0.0;
        for (var k = 0; k < _size; k++)
        {
            var top = Reach(k, values, mark, stack, x);
            var pivot = x[k];
            x[k] = 0.0;
            for (; top < _size; top++)
            {
                var i = stack[top];
                var start = _factorStart[i];
                var value = x[i] / _factor[start];
                x[i] = 0.0;
                var end = next[i];
                for (var at = start + 1; at < end; at++)
                {
                    x[_factorRow[at]] -= _factor[at] * value;
                }

                pivot -= value * value;
                _factorRow[end] = k;
                _factor[end] = value;
                next[i] = end + 1;
            }

            // Every eigenvalue is at least 1; rounding alone can bring a pivot below, and never to 0 for a sensible factor.
            if (!(pivot > 0.0))
            {
                return double.PositiveInfinity;
            }

            var root = Math.Sqrt(pivot);
            logDeterminant += Math.Log(pivot);
            _factorRow[_factorStart[k]] = k;
            _factor[_factorStart[k]] = root;
            next[k] = _factorStart[k] + 1;
        }

        return logDeterminant;
    }

    // Columns of the factor that row k depends on, in an order in which they may be used.
    int Reach(int k, double[] values, int[] mark, int[] stack, double[] x)
    {
        var top = _size;
        mark[k] = k;
        for (var at = _columnStart[k]; at < _columnStart[k + 1]; at++)
        {
            var i = _rowIndex[at];
            x[i] = values[at];
            var length = 0;
            for (; mark[i] != k; i = Parent[i])
            {
                stack[length++] = i;
                mark[i] = k;
            }

            while (length > 0)
            {
                stack[--top] = stack[--length];
            }
        }

        return top;
    }

    static int[] Tree(int[] columnStart, int[] rowIndex)
    {
        var size = columnStart.Length - 1;
        var parent = new int[size];
        var ancestor = new int[size];
        for (var k = 0; k < size; k++)
        {
            parent[k] = ancestor[k] = -1;
            for (var at = columnStart[k]; at < columnStart[k + 1]; at++)
            {
                for (int i = rowIndex[at], next; i != -1 && i < k; i = next)
                {
                    next = ancestor[i];
                    ancestor[i] = k;
                    if (next == -1)
                    {
                        parent[i] = k;
                    }
                }
            }
        }

        return parent;
    }

    // First entry of each column of the factor; null when there are too many.
    static int[]? Counts(int[] columnStart, int[] rowIndex, int[] parent)
    {
        var size = columnStart.Length - 1;
        var counts = new long[size];
        var mark = new int[size];
        Array.Fill(mark, -1);
        long total = size;
        for (var k = 0; k < size; k++)
        {
            mark[k] = k;
            for (var at = columnStart[k]; at < columnStart[k + 1]; at++)
            {
                for (var i = rowIndex[at]; mark[i] != k; i = parent[i])
                {
                    mark[i] = k;
                    counts[i]++;
                    total++;
                }
            }

            if (total > MostEntries)
            {
                return null;
            }
        }

        var start = new int[size + 1];
        for (var k = 0; k < size; k++)
        {
            start[k + 1] = start[k] + (int)counts[k] + 1;
        }

        return start;
    }
}
