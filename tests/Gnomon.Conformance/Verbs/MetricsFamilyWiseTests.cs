using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Metrics;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>metrics</c>: past tests that tie a metric to the goal warn in at most 5 % of seeds.</summary>
public sealed class MetricsFamilyWiseTests
{
    [Fact]
    public void A_metric_that_goes_with_the_goal_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Metrics(PastTests(seed, 0.98), Options), draws: 60);

    [Fact]
    public void A_metric_that_goes_its_own_way_is_seen() => FamilyWise.Catches("unvalidated-surrogate", seed => Ask.Metrics(PastTests(seed, 0.1), Options), draws: 40);

    private static readonly MetricsOptions Options = new() { Test = "test", Variant = "arm", Metric = ["sessions", "minutes"], Goal = "retained", Primary = "sessions", Relabel = 500 };

    // Sixteen tests of 400 users; true effects on sessions and retained correlate as told, minutes are left alone.
    private static Table PastTests(int seed, double correlation)
    {
        var rng = new Rng(seed).Stream("past tests");
        var (test, arm) = (new List<string?>(), new List<string?>());
        var (sessions, minutes, retained) = (new List<double>(), new List<double>(), new List<double>());
        for (var t = 0; t < 16; t++)
        {
            var x = rng.NextNormal();
            var y = correlation * x + Math.Sqrt(1 - correlation * correlation) * rng.NextNormal();
            for (var u = 0; u < 400; u++)
            {
                var (on, liking) = (u % 2, rng.NextNormal());
                test.Add($"test {t}");
                arm.Add(on == 1 ? "treatment" : "control");
                sessions.Add(5 + 0.5 * on * x + 0.5 * liking + rng.NextNormal());
                retained.Add(2 + 0.5 * on * y + 0.5 * liking + rng.NextNormal());
                minutes.Add(10 * rng.NextGamma(3));
            }
        }

        return Table.With("test", test).And("arm", arm).And("sessions", sessions).And("minutes", minutes).And("retained", retained);
    }
}
