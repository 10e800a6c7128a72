using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Reads entries back with all their rows.</summary>
internal sealed class EntryReader : IDisposable
{
    private readonly SqliteStatement entry;
    private readonly SqliteStatement look;
    private readonly SqliteStatement arms;
    private readonly SqliteStatement hypotheses;
    private readonly SqliteStatement exclusions;
    private readonly SqliteStatement plan;
    private readonly SqliteStatement decision;
    private readonly SqliteStatement finding;

    public EntryReader(SqliteDatabase database)
    {
        entry = database.Prepare("SELECT at, kind, verb, action, parts, previous, hash, format FROM entries WHERE sequence = ?");
        look = database.Prepare("SELECT roles, name, unit_count, data_state, metrics, p_value, plan_hash, units FROM looks WHERE entry = ?");
        arms = database.Prepare("SELECT assigned FROM arms WHERE entry = ?");
        hypotheses = database.Prepare("SELECT metric, contrast, p_value, role FROM hypotheses WHERE entry = ? ORDER BY ordinal");
        exclusions = database.Prepare("SELECT reason, row_count FROM exclusions WHERE entry = ? ORDER BY ordinal");
        plan = database.Prepare("SELECT roles, name, unit_count, hash, json, units FROM plans WHERE entry = ?");
        decision = database.Prepare("SELECT target, decided_by, action, reason FROM overrides WHERE entry = ?");
        finding = database.Prepare("SELECT json FROM findings WHERE entry = ?");
    }

    public static long Count(SqliteDatabase database) => database.Number("SELECT coalesce(max(sequence), 0) FROM entries");

    /// <summary>The entry as its rows say; null when there is none of that number.</summary>
    public SealedEntry? Read(long sequence)
    {
        if (!entry.Reset().Bind(sequence).Step())
        {
            entry.Reset();
            return null;
        }

        var seal = new EntrySeal(entry.Text(4), entry.Bytes(5).ToArray(), entry.Bytes(6).ToArray());
        var content = new EntryContent
        {
            Sequence = sequence,
            At = entry.Text(0),
            Kind = entry.Text(1),
            Verb = entry.Text(2),
            Action = entry.Text(3),
            Look = One(look, sequence, s => new LookContent(
                s.Text(0), s.TextOrNull(1), s.Number(2), s.Text(3), s.Text(4), s.Real(5), s.TextOrNull(6), s.Bytes(7).ToArray())
            {
                Arms = One(arms, sequence, a => a.Bytes(0).ToArray()) ?? [],
            }),
            Hypotheses = All(hypotheses, sequence, s => new Hypothesis(s.Text(0), s.Text(1), s.Real(2), s.Text(3))),
            Exclusions = All(exclusions, sequence, s => new Exclusion(s.Text(0), s.Number(1))),
            Plan = One(plan, sequence, s => new PlanContent(s.Text(0), s.TextOrNull(1), s.Number(2), s.Text(3), s.Text(4), s.Bytes(5).ToArray())),
            Override = One(decision, sequence, s => new OverrideContent(s.IsNull(0) ? null : s.Number(0), s.Text(1), s.Text(2), s.Text(3))),
            Finding = One(finding, sequence, s => s.Text(0)),
        };
        var format = entry.Number(7);
        entry.Reset();
        return new SealedEntry(content, seal, format);
    }

    public void Dispose()
    {
        entry.Dispose();
        look.Dispose();
        arms.Dispose();
        hypotheses.Dispose();
        exclusions.Dispose();
        plan.Dispose();
        decision.Dispose();
        finding.Dispose();
    }

    private static T? One<T>(SqliteStatement statement, long sequence, Func<SqliteStatement, T> read)
        where T : class
    {
        var value = statement.Reset().Bind(sequence).Step() ? read(statement) : null;
        statement.Reset();
        return value;
    }

    private static List<T> All<T>(SqliteStatement statement, long sequence, Func<SqliteStatement, T> read)
    {
        var values = new List<T>();
        statement.Reset().Bind(sequence);
        while (statement.Step())
        {
            values.Add(read(statement));
        }

        statement.Reset();
        return values;
    }
}

/// <summary>An entry as read back, with the links stored beside it.</summary>
internal sealed record SealedEntry(EntryContent Content, EntrySeal Seal, long Format);
