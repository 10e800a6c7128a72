using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>A geo test as read: regions with their arms, before and after the start.</summary>
internal sealed record GeoPanel
{
    public required RegionHistory History { get; init; }

    public required AbDesign Design { get; init; }

    /// <summary>Control and treatment.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    public required bool[] Treated { get; init; }

    /// <summary>For each region the other one of its pair; null without pairs.</summary>
    public int[]? Partner { get; init; }

    /// <summary>Periods before the start.</summary>
    public required int Before { get; init; }

    /// <summary>Regions without an arm, or without a partner.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    public MetricSpec Metric => History.Metric;

    public int After => History.Periods.Length - Before;

    public int TreatedCount => Treated.Count(t => t);

    public int ControlCount => Treated.Length - TreatedCount;

    public string Contrast => $"{Arms[1]} - {Arms[0]}";

    public double[] Means(bool after) => [.. Enumerable.Range(0, Treated.Length).Select(i => after ? History.Mean(i, Before, History.Periods.Length) : History.Mean(i, 0, Before))];

    public static GeoPanel Read(AbOptions options, StudyContext context)
    {
        var data = context.RequireData();
        var design = AbDesign.Read(options, data.Schema);
        var start = RegionHistory.Parse(options.Start!, data.Schema.Require(options.Time!, "--time"), "--start");
        List<string> labels = [options.Variant!, .. options.Pairs is { } p ? new[] { p } : []];
        var history = RegionHistory.Read(data, design.Metrics[0], options.Cluster!, options.Time!, labels, start, context.Cancellation);
        var before = history.Periods.Count(t => t < start);
        if (before < 2 || before == history.Periods.Length)
        {
            throw new GnomonError(
                "start-outside", $"{data.Name}: '{options.Time}' runs from {history.Name(history.Periods[0])} to {history.Name(history.Periods[^1])}, {(before < 2 ? $"with {Figures.Count(before, "period")} before --start" : "all of it before --start")} {options.Start}.", "--start",
                "A geo test needs periods before and after the start: name the first day of the change.");
        }

        var arm = history.Labels[0];
        if (Enumerable.Range(0, arm.Length).FirstOrDefault(i => arm[i]?.Contains('\n') == true, -1) is >= 0 and var mixed)
        {
            throw new GnomonError("geo-arm-changes", $"{data.Name}: {options.Cluster} {history.Regions[mixed]} has the arms {arm[mixed]!.Replace("\n", " and ", StringComparison.Ordinal)} from {history.Name(start)} on; in a geo test a region has one.", "--variant",
                "Name the column of the region's arm. If regions switch over time, use --switchback instead of --geo.");
        }

        if (history.SetAside.Count > 0 && arm.OfType<string>().Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw new GnomonError(
                "panel-gaps", $"{data.Name}: {Figures.Count(history.SetAside.Count, "region")} {(history.SetAside.Count == 1 ? "lacks" : "lack")} a value of {history.Metric.Name} in some period, {history.SetAside[0]} among them, and without them only '{arm.OfType<string>().FirstOrDefault() ?? "no arm"}' is left of '{options.Variant}'.", "--time",
                $"Write a row with 0 where nothing happened. An empty {history.Metric.Name} is no 0: where it means one, leave these rows out with --where \"{history.Metric.Column} IS NOT NULL\".");
        }

        var order = design.OrderArms([.. arm.OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
        if (order.Count != 2)
        {
            throw new GnomonError("geo-arms", $"{data.Name}: a geo test compares two arms; '{options.Variant}' has {order.Count}.", "--variant", order.Count < 2 ? "Name the column that says which regions had the change." : "Keep two with --where.");
        }

        var kept = Enumerable.Range(0, arm.Length).Where(i => arm[i] is not null).ToList();
        return Pair(new GeoPanel { History = Keep(history, kept), Design = design, Arms = order, Treated = [.. kept.Select(i => arm[i] == order[1])], Before = before, LeftOut = [.. Enumerable.Range(0, arm.Length).Except(kept).Select(i => history.Regions[i])] }, data.Name, options);
    }

    private static GeoPanel Pair(GeoPanel panel, string source, AbOptions options)
    {
        if (options.Pairs is null)
        {
            return panel;
        }

        var label = panel.History.Labels[1];
        var groups = Enumerable.Range(0, label.Length).GroupBy(i => label[i] ?? string.Empty, StringComparer.Ordinal).ToList();
        var wrong = groups.Find(g => g.Key.Length > 0 && (g.Key.Contains('\n') || g.Count() > 2 || (g.Count() == 2 && g.Count(i => panel.Treated[i]) != 1)));
        if (wrong is not null)
        {
            throw new GnomonError("bad-pairs", $"{source}: {options.Pairs} '{wrong.Key.Replace("\n", "' and '", StringComparison.Ordinal)}' holds {string.Join(", ", wrong.Take(4).Select(i => panel.History.Regions[i]))}; a pair is one region of each arm.", "--pairs", "Name the column whose values two regions share, one of each arm.");
        }

        var kept = groups.Where(g => g.Key.Length > 0 && g.Count() == 2).SelectMany(g => g).Order().ToList();
        var place = kept.Select((old, now) => (old, now)).ToDictionary(x => x.old, x => x.now);
        var partner = new int[kept.Count];
        foreach (var g in groups.Where(g => g.Key.Length > 0 && g.Count() == 2))
        {
            var both = g.ToList();
            (partner[place[both[0]]], partner[place[both[1]]]) = (place[both[1]], place[both[0]]);
        }

        return panel with
        {
            History = Keep(panel.History, kept), Treated = [.. kept.Select(i => panel.Treated[i])], Partner = partner,
            LeftOut = [.. panel.LeftOut, .. Enumerable.Range(0, label.Length).Except(kept).Select(i => panel.History.Regions[i])],
        };
    }

    private static RegionHistory Keep(RegionHistory h, List<int> kept) => h with
    {
        Regions = [.. kept.Select(i => h.Regions[i])], Sums = [.. kept.Select(i => h.Sums[i])], Sizes = h.Sizes is { } n ? [.. kept.Select(i => n[i])] : null, Labels = [.. h.Labels.Select(l => kept.Select(i => l[i]).ToArray())],
    };
}
