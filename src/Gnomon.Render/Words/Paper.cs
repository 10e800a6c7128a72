using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>The figures of <see cref="Figures"/> for pages and terminals: a number and its unit are tied, so that no line breaks between them.</summary>
public static class Paper
{
    /// <summary>Value and interval of an estimate; see <see cref="Figures.Interval(Estimate)"/>.</summary>
    public static PaperInterval Interval(Estimate estimate) => new(Figures.Interval(estimate));

    /// <summary>A quantity without an interval; see <see cref="Figures.Quantity"/>.</summary>
    public static string Quantity(double value, FigureUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return PaperInterval.Tied(Figures.Quantity(value, unit with { Suffix = string.Empty }), unit.Suffix);
    }

    /// <summary>Confidence level as a percentage: <c>95 %</c>, <c>97.5 %</c>.</summary>
    public static string Level(double level) => Tied(Figures.Confidence(level));

    /// <summary>A proportion as a percentage; see <see cref="Figures.Percent(double)"/>.</summary>
    public static string Percent(double proportion) => Tied(Figures.Percent(proportion));

    /// <summary>Wall time: <c>0.21 s</c>, <c>12 s</c>, <c>3 min 20 s</c>.</summary>
    public static string Seconds(double seconds) => Tied(seconds switch
    {
        < 10 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < 120 => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        _ => $"{Math.Floor(seconds / 60):0} min {Math.Floor(seconds % 60):0} s",
    });

    private static string Tied(string text) => text.Replace(' ', Spaces.Tie);
}

/// <summary>An interval in words, its unit tied to the number.</summary>
/// <param name="Text">The figures.</param>
public sealed record PaperInterval(FigureInterval Text)
{
    /// <summary>Point estimate, rounded, with a sign when it is a change.</summary>
    public string Value => Text.Value;

    /// <summary>Lower bound, same digits.</summary>
    public string Low => Text.Low;

    /// <summary>Upper bound, same digits.</summary>
    public string High => Text.High;

    /// <summary><c>+0.31 pp</c>.</summary>
    public string Point => Tied(Value, Text.Suffix);

    /// <summary><c>+0.02 to +0.60 pp</c>.</summary>
    public string Range => Tied($"{Low} to {High}", Text.Suffix);

    internal static string Tied(string number, string suffix) => suffix.Length == 0 ? number : number + Spaces.Tie + suffix;
}
