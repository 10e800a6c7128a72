using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Special;

/// <summary>One side of a market: its units in ordinal order, and which were treated.</summary>
internal sealed record MarketSide(Scalar Id, IReadOnlyList<string> Arms, bool[] Treated, IReadOnlyDictionary<string, int> Index)
{
    /// <param name="text">Column of the unit and column of its arm: <c>buyer_id:buyer_arm</c>.</param>
    /// <param name="option">The option that said so.</param>
    /// <param name="design">Names the control.</param>
    /// <param name="data">The pairs.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static MarketSide Read(string text, string option, AbDesign design, IDataset data, CancellationToken cancellation)
    {
        var parts = text.Split(':');
        var id = Scalar.Column(data.Schema.Require(parts[0].Trim(), option).Name).ToText();
        var arm = Scalar.Column(data.Schema.Require(parts[1].Trim(), option).Name).ToText();
        var table = data.Read(
            new Query
            {
                Select = [new("id", id), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm))],
                Where = id.IsNull().Not().And(arm.IsNull().Not()), GroupBy = [id], OrderBy = [new(id)],
            },
            cancellation);
        var (ids, first, last) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (TextColumn)table.Columns[2]);
        string Text(TextColumn column, int i) => column.Dictionary[column.Codes[i]];
        if (Enumerable.Range(0, table.Rows).FirstOrDefault(i => Text(first, i) != Text(last, i), -1) is >= 0 and var mixed)
        {
            throw new GnomonError("arm-changes", $"{data.Name}: {parts[0]} {Text(ids, mixed)} has the arms {Text(first, mixed)} and {Text(last, mixed)}.", option, "A buyer or a seller has one arm throughout.");
        }

        var arms = design.OrderArms([.. Enumerable.Range(0, table.Rows).Select(i => Text(first, i)).Distinct().Order(StringComparer.Ordinal)]);
        return arms.Count == 2
            ? new(id, arms, [.. Enumerable.Range(0, table.Rows).Select(i => Text(first, i) == arms[1])], Enumerable.Range(0, table.Rows).ToDictionary(i => Text(ids, i), i => i, StringComparer.Ordinal))
            : throw new GnomonError("market-arms", $"{data.Name}: '{parts[1]}' has {Figures.Count(arms.Count, "arm")}; each side has two.", option, "Keep two with --where.");
    }
}
