using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;
using Gnomon.Numerics;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies.Design;

/// <summary>What history says of the metric and of the traffic: one scan, totals per unit made by the engine.</summary>
internal sealed record DesignHistory
{
    private const int FewestUnits = 30;
    private const long MostDays = 3_650;

    /// <summary>One value per unit; for ratios and units of several rows the linearised ratio.</summary>
    public required Moments Values { get; init; }

    public required bool IsBinary { get; init; }

    /// <summary>Totals over totals: asked for, or because units repeat.</summary>
    public required bool IsRatio { get; init; }

    public required bool Repeats { get; init; }

    public required string Metric { get; init; }

    /// <summary>Distinct units over the days of history; null without a time column.</summary>
    public UnitGrowthFit? Growth { get; init; }

    public int Days { get; init; }

    /// <summary>First day, as days since 1970-01-01.</summary>
    public long FirstDay { get; init; }

    /// <summary>The metric by the weekday of a unit's first day, Monday first.</summary>
    public IReadOnlyList<Moments> ByWeekday { get; init; } = [];

    /// <summary>Rows of all units; null when each row is one unit.</summary>
    public long? Rows { get; init; }

    /// <summary>Units without a usable value.</summary>
    public long Missing { get; init; }

    public static DesignHistory Read(DesignOptions options, StudyContext context)
    {
        var data = context.RequireData();
        var schema = data.Schema;
        var metric = MetricSpec.Parse(options.Metric!, schema);
        foreach (var column in new[] { metric.Event is null ? metric.Column : null, metric.Denominator }.OfType<string>())
        {
            RequireNumber(data, schema.Require(column));
        }

        var unit = options.Unit is null ? null : schema.Require(options.Unit).Name;
        var time = options.Time is null ? null : schema.Require(options.Time).Name;
        var query = Question(data, context, metric, unit, time);
        var gathered = new Gathered(unit is not null, metric.Denominator is not null, time is not null);
        data.Scan(query, gathered.Take, context.Cancellation);
        return gathered.Finish(options.Metric!, data.Name, time);
    }

    private static Query Question(IDataset data, StudyContext context, MetricSpec metric, string? unit, string? time)
    {
        var column = Scalar.Column(metric.Column);
        var value = metric.Event is null ? column.ToDouble() : column.ToText().EqualTo(Scalar.Value(metric.Event)).ToDouble();
        var weight = metric.Denominator is null ? null : Scalar.Column(metric.Denominator).ToDouble();
        var day = time is null ? null : Scalar.Call(ScalarFunction.ToDay, Scalar.Column(time));
        var select = new List<Projection>();
        if (unit is null)
        {
            select.Add(new Projection("value", value));
            select.Add(new Projection("weight", weight ?? value));
            select.AddRange(day is null ? [] : new[] { new Projection("day", day) });
            return new Query { Select = select };
        }

        // Rows that lack either value count in neither total.
        var present = weight is null ? value.IsNull().Not() : value.IsNull().Or(weight.IsNull()).Not();
        select.Add(new Projection("value", Scalar.Aggregate(AggregateFunction.FixedPointSum, value, present, metric.Event is null ? Bits(data, context, metric.Column) : 0)));
        select.Add(new Projection("weight", weight is null
            ? Scalar.Aggregate(AggregateFunction.Count, value).ToDouble()
            : Scalar.Aggregate(AggregateFunction.FixedPointSum, weight, present, Bits(data, context, metric.Denominator!))));
        select.AddRange(day is null ? [] : new[] { new Projection("day", Scalar.Aggregate(AggregateFunction.Min, day)) });
        select.Add(new Projection("rows", Scalar.Aggregate(AggregateFunction.RowCount)));
        return new Query { Select = select, Where = Scalar.Column(unit).IsNull().Not(), GroupBy = [Scalar.Column(unit)] };
    }

