using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Core.Studies;

/// <summary>Text to option values, with the messages of one house. Called by generated code.</summary>
public static class OptionParser
{
    private const double Hair = 1e-9;

    public static string Text(string option, IReadOnlyList<string> values) => Single(option, values);

    public static bool Flag(string option, IReadOnlyList<string> values) => values.Count == 0 || Single(option, values) switch
    {
        "true" or "" => true,
        "false" => false,
        var other => throw new GnomonError("bad-flag", $"--{option} is a switch; got '{other}'.", $"--{option}", $"Write --{option} alone."),
    };

    /// <param name="option">Name without its dashes.</param>
    /// <param name="values">What was written after it.</param>
    /// <param name="above">The value must lie above this.</param>
    /// <param name="below">And below this.</param>
    /// <param name="preset">The value it has when nobody writes it, to suggest; empty for none.</param>
    public static double Number(string option, IReadOnlyList<string> values, double above, double below, string preset = "")
    {
        var text = Single(option, values);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw new GnomonError("bad-number", $"--{option} must be a number; got '{text}'.", $"--{option}");
        }

        return value > above && value < below
            ? value
            : throw new GnomonError("option-out-of-range", $"--{option} must {Range(above, below)}; got {text}.", $"--{option}", Suggest(option, value, above, below, preset));
    }

    /// <inheritdoc cref="Number"/>
    public static long Integer(string option, IReadOnlyList<string> values, double above, double below, string preset = "")
    {
        var text = Single(option, values);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw new GnomonError("bad-number", $"--{option} must be a whole number; got '{text}'.", $"--{option}");
        }

        return value > above && value < below
            ? value
            : throw new GnomonError("option-out-of-range", $"--{option} must be {WholeRange(above, below)}; got {text}.", $"--{option}", Preset(option, preset));
    }

    public static string Choice(string option, IReadOnlyList<string> values, IReadOnlyList<string> choices)
    {
        var text = Single(option, values);
        return choices.Contains(text)
            ? text
            : throw new GnomonError("bad-choice", $"--{option} must be one of {string.Join(", ", choices.Select(Shown))}; got '{text}'.", $"--{option}",
                Tables.NearestName.To(text, choices) is { } nearest ? $"Did you mean '{nearest}'?" : null);
    }

    // A mark among commas cannot be read as a choice: it is quoted and named.
    private static string Shown(string choice) => choice switch
    {
        "." => "'.' (point)",
        "," => "',' (comma)",
        ";" => "';' (semicolon)",
        "\t" => "tab",
        " " => "' ' (space)",
        _ when choice.All(char.IsLetterOrDigit) || choice.Length > 1 => choice,
        _ => $"'{choice}'",
    };

    public static IReadOnlyList<string> List(IReadOnlyList<string> values, bool commas) =>
        [.. values.SelectMany(v => commas ? v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [v])];

    private static string Single(string option, IReadOnlyList<string> values) => values.Count switch
    {
        1 => values[0],
        0 => throw new GnomonError("option-needs-value", $"--{option} needs a value.", $"--{option}"),
        _ => throw new GnomonError("option-repeated", $"--{option} is given {values.Count} times: {string.Join(", ", values)}.", $"--{option}", "Give it once."),
    };

    // Bounds are exclusive; a hair below 0 is how a range says that 0 itself is allowed.
    private static string Range(double above, double below)
    {
        var low = above is < 0 and > -Hair ? "be 0 or more" : double.IsFinite(above) ? $"lie above {Shown(above)}" : null;
        var high = double.IsFinite(below) ? $"below {Shown(below)}" : null;
        return low is null ? $"lie {high}" : high is null ? low : $"{low} and {high}";
    }

    private static string WholeRange(double above, double below)
    {
        var (least, most) = (Math.Floor(above) + 1, Math.Ceiling(below) - 1);
        return (least > int.MinValue, most < int.MaxValue) switch
        {
            (true, true) => $"a whole number from {Shown(least)} to {Shown(most)}",
            (true, false) => $"a whole number, {Shown(least)} or more",
            _ => $"a whole number, {Shown(most)} or less",
        };
    }

    private static string Shown(double bound) => bound.ToString(CultureInfo.InvariantCulture);

    // 95 for a level in (0, 1) is a percentage written by habit.
    private static string? Suggest(string option, double value, double above, double below, string preset) =>
        above is 0 or (< 0 and > -Hair) && below == 1 && value is > 1 and < 100 ? $"Write --{option} {Shown(value / 100)}." : Preset(option, preset);

    private static string? Preset(string option, string preset) => preset.Length > 0 ? $"Write --{option} {preset}." : null;
}
