namespace Gnomon.Numerics.LinearAlgebra;

/// <summary>Householder QR with column pivoting: least squares for tall matrices, with the rank found on the way.</summary>
/// <remarks>Source: Golub and Van Loan 2013, Matrix Computations, algorithms 5.4.1 and 5.2.1. Columns are scaled to unit length first.</remarks>
public sealed class PivotedQr
{
    /// <summary>A column of which less than this share of its length is its own counts as determined by the others.</summary>
    public const double DefaultTolerance = 1e-10;

    readonly int _rows;
    readonly int _columns;
    readonly double[][] _q;
    readonly double[] _r;
    readonly double[] _scale;
    readonly int[] _order;

    PivotedQr(int rows, double[][] q, double[] r, double[] scale, int[] order, int rank)
    {
        _rows = rows;
        _columns = scale.Length;
        _q = q;
        _r = r;
        _scale = scale;
        _order = order;
        Rank = rank;
    }

    /// <summary>Number of independent columns.</summary>
    public int Rank { get; }

    /// <summary>The columns kept.</summary>
    public ReadOnlySpan<int> Kept => _order.AsSpan(0, Rank);

    /// <summary>Factors a matrix given as columns of equal length.</summary>
    public static PivotedQr Factor(ReadOnlySpan<double[]> columns, double tolerance = DefaultTolerance)
    {
        var n = columns.Length;
        var rows = n == 0 ? 0 : columns[0].Length;
        var a = new double[n][];
        var scale = new double[n];
        var order = new int[n];
        for (var j = 0; j < n; j++)
        {
            if (columns[j].Length != rows)
            {
                throw new ArgumentException($"Column {j} has {columns[j].Length} values, column 0 has {rows}.", nameof(columns));
            }

            order[j] = j;
            scale[j] = Length(columns[j]);
            a[j] = Array.ConvertAll(columns[j], value => scale[j] > 0 ? value / scale[j] : 0.0);
        }

        var r = new double[n * n];
        var rank = 0;
        for (; rank < Math.Min(n, rows); rank++)
        {
            var pivot = Longest(a, rank);
            var length = Length(a[pivot].AsSpan(rank));
            if (length <= tolerance)
            {
                break;
            }

            (a[rank], a[pivot]) = (a[pivot], a[rank]);
            (order[rank], order[pivot]) = (order[pivot], order[rank]);
            SwapAbove(r, n, rank, pivot);
            r[rank * n + rank] = Reflect(a, rank, length);
            for (var j = rank + 1; j < n; j++)
            {
                r[rank * n + j] = a[j][rank];
            }
        }

        return new PivotedQr(rows, a, r, scale, order, rank);
    }

    /// <summary>Coefficients with the least sum of squared residuals; 0 for columns set aside.</summary>
    public double[] Solve(ReadOnlySpan<double> y)
    {
        if (y.Length != _rows)
        {
            throw new ArgumentException($"{y.Length} values for {_rows} rows.", nameof(y));
        }

        var z = y.ToArray();
        for (var k = 0; k < Rank; k++)
        {
            ApplyReflection(_q[k], z, k);
        }

        var x = new double[_columns];
        for (var i = Rank - 1; i >= 0; i--)
        {
            var value = z[i];
            for (var j = i + 1; j < Rank; j++)
            {
                value -= _r[i * _columns + j] * x[j];
            }

            x[i] = value / _r[i * _columns + i];
        }

        var result = new double[_columns];
        for (var i = 0; i < Rank; i++)
        {
            result[_order[i]] = x[i] / _scale[_order[i]];
        }

        return result;
    }

    // Leaves the reflection's unit vector in column k (entries k and below) and returns the diagonal of R.
    static double Reflect(double[][] a, int k, double length)
    {
        var v = a[k];
        var diagonal = v[k] > 0 ? -length : length;
        v[k] -= diagonal;
        var size = Length(v.AsSpan(k));
        for (var i = k; i < v.Length; i++)
        {
            v[i] /= size;
        }

        for (var j = k + 1; j < a.Length; j++)
        {
            ApplyReflection(v, a[j], k);
        }

        return diagonal;
    }

    static void ApplyReflection(double[] v, double[] target, int k)
    {
        var dot = 0.0;
        for (var i = k; i < v.Length; i++)
        {
            dot += v[i] * target[i];
        }

        for (var i = k; i < v.Length; i++)
        {
            target[i] -= 2.0 * dot * v[i];
        }
    }

    static int Longest(double[][] a, int from)
    {
        var best = from;
        var longest = Length(a[from].AsSpan(from));
        for (var j = from + 1; j < a.Length; j++)
        {
            var length = Length(a[j].AsSpan(from));
            if (length > longest + 1e-12)
            {
                longest = length;
                best = j;
            }
        }

        return best;
    }

    static void SwapAbove(double[] r, int n, int i, int j)
    {
        for (var k = 0; k < i; k++)
        {
            (r[k * n + i], r[k * n + j]) = (r[k * n + j], r[k * n + i]);
        }
    }

    static double Length(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (largest == 0)
        {
            return 0.0;
        }

        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value / largest * (value / largest);
        }

        return largest * Math.Sqrt(sum);
    }
}
