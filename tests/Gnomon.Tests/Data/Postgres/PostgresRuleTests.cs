using Gnomon.Tests.Data.Parity;
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
        var (bad, rules) = RuleParity.Write(_folder);
        server.Execute("DROP TABLE IF EXISTS rule_rows; CREATE TABLE rule_rows (order_id bigint, code text, status text, price bigint, city text, country text, note text)");
        server.Script(FormattableString.Invariant($"\\copy rule_rows from '{bad}' with (format csv, header true)\n"));
        RuleParity.Same(bad, rules, server.Address("rule_rows"));
    }
}
