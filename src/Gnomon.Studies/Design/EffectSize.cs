using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Design;

/// <summary>An effect as it was written: in the metric's unit, or as a share of the baseline.</summary>
internal readonly record struct EffectSize(double Value, bool IsRelative)
{
    public static EffectSize Parse(string text, string option)
    {
        var trimmed = text.Trim();
        var relative = trimmed.EndsWith('%');
        var number = relative ? trimmed[..^1] : trimmed;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value == 0)
        {
            throw new GnomonError("bad-effect", $"{option} must be a number other than 0, or a percentage; got '{text}'.", option, $"Write {option} +0.003 or {option} 5%.");
        }

        return new EffectSize(relative ? value / 100 : value, relative);
    }

    /// <summary>In the metric's unit.</summary>
    public double Absolute(double? baseline, string option) => !IsRelative
        ? Value
        : baseline is { } b && b != 0
            ? Value * Math.Abs(b)
            : throw new GnomonError("bad-effect", $"{option} is a percentage, and there is no baseline other than 0 to take it of.", option, "Add --baseline, or write the effect in the metric's unit.");
}
