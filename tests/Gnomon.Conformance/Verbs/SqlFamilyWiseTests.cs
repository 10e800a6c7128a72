using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>sql</c>: where the usual form is right too, and a query has no flaw, nothing is said.</summary>
public sealed class SqlFamilyWiseTests
{
    [Fact]
    public void Unique_values_rank_in_one_way() => FamilyWise.StaysQuiet(
        seed => Ask.Sql(Rows(seed), new SqlOptions { Recipe = "top-n", Unit = "kind", Value = "value", Id = "id" }), draws: 60);

    [Fact]
    public void Slow_buyers_have_no_window() => FamilyWise.StaysQuiet(
        seed => Ask.Sql(Rows(seed), new SqlOptions { Recipe = "within", Unit = "id", Time = "day", Id = "id" }), draws: 60);

    [Fact]
    public void A_query_without_a_flaw_is_left_alone() => FamilyWise.StaysQuiet(
        seed => Ask.Sql(Rows(seed), new SqlOptions { Query = "SELECT kind, SUM(value) AS total, AVG(CASE WHEN value > 50 THEN 1 ELSE 0 END) AS share FROM data WHERE kind <> 'a' GROUP BY kind ORDER BY total DESC, kind LIMIT 3" }), draws: 60);

    private static Table Rows(int seed)
    {
        var rng = new Rng(seed).Stream("sql-clean");
        const int n = 300;
        var values = Enumerable.Range(0, n).Select(k => k + 0.5).ToArray();
        rng.Shuffle<double>(values);
        return Table.With("id", Enumerable.Range(1, n).Select(k => (long)k)).And("kind", Enumerable.Range(0, n).Select(_ => (string?)$"{(char)('a' + rng.NextInt(5))}")).And("value", values)
            .And("day", Enumerable.Range(0, n).Select(k => new DateOnly(2026, 1, 1).AddDays(rng.NextInt(200))));
    }
}
