namespace Gnomon.Methods.Mixed;

/// <summary>
/// Several groupings, crossed or nested: a sparse Cholesky factorisation whose pattern is found once. Groupings are eliminated from the one with most effects
/// to the one with fewest, which leaves nested groupings without fill and crossed ones with fill among the smaller grouping only.
/// </summary>
/// <remarks>Source for the up-looking factorisation and its elimination tree: Davis 2006, Direct Methods for Sparse Linear Systems, chapter 4.</remarks>
internal sealed class SparseSystem : PenalisedSystem
{
    const long MostEntries = 60_000_000;
    readonly int[] _order;
    readonly int[] _base;
    readonly int _size;
    readonly int _right;
    readonly double[] _cross;

    // Blocks of Z'WZ by block column: its own block last.
    readonly int[] _blockStart;
    readonly int[] _blockRow;
    readonly int[] _blockAt;
    readonly double[] _blocks;
    readonly int[] _node;
    readonly int[] _nodeFirst;

    // Upper triangle of the scaled matrix by column, its elimination tree, and the factor by column.
    readonly int[] _columnStart;
    readonly int[] _rowIndex;
    readonly double[] _values;
    readonly int[] _parent;
    readonly int[] _factorStart;
    readonly int[] _factorRow;
    readonly double[] _factor;

    public SparseSystem(IReadOnlyList<Grouping> groupings, double[][] basis, double[] residual, double[]? weights)
        : base(groupings, basis, residual, weights)
    {
        _right = basis.Length + 1;
        _order = [.. Enumerable.Range(0, groupings.Count).OrderByDescending(f => groupings[f].Effects).ThenBy(f => f)];
        _base = new int[groupings.Count];
        var nodeBase = new int[groupings.Count];
        var nodes = 0;
        foreach (var f in _order)
        {
            (_base[f], nodeBase[f]) = (_size, nodes);
            _size += groupings[f].Effects;
            nodes += groupings[f].Levels;
        }

        _node = new int[nodes];
        _nodeFirst = new int[nodes];
        foreach (var f in _order)
        {
            for (var level = 0; level < groupings[f].Levels; level++)
            {
                (_node[nodeBase[f] + level], _nodeFirst[nodeBase[f] + level]) = (f, _base[f] + level * groupings[f].Width);
            }
        }

        _cross = Cross(basis, residual, weights);
        (_blockStart, _blockRow, _blockAt, _blocks) = Blocks(nodes, nodeBase, residual.Length, weights);
        (_columnStart, _rowIndex) = Pattern(nodes);
        _values = new double[_rowIndex.Length];
        _parent = Tree();
        _factorStart = Counts();
        _factorRow = new int[_factorStart[^1]];
        _factor = new double[_factorStart[^1]];
    }

    public override Elimination Eliminate(IReadOnlyList<double[]> lambda)
    {
        var logDeterminant = Refactor(lambda);
        var b = Forward(lambda);
        var reduced = (double[])Full.Clone();
        for (var r = 0; r < _size; r++)
        {
            var row = b.AsSpan(r * _right, _right);
            for (var i = 0; i < _right; i++)
            {
                var v = row[i];
                for (var j = 0; j <= i; j++)
                {
                    reduced[i * _right + j] -= v * row[j];
                }
            }
        }

        for (var i = 0; i < _right; i++)
        {
            for (var j = 0; j < i; j++)
            {
                reduced[j * _right + i] = reduced[i * _right + j];
            }
        }

        return new Elimination(logDeterminant, reduced);
    }

    public override IReadOnlyList<(double[] Effects, double[] Covariance)> Modes(IReadOnlyList<double[]> lambda, ReadOnlySpan<double> fixedEffects)
    {
        Refactor(lambda);
        var b = Forward(lambda);
        var u = new double[_size];
        for (var r = 0; r < _size; r++)
        {
            u[r] = b[r * _right + _right - 1];
            for (var j = 0; j < _right - 1; j++)
            {
                u[r] -= b[r * _right + j] * fixedEffects[j];
            }
        }

        for (var j = _size - 1; j >= 0; j--)
        {
            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                u[j] -= _factor[at] * u[_factorRow[at]];
            }

            u[j] /= _factor[_factorStart[j]];
        }

        var result = new (double[] Effects, double[] Covariance)[Groupings.Count];
        var work = new double[Groupings.Max(g => g.Width)][];
        for (var c = 0; c < work.Length; c++)
        {
            work[c] = new double[_size];
        }

        for (var f = 0; f < result.Length; f++)
        {
            result[f] = ModesOf(f, lambda[f], u, work);
        }

