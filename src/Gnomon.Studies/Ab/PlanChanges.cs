using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Ledger;

namespace Gnomon.Studies.Ab;

/// <summary>What later plans change of the plan that rules, a clause each.</summary>
internal static class PlanChanges
{
    private const double SameShare = 1e-6;
    private const int MostShown = 6;
    private const int LongestText = 40;

    /// <param name="ruling">The plan the analysis is held to.</param>
    /// <param name="handed">A plan handed in with this analysis that differs; null when there is none.</param>
    /// <param name="plans">Every plan on record.</param>
    public static IEnumerable<string> Of(AbPlan ruling, AbPlan? handed, IReadOnlyList<RecordedPlan> plans)
    {
        if (handed is not null && Fields(ruling, handed) is { Count: > 0 } changed)
        {
            yield return $"the plan given ({handed.Hash[..12]}...) is not the one on record ({ruling.Hash[..12]}...): {Listed(changed)}";
        }

        foreach (var later in plans.Where(p => !p.Rules && p.Hash != handed?.Hash && p.At >= plans.First(r => r.Rules).At).DistinctBy(p => p.Hash))
        {
            if (AbPlan.TryRecorded(later) is { } plan && Fields(ruling, plan) is { Count: > 0 } amended)
            {
                yield return $"an amendment of {later.At.UtcDateTime:yyyy-MM-dd} ({later.Hash[..12]}...) is on record: {Listed(amended)}";
            }
        }
    }

    /// <summary>The fields in which two plans differ, with both values; spelling and order of the file do not count.</summary>
    public static IReadOnlyList<string> Fields(AbPlan ruling, AbPlan other)
    {
        var (a, b) = (Root(ruling), Root(other));
        return [.. a.Select(f => f.Key).Union(b.Select(f => f.Key)).Where(name => name != "schema")
            .Where(name => !JsonNode.DeepEquals(a[name], b[name]) && !IsOfAssignment(name, a, b))
            .Select(name => $"{name} {Text(b[name])} for {Text(a[name])}")];
    }

    // What gnomon assign writes into a copy of a plan: the assignment, roles that were left open, and the same split with the arms' names.
    private static bool IsOfAssignment(string name, JsonObject ruling, JsonObject other) => ruling["assignment"] is null && other["assignment"] is not null && name switch
    {
        "assignment" => true,
        "control" or "unit" or "experiment" => ruling[name] is null,
        "split" => ruling[name] is null || Shares(ruling[name]) is { } a && Shares(other[name]) is { } b && a.Length == b.Length && a.Zip(b).All(x => Math.Abs(x.First - x.Second) < SameShare),
        _ => false,
    };

    // 95/5 and control=95,treatment=5 alike, each as a share of all.
    private static double[]? Shares(JsonNode? split)
    {
        if (split?.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        var parts = split.GetValue<string>().Split(['/', ':', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => p[(p.LastIndexOf('=') + 1)..].Trim('%', ' ')).ToList();
        double[] shares = [.. parts.Select(p => double.TryParse(p, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var v) ? v : double.NaN)];
        var sum = shares.Sum();
        return shares.Length > 1 && sum > 0 ? [.. shares.Select(s => s / sum)] : null;
    }

    private static JsonObject Root(AbPlan plan) =>
        JsonNode.Parse(plan.Json, null, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }) as JsonObject ?? [];

    private static string Text(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonArray or JsonObject => "another list",
        _ when node.GetValueKind() == JsonValueKind.String => Short(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Short(string text) => text.Length > LongestText ? text[..LongestText] + "..." : text;

    private static string Listed(IReadOnlyList<string> changed) =>
        string.Join(", ", changed.Take(MostShown)) + (changed.Count > MostShown ? $" and {changed.Count - MostShown} more" : string.Empty);
}
