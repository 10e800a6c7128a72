using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>Quantiles and counts below a value: exact from value counts, else from the sketch (0.5 % of the distance from the middle).</summary>
internal sealed class Distribution
{
    private readonly ValueCount[]? _counts;
    private readonly long[] _upTo = [];
    private readonly QuantileSketch? _sketch;
    private readonly double _pivot;
    private readonly bool _isWhole;

    public Distribution(ColumnScan column)
    {
        _counts = column.Counts();
        _sketch = column.Sketch;
        _pivot = column.Pivot;
        _isWhole = column.Plan.Reading == Reading.Whole;
        Count = column.Present;
        Min = column.Moments?.Min ?? _counts?.FirstOrDefault().Value ?? 0;
        Max = column.Moments?.Max ?? _counts?.LastOrDefault().Value ?? 0;
        if (_counts is not null)
        {
            _upTo = new long[_counts.Length];
            long sum = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                _upTo[i] = sum += _counts[i].Count;
            }
        }
    }

    public long Count { get; }

    public double Min { get; }

    public double Max { get; }

    public bool IsExact => _counts is not null;

    /// <summary>Value counts, ascending; null when there are too many.</summary>
    public IReadOnlyList<ValueCount>? Counts => _counts;

    /// <summary>Interpolated quantile (R type 7) when exact; else the sketch's. Null without values.</summary>
    public double? Quantile(double probability)
    {
        if (Count == 0)
        {
            return null;
        }

        if (_counts is { Length: > 0 })
        {
            var at = probability * (Count - 1);
            var below = (long)at;
            var low = ValueAt(below);
            var part = at - below;
            if (part == 0)
            {
                return low;
            }

            // The difference of two values may be too large for a double; their weighted sum is not.
            var next = ValueAt(below + 1);
            return double.IsFinite(next - low) ? low + (part * (next - low)) : (low * (1 - part)) + (next * part);
        }

        if (_sketch?.Quantile(probability) is not { } distance)
        {
            return null;
        }

        var value = distance + _pivot;
        return Math.Clamp(_isWhole ? Math.Round(value) : value, Min, Max);
    }

    /// <summary>Values at or below <paramref name="value"/>.</summary>
    public long CountAtMost(double value)
    {
        if (_counts is null)
        {
            return _sketch?.CountAtMost(value - _pivot) ?? 0;
        }

        int low = 0, high = _counts.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_counts[middle].Value <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? 0 : _upTo[low - 1];
    }

    private double ValueAt(long rank)
    {
        var at = Array.BinarySearch(_upTo, rank + 1);
        return _counts![at >= 0 ? at : ~at].Value;
    }
}
