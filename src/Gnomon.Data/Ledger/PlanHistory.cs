using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Finds the plan an experiment is held to.</summary>
internal static class PlanHistory
{
    private const string Sql = """
        SELECT p.unit_count, p.units, p.hash, p.json, e.at
        FROM plans p JOIN entries e ON e.sequence = p.entry WHERE p.name IS ?2 AND (?2 IS NOT NULL OR p.roles = ?1) ORDER BY p.entry DESC
        """;

    /// <summary>The newest plan with the experiment's name, whose roles were not known when it was made; without a name, with its roles and its units, or a look of the experiment held to it.</summary>
    public static RecordedPlan? Newest(SqliteDatabase database, ExperimentKey key)
    {
        using var statement = database.Prepare(Sql).Bind(key.Roles).Bind(key.Name);
        IReadOnlySet<string>? followed = null;
        while (statement.Step())
        {
            var plan = new RecordedPlan(
                LedgerTime.Parse(statement.Text(4), database.Path),
                statement.Text(2), statement.Text(3));
            if (key.Name is not null
                || SketchContainment.Linked(SketchBytes.ToHashes(key.Units), key.UnitCount, SketchBytes.AsHashes(statement.Bytes(1)), statement.Number(0))
                || (followed ??= LookHistory.Read(database, key).PlanHashes).Contains(plan.Hash))
            {
                return plan;
            }
        }

        return null;
    }
}
