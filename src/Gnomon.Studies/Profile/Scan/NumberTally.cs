using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gnomon.Methods.Data;
using Gnomon.Numerics;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>Numbers and times: exact moments, value counts and, once there are too many values to count, a quantile sketch.</summary>
/// <remarks>
/// The sketch holds distances from a pivot, a rounded mean of the first block, so that its relative error is one of the distance from the middle rather than of the value:
/// years and time stamps keep their quantiles.
/// </remarks>
internal sealed class NumberTally : ColumnTally
{
    private readonly ValueTable _values;
    private double[] _numbers = [];
    private double _pivot;
    private MomentsAccumulator? _moments;
    private QuantileSketch? _sketch;

    public NumberTally(ColumnPlan plan, int index, int capacity)
        : base(plan, index) => _values = new ValueTable(capacity);

    private bool IsWhole => Plan.Reading == Reading.Whole;

    public override void Add(Lane lane, Span<ulong> rowHashes)
    {
        var rows = rowHashes.Length;
        Rows += rows;
        if (_numbers.Length < rows)
        {
            _numbers = new double[rows];
        }

        StartSketch(rows);
        var n = Gather(lane, rowHashes);
        Nulls += rows - n;
        if (n == 0)
        {
            return;
        }

        var numbers = _numbers.AsSpan(0, n);
        StartMoments(numbers);
        _moments!.Add(numbers);
        if (_sketch is not null)
        {
            foreach (var number in numbers)
            {
                _sketch.Add(number - _pivot);
            }
        }
    }

    public override ColumnScan Finish(IReadOnlyList<string> headTexts) => new()
    {
        Plan = Plan,
        Rows = Rows,
        Nulls = Nulls,
        Moments = Moments(),
        Values = _values,
        Sketch = _sketch,
        Pivot = _pivot,
    };

    // The valid cells side by side as doubles; values counted and row hashes extended on the way.
    private int Gather(Lane lane, Span<ulong> rowHashes)
    {
        var bits = Plan.Reading switch
        {
            Reading.Whole => MemoryMarshal.Cast<long, ulong>(lane.Whole),
            Reading.Number => MemoryMarshal.Cast<double, ulong>(lane.Numbers),
            _ => lane.Hashes,
        };
        if (lane.Validity.IsEmpty)
        {
            CountAll(bits, rowHashes);
            if (IsWhole)
            {
                Widen(lane.Whole, _numbers);
            }
            else
            {
                lane.Numbers.CopyTo(_numbers);
            }

            return rowHashes.Length;
        }

        return GatherValid(lane, bits, rowHashes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountAll(ReadOnlySpan<ulong> bits, Span<ulong> rowHashes)
    {
        for (var i = 0; i < rowHashes.Length; i++)
        {
            var hash = ValueTable.Hash(bits[i]);
            rowHashes[i] += Part(hash);
            _values.Add(bits[i], hash);
        }
    }

    private int GatherValid(Lane lane, ReadOnlySpan<ulong> bits, Span<ulong> rowHashes)
    {
        var validity = lane.Validity;
        var n = 0;
        for (var i = 0; i < rowHashes.Length; i++)
        {
            if ((validity[i >> 6] & (1UL << (i & 63))) == 0)
            {
                rowHashes[i] += NullPart;
                continue;
            }

            var hash = ValueTable.Hash(bits[i]);
            rowHashes[i] += Part(hash);
            _values.Add(bits[i], hash);
            _numbers[n++] = IsWhole ? (long)bits[i] : lane.Numbers[i];
        }

        return n;
    }

    private static void Widen(ReadOnlySpan<long> from, Span<double> into)
    {
        for (var i = 0; i < from.Length; i++)
        {
            into[i] = from[i];
        }
    }

    private void StartMoments(ReadOnlySpan<double> numbers)
    {
        if (_moments is not null)
        {
            return;
        }

        double mean = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            mean += (numbers[i] - mean) / (i + 1);
        }

        // Set before the sketch can start: the first block's values are in the table only, unless the cells are wider than doubles.
        _pivot = double.IsFinite(mean) && Math.Abs(mean) < 1e15 ? Math.Floor(mean) : 0;
        _moments = new MomentsAccumulator(_pivot);
        if (_sketch is null && Plan.Reading == Reading.WideNumber)
        {
            _sketch = new QuantileSketch();
        }
    }

    // While the table is exact it knows all quantiles. Before a block that could end this, its content goes to the sketch.
    private void StartSketch(int rows)
    {
        if (_sketch is not null || Plan.Reading == Reading.WideNumber || _values.HasRoomFor(rows))
        {
            return;
        }

        _sketch = new QuantileSketch();
        foreach (var (key, count) in _values.Values())
        {
            var distance = (IsWhole ? (long)key : BitConverter.UInt64BitsToDouble(key)) - _pivot;
            for (long k = 0; k < count; k++)
            {
                _sketch.Add(distance);
            }
        }
    }

    // Squares of values beyond about 1e150 overflow: such a column has no moments.
    private Moments? Moments()
    {
        try
        {
            return _moments?.ToMoments();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
