namespace Gnomon.Methods.Mixed;

/// <summary>Small dense matrices stored row by row.</summary>
internal static class Dense
{
    /// <summary>Lower Cholesky factor in place; the upper triangle is left as it was. False when a pivot is not above 0.</summary>
    public static bool Factor(Span<double> m, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var pivot = m[j * n + j];
            for (var k = 0; k < j; k++)
            {
                pivot -= m[j * n + k] * m[j * n + k];
            }

            if (!(pivot > 0.0))
            {
                return false;
            }

            var root = Math.Sqrt(pivot);
            m[j * n + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var sum = m[i * n + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= m[i * n + k] * m[j * n + k];
                }

                m[i * n + j] = sum / root;
            }
        }

        return true;
    }

    /// <summary>A' M B, with A rows by rows and B columns by columns.</summary>
    public static void Congruence(ReadOnlySpan<double> a, ReadOnlySpan<double> m, ReadOnlySpan<double> b, int rows, int columns, Span<double> result)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < rows; k++)
                {
                    var inner = 0.0;
                    for (var l = 0; l < columns; l++)
                    {
                        inner += m[k * columns + l] * b[l * columns + j];
                    }

                    sum += a[k * rows + i] * inner;
                }

                result[i * columns + j] = sum;
            }
        }
    }

    /// <summary>Solves L' x = b in place.</summary>
    public static void BackSolve(ReadOnlySpan<double> l, Span<double> x, int n)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
            {
                x[i] -= l[j * n + i] * x[j];
            }

            x[i] /= l[i * n + i];
        }
    }

    /// <summary>R'R.</summary>
    public static void Gram(ReadOnlySpan<double> r, int n, Span<double> result)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                {
                    sum += r[k * n + i] * r[k * n + j];
                }

                result[i * n + j] = sum;
            }
        }
    }

    /// <summary>A B A', A and B n by n.</summary>
    public static double[] Sandwich(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n)
    {
        var half = new double[n * n];
        var result = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var k = 0; k < n; k++)
                {
                    half[i * n + j] += a[i * n + k] * b[k * n + j];
                }
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var k = 0; k < n; k++)
                {
                    result[i * n + j] += half[i * n + k] * a[j * n + k];
                }
            }
        }

        return result;
    }
}
