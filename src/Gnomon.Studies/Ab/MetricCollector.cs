using Gnomon.Core.Tables;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>Accumulates one metric over all arms, one block of rows at a time. Sums are exact, so neither order nor threads change the result.</summary>
internal sealed class MetricCollector
{
    private readonly MetricSpec _spec;
    private readonly int _covariates;
    private readonly int _segments;
    private readonly bool _ratio;
    private readonly List<Cell> _arms = [];
    private double? _pivot;
    private double? _denominatorPivot;

    /// <param name="ratio">Two values per unit (numerator, denominator) rather than one.</param>
    /// <param name="covariates">Pre-period columns that the outcome is adjusted for.</param>
    public MetricCollector(MetricSpec spec, bool ratio, int covariates, int segments)
    {
        _spec = spec;
        _ratio = ratio;
        _covariates = covariates;
        _segments = segments;
    }

    /// <summary>Rows of a rate whose count exceeds its trials, or is negative: a fault of the data.</summary>
    public long Impossible { get; private set; }

    /// <summary>Whether it is known around which values it adds.</summary>
    public bool HasPivots => _pivot is not null && (_denominatorPivot is not null || !_ratio);

    /// <summary>Adds around the same values as another collector of this metric, so that the two can be merged.</summary>
    public void StartAs(MetricCollector other) => (_pivot, _denominatorPivot) = (other._pivot, other._denominatorPivot);

    /// <summary>Adds what another collector of this metric holds; it is of no use afterwards.</summary>
    /// <param name="other">It started as this one.</param>
    /// <param name="arms">Where its arms are here.</param>
    public void Merge(MetricCollector other, IReadOnlyList<int> arms)
    {
        Impossible += other.Impossible;
        for (var a = 0; a < other._arms.Count; a++)
        {
            Arm(arms[a]).Merge(other._arms[a]);
        }
    }

    public void Absorb(Block block, ReadOnlySpan<double> value, ReadOnlySpan<double> denominator, ReadOnlySpan<bool> missing, ReadOnlySpan<double> squares)
    {
        if (_spec.Kind == MetricKind.Value && !_ratio && _covariates == 0 && _segments == 0 && block.Day is null)
        {
            AbsorbValues(block, value, missing);
            return;
        }

        for (var i = 0; i < block.Rows; i++)
        {
            var arm = block.Arm[i];
            if (arm < 0)
            {
                continue;
            }

            var cell = Arm(arm);
            if (missing[i])
            {
                cell.Missing++;
                continue;
            }

            if (_spec.Kind == MetricKind.Rate)
            {
                AddRate(cell, block, i, value[i], denominator[i]);
            }
            else if (_ratio)
            {
                AddRatio(cell, block, i, value[i], denominator[i], squares.IsEmpty ? null : squares[i]);
            }
            else
            {
                AddValue(cell, block, i, value[i]);
            }
        }
    }

    // The commonest question, one value per unit and nothing beside it: values are gathered per arm and added by the block.
    private void AbsorbValues(Block block, ReadOnlySpan<double> value, ReadOnlySpan<bool> missing)
    {
        var someMissing = missing[..block.Rows].Contains(true);
        for (var i = 0; _pivot is null && i < block.Rows; i++)
        {
            _pivot = block.Arm[i] < 0 || missing[i] ? null : value[i];
        }

        for (var arm = 0; arm + 1 < block.ArmStart.Length; arm++)
        {
            var rows = block.RowsByArm.AsSpan(block.ArmStart[arm], block.ArmStart[arm + 1] - block.ArmStart[arm]);
            if (rows.IsEmpty)
            {
                continue;
            }

            var cell = Arm(arm);
            if (_pivot is not { } pivot)
            {
                cell.Missing += rows.Length;
            }
            else if (someMissing)
            {
                cell.GatherPresent(rows, value, missing, pivot);
            }
            else
            {
                cell.Gather(rows, value, pivot, block.Scratch);
            }
        }
    }

