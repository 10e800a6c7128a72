namespace Gnomon.Numerics;

/// <summary>Count, means and centred cross-products of rows with p columns: all that linear methods on a few columns need, mergeable.</summary>
/// <remarks>The matrix is symmetric and kept as its lower triangle, row by row: (0,0), (1,0), (1,1), (2,0), ... Merging: Chan, Golub and LeVeque 1979.</remarks>
public sealed class CoMoments
{
    readonly double[] _means;
    readonly double[] _products;

    /// <param name="count">Number of rows, at least 0.</param>
    /// <param name="means">Mean of each column; at least one.</param>
    /// <param name="products">Lower triangle of the sums of products of deviations from the means, p (p + 1) / 2 numbers.</param>
    public CoMoments(long count, ReadOnlySpan<double> means, ReadOnlySpan<double> products)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfZero(means.Length);
        if (products.Length != PackedLength(means.Length))
        {
            throw new ArgumentException($"{means.Length} columns need {PackedLength(means.Length)} products; got {products.Length}.", nameof(products));
        }

        RequireFinite(means);
        RequireFinite(products);
        Count = count;
        _means = means.ToArray();
        _products = products.ToArray();
    }

    /// <summary>Number of rows.</summary>
    public long Count { get; }

    /// <summary>Number of columns p.</summary>
    public int Dimension => _means.Length;

    /// <summary>Means of the columns.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>Lower triangle of the centred cross-products.</summary>
    public ReadOnlySpan<double> Products => _products;

    /// <summary>Length of the lower triangle of p columns.</summary>
    public static int PackedLength(int dimension) => dimension * (dimension + 1) / 2;

    /// <summary>Place of (i, j) in the lower triangle.</summary>
    public static int PackedIndex(int i, int j) => i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;

    /// <summary>Mean of column i.</summary>
    public double Mean(int i) => _means[i];

    /// <summary>Sum over rows of (column i - its mean) (column j - its mean).</summary>
    public double CrossProduct(int i, int j) => _products[PackedIndex(i, j)];

    /// <summary>Unbiased covariance of columns i and j. Needs 2 rows.</summary>
    public double Covariance(int i, int j) => Count >= 2
        ? CrossProduct(i, j) / (Count - 1)
        : throw new InvalidOperationException($"A covariance needs 2 rows; there is {Count}.");

    /// <summary>Unbiased variance of column i. Needs 2 rows.</summary>
    public double Variance(int i) => Covariance(i, i);

    /// <summary>Count, mean and M2 of column i alone.</summary>
    public Moments Column(int i) => new(Count, Mean(i), CrossProduct(i, i));

    /// <summary>The columns named, in that order.</summary>
    public CoMoments Select(ReadOnlySpan<int> columns)
    {
        var weights = new double[columns.Length][];
        for (var k = 0; k < columns.Length; k++)
        {
            weights[k] = new double[Dimension];
            weights[k][columns[k]] = 1.0;
        }

        return Combine(weights);
    }

    /// <summary>The moments of linear combinations of the columns: new column k is the sum over i of weights[k][i] times column i.</summary>
    public CoMoments Combine(ReadOnlySpan<double[]> weights)
    {
        var means = new double[weights.Length];
        var products = new double[PackedLength(weights.Length)];
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k].Length != Dimension)
            {
                throw new ArgumentException($"Weights {k} have {weights[k].Length} entries for {Dimension} columns.", nameof(weights));
            }

            for (var i = 0; i < Dimension; i++)
            {
                means[k] += weights[k][i] * _means[i];
            }

            for (var l = 0; l <= k; l++)
            {
                products[PackedIndex(k, l)] = BilinearForm(weights[k], weights[l]);
            }
        }

        return new CoMoments(Count, means, products);
    }

    /// <summary>The moments of rows given one after another, p numbers each.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of p, or a value is not finite.</exception>
    public static CoMoments OfRows(ReadOnlySpan<double> rows, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (rows.Length % dimension != 0)
        {
            throw new ArgumentException($"{rows.Length} values do not fill rows of {dimension}.", nameof(rows));
        }

        var columns = new double[dimension][];
        for (var i = 0; i < dimension; i++)
        {
            columns[i] = new double[rows.Length / dimension];
            for (var r = 0; r < columns[i].Length; r++)
            {
                columns[i][r] = rows[r * dimension + i];
            }
        }

        return OfColumns(columns);
    }

    /// <summary>The moments of columns of equal length.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static CoMoments OfColumns(params ReadOnlySpan<double[]> columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Length);
        var count = columns[0].Length;
        var means = new double[columns.Length];
        var centred = new double[columns.Length][];
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length != count)
            {
                throw new ArgumentException($"Column {i} has {columns[i].Length} values, column 0 has {count}.", nameof(columns));
            }

            var moments = Moments.MeanVariance(columns[i]);
            means[i] = moments.Mean;
            centred[i] = new double[count];
            for (var r = 0; r < count && moments.M2 > 0; r++)
            {
                centred[i][r] = columns[i][r] - means[i];
            }
        }

        var products = new double[PackedLength(columns.Length)];
        for (var i = 0; i < columns.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[PackedIndex(i, j)] = Kernels.BlockedSum.OfProducts(centred[i], centred[j]);
            }
        }

        return new CoMoments(count, means, products);
    }

    /// <summary>The moments of both sets of rows together.</summary>
    public static CoMoments Merge(CoMoments a, CoMoments b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Dimension != b.Dimension)
        {
            throw new ArgumentException($"{a.Dimension} and {b.Dimension} columns cannot be merged.", nameof(b));
        }

        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == 0 ? b : a;
        }

        double n = a.Count + b.Count;
        var means = new double[a.Dimension];
        var products = new double[a._products.Length];
        for (var i = 0; i < means.Length; i++)
        {
            var gap = b._means[i] - a._means[i];
            means[i] = a._means[i] + gap * (b.Count / n);
            for (var j = 0; j <= i; j++)
            {
                var k = PackedIndex(i, j);
                products[k] = a._products[k] + b._products[k] + gap * (b._means[j] - a._means[j]) * (a.Count / n * b.Count);
            }
        }

        return new CoMoments(a.Count + b.Count, means, products);
    }

    double BilinearForm(double[] u, double[] v)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            for (var j = 0; j < v.Length; j++)
            {
                sum += u[i] * v[j] * CrossProduct(i, j);
            }
        }

        return sum;
    }

    static void RequireFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException("Moments need finite values.", nameof(values));
            }
        }
    }
}
