using Gnomon.Core.Tables;
using Gnomon.Tests.Data.Parity;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>The study verbs give one finding, from a file, from one server and from two shards.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseFindingTests(ClickHouseServers servers) : IDisposable
{
    private readonly Sources _sources = new();

    public static TheoryData<string> Names => FindingParity.Names;

    public void Dispose() => _sources.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_finding_is_that_of_the_file(string question)
    {
        servers.Require();
        var name = FindingParity.Questions[question].Data;
        var table = FindingParity.Draw(name);
        var file = _sources.Write($"{name}.csv", FindingParity.Csv(table));
        servers.Store(
            name,
            [.. table.Columns.Select((c, i) => (c.Name, i == 0 ? "UInt64" : c.Type switch
            {
                ColumnType.Integer => "UInt32",
                ColumnType.Double => "Nullable(Float64)",
                ColumnType.Timestamp => "DateTime('Europe/Berlin')",
                _ => "Nullable(String)",
            }))],
            [.. Enumerable.Range(0, table.Rows).Select(r => table.Columns.Select(c => c.Cell(r)).ToArray())]);
        FindingParity.Same(question, file, servers.Address(name, more: $"order={table.Columns[0].Name}"));
        FindingParity.Same(question, file, servers.Address($"{name}_all", more: $"order={table.Columns[0].Name}"));
    }

    // Without an order one server and two shards still agree with one another: rows come by a hash of the whole row.
    [Fact]
    public void Without_an_order_one_server_and_two_shards_agree()
    {
        servers.Require();
        var table = FindingParity.Draw("visits");
        servers.Store(
            "loose", [.. table.Columns.Select(c => (c.Name, c.Type switch { ColumnType.Integer => "UInt32", ColumnType.Double => "Nullable(Float64)", ColumnType.Timestamp => "DateTime", _ => "Nullable(String)" }))],
            [.. Enumerable.Range(0, table.Rows).Select(r => table.Columns.Select(c => c.Cell(r)).ToArray())]);
        foreach (var question in new[] { "compare", "profile", "regress" })
        {
            FindingParity.Same(question, servers.Address("loose"), servers.Address("loose_all"));
        }

        var profile = Ask.Profile(new Gnomon.Studies.Profile.ProfileOptions { Data = servers.Address("loose_all") });
        Assert.DoesNotContain(profile.Checks, c => c.Id == "population-drift" && c.Status != Core.Checks.CheckStatus.Skipped);
        Assert.Contains(profile.Limitations, l => l.Contains("come in no order", StringComparison.Ordinal));
    }
}
