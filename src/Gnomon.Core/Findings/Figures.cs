using System.Globalization;

namespace Gnomon.Core.Findings;

/// <summary>
/// Numbers as people read them, in sentences, tables and pictures alike: rounded to what the interval supports, rates as percentages, thousands separated.
/// JSON keeps full precision; everything else goes through here. Culture is invariant, the minus sign is ASCII, the space before a unit an ordinary one.
/// </summary>
public static class Figures
{
    private const int MostDecimals = 6;
    private const double PlainBelow = 1e15;
    private const double WidestLinear = 1000;
    private static readonly CultureInfo C = CultureInfo.InvariantCulture;

    /// <summary>Value and interval of an estimate, in its unit, with the digits that the width of the interval supports.</summary>
    /// <returns>For a difference of proportions <c>+0.31</c>, <c>+0.02</c>, <c>+0.60</c>, <c>pp</c>.</returns>
    public static FigureInterval Interval(Estimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return Interval(estimate.Value, estimate.Low, estimate.High, FigureUnit.Of(estimate));
    }

    /// <summary>Value and interval in a unit; see <see cref="Interval(Estimate)"/>.</summary>
    /// <param name="value">Point estimate, in the unit of the contract.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="unit">How the unit is written.</param>
    public static FigureInterval Interval(double value, double low, double high, FigureUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        double v = value * unit.Factor, l = low * unit.Factor, h = high * unit.Factor;
        if (l > 0 && h > WidestLinear * l)
        {
            // Limits that lie orders of magnitude apart are told one by one: the width of such an interval says nothing about its lower end.
            return new FigureInterval(Own(v, unit), Own(l, unit), Own(h, unit), unit.Suffix);
        }

        var decimals = Decimals(v, l, h);
        return new FigureInterval(Rounded(v, decimals, unit.Signed), Rounded(l, decimals, unit.Signed), Rounded(h, decimals, unit.Signed), unit.Suffix);
    }

    /// <summary>A level beside an effect on it, with the digits of the effect's interval: <c>4.52 %</c> where the effect is known to a hundredth of a point.</summary>
    /// <param name="value">A proportion, or a mean in its unit.</param>
    /// <param name="unit">Unit of the contract; the unit of a mean is not written.</param>
    /// <param name="low">Lower bound of the effect, in the same unit.</param>
    /// <param name="high">Upper bound of the effect.</param>
    public static string Level(double value, string unit, double low, double high)
    {
        var (factor, suffix) = unit is "proportion" or "relative" ? (100, " %") : (1, string.Empty);
        var decimals = Decimals(value * factor, (value - (high - low) / 2) * factor, (value + (high - low) / 2) * factor);

        // A level many times its interval has more digits than anybody reads.
        return (decimals > MostDecimals ? Number(value * factor) : Rounded(value * factor, decimals, signed: false)) + suffix;
    }

    /// <summary>A level, with the digits that an interval of this width supports.</summary>
    public static string Level(double value, string unit, double width) => Level(value, unit, -width / 2, width / 2);

    /// <summary>An effect, with the digits that an interval of this width supports; the unit of a mean is not written.</summary>
    public static string Effect(double value, string unit, double width) => Interval(value, value - width / 2, value + width / 2, Bare(unit)).Point;

    /// <summary>An effect's interval: <c>+0.02 to +0.60 pp</c>; the unit of a mean is not written.</summary>
    public static string Range(double low, double high, string unit) => Interval((low + high) / 2, low, high, Bare(unit)).Range;

    /// <summary>An effect without an interval, such as a margin or a planned effect: percentage points for proportions, per cent for relative ones, bare otherwise.</summary>
    public static string Effect(double value, string unit) => Quantity(value, Bare(unit));

    /// <summary>A quantity without an interval, in the same dress as <see cref="Interval(Estimate)"/>: margins, planned effects.</summary>
    public static string Quantity(double value, FigureUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var number = (unit.Signed && value > 0 ? "+" : string.Empty) + Number(value * unit.Factor);
        return unit.Suffix.Length == 0 ? number : $"{number} {unit.Suffix}";
    }

    /// <summary><c>p = 0.034</c>, <c>p &lt; 0.001</c>, <c>p &gt; 0.99</c>: never 0, never 1, and never rounded across 0.05.</summary>
    public static string P(double p)
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
        while (decimals < 7 && p != 0.05 && p < 0.05 != double.Parse(Fixed(p, decimals), C) < 0.05)
        {
            decimals++;
        }

        return "p = " + Fixed(p, decimals);
    }

    /// <summary>A count with thousands separated: <c>100,000</c>.</summary>
    public static string Count(long n) => n.ToString("N0", C);

    /// <summary>A count with its noun: <c>1 week</c>, <c>20,000 rows</c>.</summary>
    /// <param name="n">How many.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; the first with an s when left out.</param>
    public static string Count(long n, string one, string? many = null) => $"{Count(n)} {(n == 1 ? one : many ?? one + "s")}";

    /// <summary>Confidence level as a percentage: <c>95 %</c>, <c>97.5 %</c>.</summary>
    public static string Confidence(double level) => (level * 100).ToString("0.####", C) + " %";

    /// <summary>A proportion as a percentage: at most two decimals, two significant digits below 0.1 %: <c>4.52 %</c>, <c>0.026 %</c>.</summary>
    public static string Percent(double proportion)
    {
        var percent = proportion * 100;
        var small = percent != 0 && Math.Abs(percent) < 0.1;
        return (small ? Significant(percent, 2) : Trim(Fixed(percent, 2))) + " %";
    }

    /// <summary>A proportion as a percentage with so many decimals.</summary>
    public static string Percent(double proportion, int decimals) => Fixed(proportion * 100, decimals) + " %";

    /// <summary>A proportion as a whole percentage, where more digits would claim more than is known: <c>45 %</c>.</summary>
    public static string WholePercent(double proportion) => Fixed(proportion * 100, 0) + " %";

    /// <summary>A number that has no interval: whole numbers in full, others with four significant digits.</summary>
    public static string Number(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < PlainBelow ? Fixed(value, 0) : Significant(value, 4);

    /// <summary>A correlation with two decimals, or with two significant digits where these would hide it: 0.23, 0.0034.</summary>
    public static string Correlation(double value) => Math.Abs(value) is >= 0.0995 or < 1e-12 ? Fixed(value, 2) : Significant(value, 2);

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
            return (signed && x > 0 ? "+" : string.Empty) + x.ToString("0.##e+0", C);
        }

        var rounded = RoundTo(x, decimals);
        return (signed && rounded > 0 ? "+" : string.Empty) + Fixed(rounded, Math.Max(0, decimals));
    }

    private static string Own(double x, FigureUnit unit) => (unit.Signed && x > 0 ? "+" : string.Empty) + Significant(x, 3);

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
            ? value.ToString(digits > 2 ? "0.###e+0" : "0.#e+0", C)
            : Trim(Fixed(value, Math.Max(0, decimals)));
    }

    private static int Magnitude(double x) => x == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(x)) + 1e-12);

    private static FigureUnit Bare(string unit)
    {
        var full = FigureUnit.Of(unit, change: true);
        return full.Factor == 1 ? full with { Suffix = string.Empty } : full;
    }

    private static string Fixed(double x, int decimals)
    {
        var text = x.ToString("N" + decimals.ToString(C), C);
        return text.StartsWith('-') && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    private static string Trim(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
}
