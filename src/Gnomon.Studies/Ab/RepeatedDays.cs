using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Units that come on several days: what happened on each day of the calendar, and on each day since the unit was first seen. A unit gives evidence of every day on which it has rows; the
/// effect of a day is a ratio of totals over the units of that day, its error is that of the units, and days are correlated because they share units.
/// </summary>
/// <remarks>Sources: Hohnhold, O'Brien and Tang 2015 (effects by days of exposure); the covariance of two days is the delta method for ratios (Deng, Knoblich and Lu 2018) with the unit as the cluster.</remarks>
internal sealed class RepeatedDays
{
    // Eight weeks of exposure tell whether an effect fades; the covariance grows with the square of the days.
    private const int MostExposureDays = 56;

    // Below so many units of an arm the spread of a day is too uncertain to weigh it by.
    private const int FewestUnits = 20;
    private const int MostMetrics = 3;
    private readonly AbInput _input;
    private readonly IReadOnlyList<MetricDays> _metrics;

    private RepeatedDays(AbInput input, IReadOnlyList<MetricDays> metrics) => (_input, _metrics) = (input, metrics);

    /// <returns>Null where every unit has one day.</returns>
    public static RepeatedDays? Read(AbInput input, AbReader reader, StudyContext context)
    {
        if (reader.Time is not { } time || reader.Unit is null || !input.SeveralDays || input.Designed is not null)
        {
            return null;
        }

        var metrics = input.Metrics.Where(m => m.Spec.Role == MetricRole.Primary && m.Spec.Derived is null && m.Arms.All(a => a.N > 0)).Take(MostMetrics).Select(m => new MetricDays(m, input.Arms.Count)).ToList();
        if (metrics.Count == 0)
        {
            return null;
        }

        // The first day's arm is that of the unit, as in the comparison itself.
        var (unit, arm, day) = (Scalar.Column(reader.Unit), reader.Arm.ToText(), Scalar.Call(ScalarFunction.ToDay, Scalar.Column(time)));
        var select = new List<Projection> { new("arm", reader.First(arm, reversed: false)), new("unit", unit.Hash()), new("day", day) };
        foreach (var (m, i) in metrics.Select((m, i) => (m.Spec, i)))
        {
            var value = AbReader.Value(m);
            var other = m.Denominator is null ? null : Scalar.Column(m.Denominator).ToDouble();
            var present = other is null ? null : value.IsNull().Or(other.IsNull()).Not();
            select.Add(new($"m{i}", Scalar.Aggregate(AggregateFunction.FixedPointSum, value, present, m.IsWritten ? 0 : reader.Scale(m.Column, 1))));
            select.Add(new($"d{i}", other is null ? Scalar.Aggregate(AggregateFunction.Count, value).ToDouble() : Scalar.Aggregate(AggregateFunction.FixedPointSum, other, present, reader.Scale(m.Denominator!, 1))));
        }

        var index = input.Arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i, StringComparer.Ordinal);
        var (current, place, first, known) = (0UL, -1, 0L, false);
        reader.Data.Scan(
            new Query { Select = select, Where = reader.Usable().And(day.IsNull().Not()), GroupBy = [unit, day], OrderBy = [new(unit.Hash()), new(day)] },
            chunk =>
            {
                var codes = chunk.Codes(0);
                var hashes = chunk.Hashes(1);
                var days = chunk.Integers(2);
                var names = chunk.Dictionary(0);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (!known || hashes[i] != current)
                    {
                        metrics.ForEach(m => m.EndUnit());
                        (known, current, first) = (true, hashes[i], days[i]);
                        place = codes[i] >= 0 && index.TryGetValue(names[codes[i]], out var at) ? at : -1;
                    }

                    for (var m = 0; place >= 0 && m < metrics.Count; m++)
                    {
                        if (!chunk.IsNull(3 + (2 * m), i) && chunk.Doubles(4 + (2 * m))[i] is > 0 and var size)
                        {
                            metrics[m].Add(place, days[i], (int)Math.Min(days[i] - first, MostExposureDays), chunk.Doubles(3 + (2 * m))[i], size);
                        }
                    }
                }

                return true;
            },
            context.Cancellation);
        metrics.ForEach(m => m.EndUnit());
        return new(input, metrics);
    }

    /// <summary>Days of the calendar that have rows of the leading metric; null where none has.</summary>
    public DayCoverage? Coverage()
    {
        var calendar = _metrics[0].Calendar;
        if (calendar.Count == 0)
        {
            return null;
        }

        var (first, days) = (calendar.Keys.First(), (int)(calendar.Keys.Last() - calendar.Keys.First()) + 1);
        Moments OfDay(long day) => calendar.TryGetValue(day, out var arms) ? arms.Aggregate(Moments.Empty, (sum, a) => Moments.Merge(sum, a.Values?.ToMoments() ?? Moments.Empty)) : Moments.Empty;
        var byDay = Enumerable.Range(0, days).Select(d => OfDay(first + d)).ToList();

        // Units that come on several weekdays make weekdays look more alike than the test of independent days supposes: it errs on the quiet side.
        return new DayCoverage
        {
            Days = days, FirstDay = first, EmptyDays = byDay.Count(m => m.Count == 0), ByDay = byDay,
            ByWeekday = [.. Enumerable.Range(0, 7).Select(w => byDay.Where((_, d) => (first + d + 3) % 7 == w).Aggregate(Moments.Empty, Moments.Merge))],
        };
    }

    /// <summary>The effect of a primary comparison by day of exposure; null where no day has enough units.</summary>
    public DailyEffects? Effects(Comparison c) => Of(c)?.Effects(Arm(c)) is not var (seen, effects, covariance) ? null : new DailyEffects
    {
        Metric = $"{c.Spec.Name} ({c.Contrast})", Day = [.. seen.Select(d => d + 1)], Difference = effects, Variance = [.. seen.Select((_, i) => covariance[(i * seen.Length) + i])], Covariance = covariance, IsByExposure = true,
        Low = c.Raw.Low, High = c.Raw.High,
    };

    /// <summary>The effect by day of the calendar and by day of exposure, with intervals day by day.</summary>
    public IEnumerable<Plot> Plots(Comparison lead)
    {
        if (Of(lead) is not { } metric)
        {
            yield break;
        }

        var reach = Normal.UpperQuantile((1 - lead.Raw.Level) / 2);
        var unit = new PlotUnit(lead.Metric.Unit, Change: true);
        var daily = metric.Calendar.Select(d => (d.Key, Effect: Effect(d.Value[Arm(lead)], d.Value[0], metric.Pivot))).Where(d => d.Effect is not null)
            .Select(d => new LinePoint(DateTimeOffset.UnixEpoch.AddDays(d.Key), d.Effect!.Value.Value, lead.Contrast, d.Effect.Value.Value - (reach * d.Effect.Value.Error), d.Effect.Value.Value + (reach * d.Effect.Value.Error))).ToList();
        if (daily.Count >= 2)
        {
            yield return new Plot("daily", $"Effect on {lead.Spec.Name} by day", LinePlot.Build(daily, $"effect on {lead.Spec.Name}", unit));
        }

        if (metric.Effects(Arm(lead)) is (int[] { Length: >= 2 } seen, var effects, var covariance))
        {
            var points = seen.Select((d, i) => (d, Effect: effects[i], Half: reach * Math.Sqrt(covariance[(i * seen.Length) + i]))).Select(x => new BandPoint(x.d + 1, x.Effect, lead.Contrast, x.Effect - x.Half, x.Effect + x.Half)).ToList();
            yield return new Plot("exposure", $"Effect on {lead.Spec.Name} by day since the unit was first seen", BandPlot.Build(points, "day since first seen (1 is the first)", $"effect on {lead.Spec.Name}", unit, "day"));
        }
    }

    private int Arm(Comparison c) => _input.Arms.ToList().IndexOf(c.Arm);

    private MetricDays? Of(Comparison c) => _metrics.FirstOrDefault(m => m.Spec.Name == c.Spec.Name);

    private static (double Value, double Error)? Effect(DayTotals treatment, DayTotals control, double pivot)
    {
        if (treatment.Units < FewestUnits || control.Units < FewestUnits)
        {
            return null;
        }

        var variance = treatment.Variance() + control.Variance();
        return variance > 0 ? (treatment.Mean(pivot) - control.Mean(pivot), Math.Sqrt(variance)) : null;
    }

    /// <summary>Totals of one arm on one day, about the pivot.</summary>
    private sealed class DayTotals
    {
        private double _sum, _size, _squares, _cross, _sizes;

        public long Units { get; private set; }

        /// <summary>Means of the units of that day.</summary>
        public MomentsAccumulator? Values { get; private set; }

        /// <param name="off">Total less the pivot times the size.</param>
        /// <param name="size">Rows, or the denominator.</param>
        /// <param name="pivot">Centre of the sums.</param>
        public void Add(double off, double size, double pivot)
        {
            Units++;
            _sum += off;
            _size += size;
            _squares += off * off;
            _cross += off * size;
            _sizes += size * size;
            (Values ??= new MomentsAccumulator(pivot, 2)).Add(pivot + (off / size));
        }

        public double Mean(double pivot) => pivot + (_sum / _size);

        public double Variance()
        {
            var shift = _sum / _size;
            return Math.Max(0, _squares - (2 * shift * _cross) + (shift * shift * _sizes)) / (_size * _size) * Units / (Units - 1);
        }
    }

    /// <summary>One metric by day of the calendar, and by day of exposure with products of days.</summary>
    private sealed class MetricDays
    {
        private readonly int _arms;
        private readonly Exposure[] _exposure;
        private readonly List<(int Day, double Off, double Size)> _unit = [];
        private int _arm;

        public MetricDays(MetricInput metric, int arms)
        {
            (Spec, _arms, Pivot) = (metric.Spec, arms, metric.Arms[0].Values.Mean);
            _exposure = [.. Enumerable.Range(0, arms).Select(_ => new Exposure())];
        }

        public MetricSpec Spec { get; }

        /// <summary>Centre of all sums: the control mean.</summary>
        public double Pivot { get; }

        public SortedDictionary<long, DayTotals[]> Calendar { get; } = [];

        public void Add(int arm, long day, int exposure, double sum, double size)
        {
            if (!Calendar.TryGetValue(day, out var cells))
            {
                Calendar.Add(day, cells = [.. Enumerable.Range(0, _arms).Select(_ => new DayTotals())]);
            }

            var off = sum - (Pivot * size);
            cells[arm].Add(off, size, Pivot);
            _arm = arm;
            if (exposure < MostExposureDays)
            {
                _unit.Add((exposure, off, size));
            }
        }

        public void EndUnit()
        {
            if (_unit.Count > 0)
            {
                _exposure[_arm].Add(_unit);
                _unit.Clear();
            }
        }

        /// <summary>Days of exposure (0 for the first) with enough units of both arms, their effects, and the covariance between them, row by row; null where there is none.</summary>
        public (int[] Days, double[] Effects, double[] Covariance)? Effects(int arm)
        {
            var (treatment, control) = (_exposure[arm], _exposure[0]);
            int[] days = [.. Enumerable.Range(0, MostExposureDays).Where(d => treatment.Units(d) >= FewestUnits && control.Units(d) >= FewestUnits && treatment.Covariance(d, d) + control.Covariance(d, d) > 0)];
            return days.Length == 0 ? null
                : (days, [.. days.Select(d => treatment.Mean(d) - control.Mean(d))], [.. days.SelectMany(i => days.Select(j => treatment.Covariance(i, j) + control.Covariance(i, j)))]);
        }
    }

    /// <summary>One arm by day of exposure: totals, and products of two days over the units that were there on both.</summary>
    private sealed class Exposure
    {
        private const int Width = MostExposureDays;
        private readonly long[] _units = new long[Width];
        private readonly double[] _sum = new double[Width];
        private readonly double[] _size = new double[Width];
        private readonly double[] _offs = new double[Width * Width];
        private readonly double[] _crosses = new double[Width * Width];
        private readonly double[] _sizes = new double[Width * Width];

        public void Add(List<(int Day, double Off, double Size)> unit)
        {
            foreach (var (i, off, size) in unit)
            {
                _units[i]++;
                _sum[i] += off;
                _size[i] += size;
                foreach (var (j, otherOff, otherSize) in unit)
                {
                    var at = (i * Width) + j;
                    _offs[at] += off * otherOff;
                    _crosses[at] += off * otherSize;
                    _sizes[at] += size * otherSize;
                }
            }
        }

        public long Units(int day) => _units[day];

        /// <summary>Less the pivot.</summary>
        public double Mean(int day) => _sum[day] / _size[day];

        // Sum over the shared units of the products of their residuals; the larger of the two days sets the correction for its fitted mean.
        public double Covariance(int i, int j)
        {
            var (a, b) = (Mean(i), Mean(j));
            var products = _offs[(i * Width) + j] - (b * _crosses[(i * Width) + j]) - (a * _crosses[(j * Width) + i]) + (a * b * _sizes[(i * Width) + j]);
            var n = Math.Max(_units[i], _units[j]);
            return products / (_size[i] * _size[j]) * n / (n - 1);
        }
    }
}
