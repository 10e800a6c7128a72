using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Markets that nobody named. Units that were drawn one by one do not show by their arms what they share; the outcomes do: where a column groups units that take from one another, controls of a
/// group at a moment with more treated units than usual do worse (or better) than the group and the moment would have it. Every column with few enough values is looked at, and the p of the
/// strongest is corrected for all of them.
/// </summary>
internal static class SharedMarkets
{
    private const int FewestMarkets = 3;
    private const int MostMarkets = 5_000;
    private const int MostColumns = 12;
    private const long MostRows = 3_000_000;
    private const int MostCells = 300_000;
    private const int FewestCells = 30;
    private const long FewestPerCell = 10;

    /// <summary>The strongest sign over all columns, or why none was looked for.</summary>
    /// <param name="named">Columns that were named as markets and are judged by themselves.</param>
    public static IEnumerable<SpillOver> Read(AbDesign design, AbInput input, StudyContext context, IReadOnlySet<string> named)
    {
        var lead = design.Primaries.FirstOrDefault();
        if (lead is null)
        {
            yield break;
        }

        if (Reason(design, input) is { } reason)
        {
            if (named.Count == 0)
            {
                yield return Not(lead, false, reason);
            }

            yield break;
        }

        var metric = design.Primaries.First(m => m.Kind == MetricKind.Value);
        var columns = Columns(design, context, named, out var rows, out var moments);
        if (rows > MostRows || columns.Count == 0)
        {
            if (named.Count == 0)
            {
                yield return Not(metric, rows > MostRows, rows > MostRows
                    ? $"{Figures.Count(rows, "row")} are more than the {Figures.Count(MostRows)} in which shared markets are looked for unasked; name the column in --segment"
                    : $"no column groups units that could share something ({FewestMarkets} to {Figures.Count(MostMarkets)} values), such as a zone, a store or a pool");
            }

            yield break;
        }

        var looked = columns.Select(c => (Column: c, Result: One(c, metric, design, input, context, byDay: moments * FewestPerCell > rows) ?? One(c, metric, design, input, context, byDay: true)))
            .Where(x => x.Result is not null).Select(x => (x.Column, Result: x.Result!)).ToList();
        if (looked.Count == 0)
        {
            if (named.Count == 0)
            {
                yield return Not(metric, false, $"{Figures.Count(columns.Count, "column")} ({string.Join(", ", columns.Take(3))}{(columns.Count > 3 ? ", ..." : string.Empty)}) could be shared, but fewer than {FewestCells} groups at a moment hold {FewestPerCell} units of both arms");
            }

            yield break;
        }

        yield return Strongest(looked, metric, design, input);
    }

    private static string? Reason(AbDesign design, AbInput input) =>
        input.Arms.Count != 2 ? $"{input.Arms.Count} arms: the treated share around a control is read with two"
        : input.Repeated ? "units repeat over rows, so the units around a control at 1 moment are not told apart"
        : design.Options.Time is null ? "0 moments: without a time column (--time) nobody can tell who was around a control"
        : design.Primaries.All(m => m.Kind != MetricKind.Value) ? "none of the primary metrics is 1 plain value of a unit"
        : null;

    private static SpillOver Not(MetricSpec metric, bool hasCause, string reason) => new() { Metric = metric.Name, Compared = "controls by the treated share around them", Response = 0, ResponseText = string.Empty, Looked = 0, NotLooked = reason, HasCause = hasCause };

    // Whatever groups units and is no role yet, named segments included.
    private static List<string> Columns(AbDesign design, StudyContext context, IReadOnlySet<string> named, out long rows, out long moments)
    {
        var (data, options) = (context.RequireData(), design.Options);
        var used = new HashSet<string>(
            [
                .. new[] { options.Unit, options.Variant, options.Time, options.Cluster, options.Propensity }.OfType<string>(), .. options.Pre, .. options.Factors, .. named,
                .. design.Metrics.SelectMany(m => new[] { m.Column, m.Denominator }).OfType<string>(),
            ], StringComparer.OrdinalIgnoreCase);
        var fields = data.Schema.Where(f => !used.Contains(f.Name) && f.Type is ColumnType.Text or ColumnType.Category or ColumnType.Integer && !used.Contains(f.Name))
            .OrderBy(f => f.Type is ColumnType.Integer ? 1 : 0).Take(MostColumns).ToList();
        if (fields.Count == 0)
        {
            (rows, moments) = (0, 0);
            return [];
        }

        rows = Convert.ToInt64(data.Read(Query.Of(new Projection("rows", Scalar.Aggregate(AggregateFunction.RowCount))), context.Cancellation).Columns[0].Cell(0), System.Globalization.CultureInfo.InvariantCulture);
        moments = 0;
        if (rows > MostRows)
        {
            return [];
        }

        var counts = data.Read(
            Query.Of([.. fields.Select((f, i) => new Projection($"c{i}", Scalar.Aggregate(AggregateFunction.CountDistinct, Scalar.Column(f.Name)))),
                new Projection("moments", Scalar.Aggregate(AggregateFunction.CountDistinct, Scalar.Column(data.Schema.Require(options.Time!).Name)))]), context.Cancellation);
        long Count(int i) => Convert.ToInt64(counts.Columns[i].Cell(0), System.Globalization.CultureInfo.InvariantCulture);
        moments = Count(fields.Count);
        var most = Math.Min(MostMarkets, rows / (3 * FewestPerCell));
        return [.. fields.Where((_, i) => Count(i) >= FewestMarkets && Count(i) <= most).Select(f => f.Name)];
    }

