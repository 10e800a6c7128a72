using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Reads an experiment into moments. One scan of the rows when units do not repeat; otherwise the engine totals per unit first (spilling to disk when it must)
/// and the totals are scanned. Rows never gather in managed memory.
/// </summary>
internal sealed class AbReader
{
    private const int MaximumArms = 5_000;
    private const int MaximumSegmentValues = 1_000;
    private readonly IDataset _data;
    private readonly AbDesign _design;
    private readonly StudyContext _context;
    private readonly string? _unit;
    private readonly string _variant;
    private readonly Scalar _arm;
    private readonly string? _time;
    private readonly string[] _pre;
    private readonly string[] _segments;

    /// <param name="design">The question.</param>
    /// <param name="context">Data and engine.</param>
    /// <param name="unit">Column of the unit; null when each row is one.</param>
    /// <param name="arm">The arm of a row, where it is no column; null to read --variant.</param>
    public AbReader(AbDesign design, StudyContext context, string? unit, Scalar? arm = null)
    {
        _data = context.RequireData();
        _design = design;
        _context = context;
        var options = design.Options;
        _unit = unit is null ? null : _data.Schema.Require(unit).Name;
        _variant = arm is null ? _data.Schema.Require(options.Variant!).Name : options.Variant!;
        _arm = arm ?? Scalar.Column(_variant);
        _time = options.Time is null ? null : _data.Schema.Require(options.Time).Name;
        _pre = [.. options.Pre.Select(p => _data.Schema.Require(p).Name)];
        _segments = [.. options.Segment.Select(p => _data.Schema.Require(p).Name)];
    }

    /// <summary>Column of the unit; null when each row is one.</summary>
    internal string? Unit => _unit;

    internal Scalar Arm => _arm;

    internal string? Time => _time;

    internal IDataset Data => _data;

    /// <summary>Reads with the metrics as they are, or with upper caps per metric (winsorised) in the design's order.</summary>
    public AbInput Read(IReadOnlyList<double?>? caps = null)
    {
        CheckTypes();
        return RowScan(caps) ?? UnitScan(caps);
    }

    /// <summary>The upper tail of a metric over units: an exact quantile and the sum of what lies above it.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="probability">Of the quantile.</param>
    /// <param name="count">Units with a value.</param>
    /// <param name="repeated">Units repeat over rows.</param>
    public UpperTail? Tail(MetricSpec metric, double probability, long count, bool repeated)
    {
        if (!repeated)
        {
            var largest = new LargestValues(probability, count);
            ScanValues(metric, (_, value, _) => largest.Add(value));
            return largest.ToTail();
        }

        return Single(metric, repeated, value => Scalar.Aggregate(AggregateFunction.Quantile, value, null, probability)) is { } threshold
            ? new UpperTail(threshold, SumAbove(metric, threshold, repeated) ?? 0)
            : null;
    }

    // In fixed point.
    private double? SumAbove(MetricSpec metric, double threshold, bool repeated) =>
        Single(metric, repeated, value => Scalar.Aggregate(
            AggregateFunction.FixedPointSum, value, Scalar.Call(ScalarFunction.Greater, value, Scalar.Value(threshold)), 20));

