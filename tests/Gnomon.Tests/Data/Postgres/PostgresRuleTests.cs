using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>Rules learned from a file, asked of a server's table: the same counts as from the file.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresRuleTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_of_a_server_is_held_against_the_rules_of_a_file()
    {
        server.Require();
        string[] cities = ["Oslo", "Bergen", "Malmo", "Lund", "Turku"];
        string Line(int i, bool flawed) => FormattableString.Invariant(
            $"{1000 + (flawed && i == 9 ? 8 : i)},{(char)('A' + (i % 26))}{(char)('A' + (i * 7 % 26))}-{1000 + (i * 13 % 9000)},{(flawed && i % 5 == 0 ? "Paid" : i % 3 == 0 ? "open" : "paid")},{(flawed && i % 4 == 0 ? 100 : 1) * (10 + (i * 37 % 90))},{cities[i % 5]},{(flawed && i % 11 == 2 ? "Sweden" : i % 5 < 2 ? "Norway" : i % 5 < 4 ? "Sweden" : "Finland")},{(i % 9 == 4 && !(flawed && i % 2 == 0) ? string.Empty : "x")}");
        const string Header = "order_id,code,status,price,city,country,note";
        var (good, bad, rules) = (Path.Combine(_folder, "good.csv"), Path.Combine(_folder, "bad.csv"), Path.Combine(_folder, "rules.json"));
        File.WriteAllLines(good, [Header, .. Enumerable.Range(0, 400).Select(i => Line(i, false))]);
        File.WriteAllLines(bad, [Header, .. Enumerable.Range(0, 400).Select(i => Line(i, true))]);
        Gnomon.Ask.Profile(new ProfileOptions { Data = good, WriteRules = rules });
        server.Execute("DROP TABLE IF EXISTS rule_rows; CREATE TABLE rule_rows (order_id bigint, code text, status text, price bigint, city text, country text, note text)");
        server.Script(FormattableString.Invariant($"\\copy rule_rows from '{bad}' with (format csv, header true)\n"));

        var fromFile = RuleTable.Of(Gnomon.Ask.Profile(new ProfileOptions { Data = bad, Rules = rules })).Where(r => r.Status != RuleTable.NotAsked).ToDictionary(r => r.Rule, StringComparer.Ordinal);
        var fromServer = RuleTable.Of(Gnomon.Ask.Profile(new ProfileOptions { Data = server.Address("rule_rows"), Rules = rules })).Where(r => r.Status != RuleTable.NotAsked).ToDictionary(r => r.Rule, StringComparer.Ordinal);
        Assert.Contains("status-values", fromFile.Keys);
        Assert.Contains("city-settles-country", fromFile.Keys);
        Assert.Contains("order_id-unique", fromFile.Keys);
        Assert.Equal(fromFile.Keys.Where(k => k != "order_id-increasing").Order(StringComparer.Ordinal), fromServer.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, row) in fromServer)
        {
            Assert.Equal((fromFile[id].BrokenRows, fromFile[id].RowsAsked, fromFile[id].RowsAllowed, fromFile[id].Status), (row.BrokenRows, row.RowsAsked, row.RowsAllowed, row.Status));
        }
    }
}
