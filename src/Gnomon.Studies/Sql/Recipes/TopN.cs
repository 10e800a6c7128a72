using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>The n-th highest value of each group: ranks of values, not of rows.</summary>
internal sealed class TopN : Recipe
{
    public override string Name => "top-n";

    public override string Asks(SqlRecipeOptions options) => $"What is {Place(options)} {options.Value} in each {Naming.One(options.Unit!)}?";

    public override string Pitfall => "OFFSET looks at the whole table, ROW_NUMBER returns the top value again when it is tied, RANK skips the second place then, and NULL may sort first.";

    protected override IReadOnlyList<string> Needs => ["unit", "value"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var n = i.Options.Count ?? 2;
        var value = i.Column(i.Options.Value!, "--value");
        var id = i.Id is { } own ? $"{own}, " : string.Empty;
        var rows = $"FROM {i.Table}\n  WHERE {i.Unit} IS NOT NULL";
        var right = $"SELECT DISTINCT {i.Unit}, {value} FROM {Answer} WHERE {value} IS NOT NULL";
        string Ranked(string rank, string where, string order) => $"SELECT DISTINCT {i.Unit}, {value} FROM (SELECT {i.Unit}, {value}, {rank} OVER (PARTITION BY {i.Unit} ORDER BY {value} DESC{order}) AS place {rows}{where}) AS ranked WHERE place = {n} AND {value} IS NOT NULL";
        var known = $" AND {value} IS NOT NULL";
        var withRank = Ranked("RANK()", known, string.Empty);
        return new RecipeQuery
        {
            Sql = $"WITH ranked_values AS (\n  SELECT {i.Unit}, {id}{value},\n    DENSE_RANK() OVER (PARTITION BY {i.Unit} ORDER BY {value} DESC) AS place\n  {rows}{known}\n),\n"
                + $"groups_seen AS (\n  SELECT DISTINCT {i.Unit}\n  {rows}\n)\n"
                + $"SELECT g.{i.Unit}, {(i.Id is { } shown ? $"r.{shown}, " : string.Empty)}r.{value}\nFROM groups_seen AS g\nLEFT JOIN ranked_values AS r ON r.{i.Unit} = g.{i.Unit} AND r.place = {n}\nORDER BY g.{i.Unit}{(i.Id is { } last ? $", r.{last}" : string.Empty)}",
            Entities = "rows",
            Rules = [$"All rows that share the value are returned; a {Naming.One(i.Options.Unit!)} without {Place(i.Options)} value is listed without one; NULL has no rank."],
            Usual =
            [
                new("ROW_NUMBER", Flaw.Tie, Ranked("ROW_NUMBER()", known, string.Empty), right),
                new("RANK", Flaw.Tie, withRank, right),
                new($"OFFSET {n - 1} over the whole table", Flaw.Scope, $"SELECT {i.Unit}, {value} FROM (SELECT {i.Unit}, {value} {rows}{known} ORDER BY {value} DESC, {i.Unit} LIMIT 1 OFFSET {n - 1}) AS top", right) { IsJudged = false },
                new("an order in which NULL comes first", Flaw.Null, Ranked("DENSE_RANK()", string.Empty, " NULLS FIRST"), right),
            ],
            Probes =
            [
                GroupsWithout(i, value), .. i.Repeats(),
                new Probe($"SELECT (SELECT COUNT(DISTINCT {i.Unit}) FROM ({Ranked("DENSE_RANK()", known, string.Empty)}) AS a) AS promised, (SELECT COUNT(DISTINCT {i.Unit}) FROM ({withRank}) AS b) AS found", t =>
                [
                    new RowContract { Step = $"RANK = {n} for every {Naming.One(i.Options.Unit!)} that has {Place(i.Options)} value", Promised = Cells.Whole(t, "promised"), Found = Cells.Whole(t, "found"), IsAnswer = false },
                ]),
            ],
            Conclude = read =>
            {
                var (unit, amount) = (i.OfAnswer.Unit, i.OfAnswer.Column(i.Options.Value!, "--value"));
                var counts = read($"SELECT COUNT(DISTINCT {unit}) AS groups_all, COUNT(DISTINCT CASE WHEN {amount} IS NOT NULL THEN {unit} END) AS groups_with, COUNT({amount}) AS n FROM {Answer}");
                var (all, with) = (Cells.Whole(counts, "groups_all"), Cells.Whole(counts, "groups_with"));
                return new Conclusion($"{Figures.Count(with)} of {Figures.Count(all)} {Naming.Many(i.Options.Unit!)} have {Place(i.Options)} {i.Options.Value}, held by {Figures.Count(Cells.Whole(counts, "n"), "row")}; {Figures.Count(all - with, "has", "have")} none.");
            },
        };
    }

    private static Probe GroupsWithout(RecipeInput i, string value) => new(
        $"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN {i.Unit} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_unit, CAST(COALESCE(SUM(CASE WHEN {value} IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS no_value FROM {i.Table}",
        t => [new RowsLeftOut(Cells.Whole(t, "n"), Cells.Whole(t, "no_unit"), Cells.Whole(t, "no_value"), 0, i.Options.Unit!, i.Options.Value, null)]);

    private static string Place(SqlRecipeOptions options) => (options.Count ?? 2) switch
    {
        1 => "the highest",
        2 => "a second highest",
        3 => "a third highest",
        var n => $"a highest but {n - 1}",
    };
}
