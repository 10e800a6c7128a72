namespace Gnomon.Methods.Data;

/// <summary>Quantiles of a stream within 0.5 % relative error, in bounded memory.</summary>
/// <remarks>
/// Source: Masson, Rim and Lee, VLDB 2019 (DDSketch: relative-error buckets, fully mergeable). Here the buckets are the sign, exponent and
/// first 7 bits of the mantissa: widths of at most 1/128 of the value, middles within 1/256 (0.39 %), no logarithm, the same on every machine.
/// The state depends only on the multiset of values. The guarantee holds for magnitudes of 2.2e-308 and more; smaller ones are off by at most 1e-310 absolute.
/// </remarks>
public sealed class QuantileSketch
{
    /// <summary>Largest relative error of a quantile.</summary>
    public const double RelativeError = 0.005;

    const int MantissaBits = 7;
    const int Shift = 52 - MantissaBits;

    readonly Buckets _positive = new();
    readonly Buckets _negative = new();
    long _zeros;

    /// <summary>Values added.</summary>
    public long Count { get; private set; }

    /// <summary>Smallest value, exact; null while empty.</summary>
    public double? Min => Count == 0 ? null : _min;

    /// <summary>Largest value, exact; null while empty.</summary>
    public double? Max => Count == 0 ? null : _max;

    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    /// <summary>Adds one value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A quantile sketch takes finite values.");
        if (value == 0)
            _zeros++;
        else if (value > 0)
            _positive.Add(Index(value), 1);
        else
            _negative.Add(Index(-value), 1);
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        Count++;
    }

    /// <summary>Adds many values.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            Add(value);
    }

    /// <summary>Takes in another sketch; the result is the same as adding its values here.</summary>
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _positive.Merge(other._positive);
        _negative.Merge(other._negative);
        _zeros += other._zeros;
        Count += other.Count;
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The value of rank floor(p (n - 1)), within the relative error; null while empty.</summary>
    /// <param name="probability">In [0, 1].</param>
    public double? Quantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        if (Count == 0)
            return null;
        var rank = (long)(probability * (Count - 1));
        if (rank == 0)
            return _min;
        if (rank == Count - 1)
            return _max;
        var value = ValueAt(rank);
        return Math.Clamp(value, _min, _max);
    }

    /// <summary>Number of values at or below <paramref name="value"/>, up to the bucket that holds it (counted whole).</summary>
    public long CountAtMost(double value)
    {
        if (value >= _max)
            return Count;
        if (value < 0)
            return _negative.CountFrom(Index(-value));
        var below = _negative.Total + _zeros;
        return value == 0 ? below : below + _positive.CountUpTo(Index(value));
    }

    double ValueAt(long rank)
    {
        if (rank < _negative.Total)
            return -Middle(_negative.IndexFromTop(rank));
        rank -= _negative.Total;
        return rank < _zeros ? 0 : Middle(_positive.IndexFromBottom(rank - _zeros));
    }

    static int Index(double magnitude) => (int)(BitConverter.DoubleToInt64Bits(magnitude) >> Shift);

    static double Middle(int index)
    {
        var low = BitConverter.Int64BitsToDouble((long)index << Shift);
        var high = BitConverter.Int64BitsToDouble(((long)(index + 1) << Shift) - 1);
        return low + 0.5 * (high - low);
    }

    /// <summary>Counts over a growing range of indices.</summary>
    sealed class Buckets
    {
        long[] _counts = [];
        int _first;

        public long Total { get; private set; }

        public void Add(int index, long count)
        {
            if (_counts.Length == 0 || index < _first || index >= _first + _counts.Length)
                Grow(index);
            _counts[index - _first] += count;
            Total += count;
        }

        public void Merge(Buckets other)
        {
            for (var i = 0; i < other._counts.Length; i++)
            {
                if (other._counts[i] > 0)
                    Add(other._first + i, other._counts[i]);
            }
        }

        public int IndexFromBottom(long rank)
        {
            var i = 0;
            for (var seen = _counts[0]; seen <= rank; seen += _counts[i])
                i++;
            return _first + i;
        }

        public int IndexFromTop(long rank)
        {
            var i = _counts.Length - 1;
            for (var seen = _counts[i]; seen <= rank; seen += _counts[i])
                i--;
            return _first + i;
        }

        public long CountUpTo(int index)
        {
            var sum = 0L;
            for (var i = 0; i < _counts.Length && _first + i <= index; i++)
                sum += _counts[i];
            return sum;
        }

        public long CountFrom(int index)
        {
            var sum = 0L;
            for (var i = _counts.Length - 1; i >= 0 && _first + i >= index; i--)
                sum += _counts[i];
            return sum;
        }

        void Grow(int index)
        {
            if (_counts.Length == 0)
            {
                _first = Math.Max(0, index - 32);
                _counts = new long[64];
                return;
            }
            var first = Math.Min(_first, index < _first ? Math.Max(0, index - _counts.Length / 2) : _first);
            var last = Math.Max(_first + _counts.Length - 1, index >= _first + _counts.Length ? index + _counts.Length / 2 : 0);
            var grown = new long[last - first + 1];
            _counts.CopyTo(grown, _first - first);
            (_counts, _first) = (grown, first);
        }
    }
}
