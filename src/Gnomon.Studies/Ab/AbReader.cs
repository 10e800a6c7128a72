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

    internal AbDesign Design => _design;

    internal string Variant => _variant;

    internal string[] Pre => _pre;

    internal string[] Segments => _segments;

    /// <summary>Reads with the metrics as they are, or with upper caps per metric (winsorised) in the design's order.</summary>
    public AbInput Read(IReadOnlyList<double?>? caps = null)
    {
        CheckTypes();
        return AbRefusals.Named(this, _context, () => RowScan(caps) ?? UnitScan(caps));
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
        var threads = _context.Threads;
        if (Ab.WideScan.Fits(this, threads) && Ab.WideScan.Run(this, caps, threads, Progress("reading rows"), _context.Cancellation) is var (units, metrics))
        {
            return metrics is null || units.HasRepeats(threads, _context.Cancellation) ? null : units.State.Finish(repeated: false, metrics);
        }

        var scan = new RowScan(this, _design.Metrics, caps, countsUnits: true);
        return scan.Run(Progress("reading rows"), _context.Cancellation) && !scan.HasRepeats(threads, _context.Cancellation) ? scan.State.Finish(repeated: false) : null;
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
        var until = select.Count;
        if (_time is not null)
        {
            select.Add(new("until", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.ToDay, Scalar.Column(_time)))));
        }

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

        var state = new Gathering(this, _design.Metrics, _design.Metrics.Select(_ => true), firstMetric, repeated: true);
        _data.Scan(
            new Query { Select = select, Where = Usable(), GroupBy = [unit] },
            chunk =>
            {
                state.Begin(chunk, shared);
                if (_time is not null)
                {
                    state.SeeUntil(chunk, until);
                }

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

                    state.Sketch.Add(hashes[i], several[i] != 0 ? -1 : codes[i]);
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

    internal void AddShared(List<Projection> select, Func<Scalar, Scalar> time, Func<string, Scalar> pre, Func<string, Scalar> segment)
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
            if (filled == 0)
            {
                throw AbRefusals.NoValue(this, _context, field.Name);
            }

            if ((long)counts.Columns[1].Cell(0)! >= 0.9 * filled)
            {
                return;
            }

            var common = counts.Columns[2].Cell(0) as string ?? string.Empty;
            throw new GnomonError(
                "metric-not-a-number", $"{_data.Name}: column '{field.Name}' holds text, for example '{common}'.", field.Name,
                common.Count(c => c == ',') == 1 && double.TryParse(common.Replace(',', '.'), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _)
                    ? "Read numbers with a decimal comma with --decimal ,." : $"Name the value that counts: --metric \"{field.Name}={common}\".");
        }

        throw new GnomonError("metric-not-a-number", $"{_data.Name}: column '{field.Name}' is of type {field.NativeType}.", field.Name, "Name a column of numbers or true/false values.");
    }

    private IProgress<double>? Progress(string step) =>
        _context.Progress is null ? null : new Relay(share => _context.Progress.Report(new StudyProgress(step, share)));

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
