using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>Rows that are no separate evidence are seen in every mode, not only where the usual errors are fitted.</summary>
public sealed class ModeFlawTests
{
    private const string Repeats = "unit-of-analysis-error";

    [Fact]
    public void A_person_who_comes_back_is_seen_in_a_comparison_of_times() =>
        FamilyWise.Catches(Repeats, seed => Ask.Compare(Visits(seed, alike: 1), new CompareOptions { Metric = "days", Event = "ended", By = "plan" }), draws: 12);

    [Fact]
    public void A_person_who_comes_back_is_seen_in_a_regression_of_times() =>
        FamilyWise.Catches(Repeats, seed => Ask.Regress(Visits(seed, alike: 1), Model("days", "cox") with { Event = "ended" }), draws: 12);

    [Theory]
    [InlineData("quantile", "cost")]
    [InlineData("huber", "cost")]
    [InlineData("multinomial", "choice")]
    public void A_person_who_comes_back_is_seen_in_every_family(string family, string target) =>
        FamilyWise.Catches(Repeats, seed => Ask.Regress(Visits(seed, alike: 1), Model(target, family)), draws: 12);

    [Fact]
    public void A_person_who_comes_back_is_seen_on_a_curve() => FamilyWise.Catches(
        Repeats, seed => Ask.Regress(Visits(seed, alike: 1), new RegressOptions { Formula = "bent ~ start+top*(1-exp(-size))", Family = "nonlinear", Start = ["start=5", "top=8"] }), draws: 12);

    [Fact]
    public void A_person_who_comes_back_is_seen_beside_a_smooth_term() =>
        FamilyWise.Catches(Repeats, seed => Ask.Regress(Visits(seed, alike: 1), new RegressOptions { Formula = "cost ~ s(age) + size" }), draws: 12);

    // Visits of one person that are not alike count one by one: naming the person would change nothing.
    [Fact]
    public void A_person_who_comes_back_as_another_is_no_flaw()
    {
        FamilyWise.StaysQuiet(seed => Ask.Compare(Visits(seed, alike: 0), new CompareOptions { Metric = "days", Event = "ended", By = "plan" }), draws: 12);
        FamilyWise.StaysQuiet(seed => Ask.Regress(Visits(seed, alike: 0), Model("days", "cox") with { Event = "ended" }), draws: 12);
        FamilyWise.StaysQuiet(seed => Ask.Regress(Visits(seed, alike: 0), Model("cost", "quantile")), draws: 12);
        FamilyWise.StaysQuiet(seed => Ask.Regress(Visits(seed, alike: 0), Model("choice", "multinomial")), draws: 12);
    }

    [Fact]
    public void A_person_named_as_the_cluster_is_no_flaw() =>
        FamilyWise.StaysQuiet(seed => Ask.Regress(Visits(seed, alike: 1), Model("days", "cox") with { Event = "ended", Cluster = ["person_id"] }), draws: 12, but: ["non-proportional-hazards"]);

    [Fact]
    public void A_grouping_that_a_mixed_model_forgets_is_seen() =>
        FamilyWise.Catches(Repeats, seed => Ask.Regress(Readings(seed, words: 0.5), new RegressOptions { Formula = "seconds ~ length + (1 | reader_id)" }), draws: 6);

    [Fact]
    public void A_grouping_without_likeness_need_not_be_in_a_mixed_model() =>
        FamilyWise.StaysQuiet(seed => Ask.Regress(Readings(seed, words: 0), new RegressOptions { Formula = "seconds ~ length + (1 | reader_id)" }), draws: 6);

    [Fact]
    [Trait("speed", "slow")]
    public void A_grouping_that_a_mixed_model_names_is_no_flaw() =>
        FamilyWise.StaysQuiet(seed => Ask.Regress(Readings(seed, words: 0.5), new RegressOptions { Formula = "seconds ~ length + (1 | reader_id) + (1 | word_id)" }), draws: 3);

