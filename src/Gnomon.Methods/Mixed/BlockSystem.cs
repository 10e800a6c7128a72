namespace Gnomon.Methods.Mixed;

/// <summary>One grouping: every group is a small dense problem of its own, so an elimination costs groups times width squared.</summary>
internal sealed class BlockSystem : PenalisedSystem
{
    readonly int _width;
    readonly int _levels;
    readonly int _right;

    // Per group: Z'WZ (width by width), then Z'W[X y] (width by p + 1).
    readonly double[] _square;
    readonly double[] _cross;

    public BlockSystem(Grouping grouping, double[][] basis, double[] residual, double[]? weights)
        : base([grouping], basis, residual, weights)
    {
        (_width, _levels, _right) = (grouping.Width, grouping.Levels, basis.Length + 1);
        _square = new double[_levels * _width * _width];
        _cross = new double[_levels * _width * _right];
        Span<double> row = stackalloc double[_right <= 256 ? _right : 0];
        row = _right <= 256 ? row : new double[_right];
        for (var i = 0; i < residual.Length; i++)
        {
            var w = weights?[i] ?? 1.0;
            for (var j = 0; j < basis.Length; j++)
            {
                row[j] = basis[j][i];
            }

            row[^1] = residual[i];
            var group = grouping.Codes[i];
            for (var a = 0; a < _width; a++)
            {
                var z = w * grouping.Columns[a][i];
                var square = _square.AsSpan((group * _width + a) * _width, _width);
                for (var b = 0; b < _width; b++)
                {
                    square[b] += z * grouping.Columns[b][i];
                }

                var cross = _cross.AsSpan((group * _width + a) * _right, _right);
                for (var j = 0; j < cross.Length; j++)
                {
                    cross[j] += z * row[j];
                }
            }
        }
    }

    public override Elimination Eliminate(IReadOnlyList<double[]> lambda)
    {
        var factor = lambda[0];
        var reduced = (double[])Full.Clone();
        var l = new double[_width * _width];
        var b = new double[_width * _right];
        var logDeterminant = 0.0;
        var product = 1.0;
        for (var group = 0; group < _levels; group++)
        {
            Factor(group, factor, l);
            Solve(group, factor, l, b);
            for (var a = 0; a < _width; a++)
            {
                product *= l[a * _width + a];
                var row = b.AsSpan(a * _right, _right);
                for (var i = 0; i < _right; i++)
                {
                    var v = row[i];
                    var to = reduced.AsSpan(i * _right, i + 1);
                    for (var j = 0; j <= i; j++)
                    {
                        to[j] -= v * row[j];
                    }
                }
            }

            // One logarithm for many groups.
            if (product > 1e100)
            {
                logDeterminant += Math.Log(product);
                product = 1.0;
            }
        }

        for (var i = 0; i < _right; i++)
        {
            for (var j = 0; j < i; j++)
            {
                reduced[j * _right + i] = reduced[i * _right + j];
            }
        }

        return new Elimination(2.0 * (logDeterminant + Math.Log(product)), reduced);
    }

    public override IReadOnlyList<(double[] Effects, double[] Covariance)> Modes(IReadOnlyList<double[]> lambda, ReadOnlySpan<double> fixedEffects)
    {
        var factor = lambda[0];
        var effects = new double[_levels * _width];
        var covariance = new double[_levels * _width * _width];
        var l = new double[_width * _width];
        var b = new double[_width * _right];
        var root = new double[_width * _width];
        for (var group = 0; group < _levels; group++)
        {
            Factor(group, factor, l);
            Solve(group, factor, l, b);
            var u = new double[_width];
            for (var a = 0; a < _width; a++)
            {
                u[a] = b[a * _right + _right - 1];
                for (var j = 0; j < _right - 1; j++)
                {
                    u[a] -= b[a * _right + j] * fixedEffects[j];
                }
            }

            Dense.BackSolve(l, u, _width);
            for (var a = 0; a < _width; a++)
            {
                for (var c = 0; c < _width; c++)
                {
                    effects[group * _width + a] += factor[a * _width + c] * u[c];
                }
            }

            // Lambda (LL')^-1 Lambda' = R'R with R = L^-1 Lambda'.
            for (var c = 0; c < _width; c++)
            {
                for (var a = 0; a < _width; a++)
                {
                    var sum = factor[c * _width + a];
                    for (var k = 0; k < a; k++)
                    {
                        sum -= l[a * _width + k] * root[k * _width + c];
                    }

                    root[a * _width + c] = sum / l[a * _width + a];
                }
            }

            Dense.Gram(root, _width, covariance.AsSpan(group * _width * _width, _width * _width));
        }

        return [(effects, covariance)];
    }

    // Lower Cholesky factor of Lambda' Z'WZ Lambda + I, whose eigenvalues are at least 1.
    void Factor(int group, double[] factor, double[] l)
    {
        var square = _square.AsSpan(group * _width * _width, _width * _width);
        if (_width == 1)
        {
            l[0] = Math.Sqrt(factor[0] * factor[0] * square[0] + 1.0);
            return;
        }

        Dense.Congruence(factor, square, factor, _width, _width, l);
        for (var a = 0; a < _width; a++)
        {
            l[a * _width + a] += 1.0;
        }

        Dense.Factor(l, _width);
    }

    // L^-1 Lambda' Z'W[X y].
    void Solve(int group, double[] factor, double[] l, double[] b)
    {
        var cross = _cross.AsSpan(group * _width * _right, _width * _right);
        for (var a = 0; a < _width; a++)
        {
            var to = b.AsSpan(a * _right, _right);
            to.Clear();
            for (var c = 0; c < _width; c++)
            {
                var f = factor[c * _width + a];
                var from = cross.Slice(c * _right, _right);
                for (var j = 0; j < to.Length && f != 0.0; j++)
                {
                    to[j] += f * from[j];
                }
            }

            for (var k = 0; k < a; k++)
            {
                var f = l[a * _width + k];
                var from = b.AsSpan(k * _right, _right);
                for (var j = 0; j < to.Length; j++)
                {
                    to[j] -= f * from[j];
                }
            }

            var scale = 1.0 / l[a * _width + a];
            for (var j = 0; j < to.Length; j++)
            {
                to[j] *= scale;
            }
        }
    }
}
