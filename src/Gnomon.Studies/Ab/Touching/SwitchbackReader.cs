using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Reads a switchback into cells: one per series and period, ordered by name and time.</summary>
internal sealed class SwitchbackReader
{
    private const int MostCells = 2_000_000;
    private const double MicrosecondsPerDay = 86_400e6;
    private readonly AbDesign _design;
    private readonly IDataset _data;
    private readonly CancellationToken _cancellation;
    private readonly bool _isClock;
    private readonly Scalar _period;
    private Scalar? _zone;
    private Scalar? _usable;

    private SwitchbackReader(AbDesign design, StudyContext context)
    {
        (_design, _data, _cancellation) = (design, context.RequireData(), context.Cancellation);
        var time = _data.Schema.Require(design.Options.Time!, "--time");
        _isClock = !time.IsNumeric;
        _period = _isClock ? Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(time.Name)).ToDouble() : Scalar.Column(time.Name).ToDouble();
    }

    /// <exception cref="GnomonError">The column of time cannot be read, more than two arms, an arm that changes inside a block.</exception>
    public static AbInput Read(AbDesign design, StudyContext context) => new SwitchbackReader(design, context).Read();

    private AbInput Read()
    {
        var options = _design.Options;
        var arm = Scalar.Column(_data.Schema.Require(options.Variant!).Name).ToText();
        var zone = options.Cluster is null ? null : Scalar.Column(_data.Schema.Require(options.Cluster, "--cluster").Name).ToText();
        var usable = MetricTotals.Named(arm).And(_period.IsNull().Not());
        usable = zone is null ? usable : usable.And(zone.IsNull().Not());
        (_zone, _usable) = (zone, usable);
        var centres = Centres(usable);
        var parts = MetricTotals.Of(_design, _data, usable, _cancellation, m => centres[m]);
        var group = zone is null ? new[] { _period } : [zone, _period];
        var table = _data.Read(
            new Query
            {
                Select = [new("period", _period), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm)), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), new("zone", zone ?? Scalar.Aggregate(AggregateFunction.Min, arm)), .. MetricTotals.Select(parts)],
                Where = usable,
                GroupBy = group,
                OrderBy = [.. group.Select(g => new Ordering(g))],
                Limit = MostCells + 1,
            },
            _cancellation);
        if (table.Rows > MostCells)
        {
            throw new GnomonError("too-many-periods", $"{_data.Name}: more than {Figures.Count(MostCells)} periods.", "--time", "Round the times to periods, for example hours, with --query.");
        }

        if (table.Rows == 0)
        {
            throw new GnomonError("time-not-read", $"{_data.Name}: no value of '{options.Time}' could be read as a time or a number.", "--time", "Name a column of times, dates or numbers that order the periods.");
        }

        return Input(table, parts, zone is null);
    }

    private AbInput Input(Table table, List<MetricTotals> parts, bool oneSeries)
    {
        var options = _design.Options;
        var period = ((DoubleColumn)table.Columns[0]).Values.ToArray();
        var arms = ((TextColumn)table.Columns[1], (TextColumn)table.Columns[2]);
        var zones = (TextColumn)table.Columns[4];
        var order = _design.OrderArms([.. Enumerable.Range(0, table.Rows).SelectMany(i => new[] { Text(arms.Item1, i), Text(arms.Item2, i) }).Distinct().Order(StringComparer.Ordinal)]);
        if (order.Count != 2)
        {
            throw new GnomonError("switchback-arms", $"{_data.Name}: a switchback has two arms; '{options.Variant}' has {order.Count}.", "--variant", "Keep two with --where.");
        }

        var series = new int[table.Rows];
        for (var i = 1; i < series.Length && !oneSeries; i++)
        {
            series[i] = series[i - 1] + (Text(zones, i) == Text(zones, i - 1) ? 0 : 1);
        }

        var block = options.Block ?? _design.Plan?.Assignment?.Block;
        var clock = Clock.Of(period, _isClock, block, options.BurnIn);
        var steps = clock.Steps(period);
        var guess = BlockGuess.Of(series, steps, [.. Enumerable.Range(0, table.Rows).Select(i => Text(arms.Item1, i) == order[1] ? 1 : 0)]);
        var says = guess.Doubt(clock, block ?? string.Empty, _isClock);
        if (block is null)
        {
            (clock, says) = guess.Settle(clock, _data.Name, options, _isClock, steps.Max());
        }

        var (blocks, positions) = clock.Place(period);
        var zoneName = (int i) => oneSeries ? null : Text(zones, i);
        var armOf = Arms(series, blocks, arms, order, period, zoneName);
        try
        {
            return Build(table, parts, series, blocks, positions, armOf, order, clock, period, says);
        }
        catch (TooFewRowsException e)
        {
            throw new GnomonError("too-few-blocks", $"{_data.Name}: {e.Message}", "--time", "A switchback needs several blocks of each arm; if the arm was assigned once and for all, leave out --switchback.");
        }
    }

    private AbInput Build(Table table, List<MetricTotals> parts, int[] series, int[] blocks, int[] positions, int[][] armOf, IReadOnlyList<string> order, Clock clock, double[] period, string? says)
    {
        var days = _isClock ? Array.ConvertAll(period, p => (long)Math.Floor(p / MicrosecondsPerDay)) : null;
        var metrics = new List<MetricInput>();
        var sets = new List<SwitchbackMetric>();
        long[] draws = [];
        var share = _design.Shares(order).Shares[1] is > 0 and < 1 and var planned ? planned : 0.5;
        for (var m = 0; m < parts.Count; m++)
        {
            var (sums, sizes, squares) = ((DoubleColumn)table.Columns[5 + 3 * m], (DoubleColumn)table.Columns[6 + 3 * m], (DoubleColumn)table.Columns[7 + 3 * m]);
            int[] kept = [.. Enumerable.Range(0, table.Rows).Where(i => !sums.IsNull(i) && sizes.Values[i] > 0)];
            var (s, n) = (sums.Values.ToArray(), sizes.Values.ToArray());
            var q = squares.Values.ToArray();
            var centre = parts[m].Centre;
            var cells = new SwitchbackCells(armOf, Pick(series, kept), Pick(blocks, kept), Pick(positions, kept), Pick(s, kept), Pick(n, kept), clock.BlockLength);
            string? refused = null;
            if (parts[m].Metric.Derived is QuantileMetric metric)
            {
                refused = Quantile(metric, ref cells, ref centre, s, q, table, kept, i => armOf[series[i]][blocks[i]], clock.BurnIn, share, order, period);
            }

            var byBlock = kept.GroupBy(i => (series[i], blocks[i])).Select(g => (Arm: armOf[g.Key.Item1][g.Key.Item2], Sum: g.Sum(i => s[i]), Size: g.Sum(i => n[i]))).ToList();
            ClusterTotals Totals(int arm) => new([.. byBlock.Where(b => b.Arm == arm).Select(b => b.Sum)], [.. byBlock.Where(b => b.Arm == arm).Select(b => b.Size)]);
            double? Squares(int arm) => parts[m].Metric.Kind == MetricKind.Ratio ? null : kept.Where(i => armOf[series[i]][blocks[i]] == arm).Sum(i => q[i]);
            var set = new SwitchbackMetric(parts[m].Metric.Name, centre, cells, Totals(1), Totals(0), Squares(1), Squares(0));
            sets.Add(set);
            draws = [cells.Control, cells.Treated];
            var levels = Levels(cells, clock.BurnIn, share);
            metrics.Add(new MetricInput
            {
                Spec = parts[m].Metric,
                Binary = false,
                IsRatio = true,
                ByDesign = parts[m].Metric.Derived is not null,
                Method = parts[m].Metric.Derived is QuantileMetric named ? $"{Figures.Number(100 * named.Share)} % quantile of rows, mid-distribution" : null,
                IsShare = parts[m].IsShare,
                InOwnUnit = parts[m].Metric.Kind is MetricKind.Value or MetricKind.Derived,
                Arms = refused is not null ? [new ArmMetric { Values = Moments.Empty, Refused = refused }, new ArmMetric { Values = Moments.Empty, Refused = refused }] : [Level(set.Control, set.Centre + (levels?.ControlMean ?? set.Control.Mean), Daily(0)), Level(set.Treated, set.Centre + (levels?.TreatedMean ?? set.Treated.Mean), Daily(1))],
            });

            // Whole blocks were assigned: the periods of a block are one piece of evidence of its day.
            IReadOnlyDictionary<long, Moments> Daily(int arm) => days is null
                ? new Dictionary<long, Moments>()
                : kept.Where(i => armOf[series[i]][blocks[i]] == arm).GroupBy(i => days[i])
                    .ToDictionary(g => g.Key, g => Moments.Of([.. g.GroupBy(i => (series[i], blocks[i])).Select(b => set.Centre + b.Sum(i => s[i]) / b.Sum(i => n[i]))]));
        }

        return new AbInput
        {
            Arms = order,
            Units = draws,
            Metrics = metrics,
            Rows = ((IntegerColumn)table.Columns[3]).Values.ToArray().Sum(),
            Repeated = true,
            FirstDay = days?.Min(),
            LastDay = days?.Max(),
            Designed = new SwitchbackSet(sets) { Time = _design.Options.Time!, Zone = _design.Options.Cluster, Series = armOf.Length, BurnIn = clock.BurnIn, BurnInText = Written(_design.Options.BurnIn), Share = share, BlockSays = says },
        };
    }

    // Sums of a quantile's contributions in the place of those of values; why not, where an arm has none.
    private string? Quantile(QuantileMetric metric, ref SwitchbackCells cells, ref double centre, double[] sums, double[] squares, Table table, int[] kept, Func<int, int> armOf, int burnIn, double share, IReadOnlyList<string> arms, double[] period)
    {
        var zones = (TextColumn)table.Columns[4];
        var lines = Enumerable.Range(0, table.Rows).ToDictionary(i => (_zone is null ? null : Text(zones, i), period[i]), i => i);
        var cellOf = new int[table.Rows];
        Array.Fill(cellOf, -1);
        for (var c = 0; c < kept.Length; c++)
        {
            cellOf[kept[c]] = c;
        }

        var (line, values) = SwitchbackQuantile.Rows(_data, _zone, _period, _usable!, Scalar.Column(_data.Schema.Require(metric.Column).Name).ToDouble(), (zone, at) => lines[(zone, at)], _cancellation);
        try
        {
            var found = SwitchbackQuantile.Of(cells, Array.ConvertAll(kept, i => armOf(i)), Array.ConvertAll(line, l => cellOf[l]), values, metric.Share, burnIn, share, arms);
            (cells, centre) = (found.Cells, found.Centre);
            for (var c = 0; c < kept.Length; c++)
            {
                (sums[kept[c]], squares[kept[c]]) = (found.Sums[c], found.Squares[c]);
            }

            return null;
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return e.Message;
        }
    }

    // The means that the estimate compares; null where there is none, which the comparison then says.
    private static SwitchbackResult? Levels(SwitchbackCells cells, int burnIn, double share)
    {
        try
        {
            return Switchback.Estimate(cells, burnIn, share);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    // Spread over blocks, around the mean that the estimate compares, so that levels read as the difference does.
    private static ArmMetric Level(ClusterTotals blocks, double mean, IReadOnlyDictionary<long, Moments> byDay)
    {
        var means = Moments.Of([.. blocks.Sums.Zip(blocks.Sizes, (s, n) => s / n)]);
        return new ArmMetric { Values = new Moments(means.Count, mean, means.M2), ByDay = byDay };
    }

    private static string Written(string? burnIn) => burnIn is null ? "0 periods" : char.IsAsciiDigit(burnIn[^1]) ? $"{burnIn} {(burnIn == "1" ? "period" : "periods")}" : burnIn;

    private int[][] Arms(int[] series, int[] blocks, (TextColumn First, TextColumn Last) arms, IReadOnlyList<string> order, double[] period, Func<int, string?> zone)
    {
        var of = new int[series[^1] + 1][];
        for (var s = 0; s < of.Length; s++)
        {
            of[s] = [];
        }

        foreach (var group in Enumerable.Range(0, series.Length).GroupBy(i => series[i]))
        {
            var row = new int[group.Max(i => blocks[i]) + 1];
            Array.Fill(row, SwitchbackCells.Unknown);
            foreach (var i in group)
            {
                var arm = Text(arms.First, i) == order[1] ? 1 : 0;
                if (Text(arms.First, i) != Text(arms.Last, i) || (row[blocks[i]] >= 0 && row[blocks[i]] != arm))
                {
                    var where = $"{(zone(i) is { } z ? $"{_design.Options.Cluster} {z}, " : string.Empty)}{_design.Options.Time} {Shown(period[i])}";
                    throw new GnomonError(
                        "block-not-constant", $"{_data.Name}: {where} lies in a block that holds both {order[0]} and {order[1]}; in a switchback a block has one arm.", "--time, --block",
                        _design.Options.Cluster is null ? "Name the column that switches by itself with --cluster, or give the length of a block with --block." : "Give the length of a block with --block, for example --block 2h.");
                }

                row[blocks[i]] = arm;
            }

            of[group.Key] = row;
        }

        return of;
    }

    private string Shown(double period) => _isClock ? DateTimeOffset.UnixEpoch.AddTicks((long)period * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : Figures.Number(period);

    private double[] Centres(Scalar usable)
    {
        var parts = MetricTotals.Of(_design, _data, usable, _cancellation, _ => 0);
        var table = _data.Read(new Query { Select = [.. MetricTotals.Select(parts)], Where = usable }, _cancellation);
        return [.. parts.Select((_, m) => table.Columns[3 * m].Cell(0) is double sum && table.Columns[3 * m + 1].Cell(0) is double size && size > 0 ? sum / size : 0)];
    }

    private static string Text(TextColumn column, int row) => column.Dictionary[column.Codes[row]];

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, r => values[r]);
}
