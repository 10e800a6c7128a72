using System.Text.Json;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>One comparison as an earlier look read it, from the finding of that look.</summary>
internal sealed record PastResult
{
    /// <summary>Of the method of an interval that holds at every look together.</summary>
    public const string Anytime = "confidence sequence";

    /// <summary>Of the method of an answer that counts the looks of a plan.</summary>
    public const string LooksCounted = "looks counted";

    /// <summary>How the method of a sensitivity starts that does not count the looks.</summary>
    public const string ReadOnce = "as if read once, ";

    private const double SmallestP = 1e-300;

    public required string Metric { get; init; }

    public required string Contrast { get; init; }

    /// <summary>The difference as a test that is read once had it.</summary>
    public required ContrastResult Once { get; init; }

    /// <summary>The difference as it was reported.</summary>
    public required ContrastResult Shown { get; init; }

    /// <summary>The relative difference as it was reported; null without one.</summary>
    public ContrastResult? Lift { get; init; }

    public required long Units { get; init; }

    /// <summary>Primary comparisons of that finding.</summary>
    public int Family { get; init; } = 1;

    /// <summary>The difference in standard normal units, as a comparison has it; null where the finding holds no p-value of a single reading.</summary>
    public double? Z => Once.PValue is >= 0 and <= 1 ? Math.Sign(Once.Value) * Normal.UpperQuantile(Math.Max(Once.PValue, SmallestP) / 2) : null;

    /// <summary>The primary comparisons of a finding.</summary>
    public static IEnumerable<PastResult> Of(JsonElement finding)
    {
        var estimates = finding.GetProperty("estimates").EnumerateArray().ToList();
        var primaries = estimates.Where(e => Text(e, "role") == "primary" && Text(e, "name") == "difference").ToList();
        foreach (var e in primaries)
        {
            var (metric, contrast) = (Text(e, "metric"), Text(e, "contrast"));
            if (metric is null || contrast is null || Read(e) is not { } shown)
            {
                continue;
            }

            var once = estimates.FirstOrDefault(o => Text(o, "role") == "sensitivity" && Text(o, "metric") == metric && Text(o, "contrast") == contrast && Text(o, "method")?.StartsWith(ReadOnce, StringComparison.Ordinal) == true);
            var lift = contrast.Split(" - ", 2) is [var arm, var control] ? estimates.FirstOrDefault(o => Text(o, "role") == "primary" && Text(o, "name") == "lift" && Text(o, "metric") == metric && Text(o, "contrast") == $"{arm} / {control} - 1") : default;
            yield return new PastResult
            {
                Metric = metric,
                Contrast = contrast,
                Shown = shown,
                Once = (once.ValueKind == JsonValueKind.Object ? Read(once) : null) ?? shown,
                Lift = lift.ValueKind == JsonValueKind.Object ? Read(lift) : null,
                Units = (long)(Number(e, "n") ?? 0),
                Family = primaries.Count,
            };
        }
    }

    /// <summary>This result for a comparison that is read now, its sign turned where the arms were compared the other way round; null for another comparison.</summary>
    public PastResult? For(Comparison c) => Metric != c.Spec.Name ? null
        : Contrast == c.Contrast ? this
        : Contrast == $"{c.Control} - {c.Arm}" ? this with { Contrast = c.Contrast, Once = Turned(Once), Shown = Turned(Shown), Lift = null }
        : null;

    private static ContrastResult Turned(ContrastResult r) => r with { Value = -r.Value, Low = -r.High, High = -r.Low, Statistic = -r.Statistic };

    // The standard error is the one that belongs to value and p-value; without a difference, that of the interval.
    private static ContrastResult? Read(JsonElement e)
    {
        if (Number(e, "value") is not { } value || Number(e, "low") is not { } low || Number(e, "high") is not { } high || Number(e, "level") is not (> 0 and < 1 and var level))
        {
            return null;
        }

        var p = Number(e, "p") ?? double.NaN;
        var z = p is >= 0 and < 1 ? Normal.UpperQuantile(Math.Max(p, SmallestP) / 2) : 0;
        var error = value != 0 && z > 0 ? Math.Abs(value) / z : (high - low) / 2 / Normal.UpperQuantile((1 - level) / 2);
        return new ContrastResult(value, low, high, error, Math.Sign(value) * z, null, p, level, Text(e, "method") ?? string.Empty);
    }

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : null;
}
