using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>
/// Coverage of the intervals of <c>ab</c> from data to finding: 95 % intervals hold the truth in 94 to 96 % of experiments, give or take the binomial error of this many.
/// One call reads many metrics that are independent given the units, so each call is many experiments.
/// </summary>
[Trait("speed", "slow")]
public sealed class AbCoverageTests
{
    private const int Metrics = 100;
    private const int Calls = 40;
    private const double Error = 0.00345; // sqrt(0.05 x 0.95 / 4,000)

    // Skewed values of unequal spread in arms of unequal size: 140 units of control, 260 of treatment. Truth: a tenth of 4.
    [Fact]
    public void Means_are_covered() => Covered(
        effect: 0.4, metric: m => $"m{m}", pre: [],
        columns: (rng, arms, _, m) => [($"m{m}", [.. arms.Select(b => rng.NextGamma(30) * (4 / 30.0) * (b ? 1.1 : 1))])]);

    // Sessions vary by unit and carry spend with them: the delta method is needed. Truth: 0.15 a session more than 1.
    [Fact]
    public void Ratios_of_totals_are_covered() => Covered(
        effect: 0.15, metric: m => $"n{m}/d{m}", pre: [],
        columns: (rng, arms, _, m) =>
        {
            var sessions = arms.Select(_ => 1.0 + rng.NextPoisson(2)).ToArray();
            var spend = arms.Select((b, i) => sessions[i] * (0.5 + 0.5 * rng.NextExponential() + (b ? 0.15 : 0))).ToArray();
            return [($"n{m}", spend), ($"d{m}", sessions)];
        });

    // The pre-period explains half of the variance, and does so with another slope in the treatment arm.
    [Fact]
    public void Differences_adjusted_for_the_pre_period_are_covered() => Covered(
        effect: 0.5, metric: m => $"m{m}", pre: ["pre"],
        columns: (rng, arms, before, m) => [($"m{m}", [.. arms.Select((b, i) => before[i] + (b ? 0.5 + 0.3 * (before[i] - 5) : 0) + 2 * rng.NextNormal())])]);

    private static void Covered(double effect, Func<int, string> metric, string[] pre, Func<Rng, bool[], double[], int, (string Name, double[] Values)[]> columns)
    {
        int covered = 0, below = 0, intervals = 0;
        for (var call = 0; call < Calls; call++)
        {
            var rng = new Rng(20260401).Stream(metric(0) + pre.Length, call);
            var arms = Enumerable.Range(0, 400).Select(i => i >= 140).ToArray();
            var before = arms.Select(_ => 5 + 2 * rng.NextNormal()).ToArray();
            var table = Table.With("unit", arms.Select((_, i) => (long)i)).And("arm", arms.Select(b => (string?)(b ? "B" : "A"))).And("pre", before);
            for (var m = 0; m < Metrics; m++)
            {
                table = columns(rng, arms, before, m).Aggregate(table, (t, c) => t.And(c.Name, c.Values));
            }

            var finding = Ask.Ab(table, new AbOptions { Unit = "unit", Variant = "arm", Metric = [.. Enumerable.Range(0, Metrics).Select(metric)], Pre = pre, Split = "35/65" });
            foreach (var e in finding.Estimates.Where(e => e is { Role: "primary", Name: "difference" }))
            {
                intervals++;
                covered += e.Low <= effect && effect <= e.High ? 1 : 0;
                below += e.High < effect ? 1 : 0;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"covered {covered / (double)intervals:P2} of {intervals}, {below / (double)intervals:P2} from below");
        Assert.Equal(Calls * Metrics, intervals);
        Assert.InRange(covered / (double)intervals, 0.94 - Error, 0.96 + Error);

        // Both sides miss: an interval that is shifted covers less on one of them.
        Assert.InRange(below / (double)intervals, 0.01, 0.045);
    }
}