    // Bits after the binary point that keep a total exact, so that no number of threads changes it.
    private static double Bits(IDataset data, StudyContext context, string column)
    {
        if (data.Schema.Require(column).Type is ColumnType.Boolean or ColumnType.Integer)
        {
            return 0;
        }

        var largest = data.Read(
            Query.Of(new Projection("largest", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, Scalar.Column(column).ToDouble())))),
            context.Cancellation).Columns[0].Cell(0) as double?;
        return largest is null or 0 ? 0 : Math.Clamp(80 - Math.Ceiling(Math.Log2(largest.Value)), 0, 300);
    }

    private static void RequireNumber(IDataset data, Field field)
    {
        if (!field.IsNumeric && field.Type != ColumnType.Boolean)
        {
            throw new GnomonError(
                "metric-not-a-number", $"{data.Name}: column '{field.Name}' is of type {field.NativeType}; a size needs numbers, or a value to count.", field.Name,
                $"Name a column of numbers, or the value that counts: --metric \"{field.Name}=VALUE\".");
        }
    }

    /// <summary>What the scan leaves.</summary>
    private sealed class Gathered(bool byUnit, bool isRatio, bool hasDays)
    {
        private readonly SortedDictionary<long, long> _newUnits = [];
        private readonly MomentsAccumulator?[] _weekdays = new MomentsAccumulator?[7];
        private CoMomentsAccumulator? _joint;
        private MomentsAccumulator? _values;
        private double _pivot;
        private bool _binary = true;
        private bool _repeats;
        private long _units;
        private long _rows;
        private long _missing;

        public bool Take(Chunk chunk)
        {
            var values = chunk.Doubles(0);
            var weights = chunk.Doubles(1);
            var days = hasDays ? chunk.Integers(2) : default;
            var rows = byUnit ? chunk.Integers(hasDays ? 3 : 2) : default;
            var row = new double[2];
            for (var i = 0; i < chunk.Rows; i++)
            {
                _units++;
                _rows += byUnit ? rows[i] : 1;
                var day = hasDays && !chunk.IsNull(2, i) ? days[i] : (long?)null;
                if (day is { } known)
                {
                    _newUnits[known] = _newUnits.GetValueOrDefault(known) + 1;
                }

                var weight = byUnit || isRatio ? weights[i] : 1;
                if (chunk.IsNull(0, i) || chunk.IsNull(1, i) || (byUnit && !isRatio && weight == 0))
                {
                    _missing++;
                    continue;
                }

                Add(row, values[i], weight, day);
            }

            return true;
        }

        private void Add(double[] row, double value, double weight, long? day)
        {
            if (_values is null)
            {
                _pivot = value;
                _values = new MomentsAccumulator(value);
                _joint = new CoMomentsAccumulator([value, weight]);
            }

            (row[0], row[1]) = (value, weight);
            _joint!.Add(row);
            _values.Add(value);
            _binary &= value is 0 or 1;
            _repeats |= byUnit && !isRatio && weight > 1;
            if (day is { } d)
            {
                // 1970-01-01 was a Thursday.
                var weekday = (int)(((d + 3) % 7 + 7) % 7);
                (_weekdays[weekday] ??= new MomentsAccumulator(_pivot)).Add(value);
            }
        }

        public DesignHistory Finish(string metric, string source, string? time)
        {
            if (_values is null || _values.Count < FewestUnits)
            {
                throw new GnomonError(
                    "too-few-rows", $"{source} holds {_values?.Count ?? 0} units with a value of '{metric}'; {FewestUnits} are needed to learn a spread from.", source,
                    "Take a longer history, or type --baseline and --sd.");
            }

            var linear = isRatio || _repeats;
            var moments = linear ? Linearised.Of(_joint!.ToCoMoments()) : _values.ToMoments();
            if (moments.Count == 0 || !(moments.Variance > 0))
            {
                throw new GnomonError("no-spread", $"{source}: '{metric}' does not vary over its {_values.Count} units, so no size can be planned from it.", metric, "Name another metric, or a longer history.");
            }

            return new DesignHistory
            {
                Values = moments,
                IsBinary = _binary && !linear,
                IsRatio = linear,
                Repeats = _repeats,
                Metric = metric,
                Growth = time is null ? null : Growth(source, time),
                Days = Days,
                FirstDay = _newUnits.Count == 0 ? 0 : _newUnits.Keys.First(),
                ByWeekday = hasDays ? [.. _weekdays.Select(w => w?.ToMoments() ?? Moments.Empty)] : [],
                Missing = _missing,
                Rows = byUnit && _rows > _units ? _rows : null,
            };
        }

        private int Days => _newUnits.Count == 0 ? 0 : (int)Math.Min(MostDays, _newUnits.Keys.Last() - _newUnits.Keys.First() + 1);

        private UnitGrowthFit Growth(string source, string time)
        {
            if (Days < 4)
            {
                throw new GnomonError("too-few-days", $"{source}: '{time}' spans {Days} days; 4 are needed to see how units arrive.", time, "Take a longer history, or type --traffic.");
            }

            var first = _newUnits.Keys.First();
            var byDay = new double[Days];
            foreach (var (day, units) in _newUnits)
            {
                if (day - first < Days)
                {
                    byDay[day - first] = units;
                }
            }

            return UnitGrowth.Fit(byDay);
        }
    }
}
