using System.Text;
using System.Text.Json;
using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>From what a study hands over to what is stored.</summary>
internal static class EntryTranslation
{
    private const string Primary = "primary";

    public static EntryContent Plan(LedgerEntry entry, string at, string hash)
    {
        var key = entry.Trace!.Experiment;
        return new EntryContent
        {
            Sequence = 0,
            At = at,
            Kind = EntryKind.Plan,
            Verb = entry.Verb,
            Action = EntryKind.Plan,
            Plan = new PlanContent(key.Roles, key.Name, key.UnitCount, hash, entry.Trace.PlanJson!, SketchBytes.From(key.Units)),
        };
    }

    public static EntryContent Finding(LedgerEntry entry, string at, string? planHash) => new()
    {
        Sequence = 0,
        At = at,
        Kind = entry.Override is { Finding: not null } ? EntryKind.Override : EntryKind.Finding,
        Verb = entry.Verb,
        Action = entry.Action,
        Look = entry.Trace is { DataState.Length: > 0 } trace ? Look(trace, planHash) : null,
        Hypotheses = [.. (entry.Trace?.Hypotheses ?? []).Select(h => h with { PValue = Storable(h.PValue) })],
        Exclusions = entry.Trace?.Exclusions ?? [],
        Override = entry.Override is { } decision ? new OverrideContent(decision.Finding, decision.By, decision.Action, decision.Reason) : null,
        Finding = entry.FindingJson.Length > 0 ? entry.FindingJson : null,
    };

    private static LookContent Look(LedgerTrace trace, string? planHash)
    {
        var key = trace.Experiment;
        var smallest = trace.Hypotheses.Where(h => h.Role == Primary).Select(h => Storable(h.PValue)).Min();
        return new LookContent(key.Roles, key.Name, key.UnitCount, trace.DataState, MetricsJson(trace), smallest, planHash, SketchBytes.From(key.Units));
    }

    private static string MetricsJson(LedgerTrace trace)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            foreach (var metric in trace.Hypotheses.Select(h => h.Metric).Distinct(StringComparer.Ordinal))
            {
                writer.WriteStringValue(metric);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    // The file format knows neither NaN nor a negative zero; a p-value that is no number was not shown.
    private static double? Storable(double? value) => value is { } number && double.IsFinite(number) ? number + 0.0 : null;
}
