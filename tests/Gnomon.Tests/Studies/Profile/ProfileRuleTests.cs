using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Junit;
using Gnomon.Render.Sarif;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Rules learned from one sample, asked of the next.</summary>
public sealed class ProfileRuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // 40 pairs of samples from one source, 30 rules each: the promise is 1 % over all rules; 3.3 binomial errors of slack.
    [Fact]
    [Trait("speed", "slow")]
    public void A_second_sample_of_the_same_source_keeps_the_rules()
    {
        var broken = Enumerable.Range(1, 40).Where(seed => Status(Ask(ProfileData.Clean(seed + 5_000), Learn(ProfileData.Clean(seed)))) == CheckStatus.Fail).ToList();
        Assert.True(broken.Count <= 2, $"{broken.Count} of 40: seeds {string.Join(", ", broken)}");
    }

    [Fact]
    public void Every_kind_of_rule_is_learned_and_kept_by_the_rows_it_came_from()
    {
        var path = Learn(Orders(1));
        var text = File.ReadAllText(path);
        foreach (var rule in new[]
        {
            "\"id\": \"order_id-unique\"", "\"id\": \"code-pattern\", \"kind\": \"pattern\", \"column\": \"code\", \"pattern\": \"[A-Z]{2}-[0-9]{4}\"", "\"id\": \"status-values\", \"kind\": \"values\", \"column\": \"status\", \"values\": [\"open\", \"paid\", \"sent\"]",
            "\"id\": \"price-range\"", "\"id\": \"ordered-shipped-order\"", "\"id\": \"city-settles-country\"", "\"id\": \"seen-increasing\"", "\"kind\": \"not-null\", \"column\": \"note\", \"learned\": { \"rows\": 400, \"broken\": ",
        })
        {
            Assert.Contains(rule, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("country-settles-city", text, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, Status(Ask(Orders(1), path)));
    }

    [Fact]
    public void Broken_rules_are_named_with_rows_and_lines()
    {
        var path = Learn(Orders(1));
        var finding = Ask(Orders(2, flawed: true), path);
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(["rule-violation"], finding.Decision.Because.Intersect(["rule-violation"]));
        var rows = RuleTable.Of(finding).Where(r => r.IsBroken).ToDictionary(r => r.Rule, StringComparer.Ordinal);
        Assert.Equal(["city-settles-country", "code-pattern", "order_id-unique", "ordered-shipped-order", "price-range", "seen-increasing", "status-values"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(40, rows["status-values"].BrokenRows);
        Assert.StartsWith("row 1: Paid; row 11: Paid; row 21: Paid;", rows["status-values"].Which, StringComparison.Ordinal);
        Assert.Equal(1, rows["order_id-unique"].BrokenRows);
        Assert.Equal("row 8: 100007; row 9: 100007", rows["order_id-unique"].Which);
        Assert.Contains("Oslo, Sweden", rows["city-settles-country"].Which, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllLines(path).ToList().FindIndex(l => l.Contains("\"price-range\"", StringComparison.Ordinal)) + 1, rows["price-range"].Line);

        var junit = JunitRenderer.Render(finding);
        Assert.Contains("name=\"status-values\"", junit, StringComparison.Ordinal);
        Assert.Contains("row 1: Paid", junit, StringComparison.Ordinal);
        var sarif = SarifRenderer.Render(finding);
        Assert.Contains($"\"startLine\": {rows["price-range"].Line}", sarif, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_lost_renamed_or_new_break_the_first_rule()
    {
        var path = Learn(Orders(1));
        var table = Orders(1);
        var renamed = new Table([.. table.Columns.Where(c => c.Name != "price"), new DoubleColumn("prices", new double[table.Rows])]);
        var columns = RuleTable.Of(Ask(renamed, path)).Single(r => r.Rule == "columns");
        Assert.True(columns.IsBroken);
        Assert.Equal("'price' is missing ('prices' is new); 'prices' is not in the rules", columns.Which);
        Assert.Contains(RuleTable.Of(Ask(renamed, path)), r => r is { Rule: "price-range", Status: RuleTable.NotAsked });
    }

    [Fact]
    public void Rules_of_a_hand_have_no_slack_and_know_dates()
    {
        var path = Write("""
            { "schema": "gnomon.rules/1", // mended by hand
              "rules": [
                { "kind": "range", "column": "ordered", "min": "2024-01-05", "max": "2024-12-31" },
                { "kind": "range", "column": "price", "max": 12, "allow": 0.99 },
                { "kind": "type", "column": "code", "type": "number" },
              ] }
            """);
        var rows = RuleTable.Of(Ask(Orders(1), path)).ToDictionary(r => r.Rule, StringComparer.Ordinal);
        Assert.True(rows["range:ordered"].IsBroken);
        Assert.Equal(0, rows["range:ordered"].RowsAllowed);
        Assert.Equal("within what it allows", rows["range:price"].Status);
        Assert.Equal(400, rows["type:code"].BrokenRows);
        Assert.Equal(3, rows["range:ordered"].Line);
    }

    [Theory]
    [InlineData("{ \"schema\": \"gnomon.rules/1\",\n \"rules\": [\n { \"kind\": \"rnage\", \"column\": \"a\" } ] }", 3, "has the kind 'rnage'")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\",\n \"rules\": [\n { \"kind\": \"range\",\n \"column\": \"a\", \"mim\": 3 } ] }", 4, "has 'mim', which no rule knows")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\",\n \"rules\": [\n { \"kind\": \"range\" \"column\": \"a\" } ] }", 3, "is not JSON")]
    [InlineData("{ \"schema\": \"gnomon.rules/9\", \"rules\": [] }", 1, "has the schema 'gnomon.rules/9'")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\",\n\n \"rules\": [ { \"kind\": \"pattern\", \"column\": \"a\", \"pattern\": \"(?=x)\" } ] }", 3, "a part that engines read differently")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\", \"rules\": [ { \"kind\": \"order\", \"column\": \"a\" } ] }", 1, "names 1 columns where 'order' takes 2")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\", \"rules\": [\n { \"kind\": \"not-null\", \"column\": \"a\" },\n { \"kind\": \"not-null\", \"column\": \"a\" } ] }", 3, "uses the id 'not-null:a' again (first in line 2)")]
    [InlineData("{ \"schema\": \"gnomon.rules/1\", \"rules\": [ { \"kind\": \"range\", \"column\": \"a\", \"min\": 4, \"max\": 1 } ] }", 1, "goes from 4 to 1")]
    [InlineData("[]", 1, "does not say what it is")]
    public void A_wrong_file_is_one_message_with_its_line(string text, int line, string says)
    {
        var path = Write(text);
        var wrong = Assert.Throws<GnomonError>(() => Ask(Orders(1), path));
        Assert.Equal("bad-rules", wrong.Code);
        Assert.Equal($"{path}:{line}", wrong.Where);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void References_to_another_file_are_learned_and_asked()
    {
        var customers = Path.Combine(_folder, "customers.csv");
        File.WriteAllLines(customers, ["id,name", .. Enumerable.Range(1, 50).Select(i => FormattableString.Invariant($"{i},n{i}"))]);
        var orders = Path.Combine(_folder, "orders.csv");
        File.WriteAllLines(orders, ["customer_id,amount", .. Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{(i % 50) + 1},{i * 1.5}"))]);
        var rules = Path.Combine(_folder, "rules.json");
        Gnomon.Ask.Profile(new ProfileOptions { Data = orders, WriteRules = rules, With = [customers] });
        Assert.Contains("\"id\": \"customer_id-refers\"", File.ReadAllText(rules), StringComparison.Ordinal);
        File.AppendAllLines(orders, Enumerable.Repeat("77,3", 30));
        var finding = Gnomon.Ask.Profile(new ProfileOptions { Data = orders, Rules = rules });
        var row = RuleTable.Of(finding).Single(r => r.Rule == "customer_id-refers");
        Assert.True(row.IsBroken);
        Assert.Equal(30, row.BrokenRows);
        Assert.StartsWith("row 201: 77", row.Which, StringComparison.Ordinal);
        Assert.Equal(2, finding.Provenance.Data.Count);
    }

    internal static Table Orders(int seed, bool flawed = false)
    {
        const int Rows = 400;
        var rng = new Rng(seed).Stream("orders");
        string[] cities = ["Oslo", "Bergen", "Malmo", "Lund", "Turku"];
        var city = Enumerable.Range(0, Rows).Select(_ => rng.NextInt(cities.Length)).ToArray();
        var day = Enumerable.Range(0, Rows).Select(_ => new DateOnly(2024, 1, 1).AddDays(rng.NextInt(300))).ToArray();
        return Table.With("order_id", Enumerable.Range(0, Rows).Select(i => 100_000L + (flawed && i == 8 ? 7 : i)))
            .And("code", Enumerable.Range(0, Rows).Select(i => flawed && i % 10 == 3 ? "broken" : FormattableString.Invariant($"{(char)('A' + rng.NextInt(26))}{(char)('A' + rng.NextInt(26))}-{rng.NextInt(9_000) + 1_000}")).ToList())
            .And("status", Enumerable.Range(0, Rows).Select(i => flawed && i % 10 == 0 ? "Paid" : new[] { "open", "paid", "sent" }[rng.NextInt(3)]).ToList())
            .And("price", ProfileData.Draw(Rows, () => Math.Round((flawed && rng.NextDouble() < 0.2 ? 100 : 1) * (10 + (5 * rng.NextDouble())), 2)))
            .And("ordered", day)
            .And("shipped", day.Select((d, i) => d.AddDays(flawed && i % 12 == 1 ? -3 : 1 + rng.NextInt(9))).ToList())
            .And("city", city.Select(c => cities[c]))
            .And("country", city.Select((c, i) => flawed && i % 11 == 2 ? "Sweden" : c < 2 ? "Norway" : c < 4 ? "Sweden" : "Finland").ToList())
            .And("seen", Enumerable.Range(0, Rows).Select(i => (double)(flawed && i == 200 ? 3 : i)))
            .And("note", ProfileData.Text(Rows, () => rng.NextDouble() < 0.2 ? null : rng.NextDouble() < 0.5 ? "x" : "y"));
    }

    private static CheckStatus Status(Finding finding) => ProfileData.Status(finding, "rule-violation");

    private static Finding Ask(Table table, string rules) => ProfileData.Ask(table, new ProfileOptions { Rules = rules });

    private string Learn(Table table)
    {
        var path = Path.Combine(_folder, FormattableString.Invariant($"rules{Directory.GetFiles(_folder).Length}.json"));
        ProfileData.Ask(table, new ProfileOptions { WriteRules = path });
        return path;
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, FormattableString.Invariant($"hand{Directory.GetFiles(_folder).Length}.json"));
        File.WriteAllText(path, text);
        return path;
    }
}
