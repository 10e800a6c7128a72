using Gnomon.Numerics.Kernels;

namespace Gnomon.Studies.Ab;

/// <summary>The upper tail of a metric.</summary>
/// <param name="Threshold">The quantile.</param>
/// <param name="SumAbove">Sum of the values above it.</param>
internal sealed record UpperTail(double Threshold, double SumAbove);

/// <summary>Keeps the largest values of a stream of known length, as many as a quantile needs: exact, in memory of a share of the stream.</summary>
internal sealed class LargestValues
{
    private const int Room = 4_096;

    private readonly double _fraction;
    private readonly int _keep;
    private double[] _values;
    private int _count;
    private double _floor = double.NegativeInfinity;

    /// <param name="probability">Of the quantile, near 1.</param>
    /// <param name="count">Values that will come.</param>
    public LargestValues(double probability, long count)
    {
        var position = (count - 1) * probability;
        _fraction = position - Math.Floor(position);
        _keep = (int)(count - (long)Math.Floor(position));
        _values = new double[Math.Min(2L * _keep, int.MaxValue / 8) + Room];
    }

    public void Add(double value)
    {
        if (value < _floor)
        {
            return;
        }

        if (_count == _values.Length)
        {
            Shrink();
        }

        _values[_count++] = value;
    }

    /// <summary>Null when nothing came.</summary>
    public UpperTail? ToTail()
    {
        if (_count == 0)
        {
            return null;
        }

        Shrink();
        var threshold = _count == 1 ? _values[0] : _values[0] + _fraction * (_values[1] - _values[0]);
        var sum = new ExactSum();
        foreach (var value in _values.AsSpan(0, _count))
        {
            if (value > threshold)
            {
                sum.Add(value);
            }
        }

        return new UpperTail(threshold, sum.ToDouble());
    }

    // The largest move to the front, in rising order.
    private void Shrink()
    {
        Array.Sort(_values, 0, _count);
        var kept = Math.Min(_keep, _count);
        Array.Copy(_values, _count - kept, _values, 0, kept);
        _count = kept;
        _floor = kept == _keep ? _values[0] : _floor;
    }
}
