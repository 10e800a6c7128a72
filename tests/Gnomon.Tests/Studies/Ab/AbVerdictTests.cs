using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>The decision and the sentences beside it say the same thing.</summary>
public sealed class AbVerdictTests
{
    [Fact]
    public void A_win_that_lies_wholly_below_the_effect_worth_having_does_not_ship()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=2340/23500", "B=2520/23600"], Mde = "50%" });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.StartsWith("No effect worth having", finding.Decision.Summary, StringComparison.Ordinal);

        // The clean twin: the same data where a twentieth is worth having, so that the interval reaches it.
        Assert.Equal(DecisionAction.Ship, Ask.Ab(new AbOptions { Counts = ["A=2340/23500", "B=2520/23600"], Mde = "5%" }).Decision.Action);
    }

    [Fact]
    public void A_small_win_beside_an_open_metric_is_not_settled_and_says_so()
    {
        var table = Two(seed: 3, 4_000, (rng, b) => 10 + (b ? 0.3 : 0) + rng.NextNormal(), (rng, _) => 10 + 40 * rng.NextNormal());
        var finding = Ask.Ab(table, AbData.Options("first", "second") with { Mde = "5%" });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains("first is better by less than is worth having", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(table, AbData.Options("first", "second") with { Mde = "first=1%,second=5%" }).Decision.Action);
    }

    [Fact]
    public void A_win_that_the_lost_units_alone_could_have_made_does_not_ship()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=2495000/24950000", "B=2525000/25000000"] });
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "sample-ratio-mismatch").Status);
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains("that loss alone could have made the difference", finding.Decision.Summary, StringComparison.Ordinal);

        // The same loss beside a gain that it cannot make, and the same gain without the loss.
        Assert.Equal(DecisionAction.Ship, Ask.Ab(new AbOptions { Counts = ["A=2495000/24950000", "B=2625000/25000000"] }).Decision.Action);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(new AbOptions { Counts = ["A=2500000/25000000", "B=2525000/25000000"] }).Decision.Action);
    }

    [Fact]
    public void Without_the_values_the_lost_units_are_bounded_by_mean_and_spread()
    {
        var finding = Ask.Ab(new AbOptions { Stats = ["A=25000000,10,30", "B=24950000,10.02,30"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        var row = finding.Tables.Single(t => t.Id == "split-bounds").Rows.Single();

        // Cantelli: dropping a share q moves a mean by at most sd sqrt(q / (1 - q)).
        var shift = 30 * Math.Sqrt(0.002 / 0.998);
        Assert.Equal(0.02 - shift, (double)row[4]!, 1e-6);
        Assert.Equal(0.02 + shift, (double)row[5]!, 1e-6);
        Assert.Equal(0.02 - shift - 1.959963984540054 * 30 * Math.Sqrt(1 / 25e6 + 1 / 24.95e6), (double)row[6]!, 1e-6);
        Assert.Equal("mean and spread alone", row[8]);
    }

    [Theory]
    [InlineData(2_000, 14_000)]
    [InlineData(2_900, 14_300)]
    public void An_open_end_says_what_its_own_interval_can_see(int events, int units)
    {
        var options = new AbOptions { Counts = [$"A={events}/{units}", $"B={events + 20}/{units}"], OpenEnded = true };
        var finding = Ask.Ab(options);
        var (p, q) = ((double)events / units, (events + 20.0) / units);
        var error = Math.Sqrt(p * (1 - p) / units + q * (1 - q) / units);

        // Robbins's mixture at the size it is tuned for, four fifths of the error to it, and the luck of four tests in five.
        var half = AlwaysValid.Interval(0, error, 2 * units, 10_000, 1 - 0.8 * 0.05).High;
        var expected = 100 * (half + Normal.Quantile(0.8) * error);
        var said = finding.Next.First(n => n.Contains("can see", StringComparison.Ordinal));
        var words = said.Split(' ');
        Assert.Equal(expected, double.Parse(words[Array.IndexOf(words, "see") + 1], System.Globalization.CultureInfo.InvariantCulture), 0.02 * expected);
        Assert.Contains("more than four times", said, StringComparison.Ordinal);

        // With one reading planned the same units see less far beyond 0.
        var once = Ask.Ab(options with { OpenEnded = false }).Next.First(n => n.Contains("can see", StringComparison.Ordinal)).Split(' ');
        Assert.Equal(100 * (1.959963984540054 + Normal.Quantile(0.8)) * error, double.Parse(once[Array.IndexOf(once, "see") + 1], System.Globalization.CultureInfo.InvariantCulture), 0.02 * expected);
    }

    [Fact]
    public void The_best_cell_of_a_fraction_is_one_that_was_run()
    {
        // d = a + b + c (mod 2): with c at its reference only half of the combinations of a, b and d exist. Truth: 10 + 0.5 a + 0.3 d + 0.4 a b, best at 1111.
        var rng = new Rng(5);
        var rows = Enumerable.Range(0, 16_000).Select(_ => (A: rng.NextInt(2), B: rng.NextInt(2), C: rng.NextInt(2), Noise: rng.NextNormal())).ToArray();
        var table = Table.With("unit", Enumerable.Range(0, rows.Length).Select(i => (long)i)).And("a", rows.Select(r => (long)r.A)).And("b", rows.Select(r => (long)r.B)).And("c", rows.Select(r => (long)r.C))
            .And("d", rows.Select(r => (long)(r.A ^ r.B ^ r.C))).And("y", rows.Select(r => 10 + 0.5 * r.A + 0.3 * (r.A ^ r.B ^ r.C) + 0.4 * r.A * r.B + r.Noise));
        var options = new AbOptions { Unit = "unit", Factors = ["a", "b", "c", "d"], Metric = ["y"] };
        var finding = Ask.Ab(table, options);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.StartsWith("a=1, b=1, c=1, d=1 does best", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("c does nothing clear and is there because", finding.Decision.Summary, StringComparison.Ordinal);

        // Nor does a cell ship whose whole gain is below what is worth having.
        var small = Ask.Ab(table, options with { Mde = "30%" });
        Assert.Equal(DecisionAction.DoNotShip, small.Decision.Action);
        Assert.StartsWith("No effect worth having", small.Decision.Summary, StringComparison.Ordinal);
    }

    private static Table Two(int seed, int units, Func<Rng, bool, double> first, Func<Rng, bool, double> second)
    {
        var rng = new Rng(seed);
        bool[] b = [.. Enumerable.Range(0, units).Select(_ => rng.NextDouble() < 0.5)];
        return Table.With("unit", Enumerable.Range(0, units).Select(i => (long)i)).And("arm", b.Select(x => (string?)(x ? "B" : "A")))
            .And("first", b.Select(x => first(rng, x)).ToArray()).And("second", b.Select(x => second(rng, x)).ToArray());
    }
}
