using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>
/// Numbers as people read them: rounded to what the interval supports, rates as percentages, thousands separated.
/// JSON keeps full precision; everything else goes through here. Culture is invariant, the minus sign is ASCII.
/// </summary>
public static class Paper
{
    private const int MostDecimals = 6;
    private const double PlainBelow = 1e15;

    /// <summary>Value and interval of an estimate, in its unit, with the digits that the width of the interval supports.</summary>
    /// <returns>For a difference of proportions <c>+0.31</c>, <c>+0.02</c>, <c>+0.60</c>, <c>pp</c>.</returns>
    public static PaperInterval Interval(Estimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        var unit = PaperUnit.Of(estimate);
        double value = estimate.Value * unit.Factor, low = estimate.Low * unit.Factor, high = estimate.High * unit.Factor;
        var decimals = Decimals(value, low, high);
        return new PaperInterval(
            Rounded(value, decimals, unit.Signed), Rounded(low, decimals, unit.Signed), Rounded(high, decimals, unit.Signed), unit.Suffix);
    }

    /// <summary>A quantity without an interval, in the same dress as <see cref="Interval"/>: margins, planned effects.</summary>
    public static string Quantity(double value, PaperUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit.With((unit.Signed && value > 0 ? "+" : string.Empty) + Number(value * unit.Factor));
    }

    /// <summary><c>p = 0.034</c>, <c>p &lt; 0.001</c>, <c>p &gt; 0.99</c>: never 0, never 1, and never rounded across 0.05.</summary>
    public static string PValue(double p)
    {
        if (p < 0.001)
        {
            return "p < 0.001";
        }

        if (p > 0.99)
        {
            return "p > 0.99";
        }

        var decimals = p < 0.1 ? 3 : 2;
        while (decimals < 7 && p != 0.05 && p < 0.05 != double.Parse(Fixed(p, decimals), CultureInfo.InvariantCulture) < 0.05)
        {
            decimals++;
        }

        return "p = " + Fixed(p, decimals);
    }

    /// <summary><c>100,000</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Confidence level as a percentage: <c>95 %</c>, <c>97.5 %</c>.</summary>
    public static string Level(double level) => (level * 100).ToString("0.####", CultureInfo.InvariantCulture) + Spaces.Tie + "%";

    /// <summary>A number that has no interval: whole numbers in full, others with four significant digits.</summary>
    public static string Number(double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < PlainBelow)
        {
            return Fixed(value, 0);
        }

        return Significant(value, 4);
    }

    /// <summary>A proportion as a percentage: two decimals, two significant digits below 0.1 %: <c>4.52 %</c>, <c>0.026 %</c>.</summary>
    public static string Percent(double proportion)
    {
        var percent = proportion * 100;
        var small = percent != 0 && Math.Abs(percent) < 0.1;
        return (small ? Significant(percent, 2) : Trim(Fixed(percent, 2))) + Spaces.Tie + "%";
    }

    /// <summary>Wall time: <c>0.21 s</c>, <c>12 s</c>, <c>3 min 20 s</c>.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 10 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + Spaces.Tie + "s",
        < 120 => seconds.ToString("0", CultureInfo.InvariantCulture) + Spaces.Tie + "s",
        _ => $"{Math.Floor(seconds / 60):0}{Spaces.Tie}min{Spaces.Tie}{Math.Floor(seconds % 60):0}{Spaces.Tie}s",
    };

    // Two significant digits of the half-width; more where a bound would otherwise print as the zero it is not.
    private static int Decimals(double value, double low, double high)
    {
        var half = (high - low) / 2;
        if (half <= 0)
        {
            return value == 0 ? 0 : Math.Max(0, 3 - Magnitude(value));
        }

        var decimals = 1 - Magnitude(half);
        while (decimals <= MostDecimals && (ReadsAsZero(value, decimals) || ReadsAsZero(low, decimals) || ReadsAsZero(high, decimals)))
        {
            decimals++;
        }

        return decimals;
    }

    // A value far smaller than its interval is zero for the reader; a bound or value within reach of the digits is not.
    private static bool ReadsAsZero(double x, int decimals) => Math.Abs(x) >= 0.5 * Math.Pow(10, -decimals - 2) && RoundTo(x, decimals) == 0;

    private static string Rounded(double x, int decimals, bool signed)
    {
        if (decimals > MostDecimals || (x != 0 && Math.Abs(x) >= PlainBelow))
        {
            return (signed && x > 0 ? "+" : string.Empty) + x.ToString("0.##e+0", CultureInfo.InvariantCulture);
        }

        var rounded = RoundTo(x, decimals);
        return (signed && rounded > 0 ? "+" : string.Empty) + Fixed(rounded, Math.Max(0, decimals));
    }

    private static double RoundTo(double x, int decimals)
    {
        if (decimals >= 0)
        {
            return Math.Abs(x) >= PlainBelow ? x : Math.Round(x, Math.Min(15, decimals), MidpointRounding.AwayFromZero);
        }

        var step = Math.Pow(10, -decimals);
        return Math.Round(x / step, MidpointRounding.AwayFromZero) * step;
    }

    private static string Significant(double value, int digits)
    {
        var decimals = digits - 1 - Magnitude(value);
        return decimals > digits - 1 + MostDecimals || Math.Abs(value) >= PlainBelow
            ? value.ToString(digits > 2 ? "0.###e+0" : "0.#e+0", CultureInfo.InvariantCulture)
            : Trim(Fixed(value, Math.Max(0, decimals)));
    }

    private static int Magnitude(double x) => x == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(x)) + 1e-12);

    private static string Fixed(double x, int decimals)
    {
        var text = x.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    private static string Trim(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
}

/// <summary>An interval in words.</summary>
/// <param name="Value">Point estimate, rounded, with a sign when it is a change.</param>
/// <param name="Low">Lower bound, same digits.</param>
/// <param name="High">Upper bound, same digits.</param>
/// <param name="Suffix">Unit behind the number: <c>pp</c>, <c>%</c>, <c>EUR</c>; empty for a bare number.</param>
public sealed record PaperInterval(string Value, string Low, string High, string Suffix)
{
    /// <summary><c>+0.31 pp</c>.</summary>
    public string Point => Suffix.Length == 0 ? Value : Value + Spaces.Tie + Suffix;

    /// <summary><c>+0.02 to +0.60 pp</c>.</summary>
    public string Range => Suffix.Length == 0 ? $"{Low} to {High}" : $"{Low} to {High}{Spaces.Tie}{Suffix}";
}
