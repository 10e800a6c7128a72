using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise in every family of <c>regress</c>: random slopes, quantiles, Huber, categories, curves, times, amounts, smooth terms, series and posteriors.</summary>
public sealed class RegressModesFamilyWiseTests
{
    [Fact]
    public void Random_slopes_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Growth(seed), new RegressOptions { Formula = "height ~ week + (week | plant_id)" }), draws: 12);

    [Fact]
    public void Random_levels_beside_an_identifier_of_rows_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Growth(seed), new RegressOptions { Formula = "height ~ week + (1 | plant_id)", Where = "week < 3" }), draws: 15);

    [Fact]
    public void Quantiles_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "cost", On = ["size", "age", "kind"], Family = "quantile", Quantile = ["0.5", "0.9"] }), draws: 25);

    [Fact]
    public void Huber_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "cost", On = ["size", "age", "kind"], Family = "huber" }), draws: 25);

    [Fact]
    public void Categories_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "choice", On = ["size", "age"], Family = "multinomial" }), draws: 30);

    [Fact]
    public void A_curve_of_ones_own_stays_quiet() => FamilyWise.StaysQuiet(
        seed => Ask.Regress(Rows(seed), new RegressOptions { Formula = "yield ~ top*(1-exp(-rate*dose))", Family = "nonlinear", Start = ["top=8", "rate=0.3"] }), draws: 25);

    [Fact]
    public void Times_to_an_event_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "days", On = ["size", "age", "kind"], Family = "cox", Event = "ended" }), draws: 40);

    [Fact]
    public void Amounts_with_zeros_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "claims", On = ["size", "age"], Family = "tweedie" }), draws: 6);

    [Fact]
    public void Smooth_terms_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Formula = "wave ~ s(dose) + size" }), draws: 20);

    [Fact]
    public void A_series_stays_quiet_with_errors_of_its_order()
    {
        FamilyWise.StaysQuiet(seed => Ask.Regress(Series(seed, memory: 0), Ordered("har")), draws: 12);
        FamilyWise.StaysQuiet(seed => Ask.Regress(Series(seed, memory: 0.6), Ordered("ar1")), draws: 12);
    }

    [Fact]
    public void A_posterior_beside_the_fit_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Rows(seed), new RegressOptions { Target = "cost", On = ["size", "age"], Prior = "normal:0,2.5" }), draws: 5);

    private static RegressOptions Ordered(string errors) => new() { Target = "y", On = ["x"], Time = "day", Errors = errors };

    // 40 plants, measured for eight weeks: each starts at a height of its own and grows at a speed of its own.
    private static Table Growth(int seed)
    {
        var rng = new Rng(seed).Stream("clean growth");
        const int n = 40 * 8;
        var start = Draw(40, _ => 2 * rng.NextNormal());
        var speed = Draw(40, _ => 0.8 * rng.NextNormal());
        return Table.With("measurement_id", Enumerable.Range(1, n).Select(i => (long)i))
            .And("plant_id", Enumerable.Range(0, n).Select(i => (string?)$"plant {i / 8}"))
            .And("week", Enumerable.Range(0, n).Select(i => (double)(i % 8)))
            .And("height", Enumerable.Range(0, n).Select(i => 10 + start[i / 8] + (2 + speed[i / 8]) * (i % 8) + rng.NextNormal()));
    }

    // 400 rows, one for each id, and an outcome for every law.
    private static Table Rows(int seed)
    {
        var rng = new Rng(seed).Stream("clean rows");
        const int n = 400;
        var size = Draw(n, _ => 5 + rng.NextNormal());
        var age = Draw(n, _ => 40 + 10 * rng.NextNormal());
        var kind = Draw(n, _ => rng.NextInt(3));
        var dose = Draw(n, _ => 10 * rng.NextDouble());
        var falls = size.Select((s, i) => rng.NextExponential() * 30 * Math.Exp(-0.3 * (s - 5) + 0.02 * (age[i] - 40)));
        var lost = Draw(n, _ => Math.Min(60, rng.NextExponential() * 120));
        double[] days = [.. falls.Select((t, i) => Math.Min(t, lost[i]))];
        return Table.With("case_id", Enumerable.Range(1, n).Select(i => (long)i)).And("size", size).And("age", age).And("kind", kind.Select(k => (string?)$"kind {k}")).And("dose", dose)
            .And("cost", size.Select((s, i) => 10 + 3 * s + 0.1 * age[i] + kind[i] + 2 * rng.NextNormal()))
            .And("choice", size.Select((s, i) => (string?)Choice(rng, s - 5, (age[i] - 40) / 10)))
            .And("yield", dose.Select(d => 10 * (1 - Math.Exp(-0.4 * d)) + 0.5 * rng.NextNormal()))
            .And("wave", dose.Select((d, i) => Math.Sin(d / 1.5) + 0.3 * size[i] + 0.4 * rng.NextNormal()))
            .And("claims", size.Select(s => Enumerable.Range(0, (int)rng.NextPoisson(0.8 * Math.Exp(0.2 * (s - 5)))).Sum(_ => 100 * rng.NextGamma(2))))
            .And("days", days)
            .And("ended", days.Select((t, i) => t < lost[i]).ToArray());
    }

    private static string Choice(Rng rng, double size, double age)
    {
        var (bus, bike) = (Math.Exp(0.5 * size), Math.Exp(-0.4 + 0.5 * age));
        var u = rng.NextDouble() * (1 + bus + bike);
        return u < 1 ? "car" : u < 1 + bus ? "bus" : "bike";
    }

    private static Table Series(int seed, double memory)
    {
        var rng = new Rng(seed).Stream("clean ordered series");
        var (x, e) = (0.0, 0.0);
        var column = Draw(200, _ => x = 0.7 * x + rng.NextNormal());
        return Table.With("x", column).And("y", column.Select(v => 1 + 0.5 * v + (e = memory * e + rng.NextNormal()))).And("day", Draw(200, i => new DateOnly(2026, 1, 1).AddDays(i)));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
