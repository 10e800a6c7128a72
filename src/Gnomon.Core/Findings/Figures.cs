using System.Globalization;

namespace Gnomon.Core.Findings;

/// <summary>Numbers as people read them: rounded to what the interval supports, rates as percentages, p-values never zero.</summary>
public static class Figures
{
    private static readonly CultureInfo C = CultureInfo.InvariantCulture;

    /// <summary>A level or a mean in its unit; <paramref name="spread"/> (an interval's width or a standard error) sets the digits.</summary>
    public static string Level(double value, string unit, double? spread = null) => unit switch
    {
        "proportion" or "relative" => Fixed(value * 100, Digits(value * 100, spread * 100)) + " %",
        _ => Fixed(value, Digits(value, spread)),
    };

    /// <summary>A signed effect in its unit: percentage points for proportions, per cent for relative effects.</summary>
    public static string Effect(double value, string unit, double? spread = null) => unit switch
    {
        "proportion" => Signed(value * 100, Digits(value * 100, spread * 100)) + " pp",
        "relative" => Signed(value * 100, Digits(value * 100, spread * 100)) + " %",
        _ => Signed(value, Digits(value, spread)),
    };

    /// <summary><c>-0.27 to +0.87 pp</c>.</summary>
    public static string Range(double low, double high, string unit)
    {
        var scale = unit is "proportion" or "relative" ? 100 : 1;
        var digits = Digits(Math.Max(Math.Abs(low), Math.Abs(high)) * scale, (high - low) * scale);
        var suffix = unit switch
        {
            "proportion" => " pp",
            "relative" => " %",
            _ => string.Empty,
        };
        return $"{Signed(low * scale, digits)} to {Signed(high * scale, digits)}{suffix}";
    }

    /// <summary><c>p = 0.034</c>, <c>p &lt; 0.001</c>; tiny values as a power of ten.</summary>
    public static string P(double p) => p switch
    {
        < 1e-4 => $"p < {PowerAbove(p)}",
        < 0.001 => "p < 0.001",
        < 0.01 => $"p = {p.ToString("0.0000", C)}",
        _ => $"p = {p.ToString("0.000", C)}",
    };

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long n) => n.ToString("N0", C);

    /// <summary>A count with its noun: <c>1 week</c>, <c>20,000 rows</c>.</summary>
    /// <param name="n">How many.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; the first with an s when left out.</param>
    public static string Count(long n, string one, string? many = null) => $"{Count(n)} {(n == 1 ? one : many ?? one + "s")}";

    /// <summary>A share as a percentage with at most <paramref name="decimals"/> decimals.</summary>
    public static string Percent(double share, int decimals = 1) => Fixed(share * 100, decimals) + " %";

    /// <summary>A number for running text with about three significant digits.</summary>
    public static string Number(double value) => Fixed(value, Digits(value, null));

    // Two significant digits of the interval's width (three of the value without one), never more than ten decimals.
    private static int Digits(double value, double? spread)
    {
        var scale = spread is > 0 ? spread.Value : Math.Abs(value) / 10;
        return scale <= 0 || !double.IsFinite(scale) ? 2 : Math.Clamp(1 - (int)Math.Floor(Math.Log10(scale)), 0, 10);
    }

    private static string Fixed(double value, int digits)
    {
        var text = value.ToString("N" + digits.ToString(C), C);
        return text.TrimStart('-').All(c => c is '0' or '.' or ',') ? text.TrimStart('-') : text;
    }

    private static string Signed(double value, int digits)
    {
        var text = Fixed(value, digits);
        return text.StartsWith('-') ? text : text.All(c => c is '0' or '.' or ',') ? text : "+" + text;
    }

    private static string PowerAbove(double p)
    {
        var exponent = p <= 0 ? -300 : (int)Math.Ceiling(Math.Log10(p));
        return exponent >= -4 ? "0.0001" : $"1e{exponent.ToString(C)}";
    }
}