    public MetricInput Finish(IReadOnlyList<int> armOrder)
    {
        _arms.ForEach(a => a.AddGathered());
        var binary = !_ratio && _arms.TrueForAll(a => a.Binary);
        return new MetricInput
        {
            Spec = _spec,
            Binary = binary,
            IsRatio = _ratio,
            Arms = [.. armOrder.Select(i => Arm(i).Finish(_ratio, binary, _segments))],
        };
    }

    private Cell Arm(int index)
    {
        while (_arms.Count <= index)
        {
            _arms.Add(new Cell());
        }

        return _arms[index];
    }

    private void AddValue(Cell cell, Block block, int i, double value)
    {
        _pivot ??= value;
        cell.Binary &= value is 0.0 or 1.0;
        (cell.Values ??= new MomentsAccumulator(_pivot.Value, 4)).Add(value);
        cell.Top.Add(value);

        if (_covariates > 0)
        {
            cell.Join(block, i, _covariates, value, null, _pivot.Value, 0);
        }

        if (block.Day is not null)
        {
            cell.Day(block.Day[i]).Add(value, _pivot.Value);
        }

        for (var s = 0; s < _segments; s++)
        {
            cell.Segment(s, block.Segments[s][i]).Add(value, _pivot.Value);
        }
    }

    private void AddRatio(Cell cell, Block block, int i, double numerator, double denominator, double? squares)
    {
        _pivot ??= numerator;
        _denominatorPivot ??= denominator;
        (cell.Values ??= new MomentsAccumulator(_pivot.Value, 4)).Add(numerator);
        (cell.Denominators ??= new MomentsAccumulator(_denominatorPivot.Value, 2)).Add(denominator);
        cell.Top.Add(numerator);
        cell.Join(block, i, _covariates, numerator, denominator, _pivot.Value, _denominatorPivot.Value);
        if (squares is not null)
        {
            cell.Squares.Add(squares.Value);
        }

        if (block.Day is not null)
        {
            cell.Day(block.Day[i]).Add(numerator, denominator, _pivot.Value, _denominatorPivot.Value);
        }

        for (var s = 0; s < _segments; s++)
        {
            cell.Segment(s, block.Segments[s][i]).Add(numerator, denominator, _pivot.Value, _denominatorPivot.Value);
        }
    }

    private void AddRate(Cell cell, Block block, int i, double events, double trials)
    {
        if (events < 0 || events > trials || events != Math.Floor(events) || trials != Math.Floor(trials))
        {
            Impossible++;
            return;
        }

        cell.Events.Add((long)events, (long)trials);
        if (block.Day is not null)
        {
            cell.Day(block.Day[i]).Counts.Add((long)events, (long)trials);
        }

        for (var s = 0; s < _segments; s++)
        {
            cell.Segment(s, block.Segments[s][i]).Counts.Add((long)events, (long)trials);
        }
    }

    private static MomentsAccumulator? Merged(MomentsAccumulator? into, MomentsAccumulator? from)
    {
        if (into is null || from is null)
        {
            return into ?? from;
        }

        into.Merge(from);
        return into;
    }

    /// <summary>Everything known of the metric in one arm.</summary>
    private sealed class Cell
    {
        private readonly Dictionary<long, SmallCell> _days = [];
        private readonly Dictionary<(int Segment, string Value), SmallCell> _bySegment = [];
        private CoMomentsAccumulator? _joint;
        private double[]? _row;
        private long _lastDay = long.MinValue;
        private SmallCell? _lastDayCell;

        private double[]? _gathered;
        private int _waiting;

        private const int GatheredAtOnce = 1024;

        // So many rows of one arm in a block are worth adding by themselves.
        private const int AddedAtOnce = 256;

        public bool Binary { get; set; } = true;

