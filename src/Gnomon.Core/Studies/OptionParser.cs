using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Core.Studies;

/// <summary>Text to option values, with the messages of one house. Called by generated code.</summary>
public static class OptionParser
{
    public static string Text(string option, IReadOnlyList<string> values) => Single(option, values);

    public static bool Flag(string option, IReadOnlyList<string> values) => values.Count == 0 || Single(option, values) switch
    {
        "true" or "" => true,
        "false" => false,
        var other => throw new GnomonError("bad-flag", $"--{option} is a switch; got '{other}'.", $"--{option}", $"Write --{option} alone."),
    };

    public static double Number(string option, IReadOnlyList<string> values, double above, double below)
    {
        var text = Single(option, values);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw new GnomonError("bad-number", $"--{option} must be a number; got '{text}'.", $"--{option}");
        }

        return value > above && value < below
            ? value
            : throw new GnomonError("option-out-of-range", $"--{option} must lie {Range(above, below)}; got {text}.", $"--{option}", Suggest(option, value, above, below));
    }

    public static long Integer(string option, IReadOnlyList<string> values, double above, double below)
    {
        var text = Single(option, values);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw new GnomonError("bad-number", $"--{option} must be a whole number; got '{text}'.", $"--{option}");
        }

        return value > above && value < below
            ? value
            : throw new GnomonError("option-out-of-range", $"--{option} must lie {Range(above, below)}; got {text}.", $"--{option}");
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

    private static string Range(double above, double below) => (double.IsFinite(above), double.IsFinite(below)) switch
    {
        (true, true) => $"between {above.ToString(CultureInfo.InvariantCulture)} and {below.ToString(CultureInfo.InvariantCulture)}",
        (true, false) => $"above {above.ToString(CultureInfo.InvariantCulture)}",
        _ => $"below {below.ToString(CultureInfo.InvariantCulture)}",
    };

    // 95 for a level in (0, 1) is a percentage written by habit.
    private static string? Suggest(string option, double value, double above, double below) =>
        above == 0 && below == 1 && value is >= 1 and < 100 ? $"Write --{option} {(value / 100).ToString(CultureInfo.InvariantCulture)}." : null;
}