    /// <summary>The values of a metric per arm, in the order of <paramref name="arms"/>: for samples small enough to resample.</summary>
    public IReadOnlyList<double[]> Values(MetricSpec metric, IReadOnlyList<string> arms)
    {
        var values = arms.Select(_ => new List<double>()).ToList();
        var index = arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i);
        ScanValues(metric, (arm, value, _) =>
        {
            if (index.TryGetValue(arm, out var i))
            {
                values[i].Add(value);
            }
        });
        return [.. values.Select(v => v.ToArray())];
    }

    /// <summary>The same in the order in which they came: by the day of --time where it is named, then by the rows of the file.</summary>
    public IReadOnlyList<double[]> ValuesInTime(MetricSpec metric, IReadOnlyList<string> arms)
    {
        var values = arms.Select(_ => new List<(long Day, double Value)>()).ToList();
        var index = arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i);
        ScanValues(metric, (arm, value, day) =>
        {
            if (index.TryGetValue(arm, out var i))
            {
                values[i].Add((day, value));
            }
        }, dated: _time is not null);
        return [.. values.Select(v => v.OrderBy(x => x.Day).Select(x => x.Value).ToArray())];
    }

    // Every usable row with its arm and day, in the order of the file; the file itself is read, no engine is filled. A row without a date counts as the last day.
    private void ScanValues(MetricSpec metric, Action<string, double, long> take, bool dated = false)
    {
        var select = new List<Projection> { new("arm", _arm.ToText()), new("value", Value(metric)) };
        if (_unit is not null)
        {
            select.Add(new Projection("nounit", Scalar.Column(_unit).IsNull()));
        }

        if (dated)
        {
            select.Add(new Projection("day", Scalar.Call(ScalarFunction.ToDay, Scalar.Column(_time!))));
        }

        var last = select.Count - 1;
        _data.Scan(
            new Query { Select = select },
            chunk =>
            {
                var codes = chunk.Codes(0);
                var dictionary = chunk.Dictionary(0);
                var doubles = chunk.Doubles(1);
                var noUnit = _unit is null ? default : chunk.Integers(2);
                var days = dated ? chunk.Integers(last) : default;
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (codes[i] >= 0 && !chunk.IsNull(1, i) && (noUnit.IsEmpty || noUnit[i] == 0) && dictionary[codes[i]] is var arm && !string.IsNullOrWhiteSpace(arm))
                    {
                        take(arm, doubles[i], !dated ? 0 : chunk.IsNull(last, i) ? long.MaxValue : days[i]);
                    }
                }

                return true;
            },
            _context.Cancellation);
    }

    private double? Single(MetricSpec metric, bool repeated, Func<Scalar, Scalar> aggregate)
    {
        var query = repeated
            ? new Query
            {
                Select = [new Projection("value", aggregate(Scalar.Column("value")))],
                From = new Query
                {
                    Select = [new Projection("value", Scalar.Aggregate(AggregateFunction.FixedPointSum, Value(metric), null, Scale(metric.Column, 1)))],
                    Where = Usable(),
                    GroupBy = [Scalar.Column(_unit!)],
                },
            }
            : new Query { Select = [new Projection("value", aggregate(Value(metric)))], Where = Usable() };
        return _data.Read(query, _context.Cancellation).Columns[0].Cell(0) as double?;
    }

    // ---- one row per unit -------------------------------------------------------------------------------------------

    private AbInput? RowScan(IReadOnlyList<double?>? caps)
    {
        var select = new List<Projection> { new("arm", _arm.ToText()) };
        if (_unit is not null)
        {
            select.Add(new Projection("unit", Scalar.Column(_unit).Hash()));
            select.Add(new Projection("nounit", Scalar.Column(_unit).IsNull()));
        }

        var shared = select.Count;
        AddShared(select, time: t => Scalar.Call(ScalarFunction.ToDay, t), pre: p => Scalar.Column(p).ToDouble(), segment: s => Scalar.Column(s).ToText());
        var firstMetric = select.Count;
        for (var m = 0; m < _design.Metrics.Count; m++)
        {
            var metric = _design.Metrics[m];
            select.Add(new Projection($"m{m}", Value(metric)));
            if (metric.Denominator is not null)
            {
                select.Add(new Projection($"d{m}", Scalar.Column(metric.Denominator).ToDouble()));
            }
        }

        var state = new Gathering(this, _design.Metrics.Select(m => m.Kind == MetricKind.Ratio), firstMetric, repeated: false) { Caps = caps };
        var set = _unit is null ? null : new UnitSet();
        var units = Array.Empty<ulong>();
        var repeats = false;
        _data.Scan(
            new Query { Select = select },
            chunk =>
            {
                state.Begin(chunk, shared);
                var rows = chunk.Rows;
                var codes = chunk.Codes(0);
                var dictionary = chunk.Dictionary(0);
                var hashes = _unit is null ? default : chunk.Hashes(1);
                var noUnit = _unit is null ? default : chunk.Integers(2);
                if (set is not null && units.Length < rows)
                {
                    units = new ulong[rows];
                }

                state.Know(dictionary);
                var present = state.TakeArms(codes, noUnit, hashes, units);
                if (set is not null && !set.Add(units.AsSpan(0, present)))
                {
                    repeats = true;
                    return false;
                }

                state.Absorb(chunk);
                return true;
            },
            _context.Cancellation,
            Progress("reading rows"));
        return repeats || set?.HasRepeats(_context.Threads, _context.Cancellation) == true ? null : state.Finish(repeated: false);
    }

    // ---- several rows per unit --------------------------------------------------------------------------------------

    private AbInput UnitScan(IReadOnlyList<double?>? caps)
    {
        var unit = Scalar.Column(_unit!);
        var arm = _arm.ToText();
        var first = _time is null
            ? Scalar.Aggregate(AggregateFunction.Min, arm)
            : First(arm, reversed: false);
        var select = new List<Projection>
        {
            new("arm", first),
            new("unit", unit.Hash()),
            new("several", Scalar.Call(ScalarFunction.NotEqual, Scalar.Aggregate(AggregateFunction.Min, arm), Scalar.Aggregate(AggregateFunction.Max, arm))),
            new("rows", Scalar.Aggregate(AggregateFunction.RowCount)),
        };
        var shared = select.Count;
        AddShared(
            select,
            time: t => Scalar.Aggregate(AggregateFunction.Min, Scalar.Call(ScalarFunction.ToDay, t)),
            pre: p => Scalar.Aggregate(AggregateFunction.FixedPointSum, Scalar.Column(p).ToDouble(), null, Scale(p, 1))
                / Scalar.Aggregate(AggregateFunction.Count, Scalar.Column(p).ToDouble()).ToDouble(),
            segment: s => Scalar.Aggregate(AggregateFunction.Min, Scalar.Column(s).ToText()));
        var firstMetric = select.Count;
        for (var m = 0; m < _design.Metrics.Count; m++)
        {
            var metric = _design.Metrics[m];
            var value = Value(metric, caps?[m]);
            if (metric.Denominator is not null)
            {
                var both = Scalar.Column(metric.Denominator).ToDouble();
                var present = value.IsNull().Or(both.IsNull()).Not();
                select.Add(new Projection($"m{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, value, present, Scale(metric.Column, 1))));
                select.Add(new Projection($"d{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, both, present, Scale(metric.Denominator, 1))));
            }
            else
            {
                select.Add(new Projection($"m{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, value, null, metric.IsWritten ? 0 : Scale(metric.Column, 1))));
                select.Add(new Projection($"d{m}", Scalar.Aggregate(AggregateFunction.Count, value).ToDouble()));
                select.Add(new Projection($"q{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, value * value, null, metric.IsWritten ? 0 : Scale(metric.Column, 2))));
            }
        }

        var state = new Gathering(this, _design.Metrics.Select(_ => true), firstMetric, repeated: true);
        _data.Scan(
            new Query { Select = select, Where = Usable(), GroupBy = [unit] },
            chunk =>
            {
                state.Begin(chunk, shared);
                var codes = chunk.Codes(0);
                var hashes = chunk.Hashes(1);
                var several = chunk.Integers(2);
                var rows = chunk.Integers(3);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    state.Rows += rows[i];
                    state.Overlap += several[i];
                    var aside = codes[i] < 0 || (several[i] != 0 && _time is null);
                    state.Block.Arm[i] = aside ? -1 : codes[i];
                    if (aside)
                    {
                        state.OverlapRows += rows[i];
                        continue;
                    }

                    state.Sketch.Add(hashes[i]);
                    state.CountUnit(codes[i]);
                }

                state.Absorb(chunk);
                return true;
            },
            _context.Cancellation,
            Progress("totalling per unit"));
        CountUnusable(state);
        state.Drawn = _time is null || state.Overlap == 0 ? 0 : CountDrawn();
        return state.Finish(repeated: true);
    }

    /// <summary>
    /// The arm a unit saw first. A date cannot tell which of two arms met on the same day came first: one of them is then drawn by a hash of the unit and the arm,
    /// so that no arm gains from its name and every run draws the same. The outer hash mixes what the inner one only combines.
    /// </summary>
    internal Scalar First(Scalar arm, bool reversed)
    {
        var draw = Scalar.Column(_unit!).HashWith(arm).Hash();
        return Scalar.AtSmallest(arm, Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(_time!)), reversed ? Scalar.Value(0.0) - draw.ToDouble() : draw);
    }

    /// <summary>Units that met several arms at their first time: those whose draw depends on its direction.</summary>
    private long CountDrawn()
    {
        var arm = _arm.ToText();
        var drawn = _data.Read(
            new Query
            {
                Select = [new Projection("drawn", Scalar.Aggregate(AggregateFunction.RowCount))],
                From = new Query
                {
                    Select = [new Projection("one", First(arm, reversed: false)), new Projection("other", First(arm, reversed: true))],
                    Where = Usable(),
                    GroupBy = [Scalar.Column(_unit!)],
                },
                Where = Scalar.Call(ScalarFunction.NotEqual, Scalar.Column("one"), Scalar.Column("other")),
            },
            _context.Cancellation);
        return (long)drawn.Columns[0].Cell(0)!;
    }

    private void CountUnusable(Gathering state)
    {
        var variant = _arm;
        var noArm = variant.IsNull().Or(Scalar.Call(ScalarFunction.Trim, variant.ToText()).EqualTo(Scalar.Value(string.Empty)));
        var counts = _data.Read(
            Query.Of(
                new Projection("noarm", Scalar.Aggregate(AggregateFunction.RowCount, null, noArm)),
                new Projection("nounit", Scalar.Aggregate(AggregateFunction.RowCount, null, noArm.Not().And(Scalar.Column(_unit!).IsNull())))),
            _context.Cancellation);
        state.NoArm = Convert.ToInt64(counts.Columns[0].Cell(0), System.Globalization.CultureInfo.InvariantCulture);
        state.NoUnit = Convert.ToInt64(counts.Columns[1].Cell(0), System.Globalization.CultureInfo.InvariantCulture);
        state.Rows += state.NoArm + state.NoUnit;
    }

    // ---- shared pieces ----------------------------------------------------------------------------------------------

    internal Scalar Usable()
    {
        var variant = _arm;
        var named = variant.IsNull().Not().And(Scalar.Call(ScalarFunction.NotEqual, Scalar.Call(ScalarFunction.Trim, variant.ToText()), Scalar.Value(string.Empty)));
        return _unit is null ? named : named.And(Scalar.Column(_unit).IsNull().Not());
    }

    private void AddShared(List<Projection> select, Func<Scalar, Scalar> time, Func<string, Scalar> pre, Func<string, Scalar> segment)
    {
        if (_time is not null)
        {
            select.Add(new Projection("day", time(Scalar.Column(_time))));
        }

        select.AddRange(_pre.Select((p, i) => new Projection($"p{i}", pre(p))));
        select.AddRange(_segments.Select((s, i) => new Projection($"s{i}", segment(s))));
    }

    internal static Scalar Value(MetricSpec metric, double? cap = null)
    {
        var column = Scalar.Column(metric.Column);
        var value = metric.Expression ?? (metric.Event is null ? column.ToDouble() : column.ToText().EqualTo(Scalar.Value(metric.Event)).ToDouble());
        return cap is null ? value : Scalar.Case([(Scalar.Call(ScalarFunction.Greater, value, Scalar.Value(cap.Value)), Scalar.Value(cap.Value))], value);
    }

    // Bits after the binary point that keep a sum of this column's values (to the given power) exact to 2^-80 of the largest one.
    internal double Scale(string column, int power)
    {
        var field = _data.Schema.Require(column);
        if (field.Type is ColumnType.Boolean or ColumnType.Integer)
        {
            return 0;
        }

        var largest = _data.Read(
            Query.Of(new Projection("largest", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, Scalar.Column(column).ToDouble())))),
            _context.Cancellation).Columns[0].Cell(0) as double?;
        return largest is null or 0 ? 0 : Math.Clamp(80 - power * Math.Ceiling(Math.Log2(largest.Value)), 0, 300);
    }

    private void CheckTypes()
    {
        foreach (var metric in _design.Metrics)
        {
            foreach (var column in new[] { metric.IsWritten ? null : metric.Column, metric.Denominator })
            {
                if (column is not null)
                {
                    RequireNumber(_data.Schema.Require(column));
                }
            }
        }

        foreach (var pre in _pre)
        {
            RequireNumber(_data.Schema.Require(pre));
        }
    }

    private void RequireNumber(Field field)
    {
        if (field.IsNumeric)
        {
            return;
        }

        var column = Scalar.Column(field.Name);
        if (field.Type is ColumnType.Text or ColumnType.Category)
        {
            var counts = _data.Read(
                Query.Of(
                    new Projection("filled", Scalar.Aggregate(AggregateFunction.Count, column)),
                    new Projection("numbers", Scalar.Aggregate(AggregateFunction.Count, column.ToDouble())),
                    new Projection("common", Scalar.Aggregate(AggregateFunction.Mode, column))),
                _context.Cancellation);
            var filled = (long)counts.Columns[0].Cell(0)!;
            if (filled > 0 && (long)counts.Columns[1].Cell(0)! >= 0.9 * filled)
            {
                return;
            }

            throw new GnomonError(
                "metric-not-a-number", $"{_data.Name}: column '{field.Name}' holds text, for example '{counts.Columns[2].Cell(0)}'.", field.Name,
                $"Name the value that counts: --metric \"{field.Name}={counts.Columns[2].Cell(0)}\".");
        }

        throw new GnomonError("metric-not-a-number", $"{_data.Name}: column '{field.Name}' is of type {field.NativeType}.", field.Name, "Name a column of numbers or true/false values.");
    }

    private IProgress<double>? Progress(string step) =>
        _context.Progress is null ? null : new Relay(share => _context.Progress.Report(new StudyProgress(step, share)));

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    /// <summary>What one scan gathers.</summary>
    private sealed class Gathering
    {
        private readonly AbReader _reader;
        private readonly MetricCollector[] _metrics;
        private readonly int _firstMetric;
        private readonly bool _repeated;
        private long[] _units = [];
        private bool[] _blank = [];
        private readonly List<CoMomentsAccumulator> _prePeriod = [];
        private IReadOnlyList<string> _arms = [];
        private long? _firstDay;
        private long? _lastDay;
        private double[] _empty = [];
        private bool[] _missing = [];
        private double[] _capped = [];

        public Gathering(AbReader reader, IEnumerable<bool> ratios, int firstMetric, bool repeated)
        {
            _reader = reader;
            _firstMetric = firstMetric;
            _repeated = repeated;
            _metrics = [.. reader._design.Metrics.Zip(ratios, (m, ratio) => new MetricCollector(m, ratio, reader._pre.Length, reader._segments.Length))];
            Block.Pre = new double[reader._pre.Length][];
            Block.PreMissing = new bool[reader._pre.Length][];
            Block.PrePivots = [];
            Block.Segments = new string[reader._segments.Length][];
        }

        /// <summary>Highest values that count, by metric; null where all do.</summary>
        public IReadOnlyList<double?>? Caps { get; init; }

        public Block Block { get; } = new();

        public UnitSketch Sketch { get; } = new();

        public long Rows { get; set; }

        public long NoArm { get; set; }

        public long NoUnit { get; set; }

        public long Overlap { get; set; }

        public long OverlapRows { get; set; }

        /// <summary>Units whose first arm was drawn, because they met several at their first time.</summary>
        public long Drawn { get; set; }

        public long NoDay { get; private set; }

        /// <summary>Looks at the arms that were not met before.</summary>
        public void Know(IReadOnlyList<string> dictionary)
        {
            if (dictionary.Count > MaximumArms)
            {
                throw TooManyArms();
            }

            if (_blank.Length < dictionary.Count)
            {
                _blank = [.. dictionary.Select(string.IsNullOrWhiteSpace)];
                Array.Resize(ref _units, _blank.Length);
            }
        }

        /// <summary>The arm of each row, and the hashes of the units that have one, packed; returns how many.</summary>
        /// <param name="codes">Arms; -1 for none.</param>
        /// <param name="noUnit">1 where the row has no unit; empty without a unit column.</param>
        /// <param name="hashes">Units; empty without a unit column.</param>
        /// <param name="units">Takes the packed hashes.</param>
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
        public int TakeArms(ReadOnlySpan<int> codes, ReadOnlySpan<long> noUnit, ReadOnlySpan<ulong> hashes, ulong[] units)
        {
            var (blank, counts) = (_blank, _units);
            var arms = Block.Arm.AsSpan(0, codes.Length);
            var present = 0;
            for (var i = 0; i < codes.Length; i++)
            {
                var arm = codes[i];
                if (arm < 0 || blank[arm])
                {
                    arms[i] = -1;
                    NoArm++;
                    continue;
                }

                if (!hashes.IsEmpty)
                {
                    if (noUnit[i] != 0)
                    {
                        arms[i] = -1;
                        NoUnit++;
                        continue;
                    }

                    units[present++] = hashes[i];
                }

                arms[i] = arm;
                counts[arm]++;
            }

            Sketch.Add(units.AsSpan(0, present));
            return present;
        }

        public void CountUnit(int arm)
        {
            if (arm >= _units.Length)
            {
                if (arm >= MaximumArms)
                {
                    throw TooManyArms();
                }

                Array.Resize(ref _units, Math.Max(arm + 1, 2 * _units.Length));
            }

            _units[arm]++;
        }

        private GnomonError TooManyArms() => new(
            "too-many-arms", $"{_reader._data.Name}: column '{_reader._variant}' has more than {MaximumArms} values; arms were expected.",
            "--variant", "Name the column of the arm, not of the unit.");

        public void Begin(Chunk chunk, int shared)
        {
            var rows = chunk.Rows;
            Block.Rows = rows;
            if (Block.Arm.Length < rows)
            {
                Block.Arm = new int[rows];
                _missing = new bool[rows];
                _empty = new double[rows];
                if (_reader._time is not null)
                {
                    Block.Day = new long[rows];
                }

                for (var p = 0; p < Block.Pre.Length; p++)
                {
                    Block.Pre[p] = new double[rows];
                    Block.PreMissing[p] = new bool[rows];
                }

                for (var s = 0; s < Block.Segments.Length; s++)
                {
                    Block.Segments[s] = new string[rows];
                }
            }

            _arms = chunk.Dictionary(0);
            if (!_repeated)
            {
                Rows += rows;
            }

            var column = shared;
            if (Block.Day is not null)
            {
                chunk.Integers(column).CopyTo(Block.Day);
                MarkMissing(chunk, column++, rows);
                for (var i = 0; i < rows; i++)
                {
                    // A row without a date keeps its place in the totals and is left out of the days.
                    if (_missing[i])
                    {
                        Block.Day[i] = long.MinValue;
                        NoDay++;
                    }
                    else
                    {
                        _firstDay = Math.Min(_firstDay ?? long.MaxValue, Block.Day[i]);
                        _lastDay = Math.Max(_lastDay ?? long.MinValue, Block.Day[i]);
                    }
                }
            }

            for (var p = 0; p < Block.Pre.Length; p++, column++)
            {
                chunk.Doubles(column).CopyTo(Block.Pre[p]);
                MarkMissing(chunk, column, rows);
                _missing.AsSpan(0, rows).CopyTo(Block.PreMissing[p]);
            }

            if (Block.PrePivots.Length != Block.Pre.Length)
            {
                Block.PrePivots = [.. Block.Pre.Select((values, p) => FirstPresent(values, Block.PreMissing[p], rows))];
            }

            for (var s = 0; s < Block.Segments.Length; s++, column++)
            {
                var codes = chunk.Codes(column);
                var dictionary = chunk.Dictionary(column);
                for (var i = 0; i < rows; i++)
                {
                    Block.Segments[s][i] = codes[i] < 0 ? "(none)" : dictionary[codes[i]];
                }

                if (dictionary.Count > MaximumSegmentValues)
                {
                    throw new GnomonError(
                        "too-many-segments", $"{_reader._data.Name}: segment column '{_reader._segments[s]}' has more than {MaximumSegmentValues} values.",
                        "--segment", "Name a column with few groups, or cut it into bands with --query.");
                }
            }
        }

        public void Absorb(Chunk chunk)
        {
            var rows = chunk.Rows;
            AbsorbPrePeriod(rows);
            Block.SortByArm();
            var column = _firstMetric;
            for (var m = 0; m < _metrics.Length; m++)
            {
                var metric = _reader._design.Metrics[m];
                var paired = metric.Denominator is not null || _repeated;
                var squared = _repeated && metric.Denominator is null;
                MarkMissing(chunk, column, rows);
                if (paired)
                {
                    AlsoMissing(chunk, column + 1, rows);
                }

                _metrics[m].Absorb(
                    Block, Capped(chunk.Doubles(column), Caps?[m]), paired ? chunk.Doubles(column + 1) : _empty, _missing, squared ? chunk.Doubles(column + 2) : default);
                column += 1 + (paired ? 1 : 0) + (squared ? 1 : 0);
            }
        }

        // Here and not in the query, so that a file can be read straight from its bytes.
        private ReadOnlySpan<double> Capped(ReadOnlySpan<double> values, double? cap)
        {
            if (cap is not { } highest)
            {
                return values;
            }

            if (_capped.Length < values.Length)
            {
                _capped = new double[values.Length];
            }

            for (var i = 0; i < values.Length; i++)
            {
                _capped[i] = values[i] > highest ? highest : values[i];
            }

            return _capped.AsSpan(0, values.Length);
        }

        public AbInput Finish(bool repeated)
        {
            var seen = Enumerable.Range(0, _units.Length).Where(i => _units[i] > 0).ToList();
            if (seen.Count == 0)
            {
                throw Rows == 0
                    ? new GnomonError("no-rows", $"{_reader._data.Name} has no rows to analyse.", _reader._data.Name, _reader._design.Options.Where is null ? "Check the file." : "Check --where.")
                    : new GnomonError("no-arms", $"{_reader._data.Name}: column '{_reader._variant}' is empty in {(Rows == 1 ? "its only row" : $"all {Figures.Count(Rows)} rows")}.", "--variant", "Name the column of the arm.");
            }

            if (seen.Count == 1)
            {
                throw new GnomonError(
                    "one-arm", $"{_reader._data.Name}: every unit has arm '{_arms[seen[0]]}'; a comparison needs two arms.", "--variant",
                    "Check the column and --where; an arm that lost all its units is a fault of assignment or logging.");
            }

            foreach (var (collector, metric) in _metrics.Zip(_reader._design.Metrics))
            {
                if (collector.Impossible > 0)
                {
                    throw new GnomonError(
                        "bad-rate", $"{_reader._data.Name}: in {Figures.Count(collector.Impossible, "row")} '{metric.Column}' is not a whole number between 0 and '{metric.Denominator}'.", "--rate",
                        "Mend the counts, or use --ratio for totals that are not events of trials.");
                }
            }

            var names = seen.ToDictionary(i => _arms[i], i => i);
            var ordered = _reader._design.OrderArms([.. names.Keys]);
            var order = ordered.Select(a => names[a]).ToList();
            var metrics = _metrics.Select(m => m.Finish(order)).ToList();
            var rate = metrics.Exists(m => m.Spec.Kind == MetricKind.Rate);
            return new AbInput
            {
                Arms = ordered,
                Units = rate ? [.. metrics[0].Arms.Select(a => a.N)] : [.. order.Select(i => _units[i])],
                Metrics = metrics,
                Rows = Rows,
                Repeated = repeated,
                UnitsInSeveralArms = Overlap,
                OverlapTreatment = _reader._time is null ? "set aside" : $"kept in the arm they saw first{Draws()}",
                Exclusions = [.. Exclusions()],
                FirstDay = _firstDay,
                LastDay = _lastDay,
                PrePeriod = _prePeriod.Count == 0 ? [] : [.. order.Select(i => PrePeriod(i).ToCoMoments())],
                UnitSketch = _reader._unit is null ? [] : [.. Sketch.Hashes],
            };
        }

        private string Draws() => Drawn == 0 ? string.Empty : $" ({Figures.Count(Drawn)} met several at the same first time: one of these was drawn by a hash of the unit)";

        private IEnumerable<Exclusion> Exclusions() => new Exclusion[]
        {
            new("no arm", NoArm),
            new("no unit id", NoUnit),
            new("unit in several arms", OverlapRows),
            new("no date (kept in the totals, left out of the days)", NoDay),
        }.Where(e => e.Rows > 0);

        private void AbsorbPrePeriod(int rows)
        {
            if (Block.Pre.Length == 0)
            {
                return;
            }

            var row = new double[Block.Pre.Length];
            for (var i = 0; i < rows; i++)
            {
                if (Block.Arm[i] < 0 || Array.Exists(Block.PreMissing, m => m[i]))
                {
                    continue;
                }

                for (var p = 0; p < row.Length; p++)
                {
                    row[p] = Block.Pre[p][i];
                }

                PrePeriod(Block.Arm[i]).Add(row);
            }
        }

        private CoMomentsAccumulator PrePeriod(int arm)
        {
            while (_prePeriod.Count <= arm)
            {
                _prePeriod.Add(new CoMomentsAccumulator(Block.PrePivots));
            }

            return _prePeriod[arm];
        }

        private void MarkMissing(Chunk chunk, int column, int rows)
        {
            _missing.AsSpan(0, rows).Clear();
            AlsoMissing(chunk, column, rows);
        }

        private void AlsoMissing(Chunk chunk, int column, int rows)
        {
            var mask = chunk.Validity(column);
            if (mask.IsEmpty)
            {
                return;
            }

            for (var i = 0; i < rows; i++)
            {
                _missing[i] |= (mask[i >> 6] & (1UL << (i & 63))) == 0;
            }
        }

        private static double FirstPresent(double[] values, bool[] missing, int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                if (!missing[i])
                {
                    return values[i];
                }
            }

            return 0;
        }
    }
}
