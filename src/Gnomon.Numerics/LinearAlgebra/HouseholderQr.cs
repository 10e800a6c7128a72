using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Numerics.LinearAlgebra;

/// <summary>
/// Householder QR of a tall matrix in the given column order: a column that those before it determine is set aside, so the rank and the names of what was
/// dropped are found on the way. Least squares solutions are refined with residuals of twice the precision.
/// </summary>
/// <remarks>
/// Sources: Golub and Van Loan 2013, Matrix Computations, algorithm 5.2.1; refinement through the augmented system: Bjorck 1967, BIT 7, and Higham 2002,
/// Accuracy and Stability of Numerical Algorithms, section 20.5. Columns are scaled by powers of two, which rounds nothing.
/// </remarks>
public sealed class HouseholderQr
{
    /// <summary>A column of which less than this share of its length is its own counts as determined by those before it.</summary>
    public const double DefaultTolerance = 1e-12;

    const int MostRefinements = 8;

    readonly IReadOnlyList<double[]> _columns;
    readonly int _rows;
    readonly double[][] _reflections;
    readonly double[] _r;
    readonly double[] _scale;
    readonly int[] _kept;
    readonly int[] _setAside;

    HouseholderQr(IReadOnlyList<double[]> columns, int rows, double[][] reflections, double[] r, double[] scale, int[] kept, int[] setAside, double smallest)
    {
        _columns = columns;
        _rows = rows;
        _reflections = reflections;
        _r = r;
        _scale = scale;
        _kept = kept;
        _setAside = setAside;
        SmallestOwnShare = smallest;
    }

    /// <summary>Number of independent columns.</summary>
    public int Rank => _kept.Length;

    /// <summary>Indexes of the independent columns, ascending.</summary>
    public ReadOnlySpan<int> Kept => _kept;

    /// <summary>Indexes of the columns that earlier ones determine, ascending.</summary>
    public ReadOnlySpan<int> SetAside => _setAside;

    /// <summary>Smallest share of its length that a kept column has for itself: near 0 when the columns nearly say the same.</summary>
    public double SmallestOwnShare { get; }

    /// <summary>Factors a matrix given as columns of equal length; the columns are read again when a solution is refined and must not change meanwhile.</summary>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static HouseholderQr Factor(IReadOnlyList<double[]> columns, double tolerance = DefaultTolerance)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var n = columns.Count;
        var rows = n == 0 ? 0 : columns[0].Length;
        var reflections = new List<double[]>(n);
        var r = new double[n * n];
        var scale = new double[n];
        var kept = new List<int>(n);
        var setAside = new List<int>();
        var smallest = 1.0;
        var work = new double[rows];
        for (var j = 0; j < n; j++)
        {
            if (columns[j].Length != rows)
            {
                throw new ArgumentException($"Column {j} has {columns[j].Length} values, column 0 has {rows}.", nameof(columns));
            }

            var length = Length(columns[j]);
            scale[j] = length > 0 ? Math.ScaleB(1.0, -Math.ILogB(length)) : 1.0;
            var rank = kept.Count;
            for (var i = 0; i < rows; i++)
            {
                work[i] = columns[j][i] * scale[j];
            }

            for (var k = 0; k < rank; k++)
            {
                Reflect(reflections[k], work, k);
            }

            var own = rank < rows ? Length(work.AsSpan(rank)) : 0.0;
            var share = length > 0 ? own / (length * scale[j]) : 0.0;
            if (!(share > tolerance))
            {
                setAside.Add(j);
                continue;
            }

            smallest = Math.Min(smallest, share);
            for (var k = 0; k < rank; k++)
            {
                r[k * n + rank] = work[k];
            }

            var diagonal = work[rank] > 0 ? -own : own;
            r[rank * n + rank] = diagonal;
            var v = work.AsSpan().ToArray();
            v.AsSpan(0, rank).Clear();
            v[rank] -= diagonal;
            Divide(v.AsSpan(rank), Length(v.AsSpan(rank)));
            reflections.Add(v);
            kept.Add(j);
        }

