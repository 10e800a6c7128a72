using System.Runtime.InteropServices;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>A value and the rows that hold it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ValueCount(double Value, long Count);

/// <summary>Why a value looks like a code.</summary>
public enum SentinelKind
{
    /// <summary>The largest or smallest value, far from its neighbours.</summary>
    IsolatedExtreme,

    /// <summary>The largest or smallest value, where the range ends abruptly.</summary>
    EndOfRange,

    /// <summary>A number that people use as a code: 0, -1, 99, 999, 1000 and the like.</summary>
    RoundCode,
}

/// <summary>A value that more rows hold than its neighbourhood allows.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">Rows that hold it.</param>
/// <param name="Share">Share of all rows.</param>
/// <param name="Expected">Count that the local fit without it predicts, at its upper limit.</param>
/// <param name="TimesNeighbour">Its count over the median neighbour's count.</param>
/// <param name="PValue">Chance of such a count under the fit, times the number of values tried.</param>
/// <param name="Kind">Why it looks like a code.</param>
public sealed record Sentinel(double Value, long Count, double Share, double Expected, double TimesNeighbour, double PValue, SentinelKind Kind);

/// <summary>Finds values that are codes, caps or a second population rather than measurements.</summary>
/// <remarks>
/// A value is named when it holds at least 1 % of the rows, more than 20 times its median neighbour, and more than the 99.9 % limit (Bonferroni
/// over the values tried) of a Poisson regression on up to ten neighbours per side that leaves it out, and is an extreme or a round code.
/// The fit is log-linear in the position among the distinct values, and again in its logarithm at an end of the range (so that geometric and
/// power-law counts, which peak at an end by nature, are not named); the larger prediction, raised by its own error and by overdispersion, is used.
/// </remarks>
public static class SentinelScan
{
    const double SmallestShare = 0.01;
    const double TimesMedian = 20;
    const double Alpha = 0.001;
    const int NeighboursPerSide = 10;
    const int FewestNeighbours = 5;
    const double IsolationGaps = 5;
    // Upper 99.9 % normal quantile, for the error of the prediction.
    const double Z = 3.090232306167813;

    /// <param name="values">Distinct finite values, ascending, with their counts.</param>
    public static IReadOnlyList<Sentinel> Find(ReadOnlySpan<ValueCount> values)
    {
        var total = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Count < 1 || (i > 0 && !(values[i].Value > values[i - 1].Value)))
                throw new ArgumentException("Values must be distinct, ascending and counted at least once.", nameof(values));
            total += values[i].Count;
        }
        var candidates = new List<int>();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Count >= SmallestShare * total && Kind(values, i) is not null)
                candidates.Add(i);
        }
        var found = new List<Sentinel>();
        foreach (var i in candidates)
        {
            if (Judge(values, i, total, candidates.Count) is { } sentinel)
                found.Add(sentinel);
        }
        return found;
    }

    static Sentinel? Judge(ReadOnlySpan<ValueCount> values, int at, double total, int tried)
    {
        var low = Math.Max(0, at - NeighboursPerSide);
        var high = Math.Min(values.Length - 1, at + NeighboursPerSide);
        var positions = new List<double>();
        var counts = new List<double>();
        for (var i = low; i <= high; i++)
        {
            if (i == at)
                continue;
            positions.Add(i - at);
            counts.Add(values[i].Count);
        }
        if (counts.Count < FewestNeighbours)
            return null;
        var times = values[at].Count / Median(counts);
        if (!(times > TimesMedian))
            return null;
        var expected = Prediction(positions, counts, logPosition: false);
        if (at == 0 || at == values.Length - 1)
            expected = Larger(expected, Prediction(positions, counts, logPosition: true));
        if (expected is not { } fit)
            return null;
        var p = Math.Min(1, tried * Poisson.Sf((long)Math.Ceiling(values[at].Count / fit.Dispersion) - 1, fit.Upper / fit.Dispersion));
        return p < Alpha
            ? new(values[at].Value, values[at].Count, values[at].Count / total, fit.Upper, times, p, Kind(values, at)!.Value)
            : null;
    }

    static LocalFit? Larger(LocalFit? a, LocalFit? b) => a is null || b is null ? a ?? b : a.Value.Upper >= b.Value.Upper ? a : b;

    // Poisson regression ln(mean) = a + b x by iteratively reweighted least squares, predicted where x is 0.
    static LocalFit? Prediction(List<double> positions, List<double> counts, bool logPosition)
    {
        const int Iterations = 100;
        var k = counts.Count;
        var x = positions.ConvertAll(p => logPosition ? Math.Log(1 + Math.Abs(p)) : p);
        var eta = counts.ConvertAll(c => Math.Log(c + 0.5));
        double a = 0, b = 0, sw = 0, swx = 0, swxx = 0;
        for (var step = 0; step < Iterations; step++)
        {
            (sw, swx, swxx) = (0, 0, 0);
            double swz = 0, swxz = 0;
            for (var i = 0; i < k; i++)
            {
                var mean = Math.Exp(eta[i]);
                var z = eta[i] + (counts[i] - mean) / mean;
                sw += mean;
                swx += mean * x[i];
                swxx += mean * x[i] * x[i];
                swz += mean * z;
                swxz += mean * x[i] * z;
            }
            var determinant = sw * swxx - swx * swx;
            if (!(determinant > 1e-12 * sw * swxx))
                return null;
            var before = a;
            (a, b) = ((swxx * swz - swx * swxz) / determinant, (sw * swxz - swx * swz) / determinant);
            for (var i = 0; i < k; i++)
                eta[i] = Math.Clamp(a + b * x[i], -50, 50);
            if (step > 0 && Math.Abs(a - before) < 1e-10 * (1 + Math.Abs(a)))
                break;
        }
        var chi = 0.0;
        for (var i = 0; i < k; i++)
        {
            var mean = Math.Exp(eta[i]);
            chi += (counts[i] - mean) * (counts[i] - mean) / mean;
        }
        var dispersion = Math.Max(1, chi / (k - 2));
        var error = Math.Sqrt(dispersion * swxx / (sw * swxx - swx * swx));
        return new(Math.Exp(Math.Min(50, a + Z * error)), dispersion);
    }

    static SentinelKind? Kind(ReadOnlySpan<ValueCount> values, int at)
    {
        if (values.Length < 3)
            return null;
        if (at == 0 || at == values.Length - 1)
            return IsIsolated(values, at) ? SentinelKind.IsolatedExtreme : SentinelKind.EndOfRange;
        return IsRoundCode(values[at].Value) ? SentinelKind.RoundCode : null;
    }

    static bool IsIsolated(ReadOnlySpan<ValueCount> values, int at)
    {
        var step = at == 0 ? 1 : -1;
        var own = Math.Abs(values[at + step].Value - values[at].Value);
        var gaps = new List<double>();
        for (var i = at + step; i + step >= 0 && i + step < values.Length && gaps.Count < NeighboursPerSide; i += step)
            gaps.Add(Math.Abs(values[i + step].Value - values[i].Value));
        return own > IsolationGaps * Median(gaps);
    }

    static bool IsRoundCode(double value)
    {
        var size = Math.Abs(value);
        if (value is 0 or -1)
            return true;
        if (size != Math.Floor(size) || size < 99 || size > 1e15)
            return false;
        var digits = ((long)size).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return digits.All(d => d == '9') || digits.Skip(1).All(d => d == '0');
    }

    static double Median(List<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return RobustOutliers.Quantile(sorted, 0.5);
    }

    [StructLayout(LayoutKind.Auto)]

    readonly record struct LocalFit(double Upper, double Dispersion);
}
