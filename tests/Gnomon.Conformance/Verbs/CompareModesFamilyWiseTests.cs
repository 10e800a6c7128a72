using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise in every mode of <c>compare</c>: curves of times, two factors, repeated conditions, one series, priors and decisions.</summary>
public sealed class CompareModesFamilyWiseTests
{
    // No series has a group beside it when none is named, and no-concurrent-control is right to say so.
    private static readonly string[] Alone = ["no-concurrent-control"];

    [Fact]
    public void Times_to_an_event_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Watched(seed), new CompareOptions { Metric = "days", Event = "left", By = "plan" }), draws: 40);

    [Fact]
    public void Times_to_an_event_within_strata_and_in_three_groups_stay_quiet()
    {
        FamilyWise.StaysQuiet(seed => Ask.Compare(Watched(seed), new CompareOptions { Metric = "days", Event = "left", By = "plan", Strata = ["region"] }), draws: 20);
        FamilyWise.StaysQuiet(seed => Ask.Compare(Watched(seed, groups: 3), new CompareOptions { Metric = "days", Event = "left", By = "plan", Randomized = true }), draws: 20);
    }

    [Fact]
    public void Two_factors_between_units_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Factors(seed), new CompareOptions { Metric = "minutes", By = "layout,device" }), draws: 30);

    [Fact]
    public void Two_factors_within_units_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Within(seed), new CompareOptions { Metric = "speed", By = "keyboard,day", Paired = "person" }), draws: 12);

    [Fact]
    public void Three_conditions_of_every_unit_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Conditions(seed), new CompareOptions { Metric = "score", By = "coach", Paired = "person" }), draws: 30);

    [Fact]
    [Trait("speed", "slow")]
    public void A_series_with_a_trend_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Weeks(seed, 0, trend: 0.2), Changed()), draws: 6, but: Alone);

    [Fact]
    [Trait("speed", "slow")]
    public void A_series_that_did_not_change_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Weeks(seed, 0, change: 0), Changed() with { Untouched = "elsewhere" }), draws: 10);

    [Fact]
    [Trait("speed", "slow")]
    public void What_moved_both_series_is_seen() => FamilyWise.Catches("no-concurrent-control", seed => Ask.Compare(Weeks(seed, 0, change: 0, common: 8), Changed() with { Untouched = "elsewhere" }), draws: 10, share: 0.9);

    [Fact]
    [Trait("speed", "slow")]
    public void One_series_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Weeks(seed, 0), Changed()), draws: 10, but: Alone);

    [Fact]
    public void One_series_beside_an_untouched_one_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Weeks(seed, 0), Changed() with { Untouched = "elsewhere" }), draws: 6);

    // Such weeks remember in truth, and autocorrelated-residuals is right to say so.
    [Fact]
    [Trait("speed", "slow")]
    public void A_series_with_memory_beside_an_untouched_one_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Weeks(seed, 0.5), Changed() with { Untouched = "elsewhere" }), draws: 10, but: ["autocorrelated-residuals"]);

    [Fact]
    public void A_prior_that_agrees_stays_quiet()
    {
        FamilyWise.StaysQuiet(seed => Ask.Compare(Trial(seed), new CompareOptions { Metric = "cured", By = "arm", Randomized = true, Prior = "trial:control=20/100,treatment=35/100", Margin = "0.06" }), draws: 10);
        FamilyWise.StaysQuiet(seed => Ask.Compare(Trial(seed), new CompareOptions { Metric = "score", By = "arm", Randomized = true, Prior = "normal:2,1", Margin = "1" }), draws: 10);
    }

    [Fact]
    public void A_decision_by_its_value_stays_quiet()
    {
        FamilyWise.StaysQuiet(seed => Ask.Compare(Trial(seed), new CompareOptions { Metric = "cured", By = "arm", Randomized = true, Prior = "beta:2,8", Gain = "400000/0.01", Cost = 200_000 }), draws: 15);
        FamilyWise.StaysQuiet(seed => Ask.Compare(Trial(seed), new CompareOptions { Metric = "score", By = "arm", Randomized = true, Prior = "flat", Gain = "1000", Cost = 500 }), draws: 15);
    }

    private static CompareOptions Changed() => new() { Metric = "orders", Time = "week", ChangeAt = "61" };

    // 500 customers, watched for up to 100 days: hazards are constant and proportional, and some leave the watch early whatever their plan.
    private static Table Watched(int seed, int groups = 2)
    {
        var rng = new Rng(seed).Stream("clean times");
        const int n = 500;
        var plan = Draw(n, _ => rng.NextInt(groups));
        var region = Draw(n, _ => rng.NextInt(3));
        var falls = plan.Select((p, i) => rng.NextExponential() * 60 * Math.Exp(0.4 * p + 0.2 * region[i])).ToArray();
        var lost = Draw(n, _ => Math.Min(100, rng.NextExponential() * 250));
        return Table.With("customer_id", Enumerable.Range(1, n).Select(i => (long)i))
            .And("plan", plan.Select(p => (string?)$"plan {p}"))
            .And("region", region.Select(r => (string?)$"region {r}"))
            .And("days", falls.Select((t, i) => Math.Min(t, lost[i])))
            .And("left", falls.Select((t, i) => t <= lost[i]).ToArray());
    }

    // 400 visitors, one row each, in two layouts on three devices; the layouts differ and act alike on every device.
    private static Table Factors(int seed)
    {
        var rng = new Rng(seed).Stream("clean factors");
        const int n = 400;
        var layout = Draw(n, _ => rng.NextInt(2));
        var device = Draw(n, _ => rng.NextInt(3));
        return Table.With("visitor_id", Enumerable.Range(1, n).Select(i => (long)i))
            .And("layout", layout.Select(l => (string?)(l == 0 ? "old" : "new")))
            .And("device", device.Select(d => (string?)$"device {d}"))
            .And("minutes", layout.Select((l, i) => 10 + l + 2 * device[i] + 3 * rng.NextNormal()));
    }

    // 40 people on two keyboards on three days.
    private static Table Within(int seed)
    {
        var rng = new Rng(seed).Stream("clean factors within");
        const int n = 40 * 6;
        var level = Draw(40, _ => 6 * rng.NextNormal());
        return Table.With("person", Enumerable.Range(0, n).Select(i => (string?)$"P{i / 6}"))
            .And("keyboard", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "flat" : "split")))
            .And("day", Enumerable.Range(0, n).Select(i => (string?)$"day {i / 2 % 3}"))
            .And("speed", Enumerable.Range(0, n).Select(i => 50 + level[i / 6] + 2 * (i % 2) + (i / 2 % 3) + 4 * rng.NextNormal()));
    }

    private static Table Conditions(int seed)
    {
        var rng = new Rng(seed).Stream("clean conditions");
        const int n = 60 * 3;
        var level = Draw(60, _ => 5 * rng.NextNormal());
        return Table.With("person", Enumerable.Range(0, n).Select(i => (string?)$"P{i / 3}"))
            .And("coach", Enumerable.Range(0, n).Select(i => (string?)$"coach {i % 3}"))
            .And("score", Enumerable.Range(0, n).Select(i => 50 + level[i / 3] + 2 * (i % 3) + 4 * rng.NextNormal()));
    }

    // 60 weeks before and 40 after, a level that rises; what else happens in the world shows in both series.
    private static Table Weeks(int seed, double memory, double change = 5, double common = 0, double trend = 0)
    {
        var rng = new Rng(seed).Stream("clean weeks");
        var (world, own) = (Walk(rng, memory), Walk(rng, memory));
        var other = Walk(rng, memory);
        return Table.With("week", Enumerable.Range(1, 100).Select(i => (long)i))
            .And("orders", world.Select((w, t) => 200 + trend * t + 2 * w + 2 * own[t] + (t >= 60 ? change + common : 0)))
            .And("elsewhere", world.Select((w, t) => 150 + trend * t + 2 * w + 2 * other[t] + (t >= 60 ? common : 0)));
    }

    private static double[] Walk(Rng rng, double memory)
    {
        var now = rng.NextNormal() / Math.Sqrt(1 - memory * memory);
        return Draw(100, _ => now = memory * now + rng.NextNormal());
    }

    // 2,000 patients: a fifth are cured in the control arm; the treatment adds fifteen points, and two to the score.
    private static Table Trial(int seed)
    {
        var rng = new Rng(seed).Stream("clean trial");
        const int n = 2_000;
        var arm = Draw(n, _ => rng.NextDouble() < 0.5);
        return Table.With("patient_id", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", arm.Select(a => (string?)(a ? "treatment" : "control")))
            .And("cured", arm.Select(a => rng.NextDouble() < 0.2 + (a ? 0.15 : 0)).ToArray())
            .And("score", arm.Select(a => 50 + (a ? 2 : 0) + 5 * rng.NextNormal()));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
