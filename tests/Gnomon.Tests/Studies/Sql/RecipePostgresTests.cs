using System.Globalization;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Data.Postgres;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The SQL that a recipe prints for PostgreSQL, run by a real server (15 on the machine it was written on), returns the rows that the embedded engine returns.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RecipePostgresTests(PostgresServer server) : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    public static TheoryData<string> Recipes => ["anti-join", "retention", "retention-zone", "cohort", "streak", "streak-week", "overlaps", "rolling", "within", "funnel", "next-event", "top-n", "dedupe", "sessions", "rolling-retention", "lookup"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Both_engines_return_the_same_rows(string recipe)
    {
        server.Require();
        var options = Prepared(recipe);
        var (finding, rows) = SqlData.Run(_sources, options with { Dialect = "postgres" });
        var sql = string.Join('\n', finding.Tables.Single(t => t.Id == "sql").Rows.Select(r => (string)r[0]!));
        var theirs = server.Script(sql + ";\n");
        Assert.NotEmpty(rows);
        Assert.Equal(Ordered(recipe, rows), Ordered(recipe, theirs));
    }

    /// <summary>The verb itself asked of the server: the finding of the file, with its estimates, its checks and what it says of the data.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_finding_is_that_of_the_file(string recipe)
    {
        server.Require();
        var options = Prepared(recipe);
        var (file, rows) = SqlData.Run(_sources, options);
        var (there, theirs) = SqlData.Run(_sources, options with { Data = server.Address("events"), More = [.. options.More.Select(_ => server.Address("kinds"))] }, "theirs.csv");
        Assert.NotEmpty(rows);
        Assert.Equal(Ordered(recipe, rows), Ordered(recipe, theirs));
        Assert.Equal("postgresql", there.Provenance.Engine);
        Assert.Equal(file.Provenance.Data.Select(d => d.Rows), there.Provenance.Data.Select(d => d.Rows));
        SqlData.Same(file, there);
    }

    private SqlOptions Prepared(string recipe)
    {
        var events = _sources.Write("events.csv", SqlData.Csv(SqlData.Events(11)));
        var kinds = _sources.Write("kinds.csv", "kind,label\nsignup,Sign up\n BUY,Buy\nvisit,Visit\nvisit,Visit again\n");
        var basic = new SqlOptions { Data = events, Recipe = recipe.Split("-zone")[0].Split("-week")[0], Unit = "user_id", Time = "at" };
        var options = recipe switch
        {
            "anti-join" => basic with { Event = "kind", Has = ["cart", "visit"], Never = ["signup"] },
            "retention-zone" => basic with { Zone = "America/Los_Angeles", Clock = "Europe/Berlin", Days = 14 },
            "streak-week" => basic with { Grain = "week", Zone = "Asia/Kolkata" },
            "overlaps" => basic with { Data = _sources.Write("events.csv", Sessions()), End = "ended", Id = "event_id" },
            "rolling" => basic with { Value = "amount", Days = 7 },
            "within" => basic with { Id = "event_id", Days = 5 },
            "funnel" => basic with { Event = "kind", Steps = ["signup", "cart", "buy"], Days = 20 },
            "next-event" => basic with { Event = "kind", Days = 14 },
            "top-n" => basic with { Unit = "kind", Value = "amount", Id = "event_id" },
            "dedupe" => basic with { Key = ["event_id"] },
            "lookup" => basic with { More = [kinds], Key = ["kind"], Value = "amount" },
            _ => basic,
        };
        _ = server.Script(
            "DROP TABLE IF EXISTS events; DROP TABLE IF EXISTS kinds;\n"
            + (recipe == "overlaps" ? "CREATE TABLE events (event_id bigint, user_id bigint, at timestamp, ended timestamp);\n" : "CREATE TABLE events (event_id text, user_id bigint, kind text, amount bigint, at timestamp);\n")
            + $"CREATE TABLE kinds (kind text, label text);\n\\copy events FROM '{options.Data}' CSV HEADER\n\\copy kinds FROM '{kinds}' CSV HEADER\n");
        return options;
    }

    // A lookup keeps the order of its table, which no ORDER BY promises.
    private static IEnumerable<string> Ordered(string recipe, IEnumerable<string> rows)
    {
        var plain = rows.Select(r => string.Join(',', r.Split(',').Select(Plain)));
        return recipe == "lookup" ? plain.Order(StringComparer.Ordinal) : plain;
    }

    // 3600.0 and 3600 are the same number; fifteen digits, as the engines print them differently beyond.
    private static string Plain(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("G15", CultureInfo.InvariantCulture) : cell.Trim('"');

    private static string Sessions()
    {
        var rng = new Gnomon.Numerics.Random.Rng(5).Stream("intervals");
        var start = new DateTime(2025, 12, 25, 0, 0, 0, DateTimeKind.Utc);
        return "event_id,user_id,at,ended\n" + string.Concat(Enumerable.Range(0, 1_500).Select(k =>
        {
            var from = start.AddMinutes(5 * rng.NextInt(15 * 288));
            return $"{k - k % 50 / 49},{1 + rng.NextInt(200)},{SqlData.Moment(from)},{(rng.NextDouble() < 0.01 ? string.Empty : SqlData.Moment(from.AddMinutes(5 * rng.NextInt(30) - 5)))}\n";
        }));
    }
}
