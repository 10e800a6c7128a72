namespace Gnomon.Methods.Mixed;

/// <summary>
/// Several groupings, crossed or nested: a sparse Cholesky factorisation whose pattern is found once. Groupings are eliminated from the one with most effects
/// to the one with fewest, which leaves nested groupings without fill and crossed ones with fill among the smaller grouping only.
/// </summary>
internal sealed class SparseSystem : PenalisedSystem
{
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

    // Upper triangle of the scaled matrix by column, and its factorisation.
    readonly int[] _columnStart;
    readonly double[] _values;
    readonly SparseCholesky _cholesky;

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
        (_columnStart, var rowIndex) = Pattern(nodes);
        _values = new double[rowIndex.Length];
        _cholesky = SparseCholesky.Of(_columnStart, rowIndex)
            ?? throw new NotEstimableException($"The groupings {string.Join(" and ", groupings.Select(g => g.Name))} are crossed so densely that their factorisation would hold more than {SparseCholesky.MostEntries} numbers.");
    }

    public override Elimination Eliminate(IReadOnlyList<double[]> lambda)
    {
        Scale(lambda);
        var logDeterminant = _cholesky.Factor(_values);
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
        Scale(lambda);
        _cholesky.Factor(_values);
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

        _cholesky.Back(u);

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

                _cholesky.Unit(first + a, work[a]);
            }

            for (var a = 0; a < width; a++)
            {
                for (var c = 0; c < width; c++)
                {
                    var sum = 0.0;
                    for (var j = first + Math.Max(a, c); j >= 0; j = _cholesky.Parent[j])
                    {
                        sum += work[a][j] * work[c][j];
                    }

                    inverse[a * width + c] = sum;
                }
            }

            Dense.Sandwich(lambda, inverse, width).CopyTo(covariance, level * width * width);
            for (var a = 0; a < width; a++)
            {
                for (var j = first + a; j >= 0; j = _cholesky.Parent[j])
                {
                    work[a][j] = 0.0;
                }
            }
        }

        return (effects, covariance);
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

        _cholesky.Forward(b, _right);
        return b;
    }
}
