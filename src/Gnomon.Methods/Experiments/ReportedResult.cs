using System.Runtime.InteropServices;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>All success counts of one arm that a report allows.</summary>
/// <param name="Low">Smallest count.</param>
/// <param name="High">Largest count.</param>
/// <param name="Units">Units of the arm.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReportedCount(long Low, long High, long Units)
{
    /// <summary>A count that was printed itself.</summary>
    public static ReportedCount Exact(long successes, long units) => new(successes, successes, units);

    /// <summary>Every count whose rate rounds to the printed percentage (halves may round either way).</summary>
    /// <param name="percent">The printed percentage, for example 4.5.</param>
    /// <param name="decimals">Decimals it was printed with.</param>
    /// <param name="units">Units of the arm.</param>
    public static ReportedCount FromPercent(double percent, int decimals, long units)
    {
        var half = 0.5 * Math.Pow(10, -decimals);
        // The slack keeps a half that binary arithmetic misses by one unit in the last place.
        var low = (long)Math.Ceiling((percent - half) / 100 * units - 1e-9 * units);
        var high = (long)Math.Floor((percent + half) / 100 * units + 1e-9 * units);
        (low, high) = (Math.Max(0, low), Math.Min(units, high));
        if (low > high)
            throw new ArgumentException($"No count out of {units} gives {percent} % to {decimals} decimals.", nameof(percent));
        return new(low, high, units);
    }
}

/// <summary>A p-value as it was printed.</summary>
/// <param name="Value">The printed number.</param>
/// <param name="Decimals">Decimals it was printed with.</param>
/// <param name="IsUpperLimit">True for "p &lt; value".</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PrintedP(double Value, int Decimals, bool IsUpperLimit = false);

/// <summary>The p-values that one setting of a tool can give for the printed data.</summary>
/// <param name="Setting">The test and its sides.</param>
/// <param name="Low">Smallest p-value over the counts allowed.</param>
/// <param name="High">Largest p-value over the counts allowed.</param>
/// <param name="Fits">True when a value between them rounds to what was printed.</param>
public sealed record PossibleP(string Setting, double Low, double High, bool Fits);

/// <summary>Whether a printed p-value can come from the printed counts.</summary>
/// <param name="Settings">One entry per usual setting, the two-sided tests first.</param>
/// <param name="Fits">True when at least one setting fits.</param>
/// <param name="StandardFits">True when the two-sided pooled z test (chi-square without correction) fits.</param>
public sealed record ReportedResultCheck(IReadOnlyList<PossibleP> Settings, bool Fits, bool StandardFits);

/// <summary>Recomputes a printed comparison of two proportions over the settings that tools use and the counts that rounding allows.</summary>
/// <remarks>
/// Source: Nuijten et al. 2016 (statcheck). Each p-value moves with the gap between the two rates, so its range over the counts is reached
/// at the corners of the allowed counts, and at 1 (one-sided 0.5) when the rates can be equal. One-sided tests look in the observed direction.
/// </remarks>
public static class ReportedResult
{
    /// <param name="first">Counts of the first arm.</param>
    /// <param name="second">Counts of the second arm.</param>
    /// <param name="printed">The printed p-value.</param>
    public static ReportedResultCheck PossiblePs(ReportedCount first, ReportedCount second, PrintedP printed)
    {
        Validate(first);
        Validate(second);
        Setting[] settings =
        [
            new("two-sided pooled z (chi-square)", 1, (a, b) => 2 * Normal.Sf(PooledZ(a, b, corrected: false))),
            new("two-sided unpooled z (Wald)", 1, (a, b) => 2 * Normal.Sf(UnpooledZ(a, b, loss: 0))),
            new("two-sided Welch t", 1, WelchP),
            new("two-sided chi-square with continuity correction", 1, (a, b) => 2 * Normal.Sf(PooledZ(a, b, corrected: true))),
            new("two-sided Fisher exact", 1, FisherP),
            new("one-sided pooled z", 0.5, (a, b) => Normal.Sf(PooledZ(a, b, corrected: false))),
            new("one-sided unpooled z (Wald)", 0.5, (a, b) => Normal.Sf(UnpooledZ(a, b, loss: 0))),
        ];
        var results = new List<PossibleP>(settings.Length);
        foreach (var setting in settings)
            results.Add(Range(setting, first, second, printed));
        return new(results, results.Exists(r => r.Fits), results[0].Fits);
    }

    static PossibleP Range(Setting setting, ReportedCount first, ReportedCount second, PrintedP printed)
    {
        double low = setting.AtEquality, high = 0;
        foreach (var x in (ReadOnlySpan<long>)[first.Low, first.High])
        {
            foreach (var y in (ReadOnlySpan<long>)[second.Low, second.High])
            {
                var p = Math.Min(1, setting.P(new(x, first.Units), new(y, second.Units)));
                low = Math.Min(low, p);
                high = Math.Max(high, p);
            }
        }
        var canBeEqual = Rate(first.Low, first) <= Rate(second.High, second) && Rate(second.Low, second) <= Rate(first.High, first);
        if (canBeEqual)
            high = setting.AtEquality;
        return new(setting.Name, low, high, Fits(low, high, printed));
    }

    static bool Fits(double low, double high, PrintedP printed)
    {
        if (printed.IsUpperLimit)
            return low < printed.Value;
        var half = 0.5 * Math.Pow(10, -printed.Decimals) * (1 + 1e-9);
        return low <= printed.Value + half && high >= printed.Value - half;
    }

    static double PooledZ(Arm a, Arm b, bool corrected)
    {
        var pooled = (a.Successes + b.Successes) / (a.Units + b.Units);
        var scale = 1 / a.Units + 1 / b.Units;
        var gap = Math.Abs(a.Rate - b.Rate);
        if (corrected)
            gap = Math.Max(0, gap - 0.5 * scale);
        return gap == 0 ? 0 : gap / Math.Sqrt(pooled * (1 - pooled) * scale);
    }

    static double UnpooledZ(Arm a, Arm b, double loss)
    {
        var gap = Math.Abs(a.Rate - b.Rate);
        return gap == 0 ? 0 : gap / Math.Sqrt(a.Rate * (1 - a.Rate) / (a.Units - loss) + b.Rate * (1 - b.Rate) / (b.Units - loss));
    }

    static double WelchP(Arm a, Arm b)
    {
        var u = a.Rate * (1 - a.Rate) / (a.Units - 1);
        var v = b.Rate * (1 - b.Rate) / (b.Units - 1);
        if (!(u + v > 0))
            return a.Rate == b.Rate ? 1 : 0;
        var df = (u + v) * (u + v) / (u * u / (a.Units - 1) + v * v / (b.Units - 1));
        return StudentT.TwoSided(UnpooledZ(a, b, loss: 1), df);
    }

    static double FisherP(Arm a, Arm b) =>
        TwoProportions.Fisher((long)a.Successes, (long)a.Units, (long)b.Successes, (long)b.Units).PValue;

    static double Rate(long successes, ReportedCount arm) => (double)successes / arm.Units;

    static void Validate(ReportedCount arm)
    {
        if (arm.Units < 2)
            throw new TooFewRowsException("An arm", arm.Units, 2);
        if (arm.Low < 0 || arm.Low > arm.High || arm.High > arm.Units)
            throw new ArgumentException($"The counts must satisfy 0 <= low <= high <= units; got {arm}.");
    }

    sealed record Setting(string Name, double AtEquality, Func<Arm, Arm, double> P);

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Arm(double Successes, double Units)
    {
        public double Rate => Successes / Units;
    }
}
