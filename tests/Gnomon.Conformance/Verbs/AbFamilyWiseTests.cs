using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>ab</c>: all default checks of a clean experiment together warn in at most 5 % of seeds.</summary>
public sealed class AbFamilyWiseTests
{
    [Fact]
    public void A_clean_experiment_with_every_role_filled_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Ab(Experiment(seed, effect: 0.06), Options()), draws: 120);

    [Fact]
    public void Typed_counts_without_an_effect_stay_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("typed");
            return Ask.Ab(new AbOptions { Counts = [$"A={rng.NextBinomial(20_000, 0.1)}/20000", $"B={rng.NextBinomial(20_000, 0.1)}/20000"] });
        },
        draws: 400);

    [Fact]
    public void A_small_experiment_without_a_worthwhile_effect_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Ab(Small(seed), SmallOptions()), draws: 400);

    // Two factors that add up, the second without an effect.
    [Fact]
    public void A_factorial_experiment_whose_parts_add_up_stays_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("clean factorial");
            var rows = Draw(4_000, i => (Unit: (long)i, A: rng.NextDouble() < 0.5, B: rng.NextDouble() < 0.5, Noise: rng.NextNormal()));
            return Ask.Ab(
                Table.With("unit", rows.Select(r => r.Unit)).And("a", rows.Select(r => r.A ? 1L : 0L)).And("b", rows.Select(r => r.B ? 1L : 0L)).And("y", rows.Select(r => 10 + (r.A ? 0.5 : 0) + r.Noise)),
                new AbOptions { Unit = "unit", Factors = ["a", "b"], Metric = ["y"] });
        },
        draws: 200);

    // Two metrics that decide and four beside them, without a plan and without an effect: the decision is corrected, and what a correction took back is a remark.
    [Fact]
    [Trait("speed", "slow")]
    public void Several_metrics_without_an_effect_stay_quiet()
    {
        FamilyWise.StaysQuiet(seed => Ask.Ab(Several(seed), new AbOptions { Unit = "unit", Variant = "arm", Metric = ["m0", "m1"], Secondary = ["m2", "m3", "m4", "m5"], Split = "50/50" }), draws: 400, share: 0.04);
        FamilyWise.StaysQuiet(
            seed => Ask.Ab(Experiment(seed, effect: 0), Options() with { Metric = ["converted", "minutes"], Guardrail = ["before>=-5%"], Pre = [], Mde = null }), draws: 150);
    }

    [Fact]
    public void The_lucky_one_of_twenty_unplanned_metrics_is_named() => FamilyWise.Catches(
        "multiple-comparisons",
        seed =>
        {
            var rng = new Rng(seed).Stream("twenty");
            const int n = 400;
            var table = Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i)).And("arm", Draw(n, i => (string?)(i % 2 == 0 ? "A" : "B")));
            string[] names = [.. Enumerable.Range(0, 20).Select(m => $"m{m}")];
            foreach (var name in names)
            {
                // The first is given z = 2.3 exactly: p = 0.02, which chance hands out among twenty.
                var values = Draw(n, _ => rng.NextNormal());
                var gap = Enumerable.Range(0, n).Sum(i => i % 2 == 0 ? -values[i] : values[i]) / (n / 2);
                table = table.And(name, Draw(n, i => values[i] + (name == "m0" && i % 2 == 1 ? 0.23 - gap : 0)));
            }

            return Ask.Ab(table, new AbOptions { Unit = "unit", Variant = "arm", Metric = names, Split = "50/50" });
        },
        draws: 60);

    // Such revenue has a heavy tail in truth, and heavy-tailed-mean is right to say so: the promise is asked of every other check.
    [Fact]
    public void Revenue_without_an_effect_and_without_a_plan_stays_quiet_but_for_its_tail() =>
        FamilyWise.StaysQuiet(seed => Ask.Ab(Revenue(seed), RevenueOptions()), draws: 200, but: ["heavy-tailed-mean"]);

    // Chance puts a few more of the big spenders into one arm: that is what the interval is for, not a reversal.
    [Fact]
    public void Segments_that_tell_most_of_the_metric_stay_quiet_without_an_effect() =>
        FamilyWise.StaysQuiet(seed => Ask.Ab(Tiers(seed), new AbOptions { Unit = "unit", Variant = "arm", Metric = ["minutes"], Segment = ["tier"] }), draws: 400, share: 0.025);

    [Fact]
    [Trait("speed", "slow")]
    public void Small_experiments_and_revenue_stay_quiet_over_many_seeds()
    {
        FamilyWise.StaysQuiet(seed => Ask.Ab(Small(seed), SmallOptions()), draws: 2_000);
        FamilyWise.StaysQuiet(seed => Ask.Ab(Revenue(seed), RevenueOptions()), draws: 800, but: ["heavy-tailed-mean"]);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_clean_experiment_stays_quiet_over_many_seeds() => FamilyWise.StaysQuiet(seed => Ask.Ab(Experiment(seed, effect: 0.06), Options()), draws: 2_000);

    private static AbOptions Options() => new()
    {
        Unit = "unit", Variant = "arm", Metric = ["converted"], Guardrail = ["minutes>=-5%"], Time = "day", Pre = ["before"], Segment = ["country"], Split = "50/50", Mde = "0.03",
    };

    // Two weeks, 8,000 units, one row each: a true effect, a pre-period that explains half of the noise, a guardrail that did not move.
    private static Table Experiment(int seed, double effect)
    {
        var rng = new Rng(seed).Stream("clean experiment");
        const int n = 8_000;
        var arm = Draw(n, _ => rng.NextDouble() < 0.5);
        var before = Draw(n, _ => 10 + 3 * rng.NextNormal());
        return Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", arm.Select(b => (string?)(b ? "B" : "A")))
            .And("converted", arm.Select(b => rng.NextDouble() < 0.2 + (b ? effect : 0)).ToArray())
            .And("before", before)
            .And("minutes", before.Select(x => x + 2 * rng.NextNormal()))
            .And("country", Draw(n, _ => (string?)(rng.NextInt(3) switch { 0 => "DE", 1 => "FR", _ => "IT" })))
            .And("day", Draw(n, _ => new DateOnly(2026, 1, 5).AddDays(rng.NextInt(14))));
    }

    private static AbOptions SmallOptions() => new() { Unit = "unit", Variant = "arm", Metric = ["converted"], Time = "day" };

    private static AbOptions RevenueOptions() => new() { Unit = "unit", Variant = "arm", Metric = ["revenue"], Time = "day", Segment = ["country"] };

    // A fortnight of 300 units, a fifth of whom convert, without an effect: nothing is planned and nothing is there.
    private static Table Small(int seed)
    {
        var rng = new Rng(seed).Stream("small experiment");
        const int n = 300;
        return Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", Draw(n, _ => (string?)(rng.NextDouble() < 0.5 ? "B" : "A")))
            .And("converted", Draw(n, _ => rng.NextDouble() < 0.2))
            .And("day", Draw(n, _ => new DateOnly(2026, 1, 5).AddDays(rng.NextInt(14))));
    }

    // 6,000 units, one in ten buys; a basket is lognormal with a tail that reaches twenty times its median.
    private static Table Revenue(int seed)
    {
        var rng = new Rng(seed).Stream("revenue");
        const int n = 6_000;
        return Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", Draw(n, _ => (string?)(rng.NextDouble() < 0.5 ? "B" : "A")))
            .And("revenue", Draw(n, _ => rng.NextDouble() < 0.1 ? Math.Round(Math.Exp(3.5 + rng.NextNormal()), 2) : 0.0))
            .And("country", Draw(n, _ => (string?)(rng.NextInt(3) switch { 0 => "DE", 1 => "FR", _ => "IT" })))
            .And("day", Draw(n, _ => new DateOnly(2026, 1, 5).AddDays(rng.NextInt(14))));
    }

    private static Table Several(int seed)
    {
        var rng = new Rng(seed).Stream("several");
        const int n = 1_000;
        var table = Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i)).And("arm", Draw(n, _ => (string?)(rng.NextDouble() < 0.5 ? "B" : "A")));
        for (var m = 0; m < 6; m++)
        {
            table = table.And($"m{m}", Draw(n, _ => 10 + 2 * rng.NextNormal()));
        }

        return table;
    }

    private static Table Tiers(int seed)
    {
        var rng = new Rng(seed).Stream("tiers");
        const int n = 1_500;
        var tier = Draw(n, _ => rng.NextInt(3));
        return Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", Draw(n, _ => (string?)(rng.NextDouble() < 0.5 ? "B" : "A")))
            .And("tier", tier.Select(t => (string?)$"tier {t}"))
            .And("minutes", tier.Select(t => 10 + 3 * t + rng.NextNormal()));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