        return new HouseholderQr(columns, rows, [.. reflections], r, scale, [.. kept], [.. setAside], smallest);
    }

    /// <summary>Coefficients of the kept columns, in their order, with the least sum of squared residuals; refined until they stand still.</summary>
    /// <param name="y">One value per row.</param>
    public double[] Solve(ReadOnlySpan<double> y) => Solve(y, out _);

    /// <inheritdoc cref="Solve(ReadOnlySpan{double})"/>
    /// <param name="residuals">y less the fitted values, rounded once.</param>
    public double[] Solve(ReadOnlySpan<double> y, out double[] residuals)
    {
        if (y.Length != _rows)
        {
            throw new ArgumentException($"{y.Length} values for {_rows} rows.", nameof(y));
        }

        var x = new DoubleDouble[Rank];
        var r = new DoubleDouble[_rows];
        var (dx, dr) = Augmented(y, new double[Rank]);
        Add(x, dx);
        Add(r, dr);
        var last = double.PositiveInfinity;
        for (var step = 0; step < MostRefinements; step++)
        {
            var (f, g) = Defects(y, x, r);
            (dx, dr) = Augmented(f, g);
            var change = Size(dx, x);
            if (!(change < 0.5 * last))
            {
                break;
            }

            Add(x, dx);
            Add(r, dr);
            last = change;
            if (change < 1e-25)
            {
                break;
            }
        }

        residuals = Array.ConvertAll(r, v => v.Value);
        var result = new double[Rank];
        for (var i = 0; i < Rank; i++)
        {
            result[i] = x[i].Value * _scale[_kept[i]];
        }

        return result;
    }

    /// <summary>(X'X)^-1 of the kept columns, row by row.</summary>
    public double[] InverseGram()
    {
        var k = Rank;
        var inverse = InverseR();
        var result = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = i; j < k; j++)
            {
                var sum = 0.0;
                for (var l = j; l < k; l++)
                {
                    sum += inverse[i * k + l] * inverse[j * k + l];
                }

                result[i * k + j] = result[j * k + i] = sum * _scale[_kept[i]] * _scale[_kept[j]];
            }
        }

        return result;
    }

    /// <summary>Diagonal of X (X'X)^-1 X', one value per row in 0..1.</summary>
    public double[] Leverages()
    {
        var result = new double[_rows];
        var unit = new double[_rows];
        for (var j = 0; j < Rank; j++)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            for (var k = Math.Min(j, Rank - 1); k >= 0; k--)
            {
                Reflect(_reflections[k], unit, 0);
            }

            for (var i = 0; i < _rows; i++)
            {
                result[i] += unit[i] * unit[i];
            }
        }

        for (var i = 0; i < _rows; i++)
        {
            result[i] = Math.Min(result[i], 1.0);
        }

        return result;
    }

    /// <summary>What of y the columns leave over: y - X (X'X)^-1 X'y, without refinement.</summary>
    public double[] Remainder(ReadOnlySpan<double> y)
    {
        var z = y.ToArray();
        for (var k = 0; k < Rank; k++)
        {
            Reflect(_reflections[k], z, k);
        }

        z.AsSpan(0, Rank).Clear();
        for (var k = Rank - 1; k >= 0; k--)
        {
            Reflect(_reflections[k], z, k);
        }

        return z;
    }

    /// <summary>Sum of squares of y that each kept column adds to those before it.</summary>
    public double[] SequentialSumsOfSquares(ReadOnlySpan<double> y)
    {
        var z = y.ToArray();
        for (var k = 0; k < Rank; k++)
        {
            Reflect(_reflections[k], z, k);
        }

        var sums = new double[Rank];
        for (var k = 0; k < Rank; k++)
        {
            sums[k] = z[k] * z[k];
        }

        return sums;
    }

    // Solves [I A; A' 0] [r; x] = [f; g].
    (double[] X, double[] R) Augmented(ReadOnlySpan<double> f, double[] g)
    {
        var n = _columns.Count;
        var h = new double[Rank];
        for (var i = 0; i < Rank; i++)
        {
            var value = g[i];
            for (var k = 0; k < i; k++)
            {
                value -= _r[k * n + i] * h[k];
            }

            h[i] = value / _r[i * n + i];
        }

        var d = f.ToArray();
        for (var k = 0; k < Rank; k++)
        {
            Reflect(_reflections[k], d, k);
        }

        var x = new double[Rank];
        for (var i = Rank - 1; i >= 0; i--)
        {
            var value = d[i] - h[i];
            for (var j = i + 1; j < Rank; j++)
            {
                value -= _r[i * n + j] * x[j];
            }

            x[i] = value / _r[i * n + i];
        }

        h.CopyTo(d.AsSpan());
        for (var k = Rank - 1; k >= 0; k--)
        {
            Reflect(_reflections[k], d, k);
        }

        return (x, d);
    }

    (double[] F, double[] G) Defects(ReadOnlySpan<double> y, DoubleDouble[] x, DoubleDouble[] r)
    {
        var f = new double[_rows];
        var g = new double[Rank];
        for (var i = 0; i < _rows; i++)
        {
            var sum = new DoubleDouble(y[i], 0.0).Plus(-r[i].High, -r[i].Low);
            for (var j = 0; j < Rank; j++)
            {
                var a = _columns[_kept[j]][i] * _scale[_kept[j]];
                sum = sum.PlusProduct(-a, x[j].High).PlusProduct(-a, x[j].Low);
            }

            f[i] = sum.Value;
        }

        for (var j = 0; j < Rank; j++)
        {
            var column = _columns[_kept[j]];
            var sum = new DoubleDouble(0.0, 0.0);
            for (var i = 0; i < _rows; i++)
            {
                var a = column[i] * _scale[_kept[j]];
                sum = sum.PlusProduct(-a, r[i].High).PlusProduct(-a, r[i].Low);
            }

            g[j] = sum.Value;
        }

        return (f, g);
    }

    double[] InverseR()
    {
        var k = Rank;
        var n = _columns.Count;
        var inverse = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            inverse[j * k + j] = 1.0 / _r[j * n + j];
            for (var i = j - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var l = i + 1; l <= j; l++)
                {
                    sum -= _r[i * n + l] * inverse[l * k + j];
                }

                inverse[i * k + j] = sum / _r[i * n + i];
            }
        }

        return inverse;
    }

    static void Add(DoubleDouble[] to, double[] change)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = to[i].Plus(change[i], 0.0);
        }
    }

    static double Size(double[] change, DoubleDouble[] of)
    {
        double up = 0.0, down = 0.0;
        for (var i = 0; i < change.Length; i++)
        {
            up = Math.Max(up, Math.Abs(change[i]));
            down = Math.Max(down, Math.Abs(of[i].High));
        }

        return down > 0 ? up / down : up;
    }

    static void Divide(Span<double> v, double by)
    {
        for (var i = 0; i < v.Length; i++)
        {
            v[i] /= by;
        }
    }

    static void Reflect(double[] v, double[] target, int from)
    {
        var a = v.AsSpan(from);
        var b = target.AsSpan(from);
        var factor = Vector256.Create(-2.0 * BlockedSum.OfProducts(a, b));
        ref var source = ref MemoryMarshal.GetReference(a);
        ref var goal = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref source, (nuint)i), Vector256.LoadUnsafe(ref goal, (nuint)i)).StoreUnsafe(ref goal, (nuint)i);
        }

        for (; i < a.Length; i++)
        {
            b[i] = Math.FusedMultiplyAdd(factor[0], a[i], b[i]);
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

        // Squares neither overflow nor vanish between these.
        if (largest is > 1e-140 and < 1e140)
        {
            return Math.Sqrt(BlockedSum.OfProducts(values, values));
        }

        var scaled = values.ToArray();
        var factor = Math.ScaleB(1.0, -Math.ILogB(largest));
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] *= factor;
        }

        return Math.Sqrt(BlockedSum.OfProducts(scaled, scaled)) / factor;
    }
}
