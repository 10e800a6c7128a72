using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Survival;

/// <summary>One group of a log-rank test.</summary>
/// <param name="Count">Units.</param>
/// <param name="Observed">Events seen.</param>
/// <param name="Expected">Events to be expected if all groups had the same curve.</param>
public sealed record LogRankGroup(int Count, int Observed, double Expected);

/// <summary>Do the groups share one survival curve?</summary>
/// <param name="Statistic">Chi-square.</param>
/// <param name="DegreesOfFreedom">Groups less 1.</param>
/// <param name="PValue">Upper tail.</param>
/// <param name="Groups">In the order of the group numbers.</param>
public sealed record LogRankResult(double Statistic, int DegreesOfFreedom, double PValue, IReadOnlyList<LogRankGroup> Groups);

/// <summary>The log-rank test of two or more groups.</summary>
/// <remarks>Source: Mantel 1966; Peto and Peto 1972. Sharpest when hazards are proportional. Agrees with R's survdiff to 1e-10.</remarks>
public static class LogRank
{
    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event.</param>
    /// <param name="group">Group of each unit, 0 to groups - 1; every group has a unit.</param>
    /// <exception cref="NotEstimableException">There is no event, or no time at which two groups were still at risk.</exception>
    public static LogRankResult Test(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<int> group)
    {
        if (group.Length != times.Length)
            throw new ArgumentException("There must be one group per time.", nameof(group));
        var order = SurvivalData.Order(times, events);
        var k = 0;
        foreach (var g in group)
            k = g >= 0 ? Math.Max(k, g + 1) : throw new ArgumentOutOfRangeException(nameof(group), g, "Groups are numbered from 0.");
        var (counts, observed) = (new int[k], new int[k]);
        for (var i = 0; i < group.Length; i++)
        {
            counts[group[i]]++;
            observed[group[i]] += events[i] ? 1 : 0;
        }
        if (k < 2 || counts.Contains(0))
            throw new NotEstimableException("The test needs at least two groups, each with a unit.");
        var expected = new double[k];
        var covariance = new double[(k - 1) * (k - 1)];
        Accumulate(times, events, group, order, counts, expected, covariance);
        return Result(counts, observed, expected, covariance);
    }

    /// <summary>The test within strata: observed and expected events are summed over the strata, and each unit is compared with those of its own stratum only.</summary>
    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event.</param>
    /// <param name="group">Group of each unit, 0 to groups - 1; every group has a unit.</param>
    /// <param name="strata">Stratum of each unit: any whole numbers.</param>
    /// <exception cref="NotEstimableException">There is no event, or no stratum and time at which two groups were still at risk.</exception>
    public static LogRankResult Stratified(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<int> group, ReadOnlySpan<int> strata)
    {
        if (group.Length != times.Length || strata.Length != times.Length)
            throw new ArgumentException("There must be one group and one stratum per time.", nameof(strata));
        _ = SurvivalData.Order(times, events);
        var k = 0;
        foreach (var g in group)
            k = g >= 0 ? Math.Max(k, g + 1) : throw new ArgumentOutOfRangeException(nameof(group), g, "Groups are numbered from 0.");
        var members = new SortedDictionary<int, List<int>>();
        for (var i = 0; i < strata.Length; i++)
        {
            if (!members.TryGetValue(strata[i], out var rows))
                members.Add(strata[i], rows = []);
            rows.Add(i);
        }
        var (counts, observed, expected, covariance) = (new int[k], new int[k], new double[k], new double[(k - 1) * (k - 1)]);
        foreach (var rows in members.Values)
        {
            var (t, e, g, own) = (new double[rows.Count], new bool[rows.Count], new int[rows.Count], new int[k]);
            for (var i = 0; i < t.Length; i++)
            {
                (t[i], e[i], g[i]) = (times[rows[i]], events[rows[i]], group[rows[i]]);
                own[g[i]]++;
                counts[g[i]]++;
                observed[g[i]] += e[i] ? 1 : 0;
            }
            if (t.Length > 1)
                Accumulate(t, e, g, SurvivalData.Order(t, e), own, expected, covariance);
            else
                expected[g[0]] += e[0] ? 1 : 0;
        }
        if (k < 2 || counts.Contains(0))
            throw new NotEstimableException("The test needs at least two groups, each with a unit.");
        return Result(counts, observed, expected, covariance);
    }

    static LogRankResult Result(int[] counts, int[] observed, double[] expected, double[] covariance)
    {
        var k = counts.Length;
        var difference = new double[k - 1];
        for (var a = 0; a < k - 1; a++)
            difference[a] = observed[a] - expected[a];
        var factor = PivotedCholesky.Factor(covariance, k - 1);
        if (!factor.IsFullRank)
            throw new NotEstimableException("There is no time at which an event could tell all groups apart.");
        var statistic = factor.InverseQuadraticForm(difference);
        return new(statistic, k - 1, ChiSquared.Sf(statistic, k - 1), [.. Enumerable.Range(0, k).Select(g => new LogRankGroup(counts[g], observed[g], expected[g]))]);
    }

    static void Accumulate(
        ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<int> group, int[] order, int[] counts, double[] expected, double[] covariance)
    {
        var k = counts.Length;
        var atRisk = (int[])counts.Clone();
        double all = order.Length;
        for (var i = 0; i < order.Length;)
        {
            var time = times[order[i]];
            var died = 0;
            var from = i;
            for (; i < order.Length && times[order[i]] == time; i++)
                died += events[order[i]] ? 1 : 0;
            if (died > 0)
            {
                var spread = all > 1 ? died * (all - died) / (all - 1) : 0;
                for (var a = 0; a < k; a++)
                {
                    var share = atRisk[a] / all;
                    expected[a] += died * share;
                    for (var b = 0; a < k - 1 && b < k - 1; b++)
                        covariance[a * (k - 1) + b] += spread * share * ((a == b ? 1 : 0) - atRisk[b] / all);
                }
            }
            for (var j = from; j < i; j++)
                atRisk[group[order[j]]]--;
            all -= i - from;
        }
    }
}
