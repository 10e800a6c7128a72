using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Ledger;

namespace Gnomon.Studies.Ab;

/// <summary>What later plans change of the plan that rules, a clause each.</summary>
internal static class PlanChanges
{
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
            .Where(name => !JsonNode.DeepEquals(a[name], b[name]))
            .Select(name => $"{name} {Text(b[name])} for {Text(a[name])}")];
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
