using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Writes one entry and its rows; the caller holds the transaction.</summary>
internal static class EntryWriter
{
    public static void Write(SqliteDatabase database, EntryContent entry, EntrySeal seal)
    {
        Run(database.Prepare("INSERT INTO entries (sequence, format, at, kind, verb, action, parts, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(entry.Sequence).Bind(EntryChain.Format).Bind(entry.At).Bind(entry.Kind).Bind(entry.Verb).Bind(entry.Action)
            .Bind(seal.Parts).Bind(seal.Previous).Bind(seal.Hash));
        if (entry.Look is { } look)
        {
            Run(database.Prepare("INSERT INTO looks (entry, roles, name, unit_count, data_state, metrics, p_value, plan_hash, units) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .Bind(entry.Sequence).Bind(look.Roles).Bind(look.Name).Bind(look.UnitCount).Bind(look.DataState).Bind(look.Metrics)
                .Bind(look.PValue).Bind(look.PlanHash).Bind(look.Units));
        }

        if (entry.Look is { Arms.Length: > 0 } armed)
        {
            Run(database.Prepare("INSERT INTO arms (entry, assigned) VALUES (?, ?)").Bind(entry.Sequence).Bind(armed.Arms));
        }

        if (entry.Plan is { } plan)
        {
            Run(database.Prepare("INSERT INTO plans (entry, roles, name, unit_count, hash, json, units) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .Bind(entry.Sequence).Bind(plan.Roles).Bind(plan.Name).Bind(plan.UnitCount).Bind(plan.Hash).Bind(plan.Json).Bind(plan.Units));
        }

        if (entry.Override is { } decision)
        {
            Run(database.Prepare("INSERT INTO overrides (entry, target, decided_by, action, reason) VALUES (?, ?, ?, ?, ?)")
                .Bind(entry.Sequence).Bind(decision.Target).Bind(decision.By).Bind(decision.Action).Bind(decision.Reason));
        }

        if (entry.Finding is { } finding)
        {
            Run(database.Prepare("INSERT INTO findings (entry, json) VALUES (?, ?)").Bind(entry.Sequence).Bind(finding));
        }

        WriteHypotheses(database, entry.Sequence, entry.Hypotheses);
        WriteExclusions(database, entry.Sequence, entry.Exclusions);
    }

    private static void WriteHypotheses(SqliteDatabase database, long entry, IReadOnlyList<Hypothesis> hypotheses)
    {
        if (hypotheses.Count == 0)
        {
            return;
        }

        using var statement = database.Prepare("INSERT INTO hypotheses (entry, ordinal, metric, contrast, p_value, role) VALUES (?, ?, ?, ?, ?, ?)");
        for (var i = 0; i < hypotheses.Count; i++)
        {
            var hypothesis = hypotheses[i];
            statement.Reset().Bind(entry).Bind(i + 1L).Bind(hypothesis.Metric).Bind(hypothesis.Contrast).Bind(hypothesis.PValue).Bind(hypothesis.Role).Step();
        }
    }

    private static void WriteExclusions(SqliteDatabase database, long entry, IReadOnlyList<Exclusion> exclusions)
    {
        if (exclusions.Count == 0)
        {
            return;
        }

        using var statement = database.Prepare("INSERT INTO exclusions (entry, ordinal, reason, row_count) VALUES (?, ?, ?, ?)");
        for (var i = 0; i < exclusions.Count; i++)
        {
            statement.Reset().Bind(entry).Bind(i + 1L).Bind(exclusions[i].Reason).Bind(exclusions[i].Rows).Step();
        }
    }

    private static void Run(SqliteStatement statement)
    {
        using (statement)
        {
            statement.Step();
        }
    }
}
