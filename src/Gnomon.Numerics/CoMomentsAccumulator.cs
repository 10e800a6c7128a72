using Gnomon.Numerics.Kernels;

namespace Gnomon.Numerics;

/// <summary>Cross-moments of rows that arrive one by one, in any order and in any number of parts: the result has the same bits.</summary>
/// <remarks>Sums the deviations from the pivots and their products exactly; see <see cref="MomentsAccumulator"/> for the choice of pivots.</remarks>
public sealed class CoMomentsAccumulator
{
    readonly double[] _pivots;
    readonly double[] _deviations;
    readonly ExactSum[] _sums;
    readonly ExactSum[] _products;
    readonly double[] _min;
    readonly double[] _max;
    long _count;

    /// <param name="pivots">One finite value near the mean of each column; at least one column.</param>
    public CoMomentsAccumulator(double[] pivots)
    {
        ArgumentNullException.ThrowIfNull(pivots);
        ArgumentOutOfRangeException.ThrowIfZero(pivots.Length);
        foreach (var pivot in pivots)
        {
            Require.Finite(pivot);
        }

        _pivots = (double[])pivots.Clone();
        _deviations = new double[pivots.Length];
        _min = new double[pivots.Length];
        _max = new double[pivots.Length];
        Array.Fill(_min, double.PositiveInfinity);
        Array.Fill(_max, double.NegativeInfinity);
        _sums = NewSums(pivots.Length);
        _products = NewSums(CoMoments.PackedLength(pivots.Length));
    }

    /// <summary>Rows added so far.</summary>
    public long Count => _count;

    /// <summary>Adds one row of finite values.</summary>
    public void Add(ReadOnlySpan<double> row)
    {
        if (row.Length != _pivots.Length)
        {
            throw new ArgumentException($"A row of {row.Length} values for {_pivots.Length} columns.", nameof(row));
        }

        _count++;
        var k = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var d = row[i] - _pivots[i];
            _deviations[i] = d;
            _min[i] = Math.Min(_min[i], row[i]);
            _max[i] = Math.Max(_max[i], row[i]);
            _sums[i].Add(d);
            for (var j = 0; j <= i; j++)
            {
                _products[k++].Add(d * _deviations[j]);
            }
        }
    }

    /// <summary>Adds what another accumulator holds.</summary>
    /// <exception cref="ArgumentException">The other has other pivots.</exception>
    public void Merge(CoMomentsAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!other._pivots.AsSpan().SequenceEqual(_pivots))
        {
            throw new ArgumentException("Only accumulators of the same pivots can be merged.", nameof(other));
        }

        _count += other._count;
        MergeAll(_sums, other._sums);
        MergeAll(_products, other._products);
        for (var i = 0; i < _min.Length; i++)
        {
            _min[i] = Math.Min(_min[i], other._min[i]);
            _max[i] = Math.Max(_max[i], other._max[i]);
        }
    }

    /// <summary>The moments of all rows added so far.</summary>
    /// <exception cref="InvalidOperationException">A value was not finite.</exception>
    public CoMoments ToCoMoments()
    {
        var dimension = _pivots.Length;
        var means = new double[dimension];
        var products = new double[_products.Length];
        if (_count == 0)
        {
            return new CoMoments(0, means, products);
        }

        var totals = Array.ConvertAll(_sums, sum => sum.ToDouble());
        for (var i = 0; i < dimension; i++)
        {
            means[i] = _pivots[i] + totals[i] / _count;
            for (var j = 0; j <= i; j++)
            {
                var k = CoMoments.PackedIndex(i, j);
                // Of a column of equal values only rounding would be left.
                var varies = _min[i] < _max[i] && _min[j] < _max[j];
                products[k] = varies ? _products[k].ToDouble() - totals[i] / _count * totals[j] : 0.0;
            }

            var diagonal = CoMoments.PackedIndex(i, i);
            products[diagonal] = Math.Max(0.0, products[diagonal]);
        }

        return new CoMoments(_count, means, products);
    }

    static void MergeAll(ExactSum[] into, ExactSum[] from)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i].Merge(from[i]);
        }
    }

    static ExactSum[] NewSums(int count)
    {
        var sums = new ExactSum[count];
        for (var i = 0; i < count; i++)
        {
            sums[i] = new();
        }

        return sums;
    }
}
