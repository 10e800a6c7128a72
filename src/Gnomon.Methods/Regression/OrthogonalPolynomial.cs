namespace Gnomon.Methods.Regression;

/// <summary>Polynomials in one column that are orthogonal over its values: a steep power costs no digits.</summary>
/// <remarks>Source: Forsythe 1957, three-term recurrence, as in R <c>poly</c>; columns have length 1 and mean 0 over the values they were made for.</remarks>
public sealed class OrthogonalPolynomial
{
    readonly double[] _alpha;
    readonly double[] _norm;

    OrthogonalPolynomial(double[] alpha, double[] norm)
    {
        _alpha = alpha;
        _norm = norm;
    }

    /// <summary>The highest power.</summary>
    public int Degree => _alpha.Length;

    /// <summary>Fits the recurrence.</summary>
    /// <param name="values">Finite values with more different ones than <paramref name="degree"/>.</param>
    /// <param name="degree">Highest power, at least 1.</param>
    /// <exception cref="NotEstimableException">Too few different values.</exception>
    public static OrthogonalPolynomial For(ReadOnlySpan<double> values, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        RegressionGuard.Finite(values, "The polynomial's column");
        var n = values.Length;
        var distinct = values.ToArray().Distinct().Count();
        if (distinct <= degree)
        {
            throw new NotEstimableException($"A polynomial of degree {degree} needs more than {degree} different values; there are {distinct}.");
        }

        var alpha = new double[degree];
        var norm = new double[degree + 1];
        var before = new double[n];
        var current = new double[n];
        Array.Fill(current, 1.0);
        norm[0] = n;
        for (var d = 0; d < degree; d++)
        {
            var sum = 0.0;
            for (var i = 0; i < n; i++)
            {
                sum += values[i] * current[i] * current[i];
            }

            alpha[d] = sum / norm[d];
            var next = new double[n];
            for (var i = 0; i < n; i++)
            {
                next[i] = (values[i] - alpha[d]) * current[i] - (d > 0 ? norm[d] / norm[d - 1] * before[i] : 0.0);
            }

            norm[d + 1] = SmallMatrix.Dot(next, next);
            (before, current) = (current, next);
        }

        return new OrthogonalPolynomial(alpha, norm);
    }

    /// <summary>Columns of degree 1, 2, ... at given values.</summary>
    public double[][] Basis(ReadOnlySpan<double> values)
    {
        var result = new double[Degree][];
        for (var d = 0; d < Degree; d++)
        {
            result[d] = new double[values.Length];
        }

        for (var i = 0; i < values.Length; i++)
        {
            double before = 0.0, current = 1.0;
            for (var d = 0; d < Degree; d++)
            {
                var next = (values[i] - _alpha[d]) * current - (d > 0 ? _norm[d] / _norm[d - 1] * before : 0.0);
                (before, current) = (current, next);
                result[d][i] = next / Math.Sqrt(_norm[d + 1]);
            }
        }

        return result;
    }
}