        return result;
    }

    (double[] Effects, double[] Covariance) ModesOf(int f, double[] lambda, double[] u, double[][] work)
    {
        var (width, levels) = (Groupings[f].Width, Groupings[f].Levels);
        var effects = new double[levels * width];
        var covariance = new double[levels * width * width];
        var inverse = new double[width * width];
        for (var level = 0; level < levels; level++)
        {
            var first = _base[f] + level * width;
            for (var a = 0; a < width; a++)
            {
                for (var c = 0; c < width; c++)
                {
                    effects[level * width + a] += lambda[a * width + c] * u[first + c];
                }

                UnitSolve(first + a, work[a]);
            }

            for (var a = 0; a < width; a++)
            {
                for (var c = 0; c < width; c++)
                {
                    var sum = 0.0;
                    for (var j = first + Math.Max(a, c); j >= 0; j = _parent[j])
                    {
                        sum += work[a][j] * work[c][j];
                    }

                    inverse[a * width + c] = sum;
                }
            }

            Dense.Sandwich(lambda, inverse, width).CopyTo(covariance, level * width * width);
            for (var a = 0; a < width; a++)
            {
                for (var j = first + a; j >= 0; j = _parent[j])
                {
                    work[a][j] = 0.0;
                }
            }
        }

        return (effects, covariance);
    }

    // L^-1 times a unit vector: its entries lie on the path to the root of the tree.
    void UnitSolve(int column, double[] x)
    {
        x[column] = 1.0;
        for (var j = column; j >= 0; j = _parent[j])
        {
            x[j] /= _factor[_factorStart[j]];
            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                x[_factorRow[at]] -= _factor[at] * x[j];
            }
        }
    }

    double[] Cross(double[][] basis, double[] residual, double[]? weights)
    {
        var cross = new double[_size * _right];
        for (var f = 0; f < Groupings.Count; f++)
        {
            var g = Groupings[f];
            for (var i = 0; i < residual.Length; i++)
            {
                for (var a = 0; a < g.Width; a++)
                {
                    var z = (weights?[i] ?? 1.0) * g.Columns[a][i];
                    var to = cross.AsSpan((_base[f] + g.Codes[i] * g.Width + a) * _right, _right);
                    for (var j = 0; j < basis.Length; j++)
                    {
                        to[j] += z * basis[j][i];
                    }

                    to[^1] += z * residual[i];
                }
            }
        }

        return cross;
    }

    (int[] Start, int[] Row, int[] At, double[] Values) Blocks(int nodes, int[] nodeBase, int rows, double[]? weights)
    {
        var keys = new HashSet<long>();
        for (var first = 0; first < _order.Length; first++)
        {
            for (var second = first; second < _order.Length; second++)
            {
                var (f, g) = (_order[first], _order[second]);
                for (var i = 0; i < rows; i++)
                {
                    keys.Add(((long)(nodeBase[g] + Groupings[g].Codes[i]) << 32) | (uint)(nodeBase[f] + Groupings[f].Codes[i]));
                }
            }
        }

        long[] sorted = [.. keys];
        Array.Sort(sorted);
        var start = new int[nodes + 1];
        var row = new int[sorted.Length];
        var at = new int[sorted.Length + 1];
        var place = new Dictionary<long, int>(sorted.Length);
        for (var k = 0; k < sorted.Length; k++)
        {
            var (column, r) = ((int)(sorted[k] >> 32), (int)(sorted[k] & 0xFFFFFFFF));
            start[column + 1]++;
            row[k] = r;
            place.Add(sorted[k], k);
            at[k + 1] = at[k] + Groupings[_node[r]].Width * Groupings[_node[column]].Width;
        }

        for (var column = 0; column < nodes; column++)
        {
            start[column + 1] += start[column];
        }

        var values = new double[at[^1]];
        for (var first = 0; first < _order.Length; first++)
        {
            for (var second = first; second < _order.Length; second++)
            {
                var (f, g) = (Groupings[_order[first]], Groupings[_order[second]]);
                for (var i = 0; i < rows; i++)
                {
                    var key = ((long)(nodeBase[_order[second]] + g.Codes[i]) << 32) | (uint)(nodeBase[_order[first]] + f.Codes[i]);
                    var to = values.AsSpan(at[place[key]], f.Width * g.Width);
                    for (var a = 0; a < f.Width; a++)
                    {
                        var z = (weights?[i] ?? 1.0) * f.Columns[a][i];
                        for (var b = 0; b < g.Width; b++)
                        {
                            to[a * g.Width + b] += z * g.Columns[b][i];
                        }
                    }
                }
            }
        }

        return (start, row, at, values);
    }

    (int[] Start, int[] Row) Pattern(int nodes)
    {
        var start = new int[_size + 1];
        var rows = new List<int>();
        for (var node = 0; node < nodes; node++)
        {
            var width = Groupings[_node[node]].Width;
            for (var c = 0; c < width; c++)
            {
                for (var k = _blockStart[node]; k < _blockStart[node + 1]; k++)
                {
                    var own = _blockRow[k] == node;
                    for (var a = 0; a < (own ? c + 1 : Groupings[_node[_blockRow[k]]].Width); a++)
                    {
                        rows.Add(_nodeFirst[_blockRow[k]] + a);
                    }
                }

                start[_nodeFirst[node] + c + 1] = rows.Count;
            }
        }

        return (start, [.. rows]);
    }

    int[] Tree()
    {
        var parent = new int[_size];
        var ancestor = new int[_size];
        for (var k = 0; k < _size; k++)
        {
            parent[k] = ancestor[k] = -1;
            for (var at = _columnStart[k]; at < _columnStart[k + 1]; at++)
            {
                for (int i = _rowIndex[at], next; i != -1 && i < k; i = next)
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

    int[] Counts()
    {
        var counts = new long[_size];
        var mark = new int[_size];
        Array.Fill(mark, -1);
        long total = _size;
        for (var k = 0; k < _size; k++)
        {
            mark[k] = k;
            for (var at = _columnStart[k]; at < _columnStart[k + 1]; at++)
            {
                for (var i = _rowIndex[at]; mark[i] != k; i = _parent[i])
                {
                    mark[i] = k;
                    counts[i]++;
                    total++;
                }
            }

            if (total > MostEntries)
            {
                throw new NotEstimableException($"The groupings {string.Join(" and ", Groupings.Select(g => g.Name))} are crossed so densely that their factorisation would hold more than {MostEntries} numbers.");
            }
        }

        var start = new int[_size + 1];
        for (var k = 0; k < _size; k++)
        {
            start[k + 1] = start[k] + (int)counts[k] + 1;
        }

        return start;
    }

    double Refactor(IReadOnlyList<double[]> lambda)
    {
        Scale(lambda);
        var next = new int[_size];
        var x = new double[_size];
        var mark = new int[_size];
        var stack = new int[_size];
        Array.Fill(mark, -1);
        var logDeterminant = 0.0;
        for (var k = 0; k < _size; k++)
        {
            var top = Reach(k, mark, stack, x);
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
    int Reach(int k, int[] mark, int[] stack, double[] x)
    {
        var top = _size;
        mark[k] = k;
        for (var at = _columnStart[k]; at < _columnStart[k + 1]; at++)
        {
            var i = _rowIndex[at];
            x[i] = _values[at];
            var length = 0;
            for (; mark[i] != k; i = _parent[i])
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

    void Scale(IReadOnlyList<double[]> lambda)
    {
        var most = Groupings.Max(g => g.Width);
        var scaled = new double[most * most];
        for (var node = 0; node < _node.Length; node++)
        {
            var width = Groupings[_node[node]].Width;
            var inColumn = 0;
            for (var k = _blockStart[node]; k < _blockStart[node + 1]; k++)
            {
                var other = _node[_blockRow[k]];
                var rows = Groupings[other].Width;
                var own = _blockRow[k] == node;
                Dense.Congruence(lambda[other], _blocks.AsSpan(_blockAt[k], rows * width), lambda[_node[node]], rows, width, scaled);
                for (var c = 0; c < width; c++)
                {
                    for (var a = 0; a < (own ? c + 1 : rows); a++)
                    {
                        _values[_columnStart[_nodeFirst[node] + c] + inColumn + a] = scaled[a * width + c] + (own && a == c ? 1.0 : 0.0);
                    }
                }

                inColumn += rows;
            }
        }
    }

    // L^-1 Lambda' Z'W[X y].
    double[] Forward(IReadOnlyList<double[]> lambda)
    {
        var b = new double[_size * _right];
        for (var f = 0; f < Groupings.Count; f++)
        {
            var width = Groupings[f].Width;
            for (var level = 0; level < Groupings[f].Levels; level++)
            {
                var first = _base[f] + level * width;
                for (var a = 0; a < width; a++)
                {
                    for (var c = 0; c < width; c++)
                    {
                        var factor = lambda[f][c * width + a];
                        for (var j = 0; j < _right && factor != 0.0; j++)
                        {
                            b[(first + a) * _right + j] += factor * _cross[(first + c) * _right + j];
                        }
                    }
                }
            }
        }

        for (var j = 0; j < _size; j++)
        {
            var row = b.AsSpan(j * _right, _right);
            var scale = 1.0 / _factor[_factorStart[j]];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] *= scale;
            }

            for (var at = _factorStart[j] + 1; at < _factorStart[j + 1]; at++)
            {
                var to = b.AsSpan(_factorRow[at] * _right, _right);
                var factor = _factor[at];
                for (var i = 0; i < row.Length; i++)
                {
                    to[i] -= factor * row[i];
                }
            }
        }

        return b;
    }
}
