using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>A one-way comparison of group means.</summary>
/// <param name="Statistic">F.</param>
/// <param name="DegreesOfFreedom1">Numerator degrees of freedom.</param>
/// <param name="DegreesOfFreedom2">Denominator degrees of freedom.</param>
/// <param name="PValue">Upper tail of F.</param>
/// <param name="EtaSquared">Share of the total sum of squares that lies between the groups.</param>
/// <param name="Range">Largest group mean minus smallest, in the metric's unit.</param>
/// <param name="Method">Which test this is.</param>
public sealed record OneWayResult(
    double Statistic, double DegreesOfFreedom1, double DegreesOfFreedom2, double PValue, double EtaSquared, double Range, string Method);

/// <summary>Does the metric depend on the day of the week, so that a part of a week is not a sample of it?</summary>
public static class WeekdayEffect
{
    /// <summary>Classical one-way analysis of variance (equal spread assumed).</summary>
    /// <param name="weekdays">Moments per weekday; empty groups are passed over.</param>
    public static OneWayResult FTest(ReadOnlySpan<Moments> weekdays)
    {
        var groups = Usable(weekdays, 1);
        var (between, within, units, range) = Sums(groups);
        var df1 = groups.Count - 1.0;
        var df2 = units - groups.Count;
        if (!(df2 >= 1) || !(within > 0))
            throw new NotEstimableException("The F test needs spread within at least one group of 2 or more values.");
        var f = between / df1 / (within / df2);
        return new(f, df1, df2, FisherF.Sf(f, df1, df2), between / (between + within), range, "one-way F");
    }

    /// <summary>Welch's test: spread may differ between groups.</summary>
    /// <remarks>Source: Welch 1951, Biometrika 38; agrees with R's oneway.test.</remarks>
    /// <param name="weekdays">Moments per weekday; groups of fewer than 2 values are passed over.</param>
    public static OneWayResult WelchTest(ReadOnlySpan<Moments> weekdays)
    {
        var groups = Usable(weekdays, 2);
        var (between, within, _, range) = Sums(groups);
        double sumW = 0, mean = 0;
        foreach (var g in groups)
        {
            if (!(g.Variance > 0))
                throw new NotEstimableException("Welch's test needs spread within every group.");
            sumW += g.Count / g.Variance;
        }
        foreach (var g in groups)
            mean += g.Count / g.Variance / sumW * g.Mean;
        double weighted = 0, lambda = 0;
        foreach (var g in groups)
        {
            var w = g.Count / g.Variance;
            weighted += w * (g.Mean - mean) * (g.Mean - mean);
            lambda += (1 - w / sumW) * (1 - w / sumW) / (g.Count - 1);
        }
        var k = groups.Count;
        var spread = lambda / ((double)k * k - 1);
        var f = weighted / (k - 1) / (1 + 2 * (k - 2) * spread);
        var df2 = 1 / (3 * spread);
        return new(f, k - 1, df2, FisherF.Sf(f, k - 1, df2), between / (between + within), range, "Welch one-way");
    }

    static List<Moments> Usable(ReadOnlySpan<Moments> weekdays, int fewest)
    {
        var groups = new List<Moments>();
        foreach (var group in weekdays)
        {
            if (group.Count >= fewest)
                groups.Add(group);
        }
        if (groups.Count < 2)
            throw new TooFewRowsException($"The set of groups with {fewest} or more values", groups.Count, 2);
        return groups;
    }

    static (double Between, double Within, double Units, double Range) Sums(List<Moments> groups)
    {
        double units = 0, mean = 0, between = 0, within = 0;
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var g in groups)
            units += g.Count;
        foreach (var g in groups)
            mean += g.Count / units * g.Mean;
        foreach (var g in groups)
        {
            between += g.Count * (g.Mean - mean) * (g.Mean - mean);
            within += g.M2;
            low = Math.Min(low, g.Mean);
            high = Math.Max(high, g.Mean);
        }
        return (between, within, units, high - low);
    }
}
