namespace Gnomon.Numerics.LinearAlgebra;

/// <summary>Cholesky factorisation with complete pivoting of a symmetric positive semidefinite matrix; columns that the others determine are set aside.</summary>
/// <remarks>
/// Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 10.3. The matrix is first scaled to a unit diagonal, so the tolerance is the
/// share of a column's variance that the columns before it leave unexplained, whatever the units.
/// </remarks>
public sealed class PivotedCholesky
{
    /// <summary>A column of which the others explain all but this share counts as determined by them.</summary>
    public const double DefaultTolerance = 1e-10;

    readonly int _dimension;
    readonly int[] _order;
    readonly double[] _scale;
    readonly double[] _factor;

    PivotedCholesky(int dimension, int rank, int[] order, double[] scale, double[] factor)
    {
        _dimension = dimension;
        Rank = rank;
        _order = order;
        _scale = scale;
        _factor = factor;
    }

    /// <summary>Number of columns kept.</summary>
    public int Rank { get; }

    /// <summary>Whether no column was set aside.</summary>
    public bool IsFullRank => Rank == _dimension;

    /// <summary>The columns kept, most informative first.</summary>
    public ReadOnlySpan<int> Kept => _order.AsSpan(0, Rank);

    /// <summary>The columns set aside.</summary>
    public ReadOnlySpan<int> Dropped => _order.AsSpan(Rank);

    /// <summary>log determinant of the kept rows and columns; 0 when none is kept.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var k = 0; k < Rank; k++)
            {
                sum += 2.0 * (Math.Log(_factor[k * _dimension + k]) + Math.Log(_scale[_order[k]]));
            }

            return sum;
        }
    }

    /// <summary>Factors a symmetric matrix of n rows given row by row (both triangles).</summary>
    /// <exception cref="ArgumentException">The length is not n squared, or a value is not finite.</exception>
    public static PivotedCholesky Factor(ReadOnlySpan<double> matrix, int dimension, double tolerance = DefaultTolerance)
    {
        if (dimension < 0 || matrix.Length != dimension * dimension)
        {
            throw new ArgumentException($"{matrix.Length} values are no square matrix of {dimension} rows.", nameof(matrix));
        }

        var scale = new double[dimension];
        var order = new int[dimension];
        for (var i = 0; i < dimension; i++)
        {
            order[i] = i;
            scale[i] = Math.Sqrt(Math.Max(0.0, matrix[i * dimension + i]));
        }

        var a = Scaled(matrix, scale);
        var rank = 0;
        for (; rank < dimension; rank++)
        {
            var pivot = LargestDiagonal(a, dimension, rank);
            if (a[pivot * dimension + pivot] <= tolerance)
            {
                break;
            }

            Swap(a, dimension, rank, pivot);
            (order[rank], order[pivot]) = (order[pivot], order[rank]);
            Eliminate(a, dimension, rank);
        }

        return new PivotedCholesky(dimension, rank, order, scale, a);
    }

    /// <summary>x with A x = b on the kept rows; 0 for columns set aside.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        var y = Forward(b);
        for (var i = Rank - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < Rank; k++)
            {
                y[i] -= _factor[k * _dimension + i] * y[k];
            }

            y[i] /= _factor[i * _dimension + i];
        }

        var x = new double[_dimension];
        for (var i = 0; i < Rank; i++)
        {
            x[_order[i]] = y[i] / _scale[_order[i]];
        }

        return x;
    }

    /// <summary>b' A^-1 b over the kept rows: never negative.</summary>
    public double InverseQuadraticForm(ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        foreach (var value in Forward(b))
        {
            sum += value * value;
        }

        return sum;
    }

    double[] Forward(ReadOnlySpan<double> b)
    {
        if (b.Length != _dimension)
        {
            throw new ArgumentException($"{b.Length} values for {_dimension} rows.", nameof(b));
        }

        var y = new double[Rank];
        for (var i = 0; i < Rank; i++)
        {
            var value = b[_order[i]] / _scale[_order[i]];
            for (var k = 0; k < i; k++)
            {
                value -= _factor[i * _dimension + k] * y[k];
            }

            y[i] = value / _factor[i * _dimension + i];
        }

        return y;
    }

    static double[] Scaled(ReadOnlySpan<double> matrix, double[] scale)
    {
        var n = scale.Length;
        var a = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var value = matrix[i * n + j];
                if (!double.IsFinite(value))
                {
                    throw new ArgumentException("The matrix holds a value that is not finite.", nameof(matrix));
                }

                a[i * n + j] = scale[i] > 0 && scale[j] > 0 ? value / scale[i] / scale[j] : 0.0;
            }
        }

        return a;
    }

    static int LargestDiagonal(double[] a, int n, int from)
    {
        var best = from;
        for (var i = from + 1; i < n; i++)
        {
            // A clear lead is needed, so that rounding does not decide the order of equal columns.
            if (a[i * n + i] > a[best * n + best] + 1e-12)
            {
                best = i;
            }
        }

        return best;
    }

    static void Swap(double[] a, int n, int i, int j)
    {
        if (i == j)
        {
            return;
        }

        for (var k = 0; k < n; k++)
        {
            (a[i * n + k], a[j * n + k]) = (a[j * n + k], a[i * n + k]);
        }

        for (var k = 0; k < n; k++)
        {
            (a[k * n + i], a[k * n + j]) = (a[k * n + j], a[k * n + i]);
        }
    }

    static void Eliminate(double[] a, int n, int r)
    {
        var root = Math.Sqrt(a[r * n + r]);
        a[r * n + r] = root;
        for (var i = r + 1; i < n; i++)
        {
            a[i * n + r] /= root;
        }

        for (var i = r + 1; i < n; i++)
        {
            for (var j = r + 1; j <= i; j++)
            {
                a[i * n + j] -= a[i * n + r] * a[j * n + r];
                a[j * n + i] = a[i * n + j];
            }
        }
    }
}
