using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>A cubic regression spline with its bending energy as penalty, centred over the rows it was made for; straight beyond the outer knots.</summary>
/// <remarks>
/// Source: Wood 2017, Generalized Additive Models, section 5.3.1: coefficients are heights at the knots, second derivatives follow from them by a tridiagonal system F = B^-1 D, and the penalty is the
/// integral of the squared second derivative, D' B^-1 D. The constraint that the curve sums to 0 over the rows is absorbed by a Householder reflection. Values are scaled to 0..1 between the outer
/// knots, and the penalty to the size of the basis's products, as in mgcv, which changes the smoothing parameter and no fitted value.
/// </remarks>
public sealed class PenalisedSpline
{
    /// <summary>Knots when none are asked for.</summary>
    public const int UsualKnots = 10;

    const int FewestKnots = 3;

    readonly double[] _knots;
    readonly double[] _bend;
    readonly double[] _reflection;
    readonly double _reflectionScale;

    PenalisedSpline(double[] knots, double[] bend, double[] reflection, double reflectionScale, double[] penalty, int rank, double logPenalty)
    {
        (_knots, _bend, _reflection, _reflectionScale) = (knots, bend, reflection, reflectionScale);
        (Penalty, Rank, LogPenalty) = (penalty, rank, logPenalty);
    }

    /// <summary>Columns: one less than knots.</summary>
    public int Columns => _knots.Length - 1;

    /// <summary>Knots in ascending order, in the unit of the values.</summary>
    public IReadOnlyList<double> Knots => _knots;

    internal double[] Penalty { get; }

    /// <summary>Directions that bend.</summary>
    internal int Rank { get; }

    /// <summary>Logarithm of the product of the penalty's positive eigenvalues.</summary>
    internal double LogPenalty { get; }

    double First => _knots[0];

    double Span => _knots[^1] - _knots[0];

    /// <summary>Places the knots and prepares the penalty.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="knots">Knots wanted, at least 3; no more than different values are taken.</param>
    /// <exception cref="NotEstimableException">Fewer than 4 different values.</exception>
    public static PenalisedSpline For(ReadOnlySpan<double> values, int knots = UsualKnots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(knots, FewestKnots);
        RegressionGuard.Finite(values, "The smooth's column");
        var distinct = values.ToArray();
        Array.Sort(distinct);
        distinct = [.. distinct.Distinct()];
        if (distinct.Length <= FewestKnots)
        {
            throw new NotEstimableException($"A smooth curve needs at least {FewestKnots + 1} different values; there are {distinct.Length}.");
        }

        var count = Math.Min(knots, distinct.Length);
        var places = new double[count];
        for (var i = 0; i < count; i++)
        {
            var at = (double)i / (count - 1) * (distinct.Length - 1);
            var low = Math.Min((int)at, distinct.Length - 2);
            places[i] = distinct[low] + (at - low) * (distinct[low + 1] - distinct[low]);
        }

        var scaled = Array.ConvertAll(places, k => (k - places[0]) / (places[^1] - places[0]));
        var (bend, penalty) = Bending(scaled);
        var raw = new PenalisedSpline(places, bend, [], 0, [], 0, 0);
        var means = new double[count];
        var size = 0.0;
        foreach (var v in values)
        {
            var row = raw.Heights(v);
            Vectors.AddScaled(means, row, 1.0);
            var total = 0.0;
            foreach (var r in row)
            {
                total += Math.Abs(r);
            }

            size = Math.Max(size, total);
        }

        var (reflection, scale) = Householder(means);
        var own = Reduced(penalty, count, reflection, scale);
        var norm = Norm(own, count - 1);
        var factor = size * size / norm;
        own = Array.ConvertAll(own, v => v * factor);
        var eigen = SymmetricEigen.Decompose(own, count - 1);
        var log = 0.0;
        for (var i = 0; i < count - 2; i++)
        {
            log += Math.Log(eigen.Values[i]);
        }

        return new PenalisedSpline(places, bend, reflection, scale, own, count - 2, log);
    }

    /// <summary>The columns at some values.</summary>
    public double[][] Basis(ReadOnlySpan<double> values)
    {
        var result = new double[Columns][];
        for (var c = 0; c < result.Length; c++)
        {
            result[c] = new double[values.Length];
        }

        for (var i = 0; i < values.Length; i++)
        {
            var row = Row(values[i]);
            for (var c = 0; c < row.Length; c++)
            {
                result[c][i] = row[c];
            }
        }

        return result;
    }

    /// <summary>The columns at one value.</summary>
    public double[] Row(double value)
    {
        // Heights times the reflection without its first column.
        var row = Heights(value);
        var along = _reflectionScale * SmallMatrix.Dot(row, _reflection);
        Vectors.AddScaled(row, _reflection, -along);
        return row[1..];
    }

