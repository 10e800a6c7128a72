using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>The steps of a funnel where clusters were assigned: a share over the step before is a ratio of cluster totals, with errors by cluster.</summary>
internal static class ClusteredFunnel
{
    public static IReadOnlyList<FunnelStep> Compare(ClusterSet clusters, IReadOnlyList<Comparison> made, int arm, double level)
    {
        var metrics = made.Select(c => clusters.Metrics.First(m => m.Name == c.Spec.Name)).ToList();
        return [.. made.Select((c, k) =>
        {
            var ratio = Ratio(metrics[k], k == 0 ? null : metrics[k - 1], arm, level);
            return new FunnelStep(c.Raw, k == 0 ? null : ratio?.Difference, ratio is null ? null : Log(ratio, level));
        })];
    }

    private static ClusterComparisonResult? Ratio(ClusterMetric step, ClusterMetric? before, int arm, double level)
    {
        try
        {
            return ClusterComparison.Compare(Totals(step, before, arm), Totals(step, before, 0), level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // Units that reached the step, of those that reached the one before; clusters where nobody did have no share.
    private static ClusterTotals Totals(ClusterMetric step, ClusterMetric? before, int arm)
    {
        var reached = Reached(step, arm);
        double[] of = before is null ? [.. step.Arms[arm].Sizes] : Reached(before, arm);
        int[] there = [.. Enumerable.Range(0, reached.Length).Where(i => of[i] > 0)];
        return new([.. there.Select(i => reached[i])], [.. there.Select(i => of[i])]);
    }

    // Counts of units: the digits that centring left are rounded off.
    private static double[] Reached(ClusterMetric m, int arm) => [.. m.Arms[arm].Sums.Zip(m.Arms[arm].Sizes, (s, n) => Math.Round(s + m.Centre * n, 6))];

    private static ContrastResult? Log(ClusterComparisonResult r, double level)
    {
        if (!(r.First.Mean > 0) || !(r.Second.Mean > 0) || r.Difference.DegreesOfFreedom is not { } degrees)
        {
            return null;
        }

        var error = Math.Sqrt(r.First.Variance / (r.First.Mean * r.First.Mean) + r.Second.Variance / (r.Second.Mean * r.Second.Mean));
        if (!(error > 0))
        {
            return null;
        }

        var (value, reach) = (Math.Log(r.First.Mean / r.Second.Mean), StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error);
        return new(value, value - reach, value + reach, error, value / error, degrees, StudentT.TwoSided(value / error, degrees), level, "log of the ratio of shares, delta method by cluster");
    }
}