        /// <summary>Adds the values of these rows, or keeps them until there are enough to be added at once.</summary>
        /// <param name="scratch">Room for all of them, free to be overwritten.</param>
        public void Gather(ReadOnlySpan<int> rows, ReadOnlySpan<double> values, double pivot, double[] scratch)
        {
            if (rows.Length >= AddedAtOnce)
            {
                Values ??= new MomentsAccumulator(pivot, 4);
                var taken = scratch.AsSpan(0, rows.Length);
                Take(rows, values, taken);
                AddNow(taken);
                return;
            }

            var gathered = Gathered(pivot);
            while (!rows.IsEmpty)
            {
                var count = Math.Min(rows.Length, gathered.Length - _waiting);
                Take(rows, values, gathered.AsSpan(_waiting, count));
                _waiting += count;
                rows = rows[count..];
                AddWhenFull();
            }
        }

        /// <summary>The same, passing over rows without a value.</summary>
        public void GatherPresent(ReadOnlySpan<int> rows, ReadOnlySpan<double> values, ReadOnlySpan<bool> missing, double pivot)
        {
            var gathered = Gathered(pivot);
            foreach (var row in rows)
            {
                if (missing[row])
                {
                    Missing++;
                    continue;
                }

                gathered[_waiting++] = values[row];
                AddWhenFull();
            }
        }

        private double[] Gathered(double pivot)
        {
            Values ??= new MomentsAccumulator(pivot, 4);
            return _gathered ??= new double[GatheredAtOnce];
        }

        private void AddWhenFull()
        {
            if (_waiting == GatheredAtOnce)
            {
                AddGathered();
            }
        }

        /// <summary>Adds what is still waiting.</summary>
        public void AddGathered()
        {
            if (_waiting == 0)
            {
                return;
            }

            AddNow(_gathered.AsSpan(0, _waiting));
            _waiting = 0;
        }

