using System.Text.Json;
using Gnomon.Core.Ledger;

namespace Gnomon.Studies.Ab;

/// <summary>An earlier look at another state of the data, and what was read at it. It stands as it was read, also where its data were corrected since.</summary>
/// <param name="Number">Which look it was, from 1.</param>
/// <param name="DataState">Fingerprint of its data.</param>
/// <param name="Units">Units it had.</param>
internal sealed record PastLook(int Number, string DataState, long Units)
{
    /// <summary>The primary comparisons; where one state was read several times, each comparison as it was read first.</summary>
    public IReadOnlyList<PastResult> Results { get; init; } = [];

    /// <summary>Evidence of harm to guardrails.</summary>
    public IReadOnlyList<PastHarm> Harm { get; init; } = [];

    /// <summary>Units per arm; empty where they are not on record.</summary>
    public IReadOnlyDictionary<string, long> Arms { get; init; } = new Dictionary<string, long>();

    public PastResult? Of(Comparison c) => Results.Select(r => r.For(c)).FirstOrDefault(r => r is not null);

    /// <summary>One for each state of the data, oldest first.</summary>
    public static IReadOnlyList<PastLook> Read(IReadOnlyList<Look> earlier, ILedger ledger, ExperimentKey key, AbOptions options)
    {
        var states = earlier.DistinctBy(l => l.DataState).ToList();
        if (states.Count == 0)
        {
            return [];
        }

        var findings = ledger.FindingsAt(key).ToLookup(f => f.DataState, StringComparer.Ordinal);
        return [.. states.Select((l, i) => With(new PastLook(i + 1, l.DataState, l.UnitCount), findings[l.DataState], options))];
    }

    private static PastLook With(PastLook look, IEnumerable<RecordedFinding> findings, AbOptions options)
    {
        var results = new List<PastResult>();
        var harm = new List<PastHarm>();
        var arms = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            try
            {
                using var document = JsonDocument.Parse(finding.Json);
                var root = document.RootElement;

                // Other rows answer another question, and data that were found broken gave no answer: such a look counts as one, and stops nothing.
                if (!HasSameRows(root, options))
                {
                    continue;
                }

                Count(root, arms);
                if (root.GetProperty("decision").GetProperty("action").GetString() is "fix-data-first" or "investigate")
                {
                    continue;
                }

                results.AddRange(PastResult.Of(root).Where(r => !results.Exists(known => known.Metric == r.Metric && known.Contrast == r.Contrast)));
                harm.AddRange(PastHarm.Of(root));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                continue; // a finding of another shape tells nothing of these comparisons; the look itself still counts
            }
        }

        return look with { Results = results, Harm = harm, Arms = arms };
    }

    // The command says which rows were kept; a call from the library does not, and is taken to have kept the same.
    private static bool HasSameRows(JsonElement finding, AbOptions options)
    {
        List<string> command = finding.TryGetProperty("provenance", out var provenance) && provenance.TryGetProperty("command", out var all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray().Select(a => a.GetString() ?? string.Empty)] : [];
        return !command.Exists(a => a.StartsWith("--", StringComparison.Ordinal)) || (Given("--where") == options.Where && Given("--query") == options.Query);

        string? Given(string option)
        {
            var at = command.FindIndex(a => a == option || a.StartsWith(option + "=", StringComparison.Ordinal));
            return at < 0 ? null : command[at].Length > option.Length ? command[at][(option.Length + 1)..] : at + 1 < command.Count ? command[at + 1] : null;
        }
    }

    private static void Count(JsonElement finding, Dictionary<string, long> arms)
    {
        foreach (var row in finding.GetProperty("tables").EnumerateArray().Where(t => t.GetProperty("id").GetString() == "arms").SelectMany(t => t.GetProperty("rows").EnumerateArray()))
        {
            if (row.GetArrayLength() > 1 && row[0].ValueKind == JsonValueKind.String && row[1].ValueKind == JsonValueKind.Number && row[1].TryGetInt64(out var units))
            {
                arms.TryAdd(row[0].GetString()!, units);
            }
        }
    }
}
