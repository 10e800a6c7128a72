using System.Globalization;
using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab;

/// <summary>The fields of a plan and what they may hold.</summary>
internal static class PlanFields
{
    /// <summary>Every field of <c>gnomon.plan/1</c>, those that are written to be read by people included.</summary>
    public static readonly string[] All =
    [
        "schema", "experiment", "hypothesis", "unit", "control", "factors", "split", "primary", "guardrails", "mde", "level", "power", "unitsPerArm", "days", "looks", "stopping", "futility",
        "plannedZ", "bounds", "exclusions", "predicted", "assumptions", "assignment", "margin", "equivalence", "lowerIsBetter",
    ];

    /// <exception cref="GnomonError">Neither true nor false.</exception>
    public static bool Flag(JsonElement plan, string field, string where) => plan.TryGetProperty(field, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new GnomonError("plan-field-type", $"{where}: {field} must be true or false.", where, $"Write \"{field}\": true."),
    };

    /// <exception cref="GnomonError">The number lies outside.</exception>
    public static double? Within(double? value, string field, double low, double high, string where) =>
        value is null || (value >= low && value <= high)
            ? value
            : throw new GnomonError("plan-out-of-range", $"{where}: {field} {Shown(value.Value)} does not lie between {Shown(low)} and {Shown(high)}.", where, field == "level" ? "Write a confidence level as a share: \"level\": 0.95." : $"Mend {field}.");

    /// <summary>A relative effect as a plan writes it: <c>3%</c>.</summary>
    /// <exception cref="GnomonError">The text is no percentage.</exception>
    public static double? Share(string? text, string where) =>
        text is null ? null
        : Percent(text) ?? throw new GnomonError("plan-out-of-range", $"{where}: predicted '{text}' is no relative effect.", where, "Write \"predicted\": \"3%\".");

    /// <summary>A percentage as a share; null for anything else.</summary>
    public static double? Percent(string text) =>
        text.Trim() is [.., '%'] trimmed && double.TryParse(trimmed[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && double.IsFinite(percent) ? percent / 100 : null;

    private static string Shown(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);
}
