using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Methods.Regression;

/// <summary>Columns moved to about mean 0 and spread 1 on their way into sums of products, so that plain products keep their digits.</summary>
/// <remarks>Centre and scale come from a fixed sample of rows and need not be exact: the coefficients are carried back without loss. Scales are powers of two.</remarks>
internal sealed class StandardisedColumns
{
    const int SampleRows = 1024;

    readonly double[][] _columns;
    readonly int _intercept;
    readonly double[] _shift;
    readonly double[] _scale;

    public StandardisedColumns(DesignMatrix design)
    {
        _columns = design.Raw;
        _intercept = design.Intercept;
        _shift = new double[_columns.Length];
        _scale = new double[_columns.Length];
        for (var j = 0; j < _columns.Length; j++)
        {
            (_shift[j], _scale[j]) = Sample(_columns[j], j == _intercept, _intercept >= 0);
        }
    }

    StandardisedColumns(DesignMatrix design, double[] shift, double[] scale)
    {
        _columns = design.Raw;
        _intercept = design.Intercept;
        _shift = shift;
        _scale = scale;
    }

    /// <summary>Scaled but not moved, so that the intercept is its own coordinate.</summary>
    public static StandardisedColumns Uncentred(DesignMatrix design)
    {
        var usual = new StandardisedColumns(design);
        return new StandardisedColumns(design, new double[design.Columns], usual._scale);
    }

    public int Count => _columns.Length;

    /// <summary>Rows start to start + count - 1 of one column.</summary>
    public void Copy(int column, int start, int count, Span<double> to)
    {
        if (column == _intercept)
        {
            to[..count].Fill(1.0);
            return;
        }

        ref var source = ref MemoryMarshal.GetReference(_columns[column].AsSpan(start, count));
        ref var goal = ref MemoryMarshal.GetReference(to[..count]);
        var shift = Vector256.Create(_shift[column]);
        var scale = Vector256.Create(_scale[column]);
        var i = 0;
        for (; i <= count - 4; i += 4)
        {
            ((Vector256.LoadUnsafe(ref source, (nuint)i) - shift) * scale).StoreUnsafe(ref goal, (nuint)i);
        }

        for (; i < count; i++)
        {
            to[i] = (_columns[column][start + i] - _shift[column]) * _scale[column];
        }
    }

    /// <summary>Coefficients of the columns as they were given.</summary>
    public double[] ToOriginal(double[] gamma)
    {
        var beta = new double[gamma.Length];
        for (var j = 0; j < gamma.Length; j++)
        {
            beta[j] = gamma[j] * _scale[j];
        }

        if (_intercept >= 0)
        {
            var moved = gamma[_intercept];
            for (var j = 0; j < gamma.Length; j++)
            {
                moved -= j == _intercept ? 0.0 : beta[j] * _shift[j];
            }

            beta[_intercept] = moved / _columns[_intercept][0];
        }

        return beta;
    }

    /// <summary>Original coefficients that give one value of the linear predictor in every row: the intercept alone, or nothing without one.</summary>
    public double[] Flat(double value)
    {
        var beta = new double[_columns.Length];
        if (_intercept >= 0)
        {
            beta[_intercept] = value / _columns[_intercept][0];
        }

        return beta;
    }

    /// <summary>Coefficients of the standardised columns.</summary>
    public double[] FromOriginal(double[] beta)
    {
        var gamma = new double[beta.Length];
        for (var j = 0; j < beta.Length; j++)
        {
            gamma[j] = beta[j] / _scale[j];
        }

        if (_intercept >= 0)
        {
            gamma[_intercept] = beta[_intercept] * _columns[_intercept][0];
            for (var j = 0; j < beta.Length; j++)
            {
                gamma[_intercept] += j == _intercept ? 0.0 : beta[j] * _shift[j];
            }
        }

        return gamma;
    }

    /// <summary>The covariance, or the inverse of the products, carried back to the columns as they were given.</summary>
    public double[] ToOriginal(double[] covariance, int k)
    {
        var half = new double[k * k];
        var column = new double[k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++)
            {
                column[i] = covariance[i * k + j];
            }

            ToOriginal(column).CopyTo(half.AsSpan(j * k));
        }

        var result = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                column[j] = half[j * k + i];
            }

            ToOriginal(column).CopyTo(result.AsSpan(i * k));
        }

        return result;
    }

    /// <summary>About the mean of the values, from a fixed sample.</summary>
    public static double Centre(double[] values) => Sample(values, isIntercept: false, centre: true).Shift;

    static (double Shift, double Scale) Sample(double[] values, bool isIntercept, bool centre)
    {
        if (isIntercept || values.Length == 0)
        {
            return (0.0, 1.0);
        }

        var step = Math.Max(1, values.Length / SampleRows);
        double mean = 0.0, m2 = 0.0;
        var n = 0;
        for (var i = 0; i < values.Length; i += step)
        {
            n++;
            var delta = values[i] - mean;
            mean += delta / n;
            m2 += delta * (values[i] - mean);
        }

        var shift = centre ? mean : 0.0;
        var spread = Math.Sqrt(m2 / n + (centre ? 0.0 : mean * mean));
        return (shift, spread > 1e-140 && spread < 1e140 ? Math.ScaleB(1.0, -Math.ILogB(spread)) : 1.0);
    }
}
