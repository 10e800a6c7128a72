namespace Gnomon.Methods.Regression;

/// <summary>Products of small square matrices stored row by row.</summary>
internal static class SmallMatrix
{
    public static double Quadratic(double[] matrix, ReadOnlySpan<double> v)
    {
        var k = v.Length;
        var sum = 0.0;
        for (var i = 0; i < k; i++)
        {
            var inner = 0.5 * matrix[i * k + i] * v[i];
            for (var j = i + 1; j < k; j++)
            {
                inner += matrix[i * k + j] * v[j];
            }

            sum += 2.0 * v[i] * inner;
        }

        return sum;
    }

    public static double[] Times(double[] a, ReadOnlySpan<double> v)
    {
        var result = new double[v.Length];
        for (var i = 0; i < result.Length; i++)
        {
            for (var j = 0; j < result.Length; j++)
            {
                result[i] += a[i * result.Length + j] * v[j];
            }
        }

        return result;
    }

    public static double[] Times(double[] a, double[] b, int k)
    {
        var result = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var l = 0; l < k; l++)
            {
                var factor = a[i * k + l];
                for (var j = 0; j < k; j++)
                {
                    result[i * k + j] += factor * b[l * k + j];
                }
            }
        }

        return result;
    }

    /// <summary>B M B with symmetric B, made symmetric to the last bit.</summary>
    public static double[] Sandwich(double[] bread, double[] meat, int k)
    {
        var result = Times(Times(bread, meat, k), bread, k);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++)
            {
                result[i * k + j] = result[j * k + i] = 0.5 * (result[i * k + j] + result[j * k + i]);
            }
        }

        return result;
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Lower Cholesky factor of a positive definite matrix, or null when a pivot falls below <paramref name="tolerance"/> of its diagonal.</summary>
    public static double[]? Cholesky(double[] matrix, int k, double tolerance)
    {
        var l = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            var pivot = matrix[j * k + j];
            for (var i = 0; i < j; i++)
            {
                pivot -= l[j * k + i] * l[j * k + i];
            }

            if (!(pivot > tolerance * matrix[j * k + j]))
            {
                return null;
            }

            var root = Math.Sqrt(pivot);
            l[j * k + j] = root;
            for (var i = j + 1; i < k; i++)
            {
                var sum = matrix[i * k + j];
                for (var m = 0; m < j; m++)
                {
                    sum -= l[i * k + m] * l[j * k + m];
                }

                l[i * k + j] = sum / root;
            }
        }

        return l;
    }

    public static double[] SolveCholesky(double[] l, ReadOnlySpan<double> b)
    {
        var k = b.Length;
        var x = b.ToArray();
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++)
            {
                x[i] -= l[i * k + j] * x[j];
            }

            x[i] /= l[i * k + i];
        }

        for (var i = k - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < k; j++)
            {
                x[i] -= l[j * k + i] * x[j];
            }

            x[i] /= l[i * k + i];
        }

        return x;
    }

    public static double[] InverseCholesky(double[] l, int k)
    {
        var result = new double[k * k];
        var unit = new double[k];
        for (var j = 0; j < k; j++)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            var x = SolveCholesky(l, unit);
            for (var i = 0; i < k; i++)
            {
                result[i * k + j] = x[i];
            }
        }

        return Symmetric(result, k);
    }

    static double[] Symmetric(double[] a, int k)
    {
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++)
            {
                a[i * k + j] = a[j * k + i] = 0.5 * (a[i * k + j] + a[j * k + i]);
            }
        }

        return a;
    }
}
