using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>From what a study hands over to what is stored.</summary>
internal static class EntryTranslation
{
    private const string Primary = "primary";

    public static EntryContent Plan(LedgerEntry entry, string at, string hash, string json)
    {
        var key = entry.Trace!.Experiment;
        return new EntryContent
        {
            Sequence = 0,
            At = at,
            Kind = EntryKind.Plan,
            Verb = entry.Verb,
            Action = EntryKind.Plan,
            Plan = new PlanContent(key.Roles, key.Name, key.UnitCount, hash, json, SketchBytes.From(key.Units)),
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
        var metrics = JsonTexts.Write(trace.Hypotheses.Select(h => h.Metric).Distinct(StringComparer.Ordinal));
        return new LookContent(key.Roles, key.Name, key.UnitCount, trace.DataState, metrics, SmallestPrimary(trace), planHash, SketchBytes.From(key.Units)) { Arms = SketchArms.Bytes(key) };
    }

    private static double? SmallestPrimary(LedgerTrace trace)
    {
        double? smallest = null;
        foreach (var hypothesis in trace.Hypotheses)
        {
            if (hypothesis.Role == Primary && Storable(hypothesis.PValue) is { } p)
            {
                smallest = smallest is { } before ? Math.Min(before, p) : p;
            }
        }

        return smallest;
    }

    // The file format knows neither NaN nor a negative zero; a p-value that is no number was not shown.
    private static double? Storable(double? value) => value is { } number && double.IsFinite(number) ? number + 0.0 : null;
}
