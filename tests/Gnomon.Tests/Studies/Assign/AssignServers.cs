using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Assign;
using Gnomon.Tests.Data.ClickHouse;
using Gnomon.Tests.Data.Postgres;
using Xunit;

namespace Gnomon.Tests.Studies.Assign;

/// <summary>Units, and the arms that they have on a server by the printed expression and in C#.</summary>
internal static class AssignedUnits
{
    private static readonly string[] Odd = ["", "7", "07", "ä", "日本", "o'neil", "a:b", "x y", "\\n", "50%"];

    private static readonly double[] Shares = [0.5, 0.3, 0.1];

    public static IReadOnlyList<string> Ids { get; } = [.. Odd, .. Enumerable.Range(0, 5_000).Select(i => $"user-{i}")];

    /// <summary>One expression each: a plain salt, one with signs that SQL might take for its own, and a stretch of a layer.</summary>
    public static IEnumerable<(string Expression, Func<string, string> Arm)> Cases(AssignmentDialect dialect)
    {
        string[] arms = ["control", "B", "C"];
        foreach (var (salt, from) in new[] { ("checkout", 0.05), ("a\\b %:\"ü", 0.0) })
        {
            yield return (Assignment.Sql(dialect, salt, "id", arms, Shares, from), id => Assignment.Arm(salt, id, Shares, from) is var a and >= 0 ? arms[a] : "none");
        }

        var finding = Ask.Assign(new AssignOptions { Unit = "id", Salt = "checkout", Arms = ["old", "new"], Layer = "growth", Share = "20-45%" });
        var word = dialect == AssignmentDialect.ClickHouse ? "ClickHouse" : "PostgreSQL";
        yield return ((string)finding.Tables.Single(t => t.Id == "assignment").Rows.Single(r => (string)r[0]! == word)[1]!, id => Assignment.Place("growth", id) is >= 0.20 and < 0.45 ? (Assignment.Arm("checkout", id, [0.5, 0.5]) == 0 ? "old" : "new") : "none");
    }
}

/// <summary>The printed expression, run by a ClickHouse server, gives the arms of the library.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class AssignClickHouseTests(ClickHouseServers servers)
{
    [Fact]
    public void The_server_gives_the_arms_of_the_library()
    {
        servers.Require();
        servers.Store("units", [("id", "String"), ("n", "UInt32")], [.. AssignedUnits.Ids.Select((id, i) => new object?[] { id, (long)i })]);
        foreach (var (expression, arm) in AssignedUnits.Cases(AssignmentDialect.ClickHouse))
        {
            var theirs = servers.Execute($"SELECT ifNull({expression}, 'none') FROM units_all ORDER BY n");
            Assert.Equal(AssignedUnits.Ids.Select(arm), theirs);
        }

        // Ids that are numbers are taken as their texts.
        Assert.Equal(
            Enumerable.Range(0, 2_000).Select(i => Assignment.Arm("s", $"{i}", [0.5, 0.5]) == 0 ? "A" : "B"),
            servers.Execute($"SELECT {Assignment.Sql(AssignmentDialect.ClickHouse, "s", "n", ["A", "B"], [0.5, 0.5])} FROM units WHERE n < 2000 ORDER BY n"));
    }
}

/// <summary>The printed expression, run by a PostgreSQL server, gives the arms of the library.</summary>
[Collection(PostgresCollection.Name)]
public sealed class AssignPostgresTests(PostgresServer server)
{
    [Fact]
    public void The_server_gives_the_arms_of_the_library()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS units; CREATE TABLE units (id text, n bigint)");
        using var connection = server.Connect();
        using (var copy = connection.BeginTextImport("COPY units FROM STDIN"))
        {
            foreach (var (id, i) in AssignedUnits.Ids.Select((id, i) => (id, i)))
            {
                copy.Write($"{id.Replace("\\", "\\\\", StringComparison.Ordinal)}\t{i}\n");
            }
        }

        foreach (var (expression, arm) in AssignedUnits.Cases(AssignmentDialect.PostgreSql))
        {
            using var command = new Npgsql.NpgsqlCommand($"SELECT coalesce({expression}, 'none') FROM units ORDER BY n", connection);
            using var reader = command.ExecuteReader();
            var theirs = new List<string>();
            while (reader.Read())
            {
                theirs.Add(reader.GetString(0));
            }

            Assert.Equal(AssignedUnits.Ids.Select(arm), theirs);
        }
    }
}
