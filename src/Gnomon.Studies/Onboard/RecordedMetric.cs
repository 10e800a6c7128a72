using System.Text.Json;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Onboard;

/// <summary>Where a number stands in a finding: an estimate (its name, and what it is of where there are several) or a check, and the field.</summary>
internal sealed record RecordedMetric(string Of, string? Metric, string? Contrast, string Field)
{
    public static readonly string[] Fields = ["value", "low", "high", "p", "n", "statistic"];

    public string Says => $"{Of}{(Metric is null ? string.Empty : $" of {Metric}")}{(Contrast is null ? string.Empty : $" ({Contrast})")}{(Field == "value" ? string.Empty : $", {Field}")}";

    public Estimate? Estimate(Finding finding) => finding.Estimates.FirstOrDefault(e => e.Name == Of && (Metric is null || e.Metric == Metric) && (Contrast is null || e.Contrast == Contrast));

    public double? In(Finding finding) => finding.Checks.FirstOrDefault(c => c.Id == Of) is { } check
        ? Field switch { "statistic" => check.Statistic, "p" => check.P, _ => null }
        : Estimate(finding) is { } e ? Field switch { "value" => e.Value, "low" => e.Low, "high" => e.High, "p" => e.P, "n" => e.N, _ => null } : null;

    /// <summary>The same in a finding as JSON.</summary>
    public double? In(JsonElement finding)
    {
        foreach (var (list, name) in new[] { ("checks", "id"), ("estimates", "name") })
        {
            if (finding.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in items.EnumerateArray().Where(i => Text(i, name) == Of && (list == "checks" || ((Metric is null || Text(i, "metric") == Metric) && (Contrast is null || Text(i, "contrast") == Contrast)))))
                {
                    return item.TryGetProperty(Field, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;
                }
            }
        }

        return null;
    }

    private static string? Text(JsonElement item, string field) => item.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
