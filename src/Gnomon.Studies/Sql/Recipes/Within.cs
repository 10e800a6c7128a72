namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Who has at least so many events inside any window of so many days: each event against the one n - 1 before it.</summary>
internal sealed class Within : Recipe
{
    public override string Name => "within";

    public override string Asks(SqlRecipeOptions options) => $"Which {Naming.Many(options.Unit!)} have {Needed(options)} events inside any {options.Days} days?";

    public override string Pitfall => "Grouping by calendar month misses those whose events straddle the month's end, and a frame of rows counts events, not days.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var n = Needed(i.Options);
        var days = i.Options.Days;
        var id = i.Id;
        var kept = i.Kept(withId: true) + (i.Options.Event is not null && i.Options.Has.Count > 0 ? $" AND {i.Is(i.Options.Has)}" : string.Empty);
        var order = id is null ? "at_us" : "at_us, record_id";
        var events = id is null
            ? $"SELECT {i.Unit}, {i.At} AS at_us\n  FROM {i.Table}\n  WHERE {kept}"
            : $"SELECT {i.Unit}, {id} AS record_id, MIN({i.At}) AS at_us\n  FROM {i.Table}\n  WHERE {kept}\n  GROUP BY {i.Unit}, {id}";
        var earlier = n == 1 ? "at_us" : i.D.Lag("at_us", n - 1, $"PARTITION BY {i.Unit} ORDER BY {order}");
        var month = i.D.Period(i.Time, "month");
        return new RecipeQuery
        {
            Sql = $"WITH events AS (\n  {events}\n),\nspans AS (\n  SELECT {i.Unit}, at_us, {earlier} AS first_at\n  FROM events\n)\n"
                + $"SELECT {i.Unit}, {i.D.MomentOf("MIN(first_at)")} AS first_window_start,\n  {i.D.MomentOf("MIN(at_us)")} AS first_window_end, COUNT(*) AS windows\n"
                + $"FROM spans\nWHERE at_us - first_at <= {Micros(days)}\nGROUP BY {i.Unit}\nORDER BY {i.Unit}",
            Entities = Naming.Many(i.Options.Unit!),
            Rules =
            [
                $"The window is {days} days of 24 hours and includes both its edges: events exactly {days} days apart are inside it, one microsecond more is not.",
                id is null ? "Every row is an event: name --id if rows can be retries of one another." : $"Rows with the same {i.Options.Id} count once, at their earliest time.",
            ],
            Usual =
            [
                new("counting by calendar month", Flaw.Window, $"SELECT DISTINCT {i.Unit} FROM (SELECT {i.Unit}, {month} AS month FROM {i.Table} WHERE {kept}) AS m GROUP BY {i.Unit}, month HAVING COUNT(*) >= {n}", $"SELECT {i.Unit} FROM {Answer}"),
            ],
            Probes = [i.LeftOut(withId: true), .. i.Repeats(), .. i.DayBoundary()],
        };
    }

    private static int Needed(SqlRecipeOptions options) => options.Count ?? 3;

    internal static string Micros(int days) => Dialects.SqlDialect.Number(days * 86_400_000_000L);
}
