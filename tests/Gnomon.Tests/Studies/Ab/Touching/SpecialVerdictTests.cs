using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>What designs of their own conclude: the smallest effect worth having, and sentences that follow the signs.</summary>
public sealed class SpecialVerdictTests
{
    private static readonly AbOptions Market = new() { Buyers = "b:barm", Sellers = "s:sarm", Metric = ["orders"] };
    private static readonly AbOptions Crossover = new() { Crossover = true, Unit = "unit", Time = "period", Variant = "arm", Control = "A", Metric = ["y"] };

    [Theory]
    [InlineData(-0.4, 0.7, "Treated pairs lose and others gain")]
    [InlineData(-1.2, -0.6, "what a treated pair adds of its own is not settled")]
    [InlineData(0.4, -0.6, "cannibalisation")]
    [InlineData(3.0, 0.7, "gain along with treated ones")]
    [InlineData(-3.0, -0.7, "lose along with treated ones")]
    public void A_market_says_of_its_spill_over_what_the_signs_say(double total, double spill, string says)
    {
        var finding = Ask.Ab(Pairs(total, spill), Market);
        Assert.Contains(says, finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(says == "cannibalisation", finding.Decision.Summary.Contains("cannibalisation", StringComparison.Ordinal));
    }

    [Fact]
    public void A_market_ships_nothing_below_the_smallest_effect_worth_having()
    {
        var table = Pairs(0.5, 0);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(table, Market).Decision.Action);
        var asked = Ask.Ab(table, Market with { Mde = "200%" });
        Assert.Equal(DecisionAction.DoNotShip, asked.Decision.Action);
        Assert.StartsWith("No effect worth having", asked.Decision.Summary, StringComparison.Ordinal);
    }

    // What B leaves behind in the second period stands in the way of half of itself: the first period alone shows the effect.
    [Fact]
    public void A_crossover_points_to_the_first_period_whichever_way_the_remains_go()
    {
        foreach (var left in new[] { 3.0, -3.0 })
        {
            var finding = Ask.Ab(Orders(60, 0.8, left, 3), Crossover);
            Assert.Contains("the first period alone, which it cannot reach, gives", finding.Decision.Summary, StringComparison.Ordinal);
            Assert.DoesNotContain("account for", finding.Decision.Summary, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("first period alone", Ask.Ab(Orders(60, 0.8, 0, 3), Crossover).Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.DoNotShip, Ask.Ab(Orders(60, 0.8, 0, 3), Crossover with { Mde = "50%" }).Decision.Action);
    }

    [Fact]
    public void Options_that_a_design_cannot_honour_are_refused_by_name()
    {
        foreach (var (options, named) in new[]
        {
            (Crossover with { Predict = ["age"] }, "--predict"), (Crossover with { EffectsBy = ["age"] }, "--effects-by"), (Crossover with { Exposed = "seen" }, "--exposed"),
            (Crossover with { PostStratify = ["plan"] }, "--post-stratify"), (Market with { EffectsBy = ["plan"] }, "--effects-by"),
        })
        {
            Assert.Contains(options.Validate(), e => e.Code == "options-conflict" && e.Where!.Contains(named, StringComparison.Ordinal));
        }
    }

    // What an empty value stands for is not known: neither a 0 nor a mean without it.
    [Fact]
    public void An_empty_value_of_a_market_is_not_passed_off_as_nothing()
    {
        var table = Pairs(0.5, 0);
        var orders = ((DoubleColumn)table["orders"]).Values.ToArray();
        var holes = Table.With("b", Names(table, "b")).And("barm", Names(table, "barm")).And("s", Names(table, "s")).And("sarm", Names(table, "sarm")).And("orders", orders.Select((v, i) => i % 50 == 0 ? double.NaN : v));
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(holes, Market));
        Assert.Equal("values-missing", wrong.Code);
        Assert.Contains("orders is empty in 32 of 1,600 rows", wrong.Message, StringComparison.Ordinal);
        Assert.NotNull(Ask.Ab(holes, Market with { Where = "orders IS NOT NULL" }).Decision);

        static IEnumerable<string?> Names(Table t, string column) => Enumerable.Range(0, t.Rows).Select(i => t[column].Cell(i) as string);
    }

    // A tenth of the units leaves when it meets B and does badly; nobody leaves A. The clean twin loses as many from each.
    [Fact]
    public void Units_that_leave_a_crossover_because_of_an_arm_stop_the_answer()
    {
        var table = Orders(200, 0, 0, 5);
        bool Leaves(int i, bool fair) => i % 20 < 2 && (fair ? (i / 20) % 2 == 0 : table["arm"].Cell(i) as string == "B");
        Table Without(bool fair)
        {
            int[] kept = [.. Enumerable.Range(0, table.Rows).Where(i => !Leaves(i, fair))];
            return Table.With("unit", kept.Select(i => table["unit"].Cell(i) as string)).And("period", kept.Select(i => table["period"].Cell(i) as string)).And("arm", kept.Select(i => table["arm"].Cell(i) as string))
                .And("y", kept.Select(i => (double)table["y"].Cell(i)!));
        }

        Assert.Equal(Core.Checks.CheckStatus.Fail, AbData.Check(Ask.Ab(Without(fair: false), Crossover), "differential-attrition").Status);
        Assert.Equal(Core.Checks.CheckStatus.Pass, AbData.Check(Ask.Ab(table, Crossover), "differential-attrition").Status);
        Assert.Equal(Core.Checks.CheckStatus.Pass, AbData.Check(Ask.Ab(Without(fair: true), Crossover), "differential-attrition").Status);
    }

    // 40 buyers and 40 sellers, half of each treated: pairs with both treated differ by the total, those with one by the spill-over.
    private static Table Pairs(double total, double spill)
    {
        var rng = new Rng(5);
        var rows = (from b in Enumerable.Range(0, 40) from s in Enumerable.Range(0, 40) select (b, s)).ToList();
        static string Arm(int i) => i % 2 == 1 ? "B" : "A";
        return Table.With("b", rows.Select(r => (string?)$"b{r.b}")).And("barm", rows.Select(r => (string?)Arm(r.b))).And("s", rows.Select(r => (string?)$"s{r.s}")).And("sarm", rows.Select(r => (string?)Arm(r.s)))
            .And("orders", rows.Select(r => 2 + (r.b % 2 == 1 && r.s % 2 == 1 ? total : r.b % 2 == 1 || r.s % 2 == 1 ? spill : 0) + 0.5 * rng.NextNormal()));
    }

    private static Table Orders(int each, double effect, double left, int seed)
    {
        var rng = new Rng(seed);
        var rows = new List<(string Unit, string Period, string Arm, double Y)>();
        for (var i = 0; i < 2 * each; i++)
        {
            var treatedFirst = i % 2 == 1;
            var level = 10 + 2 * rng.NextNormal();
            rows.Add(($"u{i}", "1", treatedFirst ? "B" : "A", level + (treatedFirst ? effect : 0) + 0.5 * rng.NextNormal()));
            rows.Add(($"u{i}", "2", treatedFirst ? "A" : "B", level + (treatedFirst ? left : effect) + 0.5 * rng.NextNormal()));
        }

        return Table.With("unit", rows.Select(r => (string?)r.Unit)).And("period", rows.Select(r => (string?)r.Period)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y));
    }
}
