using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Data.Parity;

/// <summary>Rules learned from one file and asked of a flawed one: a server's table must give the counts of the file.</summary>
internal static class RuleParity
{
    public static readonly string[] Columns = ["order_id", "code", "status", "price", "city", "country", "note"];

    private static readonly string[] Cities = ["Oslo", "Bergen", "Malmo", "Lund", "Turku"];

    /// <summary>400 rows; the flawed ones repeat a key, spell a status and a code in another way, change a unit, move cities and lose notes.</summary>
    public static IReadOnlyList<object?[]> Rows(bool flawed) => [.. Enumerable.Range(0, 400).Select(i => (object?[])
    [
        1000L + (flawed && i == 9 ? 8 : i),
        FormattableString.Invariant($"{(char)('A' + (i % 26))}{(char)((flawed && i % 10 == 3 ? 'a' : 'A') + (i * 7 % 26))}-{1000 + (i * 13 % 9000)}"),
        flawed && i % 5 == 0 ? "Paid" : i % 3 == 0 ? "open" : "paid",
        (flawed && i % 4 == 0 ? 100L : 1L) * (10 + (i * 37 % 90)),
        Cities[i % 5],
        flawed && i % 11 == 2 ? "Sweden" : i % 5 < 2 ? "Norway" : i % 5 < 4 ? "Sweden" : "Finland",
        i % 9 == 4 && !(flawed && i % 2 == 0) ? null : "x",
    ])];

    /// <summary>Writes good.csv, bad.csv and the rules.json learned from the first; returns the paths of the last two.</summary>
    public static (string Bad, string Rules) Write(string folder)
    {
        var (good, bad, rules) = (Path.Combine(folder, "good.csv"), Path.Combine(folder, "bad.csv"), Path.Combine(folder, "rules.json"));
        foreach (var (path, flawed) in new[] { (good, false), (bad, true) })
        {
            File.WriteAllLines(path, [string.Join(',', Columns), .. Rows(flawed).Select(r => string.Join(',', r.Select(c => FormattableString.Invariant($"{c}"))))]);
        }

        Ask.Profile(new ProfileOptions { Data = good, WriteRules = rules });
        return (bad, rules);
    }

    /// <summary>Asks the file and the server; only what needs an order of rows is not asked of the server.</summary>
    public static void Same(string bad, string rules, string server)
    {
        var fromFile = Asked(bad, rules);
        var fromServer = Asked(server, rules);
        Assert.Contains("status-values", fromFile.Keys);
        Assert.Contains("city-settles-country", fromFile.Keys);
        Assert.Contains("order_id-unique", fromFile.Keys);
        Assert.Equal(40, fromFile["code-pattern"].BrokenRows);
        Assert.Equal(fromFile.Keys.Where(k => k != "order_id-increasing").Order(StringComparer.Ordinal), fromServer.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, row) in fromServer)
        {
            Assert.Equal((fromFile[id].BrokenRows, fromFile[id].RowsAsked, fromFile[id].RowsAllowed, fromFile[id].Status), (row.BrokenRows, row.RowsAsked, row.RowsAllowed, row.Status));
        }
    }

    private static Dictionary<string, RuleRow> Asked(string data, string rules) =>
        RuleTable.Of(Ask.Profile(new ProfileOptions { Data = data, Rules = rules })).Where(r => r.Status != RuleTable.NotAsked).ToDictionary(r => r.Rule, StringComparer.Ordinal);
}
