using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab;

/// <summary>The e-value of harm to a guardrail as a look read it.</summary>
/// <param name="Metric">The guardrail; its declaration with the margin where the finding has no table of e-values.</param>
/// <param name="Contrast">The arms; null where the finding does not tell.</param>
/// <param name="EValue">Evidence of harm at that look alone.</param>
internal sealed partial record PastHarm(string Metric, string? Contrast, double EValue)
{
    /// <summary>Table of a finding that holds e-values of harm.</summary>
    public const string Table = "harm";

    /// <summary>No threshold lies above it; larger ones are written as this.</summary>
    public const double Most = 1e6;

    private const string Check = "guardrail-metric-regression";

    public static IEnumerable<PastHarm> Of(JsonElement finding)
    {
        var tables = finding.TryGetProperty("tables", out var all) ? all.EnumerateArray().Where(t => t.GetProperty("id").GetString() == Table).ToList() : [];
        return tables.Count > 0 ? Rows(tables[0]) : Checks(finding);
    }

    /// <summary>The earlier look that raised the alarm for this guardrail with its e-value, the first one; where none did, the one with the largest. Null where none is on record.</summary>
    public static (double EValue, PastLook Look)? Strongest(IReadOnlyList<PastLook> past, Comparison c, double alarm)
    {
        var read = past.SelectMany(l => l.Harm.Where(h => h.IsOf(c)).Select(h => (h.EValue, Look: l))).ToList();
        return read.OrderByDescending(x => x.EValue >= alarm).ThenByDescending(x => x.EValue >= alarm ? 0 : x.EValue).ThenBy(x => x.Look.Number).Select(x => ((double, PastLook)?)x).FirstOrDefault();
    }

    private static IEnumerable<PastHarm> Rows(JsonElement table) => table.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().ToList())
        .Where(r => r.Count > 2 && r[2].ValueKind == JsonValueKind.Number).Select(r => new PastHarm(r[0].GetString() ?? string.Empty, r[1].GetString(), r[2].GetDouble()));

    // Findings without that table say it in the words of the check.
    private static IEnumerable<PastHarm> Checks(JsonElement finding)
    {
        var checks = finding.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("id").GetString() == Check).Select(c => Said().Match(c.GetProperty("evidence").GetString() ?? string.Empty)).Where(m => m.Success).ToList();
        foreach (var match in checks.GroupBy(m => m.Groups["declared"].Value).Where(g => g.Count() == 1).Select(g => g.Single()))
        {
            if (double.TryParse(match.Groups["e"].Value.Replace(",", string.Empty, StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                yield return new PastHarm(match.Groups["declared"].Value, null, value);
            }
        }
    }

    private bool IsOf(Comparison c) => Contrast is null ? Metric == c.Spec.Declared : Metric == c.Spec.Name && Contrast == c.Contrast;

    [GeneratedRegex(@"^(?<declared>.+?): effect .*; evidence of harm at any look (?<e>[0-9.,]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Said();
}
