using Gnomon.Tests.Data.Parity;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>Rules learned from a file, asked of one server and of two shards: the same counts as from the file.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseRuleTests(ClickHouseServers servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_of_a_cluster_is_held_against_the_rules_of_a_file()
    {
        servers.Require();
        var (bad, rules) = RuleParity.Write(_folder);
        servers.Store("rule_rows", [.. RuleParity.Columns.Select((c, i) => (c, i is 0 or 3 ? "Int64" : "Nullable(String)"))], RuleParity.Rows(flawed: true));
        RuleParity.Same(bad, rules, servers.Address("rule_rows"));
        RuleParity.Same(bad, rules, servers.Address("rule_rows_all"));
    }
}