    [Theory]
    [InlineData("quantile")]
    [InlineData("huber")]
    public void A_series_with_memory_is_seen_when_time_orders_it(string family)
    {
        Finding Fit(int seed, double memory) => Ask.Regress(Series(seed, memory), new RegressOptions { Target = "y", On = ["x"], Time = "day", Family = family });
        FamilyWise.Catches("autocorrelated-residuals", seed => Fit(seed, 0.7), draws: 12);
        FamilyWise.StaysQuiet(seed => Fit(seed, 0), draws: 12);
    }

    [Fact]
    public void Rows_that_were_copied_are_seen_in_a_family_of_its_own() =>
        FamilyWise.Catches("duplicate-records", seed => Ask.Regress(Copied(Visits(seed, alike: 0)), Model("cost", "quantile")), draws: 6);

    private static RegressOptions Model(string target, string family) => new() { Target = target, On = ["size", "age"], Family = family };

    // 120 people, four visits each, who keep their plan, size and age; when visits are alike, so is what the columns do not tell.
    private static Table Visits(int seed, double alike)
    {
        var rng = new Rng(seed).Stream("visits");
        const int n = 120 * 4;
        var size = Draw(120, _ => 2 + rng.NextNormal());
        var age = Draw(120, _ => 40 + 10 * rng.NextNormal());
        var own = Draw(120, _ => alike * rng.NextNormal());
        var plan = Draw(120, _ => rng.NextInt(2));
        var falls = Draw(n, i => rng.NextExponential() * 30 * Math.Exp(own[i / 4] + 0.3 * plan[i / 4]));
        var lost = Draw(n, _ => Math.Min(90, rng.NextExponential() * 200));
        return Table.With("person_id", Enumerable.Range(0, n).Select(i => (string?)$"P{i / 4}"))
            .And("plan", Draw(n, i => (string?)$"plan {plan[i / 4]}")).And("size", Draw(n, i => size[i / 4])).And("age", Draw(n, i => age[i / 4]))
            .And("cost", Draw(n, i => 10 + 2 * size[i / 4] + 2 * own[i / 4] + rng.NextNormal()))
            .And("bent", Draw(n, i => 5 + 8 * (1 - Math.Exp(-size[i / 4])) + 2 * own[i / 4] + rng.NextNormal()))
            .And("choice", Draw(n, i => (string?)(rng.NextDouble() < 0.3 ? "walk" : rng.NextDouble() < 1 / (1 + Math.Exp(-2 * own[i / 4])) ? "bus" : "car")))
            .And("days", Draw(n, i => Math.Min(falls[i], lost[i]))).And("ended", Draw(n, i => falls[i] <= lost[i]));
    }

    // 20 readers, 40 words, every reader reads every word: words have a length, and something of their own.
    private static Table Readings(int seed, double words)
    {
        var rng = new Rng(seed).Stream("readings");
        const int n = 20 * 40;
        var reader = Draw(20, _ => 0.5 * rng.NextNormal());
        var word = Draw(40, _ => words * rng.NextNormal());
        var length = Draw(40, _ => (double)(3 + rng.NextInt(8)));
        return Table.With("reader_id", Draw(n, i => (string?)$"R{i / 40}")).And("word_id", Draw(n, i => (string?)$"W{i % 40}")).And("length", Draw(n, i => length[i % 40]))
            .And("seconds", Draw(n, i => 1 + 0.1 * length[i % 40] + reader[i / 40] + word[i % 40] + 0.6 * rng.NextNormal()));
    }

    private static Table Series(int seed, double memory)
    {
        var rng = new Rng(seed).Stream("ordered rows");
        var (x, e) = (0.0, 0.0);
        var column = Draw(250, _ => x = 0.8 * x + rng.NextNormal());
        return Table.With("x", column).And("y", column.Select(v => 1 + 0.5 * v + (e = memory * e + rng.NextNormal()))).And("day", Draw(250, i => new DateOnly(2026, 1, 1).AddDays(i)));
    }

    private static Table Copied(Table rows)
    {
        double[] Twice(string name)
        {
            var values = ((DoubleColumn)rows.Columns.First(c => c.Name == name)).Values;
            return [.. values, .. values[..60]];
        }

        return Table.With("size", Twice("size")).And("age", Twice("age")).And("cost", Twice("cost"));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
