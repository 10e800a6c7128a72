using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Interference;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>
/// Controls against the treated share around them, where a segment names a market that units share (zone, region, city, store, listing, ...): cells are a value of it at a time, or the value alone.
/// </summary>
internal static class SaturationReader
{
    private const int MostCells = 200_000;
    private const int FewestCells = 10;
    private const long FewestPerCell = 10;

    // Names of what units share; a country or an age band is a group, not a market in which one takes from another.
    private static readonly string[] Shared = ["zone", "region", "city", "market", "store", "shop", "area", "district", "cell", "listing", "item", "sku", "product", "inventory", "pool", "depot", "hub", "venue"];

    public static IEnumerable<SpillOver> Read(AbDesign design, AbInput input, StudyContext context)
    {
        var judged = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (!input.Repeated && input.Arms.Count == 2 && design.Primaries.FirstOrDefault(m => m.Kind == MetricKind.Value) is { } metric)
        {
            foreach (var column in design.Options.Segment.Where(IsShared))
            {
                if (One(column, metric, design, input, context) is { } evidence)
                {
                    judged.Add(column);
                    yield return evidence;
                }
            }
        }

        // What nobody named is found by what the outcomes do, over all columns together.
        foreach (var evidence in SharedMarkets.Read(design, input, context, judged))
        {
            yield return evidence;
        }
    }

    private static bool IsShared(string column) => column.Split('_', ' ', '-', '.').Any(word => Shared.Contains(word, StringComparer.OrdinalIgnoreCase));

    private static SpillOver? One(string column, MetricSpec metric, AbDesign design, AbInput input, StudyContext context)
    {
        var data = context.RequireData();
        var arm = Scalar.Column(data.Schema.Require(design.Options.Variant!).Name).ToText();
        var region = Scalar.Column(data.Schema.Require(column).Name).ToText();
        var time = design.Options.Time is { } t ? Scalar.Column(data.Schema.Require(t).Name).ToText() : Scalar.Value(string.Empty);
        var usable = MetricTotals.Named(arm).And(region.IsNull().Not());
        var parts = MetricTotals.Of(design, data, usable, context.Cancellation, _ => input.Metrics.First(m => m.Spec.Name == metric.Name).Arms[0].Values.Mean);
        var m = design.Metrics.ToList().FindIndex(x => x.Name == metric.Name);
        var table = data.Read(
            new Query
            {
                Select = [new("region", region), new("time", time), new("arm", arm), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(parts).Skip(3 * m).Take(2)],
                Where = usable,
                GroupBy = design.Options.Time is null ? [region, arm] : [region, time, arm],
                OrderBy = design.Options.Time is null ? [new(region), new(arm)] : [new(region), new(time), new(arm)],
                Limit = MostCells + 1,
            },
            context.Cancellation);
        return table.Rows > MostCells ? null : Judge(column, metric, design, input, table);
    }

    private static SpillOver? Judge(string column, MetricSpec metric, AbDesign design, AbInput input, Table table)
    {
        var (regions, times, arms) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (TextColumn)table.Columns[2]);
        var (rows, sums) = (((IntegerColumn)table.Columns[3]).Values.ToArray(), (DoubleColumn)table.Columns[4]);
        var cells = new Dictionary<(int Region, int Time), (long Treated, long Controls, double Sum)>();
        for (var i = 0; i < table.Rows; i++)
        {
            // Without --time all rows of a region are one cell, and regions are compared with each other.
            var key = design.Options.Time is null ? (0, regions.Codes[i]) : (regions.Codes[i], times.Codes[i]);
            var cell = cells.GetValueOrDefault(key);
            var isControl = arms.Dictionary[arms.Codes[i]] == input.Arms[0];
            cells[key] = isControl ? (cell.Treated, cell.Controls + rows[i], cell.Sum + (sums.IsNull(i) ? 0 : sums.Values[i])) : (cell.Treated + rows[i], cell.Controls, cell.Sum);
        }

        var kept = cells.Where(c => c.Value.Treated + c.Value.Controls >= FewestPerCell).Select(c => (c.Key.Region, c.Value)).ToList();
        if (kept.Count < FewestCells)
        {
            return null;
        }

        try
        {
            var result = LocalSaturation.Test([.. kept.Select(c => c.Region)], [.. kept.Select(c => c.Value.Treated)], [.. kept.Select(c => c.Value.Controls)], [.. kept.Select(c => c.Value.Sum)], new RerandomisationOptions { Seed = (ulong)design.Options.Seed, Draws = 1_999 });
            var unit = input.Metrics.First(x => x.Spec.Name == metric.Name).Unit;
            return new SpillOver
            {
                Metric = metric.Name,
                Compared = $"controls of {column} where more units happened to be in {input.Arms[1]} ({Figures.WholePercent(result.Lowest)} to {Figures.WholePercent(result.Highest)}), from none to all",
                Response = result.Slope,
                ResponseText = $"{Figures.Effect(result.Slope, unit)} on {metric.Name}",
                PValue = result.Test.PValue,
                SmallestP = result.Test.SmallestP,
                Looked = result.Cells,
                Instead = result.Slope * metric.Sign < 0
                    ? $"Controls lose when others are treated, so the difference overstates a launch: it is an upper bound. Assign {column} as a whole (--cluster {column}), or switch it over time (--switchback)."
                    : $"Controls gain when others are treated, so the difference understates a launch: it is a lower bound. Assign {column} as a whole (--cluster {column}), or switch it over time (--switchback).",
            };
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}
