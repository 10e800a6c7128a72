using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Regression;

/// <summary>Standardised columns of a fit with the inverse of their weighted products: where sandwiches are computed, so that large means cost no digits.</summary>
internal sealed class WorkingBasis
{
    // Below this share of the diagonal a pivot is noise; the design is then taken as it is.
    const double SmallestPivot = 1e-13;

    readonly StandardisedColumns? _columns;
    readonly double[][] _raw;

    WorkingBasis(StandardisedColumns? columns, double[][] raw, double[] factor, double[] bread)
    {
        _columns = columns;
        _raw = raw;
        Factor = factor;
        Bread = bread;
    }

    /// <summary>Lower Cholesky factor of the weighted products.</summary>
    public double[] Factor { get; }

    /// <summary>Inverse of the weighted products.</summary>
    public double[] Bread { get; }

    public int Count => _raw.Length;

    public static WorkingBasis Of(DesignMatrix design, double[]? weights, double[] originalBread, int? threads)
    {
        var k = design.Columns;
        var columns = new StandardisedColumns(design);
        var gram = CrossProducts.Of(
            design.Rows, k, 0,
            (start, count, block, _) =>
            {
                Fill(columns, start, count, block);
                if (weights is not null)
                {
                    LeastSquares.Scale(block, k, count, weights.AsSpan(start, count));
                }
            },
            threads, out _);
        if (SmallMatrix.Cholesky(gram, k, SmallestPivot) is { } factor)
        {
            return new WorkingBasis(columns, design.Raw, factor, SmallMatrix.InverseCholesky(factor, k));
        }

        // The factor of the products is the inverse transpose of the bread's factor, turned around.
        var inverse = SmallMatrix.Cholesky(originalBread, k, 0.0) ?? throw new NotEstimableException("The columns are too nearly dependent for standard errors.");
        return new WorkingBasis(null, design.Raw, inverse, originalBread) { IsInverseFactor = true };
    }

    public static WorkingBasis Known(StandardisedColumns columns, DesignMatrix design, double[] factor, double[] bread) => new(columns, design.Raw, factor, bread);

    bool IsInverseFactor { get; init; }

    /// <summary>Rows start to start + count - 1 of all columns into a block.</summary>
    public void Fill(int start, int count, Span<double> block)
    {
        if (_columns is not null)
        {
            Fill(_columns, start, count, block);
            return;
        }

        for (var j = 0; j < _raw.Length; j++)
        {
            _raw[j].AsSpan(start, count).CopyTo(block[(j * CrossProducts.BlockRows)..]);
        }
    }

    /// <summary>One row.</summary>
    public void Row(int row, Span<double> to)
    {
        Span<double> one = stackalloc double[1];
        for (var j = 0; j < _raw.Length; j++)
        {
            if (_columns is null)
            {
                to[j] = _raw[j][row];
            }
            else
            {
                _columns.Copy(j, row, 1, one);
                to[j] = one[0];
            }
        }
    }

    /// <summary>z' (Z'WZ)^-1 z of each row of a filled block; scratch holds one column.</summary>
    public void Leverages(ReadOnlySpan<double> block, int count, Span<double> scratch, Span<double> to)
    {
        var k = _raw.Length;
        to[..count].Clear();
        for (var j = 0; j < k; j++)
        {
            var t = scratch[..count];
            t.Clear();
            for (var l = 0; l < k; l++)
            {
                Vectors.AddScaled(t, block.Slice(l * CrossProducts.BlockRows, count), Bread[j * k + l]);
            }

            Vectors.Multiply(t, block.Slice(j * CrossProducts.BlockRows, count));
            for (var i = 0; i < count; i++)
            {
                to[i] += t[i];
            }
        }
    }

    /// <summary>A covariance of the standardised coefficients carried back.</summary>
    public double[] ToOriginal(double[] covariance) => _columns is null ? covariance : _columns.ToOriginal(covariance, _raw.Length);

    /// <summary>A change of the standardised coefficients as a change of the original ones.</summary>
    public double[] ChangeToOriginal(double[] change) => _columns is null ? change : _columns.ToOriginal(change);

    /// <summary>L^-1 v, where L L' are the weighted products.</summary>
    public double[] Whiten(ReadOnlySpan<double> v)
    {
        var k = v.Length;
        var x = new double[k];
        if (IsInverseFactor)
        {
            // (X'WX)^-1 = C C', so C' v has the products' inverse as its metric.
            for (var i = 0; i < k; i++)
            {
                for (var j = i; j < k; j++)
                {
                    x[i] += Factor[j * k + i] * v[j];
                }
            }

            return x;
        }

        v.CopyTo(x);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++)
            {
                x[i] -= Factor[i * k + j] * x[j];
            }

            x[i] /= Factor[i * k + i];
        }

        return x;
    }

    /// <summary>L^-T M L^-1 of a symmetric M in the whitened basis, carried back to the columns as they were given.</summary>
    public double[] FromWhitened(double[] m)
    {
        var k = Count;
        var first = WhitenedTranspose(m, k);
        var turned = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                turned[i * k + j] = first[j * k + i];
            }
        }

        return ToOriginal(WhitenedTranspose(turned, k));
    }

    /// <summary>The contrast that gives one original coefficient, as a whitened vector.</summary>
    public double[] WhitenedCoefficient(int index)
    {
        var k = Count;
        var contrast = new double[k];
        if (_columns is null)
        {
            contrast[index] = 1.0;
        }
        else
        {
            var unit = new double[k];
            for (var j = 0; j < k; j++)
            {
                Array.Clear(unit);
                unit[j] = 1.0;
                contrast[j] = _columns.ToOriginal(unit)[index];
            }
        }

        return Whiten(contrast);
    }

    // L^-T applied to each column.
    double[] WhitenedTranspose(double[] m, int k)
    {
        var result = new double[k * k];
        var column = new double[k];
        for (var c = 0; c < k; c++)
        {
            for (var i = 0; i < k; i++)
            {
                column[i] = m[i * k + c];
            }

            if (IsInverseFactor)
            {
                for (var i = 0; i < k; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        result[i * k + c] += Factor[i * k + j] * column[j];
                    }
                }

                continue;
            }

            for (var i = k - 1; i >= 0; i--)
            {
                for (var j = i + 1; j < k; j++)
                {
                    column[i] -= Factor[j * k + i] * column[j];
                }

                column[i] /= Factor[i * k + i];
                result[i * k + c] = column[i];
            }
        }

        return result;
    }

    static void Fill(StandardisedColumns columns, int start, int count, Span<double> block)
    {
        for (var j = 0; j < columns.Count; j++)
        {
            columns.Copy(j, start, count, block.Slice(j * CrossProducts.BlockRows, count));
        }
    }
}
