using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Data;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>Do the shares of the arms follow the outcomes, seen day by day?</summary>
internal static class AdaptiveLook
{
    private const int FewestRows = 50;
    private const int FewestDays = 9;

    /// <summary>An experiment read by plain means, whose days tell whether somebody moved its shares; null when they are too few to tell.</summary>
    public static AdaptiveAllocation? Of(Comparison c)
    {
        var (first, second) = (c.Baseline.ByDay, c.Treatment.ByDay);
        var days = first.Keys.Union(second.Keys).Where(d => d != long.MinValue).Order()
            .Select(d => (A: first.GetValueOrDefault(d, Moments.Empty), B: second.GetValueOrDefault(d, Moments.Empty))).ToList();
        if (days.Count < FewestDays)
        {
            return null;
        }

        var cells = days.Select(d => new ShareDay(d.A.Count, d.B.Count, d.A.Mean * d.A.Count, d.B.Mean * d.B.Count, d.A.M2, d.B.M2)).ToList();
        if (ShareFollowsOutcome.PValue(cells) is not { } follows)
        {
            return null;
        }

        var shares = cells.Where(x => x.First + x.Second >= FewestRows).Select(x => x.Share).DefaultIfEmpty(0.5).ToList();
        return new AdaptiveAllocation
        {
            Metric = c.Spec.Name, Arm = c.Arm, SmallestShare = shares.Min(), LargestShare = shares.Max(), Days = days.Count, FollowsOutcomeP = follows, SameShareP = SameShare(cells),
            Plain = c.Raw.Value, PlainLow = c.Raw.Low, PlainHigh = c.Raw.High, Unit = c.Metric.Unit,
        };
    }

    private static double? SameShare(List<ShareDay> cells) => ContingencyTest.ChiSquare([.. cells.Where(x => x.First + x.Second >= FewestRows).SelectMany(x => new[] { x.First, x.Second })], 2)?.PValue;

    /// <summary>The same for a log of rows: one arm against the first.</summary>
    public static double? PValue(long[] day, int[] chosen, double[] reward, int arm)
    {
        var cells = Enumerable.Range(0, day.Length).Where(t => chosen[t] == arm || chosen[t] == 0).GroupBy(t => day[t]).OrderBy(g => g.Key).Select(g =>
        {
            var a = Moments.MeanVariance(g.Where(t => chosen[t] == 0).Select(t => reward[t]).ToArray());
            var b = Moments.MeanVariance(g.Where(t => chosen[t] != 0).Select(t => reward[t]).ToArray());
            return new ShareDay(a.Count, b.Count, a.Count == 0 ? 0 : a.Mean * a.Count, b.Count == 0 ? 0 : b.Mean * b.Count, a.M2, b.M2);
        }).ToList();
        return ShareFollowsOutcome.PValue(cells);
    }
}