    private static SaturationOverTimeResult? One(string column, MetricSpec metric, AbDesign design, AbInput input, StudyContext context, bool byDay)
    {
        var data = context.RequireData();
        var time = Scalar.Column(data.Schema.Require(design.Options.Time!).Name);
        var (market, moment, arm) = (Scalar.Column(column).ToText(), byDay ? Scalar.Call(ScalarFunction.ToDay, time).ToText() : time.ToText(), Scalar.Column(data.Schema.Require(design.Options.Variant!).Name).ToText());
        var usable = MetricTotals.Named(arm).And(market.IsNull().Not()).And(moment.IsNull().Not());
        var parts = MetricTotals.Of(design, data, usable, context.Cancellation, _ => input.Metrics.First(m => m.Spec.Name == metric.Name).Arms[0].Values.Mean);
        var m = design.Metrics.ToList().FindIndex(x => x.Name == metric.Name);
        var table = data.Read(
            new Query
            {
                Select = [new("market", market), new("moment", moment), new("arm", arm), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(parts).Skip(3 * m).Take(2)],
                Where = usable, GroupBy = [market, moment, arm], OrderBy = [new(market), new(moment), new(arm)], Limit = MostCells + 1,
            },
            context.Cancellation);
        return table.Rows > MostCells ? null : Judge(table, input);
    }

    private static SaturationOverTimeResult? Judge(Table table, AbInput input)
    {
        var (markets, moments, arms) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (TextColumn)table.Columns[2]);
        var (rows, sums) = (((IntegerColumn)table.Columns[3]).Values.ToArray(), (DoubleColumn)table.Columns[4]);
        var cells = new Dictionary<(int Market, int Moment), (long Treated, long Controls, double Sum)>();
        for (var i = 0; i < table.Rows; i++)
        {
            var key = (markets.Codes[i], moments.Codes[i]);
            var cell = cells.GetValueOrDefault(key);
            cells[key] = arms.Dictionary[arms.Codes[i]] == input.Arms[0]
                ? (cell.Treated, cell.Controls + rows[i], cell.Sum + (sums.IsNull(i) ? 0 : sums.Values[i])) : (cell.Treated + rows[i], cell.Controls, cell.Sum);
        }

        var kept = cells.Where(c => c.Value.Treated + c.Value.Controls >= FewestPerCell && c.Value.Controls > 0).ToList();
        if (kept.Count < FewestCells)
        {
            return null;
        }

        try
        {
            return SaturationOverTime.Test(
                kept.Select(c => c.Key.Market).ToArray(), kept.Select(c => c.Key.Moment).ToArray(), kept.Select(c => c.Value.Treated).ToArray(), kept.Select(c => c.Value.Controls).ToArray(), kept.Select(c => c.Value.Sum).ToArray());
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static SpillOver Strongest(List<(string Column, SaturationOverTimeResult Result)> looked, MetricSpec metric, AbDesign design, AbInput input)
    {
        var (column, result) = looked.MinBy(x => x.Result.PValue);
        var unit = input.Metrics.First(x => x.Spec.Name == metric.Name).Unit;
        return new SpillOver
        {
            Metric = metric.Name,
            Compared = $"controls of {column} at moments of {design.Options.Time} when more units around them happened to be in {input.Arms[1]} ({Figures.WholePercent(result.Lowest)} to {Figures.WholePercent(result.Highest)}), from none to all"
                + (looked.Count == 1 ? string.Empty : $", the strongest of {looked.Count} columns that could be shared"),
            Response = result.Slope,
            ResponseText = $"{Figures.Effect(result.Slope, unit)} on {metric.Name}",
            PValue = Math.Min(1, looked.Count * result.PValue),
            SmallestP = 0,
            Looked = result.Cells,
            Instead = $"Controls {(result.Slope * metric.Sign < 0 ? "lose when others are treated, so the difference overstates a launch: it is an upper bound" : "gain when others are treated, so the difference understates a launch: it is a lower bound")}. "
                + $"Assign {column} as a whole (--cluster {column}), or switch it over time (--switchback).",
        };
    }
}
