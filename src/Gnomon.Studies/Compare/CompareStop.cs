using System.Text.Json;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Studies.Ab;

namespace Gnomon.Studies.Compare;

/// <summary>The earlier look at which a planned stopping rule called a difference. It stays the answer: a test that is read until it turns has no size.</summary>
/// <param name="Number">Which look it was, from 1.</param>
/// <param name="Units">Units it had.</param>
/// <param name="Contrast">The comparison that was called.</param>
/// <param name="Told">The difference with its interval and p-value, as it was read.</param>
/// <param name="Nominal">The size that the plan left for that look.</param>
internal sealed record CompareStop(int Number, long Units, string Contrast, string Told, double Nominal)
{
    /// <summary>The first look, in the order in which they were taken, at which a comparison that is read now was below the size of its look.</summary>
    /// <param name="past">Fingerprint and history of each earlier look.</param>
    /// <param name="findings">What was written at them.</param>
    /// <param name="metric">The metric that is compared now.</param>
    /// <param name="contrasts">Comparisons that are read now.</param>
    public static CompareStop? First(IEnumerable<(string State, LookHistory Look)> past, IReadOnlyList<RecordedFinding> findings, string metric, IReadOnlyList<GroupContrast> contrasts)
    {
        var names = contrasts.Select(c => c.Category is null ? c.Contrast : $"{c.Category}: {c.Contrast}").ToHashSet(StringComparer.Ordinal);
        foreach (var (state, look) in past)
        {
            var nominal = PlannedLook.NominalNow(look);
            foreach (var finding in findings.Where(f => f.DataState == state))
            {
                if (Called(finding.Json, metric, names, nominal) is var (contrast, told))
                {
                    return new CompareStop(look.Looks, look.Units, contrast, told, nominal);
                }
            }
        }

        return null;
    }

    /// <summary>For the answer.</summary>
    public string Summary => $"The planned test stopped at look {Number}, at {Figures.Count(Units, "unit")}: {Contrast} {Told}. That look is the answer.";

    public IEnumerable<string> Sentences(long units)
    {
        yield return units > Units
            ? $"{Figures.Count(units - Units, "unit")} came after the look that stopped the test: the estimates are of all units, are no new test of the plan, and do not take the stop back."
            : $"The data now hold {Figures.Count(units, "unit")}, no more than the look that stopped the test had: rows were changed or left out since. The stop stands as it was read.";
    }

    // Data that were found broken gave no answer, and a finding of another shape tells nothing of these comparisons.
    private static (string Contrast, string Told)? Called(string json, string metric, HashSet<string> names, double nominal)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("decision").GetProperty("action").GetString() is "fix-data-first" or "investigate")
            {
                return null;
            }

            var estimates = root.GetProperty("estimates").EnumerateArray().Where(e => Text(e, "metric") == metric).ToList();
            foreach (var e in estimates.Where(e => Text(e, "role") == "primary"))
            {
                // A finding that counts the looks itself has the p-value of a single reading beside its own.
                if (Text(e, "contrast") is { } contrast && names.Contains(contrast)
                    && estimates.Find(o => Text(o, "role") == "sensitivity" && Text(o, "contrast") == contrast && Text(o, "method")?.StartsWith(PastResult.ReadOnce, StringComparison.Ordinal) == true) is var once
                    && (once.ValueKind == JsonValueKind.Object ? once : e).TryGetProperty("p", out var p) && p.ValueKind == JsonValueKind.Number && p.GetDouble() < nominal)
                {
                    var (value, low, high, unit) = (e.GetProperty("value").GetDouble(), e.GetProperty("low").GetDouble(), e.GetProperty("high").GetDouble(), Text(e, "unit") ?? string.Empty);
                    return (contrast, $"{Figures.Effect(value, unit, high - low)} ({Figures.Range(low, high, unit)}, {Figures.P(p.GetDouble())})");
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