    // Weights of the heights at the knots that give the natural cubic spline's value.
    double[] Heights(double value)
    {
        var k = _knots.Length;
        var row = new double[k];
        var x = (value - First) / Span;
        double Knot(int i) => (_knots[i] - First) / Span;
        if (x is < 0 or > 1)
        {
            // A straight line with the slope of the outer knot.
            var (end, next, at) = x < 0 ? (0, 1, 0) : (k - 1, k - 2, k - 1);
            var h = Math.Abs(Knot(next) - Knot(end));
            var inside = x < 0 ? 1.0 : -1.0;
            var distance = x < 0 ? x : x - 1.0;
            row[at] += 1.0 - inside * distance / h;
            row[next] += inside * distance / h;

            // The slope is (next - end) / h less h times (the outer second derivative, which is 0, and half as much of the inner one) / 6.
            for (var j = 0; j < k; j++)
            {
                row[j] -= inside * distance * h / 6.0 * _bend[next * k + j];
            }

            return row;
        }

        var i = Math.Clamp(Array.BinarySearch(_knots, value) is var found && found >= 0 ? found : ~found - 1, 0, k - 2);
        var width = Knot(i + 1) - Knot(i);
        var (left, right) = (Knot(i + 1) - x, x - Knot(i));
        row[i] += left / width;
        row[i + 1] += right / width;
        var a = (left * left * left / width - width * left) / 6.0;
        var b = (right * right * right / width - width * right) / 6.0;
        for (var j = 0; j < k; j++)
        {
            row[j] += a * _bend[i * k + j] + b * _bend[(i + 1) * k + j];
        }

        return row;
    }

    // Second derivatives at the knots from the heights (k by k, outer rows 0), and the penalty D' B^-1 D.
    static (double[] Bend, double[] Penalty) Bending(double[] knots)
    {
        var k = knots.Length;
        var inner = k - 2;
        var d = new double[inner * k];
        var b = new double[inner * inner];
        for (var i = 0; i < inner; i++)
        {
            var (h, next) = (knots[i + 1] - knots[i], knots[i + 2] - knots[i + 1]);
            d[i * k + i] = 1.0 / h;
            d[i * k + i + 1] = -1.0 / h - 1.0 / next;
            d[i * k + i + 2] = 1.0 / next;
            b[i * inner + i] = (h + next) / 3.0;
            if (i + 1 < inner)
            {
                b[i * inner + i + 1] = b[(i + 1) * inner + i] = next / 6.0;
            }
        }

        var factor = SmallMatrix.Cholesky(b, inner, 1e-15) ?? throw new NotEstimableException("The knots of a smooth lie too close together.");
        var bend = new double[k * k];
        var penalty = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            var column = SmallMatrix.SolveCholesky(factor, [.. Enumerable.Range(0, inner).Select(i => d[i * k + j])]);
            for (var i = 0; i < inner; i++)
            {
                bend[(i + 1) * k + j] = column[i];
                for (var r = 0; r < k; r++)
                {
                    penalty[r * k + j] += d[i * k + r] * column[i];
                }
            }
        }

        return (bend, penalty);
    }

    // Reflection that turns the sums of the columns onto the first axis; the others then sum to 0.
    static (double[] V, double Scale) Householder(double[] sums)
    {
        var v = (double[])sums.Clone();
        var length = Math.Sqrt(SmallMatrix.Dot(v, v));
        v[0] += v[0] >= 0 ? length : -length;
        return (v, 2.0 / SmallMatrix.Dot(v, v));
    }

    static double[] Reduced(double[] penalty, int k, double[] v, double scale)
    {
        var left = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            var column = new double[k];
            for (var i = 0; i < k; i++)
            {
                column[i] = penalty[i * k + j];
            }

            Vectors.AddScaled(column, v, -scale * SmallMatrix.Dot(column, v));
            for (var i = 0; i < k; i++)
            {
                left[i * k + j] = column[i];
            }
        }

        var result = new double[(k - 1) * (k - 1)];
        for (var i = 1; i < k; i++)
        {
            var row = left[(i * k)..((i + 1) * k)];
            Vectors.AddScaled(row, v, -scale * SmallMatrix.Dot(row, v));
            for (var j = 1; j < k; j++)
            {
                result[(i - 1) * (k - 1) + j - 1] = row[j];
            }
        }

        for (var i = 0; i < k - 1; i++)
        {
            for (var j = 0; j < i; j++)
            {
                result[i * (k - 1) + j] = result[j * (k - 1) + i] = 0.5 * (result[i * (k - 1) + j] + result[j * (k - 1) + i]);
            }
        }

        return result;
    }

    static double Norm(double[] matrix, int k)
    {
        var largest = 0.0;
        for (var j = 0; j < k; j++)
        {
            var sum = 0.0;
            for (var i = 0; i < k; i++)
            {
                sum += Math.Abs(matrix[i * k + j]);
            }

            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
