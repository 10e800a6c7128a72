namespace Gnomon.Numerics.LinearAlgebra;

/// <summary>Eigenvalues and vectors of a small symmetric matrix by cyclic Jacobi rotations: slow for large ones, accurate to the last digits for all.</summary>
/// <remarks>Source: Golub and Van Loan 2013, Matrix Computations, section 8.5; Demmel and Veselic 1992, SIAM J. Matrix Anal. 13.</remarks>
public sealed class SymmetricEigen
{
    const int MostSweeps = 60;

    SymmetricEigen(double[] values, double[] vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>Eigenvalues, largest first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Orthonormal vectors, one per column, stored row by row; column k belongs to value k.</summary>
    public IReadOnlyList<double> Vectors { get; }

    /// <summary>Decomposes a symmetric matrix given row by row; only its upper triangle is read.</summary>
    public static SymmetricEigen Decompose(ReadOnlySpan<double> matrix, int dimension)
    {
        var n = dimension;
        var a = matrix[..(n * n)].ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                a[i * n + j] = a[j * n + i];
            }
        }

        var v = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            v[i * n + i] = 1.0;
        }

        for (var sweep = 0; sweep < MostSweeps && Sweep(a, v, n); sweep++)
        {
        }

        var order = new int[n];
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
            values[i] = a[i * n + i];
        }

        Array.Sort(order, (i, j) => a[j * n + j] != a[i * n + i] ? a[j * n + j].CompareTo(a[i * n + i]) : i.CompareTo(j));
        var vectors = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            values[k] = a[order[k] * n + order[k]];
            for (var i = 0; i < n; i++)
            {
                vectors[i * n + k] = v[i * n + order[k]];
            }
        }

        return new SymmetricEigen(values, vectors);
    }

    /// <summary>V diag(f(values)) V', row by row.</summary>
    public double[] Map(Func<double, double> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        var n = Values.Count;
        var result = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            var factor = f(Values[k]);
            for (var i = 0; i < n && factor != 0; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    result[i * n + j] += factor * Vectors[i * n + k] * Vectors[j * n + k];
                }
            }
        }

        return result;
    }

    // False once every element off the diagonal has vanished beside the diagonal.
    static bool Sweep(double[] a, double[] v, int n)
    {
        var rotated = false;
        for (var p = 0; p < n - 1; p++)
        {
            for (var q = p + 1; q < n; q++)
            {
                var off = a[p * n + q];
                if (Math.Abs(off) <= 1e-17 * Math.Sqrt(Math.Abs(a[p * n + p] * a[q * n + q])) || Math.Abs(off) < 1e-300)
                {
                    continue;
                }

                rotated = true;
                var theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
                var t = Math.Abs(theta) > 1e150 ? 0.5 / theta : Math.CopySign(1.0, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1.0));
                var c = 1.0 / Math.Sqrt(t * t + 1.0);
                Rotate(a, v, n, p, q, c, t * c);
            }
        }

        return rotated;
    }

    static void Rotate(double[] a, double[] v, int n, int p, int q, double c, double s)
    {
        for (var k = 0; k < n; k++)
        {
            var kp = a[k * n + p];
            var kq = a[k * n + q];
            a[k * n + p] = c * kp - s * kq;
            a[k * n + q] = s * kp + c * kq;
        }

        for (var k = 0; k < n; k++)
        {
            var pk = a[p * n + k];
            var qk = a[q * n + k];
            a[p * n + k] = c * pk - s * qk;
            a[q * n + k] = s * pk + c * qk;
        }

        a[p * n + q] = a[q * n + p] = 0.0;
        for (var k = 0; k < n; k++)
        {
            var kp = v[k * n + p];
            var kq = v[k * n + q];
            v[k * n + p] = c * kp - s * kq;
            v[k * n + q] = s * kp + c * kq;
        }
    }
}
