using System.Security.Cryptography;
using System.Text;

namespace Gnomon.Data.Ledger;

/// <summary>The hash chain: each entry's hash covers the hash before it, its own line and a digest of each of its parts.</summary>
/// <remarks>
/// A digest per part, not one over everything, so that verification can say <em>what</em> was changed. Layout, for a check by other means:
/// digest = SHA-256 of the part's columns in canonical bytes (<see cref="CanonicalBytes"/>); parts = "name=hex" lines in the fixed order below, each
/// ended by a line feed; hash = SHA-256 of the canonical bytes of previous hash, schema name, sequence, time, kind, verb, action, parts.
/// The first entry's previous hash is 32 zero bytes.
/// </remarks>
internal static class EntryChain
{
    /// <summary>Layout of the bytes hashed; stored with each entry so that later layouts can live beside it.</summary>
    public const int Format = 1;

    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    public static EntrySeal Seal(EntryContent entry, byte[] previous)
    {
        var parts = Parts(entry);
        return new EntrySeal(parts, previous, Hash(entry, parts, previous));
    }

    public static byte[] Hash(EntryContent entry, string parts, byte[] previous) => SHA256.HashData(new CanonicalBytes()
        .Add(previous.AsSpan()).Add(LedgerSchema.Name).Add(entry.Sequence).Add(entry.At).Add(entry.Kind).Add(entry.Verb).Add(entry.Action).Add(parts).Written);

    public static string Parts(EntryContent entry)
    {
        var text = new StringBuilder();
        Append(text, "look", Look(entry));
        Append(text, "arms", entry.Look is { Arms.Length: > 0 } look ? new CanonicalBytes().Add(look.Arms.AsSpan()) : null);
        Append(text, "hypotheses", Hypotheses(entry));
        Append(text, "exclusions", Exclusions(entry));
        Append(text, "plan", Plan(entry));
        Append(text, "override", Override(entry));
        Append(text, "finding", entry.Finding is null ? null : new CanonicalBytes().Add(entry.Finding));
        return text.ToString();
    }

    private static CanonicalBytes? Look(EntryContent entry) => entry.Look is not { } look
        ? null
        : new CanonicalBytes().Add(look.Roles).Add(look.Name).Add(look.UnitCount).Add(look.DataState).Add(look.Metrics).Add(look.PValue)
            .Add(look.PlanHash).Add(look.Units.AsSpan());

    private static CanonicalBytes? Hypotheses(EntryContent entry)
    {
        if (entry.Hypotheses.Count == 0)
        {
            return null;
        }

        var bytes = new CanonicalBytes();
        foreach (var hypothesis in entry.Hypotheses)
        {
            bytes.Add(hypothesis.Metric).Add(hypothesis.Contrast).Add(hypothesis.PValue).Add(hypothesis.Role);
        }

        return bytes;
    }

    private static CanonicalBytes? Exclusions(EntryContent entry)
    {
        if (entry.Exclusions.Count == 0)
        {
            return null;
        }

        var bytes = new CanonicalBytes();
        foreach (var exclusion in entry.Exclusions)
        {
            bytes.Add(exclusion.Reason).Add(exclusion.Rows);
        }

        return bytes;
    }

    private static CanonicalBytes? Plan(EntryContent entry) => entry.Plan is not { } plan
        ? null
        : new CanonicalBytes().Add(plan.Roles).Add(plan.Name).Add(plan.UnitCount).Add(plan.Hash).Add(plan.Json).Add(plan.Units.AsSpan());

    private static CanonicalBytes? Override(EntryContent entry) => entry.Override is not { } decision
        ? null
        : new CanonicalBytes().Add(decision.Target).Add(decision.By).Add(decision.Action).Add(decision.Reason);

    private static void Append(StringBuilder text, string name, CanonicalBytes? part)
    {
        if (part is not null)
        {
            text.Append(name).Append('=').Append(Convert.ToHexStringLower(SHA256.HashData(part.Written))).Append('\n');
        }
    }
}
