using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Interference;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Special;

/// <summary>Egos of an experiment, each with its own arm, that of its alters, and the share of its neighbours that were treated.</summary>
internal sealed record EgoUnits
{
    /// <summary>Control, then treatment.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    public required IReadOnlyList<Ego> Egos { get; init; }

    public required long Units { get; init; }

    public required long Edges { get; init; }

    /// <summary>Links of egos to alters of their own cluster, over all links of egos to units of the data.</summary>
    public required double KeptShare { get; init; }

    /// <summary>Egos without an alter in the data, or without an outcome.</summary>
    public required long SetAside { get; init; }

    public required bool IsShare { get; init; }

    public static EgoUnits Read(AbDesign design, StudyContext context)
    {
        var (options, data) = (design.Options, context.RequireData());
        var unit = Scalar.Column(data.Schema.Require(options.Unit!, "--unit").Name).ToText();
        var arm = Scalar.Column(data.Schema.Require(options.Variant!, "--variant").Name).ToText();
        var ego = Scalar.Column(data.Schema.Require(options.Ego!, "--ego").Name).ToText();
        var usable = unit.IsNull().Not();
        var parts = MetricTotals.Of([design.Metrics[0]], data, usable, context.Cancellation, _ => 0);
        var table = data.Read(
            new Query
            {
                Select =
                [
                    new("unit", unit), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm)), new("ego", Scalar.Aggregate(AggregateFunction.Min, ego)), new("other", Scalar.Aggregate(AggregateFunction.Max, ego)),
                    .. MetricTotals.Select(parts).Take(2),
                ],
                Where = usable, GroupBy = [unit], OrderBy = [new(unit)],
            },
            context.Cancellation);
        var (names, first, last, of, other) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (TextColumn)table.Columns[2], (TextColumn)table.Columns[3], (TextColumn)table.Columns[4]);
        string? Text(TextColumn column, int i) => column.IsNull(i) || column.Dictionary[column.Codes[i]].Trim().Length == 0 ? null : column.Dictionary[column.Codes[i]];
        if (Enumerable.Range(0, table.Rows).FirstOrDefault(i => Text(first, i) != Text(last, i) || Text(of, i) != Text(other, i), -1) is >= 0 and var mixed)
        {
            throw new GnomonError("arm-changes", $"{data.Name}: {options.Unit} {Text(names, mixed)} has several arms, or several egos.", "--variant, --ego", "A unit has one arm and one ego throughout.");
        }

        // Units outside of all clusters may have no arm: nothing was done to them.
        var order = design.OrderArms([.. Enumerable.Range(0, table.Rows).Select(i => Text(first, i)).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
        if (order.Count != 2)
        {
            throw new GnomonError("ego-arms", $"{data.Name}: '{options.Variant}' has {Figures.Count(order.Count, "arm")}; ego clusters are compared between two.", "--variant", "Keep two with --where.");
        }

        var index = Enumerable.Range(0, table.Rows).ToDictionary(i => Text(names, i) ?? string.Empty, i => i, StringComparer.Ordinal);
        bool[] treated = [.. Enumerable.Range(0, table.Rows).Select(i => Text(first, i) == order[1])];
        int[] egoOf = [.. Enumerable.Range(0, table.Rows).Select(i => Text(of, i) is { } e && index.TryGetValue(e, out var at) ? at : -1)];
        var edges = EdgeFile.Read(options.Edges!, index);
        var graph = UnitGraph.Of(table.Rows, edges.From, edges.To);
        var (sums, sizes) = ((DoubleColumn)table.Columns[5], (DoubleColumn)table.Columns[6]);
        var alters = Enumerable.Range(0, table.Rows).Where(i => egoOf[i] >= 0 && egoOf[i] != i).GroupBy(i => egoOf[i]).ToDictionary(g => g.Key, g => g.ToList());
        var egos = new List<Ego>();
        var (kept, links, aside) = (0L, 0L, 0L);
        foreach (var i in Enumerable.Range(0, table.Rows).Where(i => egoOf[i] == i))
        {
            if (!alters.TryGetValue(i, out var own) || graph.Degree(i) == 0 || sums.IsNull(i) || !(sizes.Values[i] > 0) || Text(first, i) is null)
            {
                aside++;
                continue;
            }

            if (own.Exists(a => treated[a] != treated[own[0]]))
            {
                throw new GnomonError("alters-mixed", $"{data.Name}: the alters of {options.Ego} {Text(names, i)} have both arms; in an ego cluster they are drawn together.", "--ego, --variant", "Name the column with the ego of every unit's cluster, or read single units with --edges alone.");
            }

            var around = graph.Neighbours(i).ToArray();
            kept += around.Count(j => egoOf[j] == i);
            links += around.Length;
            egos.Add(new Ego(treated[i], treated[own[0]], around.Count(j => treated[j]) / (double)around.Length, sums.Values[i] / sizes.Values[i]));
        }

        return egos.Count > 0
            ? new EgoUnits { Arms = order, Egos = egos, Units = table.Rows, Edges = graph.Edges, KeptShare = (double)kept / links, SetAside = aside, IsShare = parts[0].IsShare }
            : throw new GnomonError("no-egos", $"{data.Name}: no {options.Unit} names itself in '{options.Ego}', with alters and an outcome.", "--ego", "The column holds the id of the ego of every unit's cluster; an ego holds its own id.");
    }
}