        private static void Take(ReadOnlySpan<int> rows, ReadOnlySpan<double> values, Span<double> to)
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = values[rows[i]];
            }
        }

        private void AddNow(ReadOnlySpan<double> values)
        {
            var highest = Values!.Add(values);
            for (var i = 0; Binary && i < values.Length; i++)
            {
                Binary = values[i] is 0.0 or 1.0;
            }

            // Hardly a run of a long stream holds one of its largest values.
            if (highest > Top.Least)
            {
                Top.Add(values);
            }
        }

        public long Missing { get; set; }

        public MomentsAccumulator? Values { get; set; }

        public MomentsAccumulator? Denominators { get; set; }

        public EventCount Events { get; } = new();

        public TopValues Top { get; } = new();

        public Gnomon.Numerics.Kernels.ExactSum Squares { get; } = new();

        public SmallCell Day(long day)
        {
            if (day == _lastDay && _lastDayCell is not null)
            {
                return _lastDayCell;
            }

            _lastDay = day;
            return _lastDayCell = Get(_days, day);
        }

        public SmallCell Segment(int segment, string value) => Get(_bySegment, (segment, value));

        public void Join(Block block, int i, int covariates, double value, double? denominator, double pivot, double denominatorPivot)
        {
            var heads = denominator is null ? 1 : 2;
            if (_joint is null)
            {
                _row = new double[heads + 2 * covariates];
                var pivots = new double[_row.Length];
                pivots[0] = pivot;
                if (heads == 2)
                {
                    pivots[1] = denominatorPivot;
                }

                block.PrePivots.CopyTo(pivots, heads);
                _joint = new CoMomentsAccumulator(pivots);
            }

            _row![0] = value;
            if (heads == 2)
            {
                _row[1] = denominator!.Value;
            }

            for (var c = 0; c < covariates; c++)
            {
                // A missing covariate is filled with its pivot and flagged: the flag is a covariate of its own.
                var absent = block.PreMissing[c][i];
                _row[heads + c] = absent ? block.PrePivots[c] : block.Pre[c][i];
                _row[heads + covariates + c] = absent ? 1 : 0;
            }

            _joint.Add(_row);
        }

        public void Merge(Cell other)
        {
            AddGathered();
            other.AddGathered();
            Binary &= other.Binary;
            Missing += other.Missing;
            Events.Merge(other.Events);
            Top.Merge(other.Top);
            Squares.Merge(other.Squares);
            (Values, Denominators) = (Merged(Values, other.Values), Merged(Denominators, other.Denominators));
            if (_joint is null)
            {
                (_joint, _row) = (other._joint, other._row);
            }
            else if (other._joint is not null)
            {
                _joint.Merge(other._joint);
            }

            MergeAll(_days, other._days);
            MergeAll(_bySegment, other._bySegment);
        }

        private static void MergeAll<TKey>(Dictionary<TKey, SmallCell> into, Dictionary<TKey, SmallCell> from)
            where TKey : notnull
        {
            foreach (var (key, cell) in from)
            {
                Get(into, key).Merge(cell);
            }
        }

        public ArmMetric Finish(bool ratio, bool binary, int segments)
        {
            var joint = _joint?.ToCoMoments();
            var values = Events.Used ? Events.ToMoments() : ratio ? (joint is null ? Moments.Empty : Linearised.Of(joint)) : Values?.ToMoments() ?? Moments.Empty;
            return new ArmMetric
            {
                Values = values,
                Missing = Missing,
                Joint = joint,
                Denominator = Denominators?.ToMoments(),
                Top = binary ? [] : Top.Descending(),
                ByDay = _days.ToDictionary(d => d.Key, d => d.Value.Finish()),
                BySegment = segments == 0 ? new Dictionary<(int Segment, string Value), Moments>() : _bySegment.ToDictionary(d => d.Key, d => d.Value.Finish()),
                RowValues = ratio && Squares.ToDouble() > 0 && joint is not null ? RowMoments(joint) : null,
            };
        }

        // Rows behind repeated units: the numerator is the unit's sum, the denominator its number of rows.
        private Moments RowMoments(CoMoments joint)
        {
            var rows = (long)Math.Round(joint.Mean(1) * joint.Count);
            var sum = joint.Mean(0) * joint.Count;
            var mean = sum / rows;
            return new Moments(rows, mean, Math.Max(0, Squares.ToDouble() - sum * mean));
        }

        private static SmallCell Get<TKey>(Dictionary<TKey, SmallCell> cells, TKey key)
            where TKey : notnull
        {
            if (!cells.TryGetValue(key, out var cell))
            {
                cells.Add(key, cell = new SmallCell());
            }

            return cell;
        }
    }

    /// <summary>One arm on one day or in one segment.</summary>
    private sealed class SmallCell
    {
        private readonly double[] _pair = new double[2];
        private MomentsAccumulator? _values;
        private CoMomentsAccumulator? _joint;

        public EventCount Counts { get; } = new();

        public void Add(double value, double pivot) => (_values ??= new MomentsAccumulator(pivot, 2)).Add(value);

        public void Add(double numerator, double denominator, double pivot, double denominatorPivot)
        {
            _pair[0] = numerator;
            _pair[1] = denominator;
            (_joint ??= new CoMomentsAccumulator([pivot, denominatorPivot])).Add(_pair);
        }

        public void Merge(SmallCell other)
        {
            Counts.Merge(other.Counts);
            _values = Merged(_values, other._values);
            if (_joint is null)
            {
                _joint = other._joint;
            }
            else if (other._joint is not null)
            {
                _joint.Merge(other._joint);
            }
        }

        public Moments Finish() => Counts.Used ? Counts.ToMoments() : _values?.ToMoments() ?? (_joint is null ? Moments.Empty : Linearised.Of(_joint.ToCoMoments()));
    }

    /// <summary>Events of trials, as moments of zeros and ones.</summary>
    private sealed class EventCount
    {
        private long _events;
        private long _trials;

        public bool Used { get; private set; }

        public void Add(long events, long trials)
        {
            Used = true;
            _events += events;
            _trials += trials;
        }

        public void Merge(EventCount other)
        {
            Used |= other.Used;
            _events += other._events;
            _trials += other._trials;
        }

        public Moments ToMoments() => BernoulliMoments.Of(_events, _trials);
    }
}
