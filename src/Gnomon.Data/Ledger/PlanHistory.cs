using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>Finds the plans of an experiment, and the one it is held to.</summary>
internal static class PlanHistory
{
    private const string Sql = """
        SELECT p.entry, p.name, p.unit_count, p.hash, p.json, e.at FROM plans p JOIN entries e ON e.sequence = p.entry ORDER BY p.entry
        """;

    /// <summary>
    /// Plans with the experiment's name or a name of its looks, plans its looks were held to, and plans handed in with a look; oldest first. The newest one made before there were
    /// data rules: until the first look a plan may be replaced. Without such a plan the first on record rules.
    /// </summary>
    public static IReadOnlyList<RecordedPlan> All(SqliteDatabase database, ExperimentKey key)
    {
        var history = LookHistory.Read(database, key);
        var (entries, followed) = (history.Entries, history.PlanHashes);
        var first = entries.Count == 0 ? long.MaxValue : entries.Min();
        var plans = new List<RecordedPlan>();
        var ruling = -1;
        using var statement = database.Prepare(Sql);
        while (statement.Step())
        {
            var (entry, name, hash) = (statement.Number(0), statement.TextOrNull(1), statement.Text(3));
            if (!((name is not null && (name == key.Name || history.Names.Contains(name))) || entries.Contains(entry + 1) || followed.Contains(hash)))
            {
                continue;
            }

            var isBefore = entry < first;
            if (isBefore && statement.Number(2) == 0)
            {
                ruling = plans.Count;
            }

            plans.Add(new RecordedPlan(LedgerTime.Parse(statement.Text(5), database.Path), hash, statement.Text(4)) { BeforeFirstLook = isBefore });
        }

        if (plans.Count > 0)
        {
            ruling = Math.Max(0, ruling);
            plans[ruling] = plans[ruling] with { Rules = true };
        }

        return plans;
    }

    /// <summary>Plans made beforehand whose name no look bears and whose text no look was held to.</summary>
    public static IReadOnlyList<AwaitedPlan> Awaited(SqliteDatabase database)
    {
        var plans = new List<AwaitedPlan>();
        using var statement = database.Prepare(
            """
            SELECT p.name, p.hash, p.json FROM plans p WHERE p.unit_count = 0 AND p.name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM looks l WHERE l.name = p.name)
              AND NOT EXISTS (SELECT 1 FROM looks l WHERE l.plan_hash = p.hash) ORDER BY p.entry
            """);
        while (statement.Step())
        {
            plans.Add(new AwaitedPlan(statement.Text(0), statement.Text(1), statement.Text(2)));
        }

        return plans;
    }

    /// <summary>The plan that rules; null when none is on record.</summary>
    public static RecordedPlan? Ruling(SqliteDatabase database, ExperimentKey key) => All(database, key).FirstOrDefault(p => p.Rules);
}
