using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Who has A and B but never C: one pass with one flag per value and unit.</summary>
internal sealed class AntiJoin : Recipe
{
    private const int MostValues = 12;

    public override string Name => "anti-join";

    public override string Asks(SqlRecipeOptions options) => $"Which {Naming.Many(options.Unit!)} have {string.Join(" and ", options.Has)}{(options.Never.Count > 0 ? $" but never {string.Join(" or ", options.Never)}" : string.Empty)}?";

    public override string Pitfall =>
        "Filtering out the rows of what is never wanted keeps the very units that have it in other rows; NOT IN over a column that holds a NULL returns nothing at all.";

    protected override IReadOnlyList<string> Needs => ["unit", "event", "has"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options)
    {
        var all = options.Has.Concat(options.Never).ToList();
        return base.Validate(options).Concat(all.Count > MostValues || all.Distinct(StringComparer.Ordinal).Count() != all.Count
            ? [new GnomonError("option-out-of-range", $"--has and --never take up to {MostValues} different values together; got {string.Join(", ", all)}.", "--has, --never", "Name each value once.")]
            : []);
    }

    public override RecipeQuery Write(RecipeInput i)
    {
        var (has, never) = (i.Options.Has, i.Options.Never);
        var values = has.Concat(never).ToList();
        var (column, type) = i.EventColumn(values);
        var flags = values.Select((v, k) => $"MAX(CASE WHEN {column} = {i.D.Value(v, type)} THEN 1 ELSE 0 END) AS f{k + 1}").ToList();
        var perUnit = $"SELECT {i.Unit},\n    {string.Join(",\n    ", flags)}\n  FROM {i.Table}\n  WHERE {i.Kept(withTime: false)}\n  GROUP BY {i.Unit}";
        var wanted = string.Join(" AND ", values.Select((_, k) => $"f{k + 1} = {(k < has.Count ? 1 : 0)}"));
        return new RecipeQuery
        {
            Sql = $"SELECT {i.Unit}\nFROM (\n  {perUnit}\n) AS flags\nWHERE {wanted}\nORDER BY {i.Unit}",
            Entities = Naming.Many(i.Options.Unit!),
            Rules = i.Options.Value is null ? ["A row counts whatever its amount: name --value AMOUNT, and refunds (amounts that are not positive) do not make a purchase."] : [],
            Usual = never.Count == 0 ? [] : Usual(i),
            Probes =
            [
                i.LeftOut(withTime: false), .. i.Repeats(),
                new Probe($"SELECT COUNT(*) AS n, COUNT({i.Column(i.Options.Event!, "--event")}) AS present FROM {i.Table}", t => NoEvent(t, i.Options.Event!)),
            ],
            Conclude = read => Conclude(read, i, perUnit, values),
        };
    }

    private static IEnumerable<Core.Checks.IEvidence> NoEvent(Table t, string column) =>
        Cells.Whole(t, "n") > Cells.Whole(t, "present") ? [new RowsLeftOut(Cells.Whole(t, "n"), 0, Cells.Whole(t, "n") - Cells.Whole(t, "present"), 0, string.Empty, column, null)] : [];

    private static List<UsualForm> Usual(RecipeInput i)
    {
        var (has, never) = (i.Options.Has, i.Options.Never);
        var every = string.Join(" AND ", has.Select(v => $"SUM(CASE WHEN {i.Is([v])} THEN 1 ELSE 0 END) > 0"));
        var right = $"SELECT {i.Unit} FROM {Answer}";
        var value = i.Options.Value is { } amount ? $" AND {i.Column(amount, "--value")} > 0" : string.Empty;
        return
        [
            new("filtering the unwanted rows out first", Flaw.Scope, $"SELECT {i.Unit} FROM {i.Table} WHERE {i.Kept(withTime: false)} AND NOT ({i.Is(never)}) GROUP BY {i.Unit} HAVING {every}", right),
            new("NOT IN over the rows of the unwanted", Flaw.Null, $"SELECT {i.Unit} FROM {i.Table} WHERE {i.Kept(withTime: false)} AND {i.Unit} NOT IN (SELECT {i.Unit} FROM {i.Table} WHERE {i.Is(never)}{value}) GROUP BY {i.Unit} HAVING {every}", right),
        ];
    }

    // Every combination of the values, the wanted one first: what was asked, and what lies beside it.
    private static Conclusion Conclude(Func<string, Table> read, RecipeInput i, string perUnit, List<string> values)
    {
        var flags = string.Join(", ", values.Select((_, k) => $"f{k + 1}"));
        var cells = read($"SELECT {flags}, COUNT(*) AS n FROM ({perUnit}) AS flags WHERE {flags.Replace(", ", " + ", StringComparison.Ordinal)} > 0 GROUP BY {flags} ORDER BY {string.Join(", ", values.Select((_, k) => $"f{k + 1} {(k < i.Options.Has.Count ? "DESC" : "ASC")}"))}");
        var rows = Enumerable.Range(0, cells.Rows).Select(r => (IReadOnlyList<object?>)[.. values.Select((_, k) => (object?)(Cells.Whole(cells, $"f{k + 1}", r) == 1)), Cells.Whole(cells, "n", r)]).ToList();
        var wanted = Enumerable.Range(0, cells.Rows).Where(r => values.Select((_, k) => Cells.Whole(cells, $"f{k + 1}", r) == 1 == k < i.Options.Has.Count).All(x => x)).Sum(r => Cells.Whole(cells, "n", r));
        var all = Enumerable.Range(0, cells.Rows).Where(r => i.Options.Has.Select((_, k) => Cells.Whole(cells, $"f{k + 1}", r) == 1).All(x => x)).Sum(r => Cells.Whole(cells, "n", r));
        var bars = Enumerable.Range(0, cells.Rows).Select(r => new Bar(string.Join(" + ", values.Where((_, k) => Cells.Whole(cells, $"f{k + 1}", r) == 1)), Cells.Whole(cells, "n", r))).ToList();
        return new Conclusion($"{Figures.Count(wanted)} of the {Figures.Count(all, Naming.One(i.Options.Unit!), Naming.Many(i.Options.Unit!))} with {string.Join(" and ", i.Options.Has)}{(i.Options.Never.Count > 0 ? $" never had {string.Join(" or ", i.Options.Never)}" : string.Empty)}.")
        {
            Tables = [new ResultTable("cells", $"{Naming.Many(i.Options.Unit!)} by what it has", [.. values, "count"], rows)],
            Plots = bars.Count is > 1 and <= 31 ? [new Plot("cells", $"{Naming.Many(i.Options.Unit!)} by what it has", BarPlot.Build(bars, "count", new PlotUnit("count")))] : [],
        };
    }
}
