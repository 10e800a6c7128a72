using Gnomon.Core.Tables;
using Gnomon.Data.ClickHouse;
using Gnomon.Data.DuckDb;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Data.Pushdown;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>Random tables, asked of the embedded engine, of one server and of two shards: whole numbers and texts equal, doubles within 1e-9.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseParityTests(ClickHouseServers servers)
{
    private static readonly (string, string)[] Columns =
        [("i", "Nullable(Int64)"), ("x", "Nullable(Float64)"), ("Größe \"x\"", "Nullable(String)"), ("b", "Nullable(UInt8)"), ("day", "Nullable(Date)"), ("at", "Nullable(DateTime('UTC'))"), ("row", "UInt64")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_pushed_down_statistic_is_the_same_on_random_tables() => Compare(0, 40);

    [Fact]
    [Trait("speed", "slow")]
    public void And_on_a_hundred_and_sixty_more() => Compare(40, 200);

    private void Compare(int first, int end)
    {
        servers.Require();
        for (var seed = first; seed < end; seed++)
        {
            var table = EngineParity.Draw(new Rng(seed).Stream("parity"), isPlain: true);
            servers.Store("Random Table", Columns, [.. Enumerable.Range(0, table.Rows).Select(r => table.Columns.Select(c => c.Cell(r)).ToArray())]);
            using var here = new DuckDbEngine();
            using var there = new ClickHouseEngine();
            using var file = here.Open(new() { Memory = table }, Token);
            foreach (var name in new[] { "Random Table", "Random Table_all" })
            {
                using var warehouse = there.Open(new() { Path = servers.Address(name, more: "order=row") }, Token);
                Assert.Equal(file.Schema.Select(f => (f.Name, f.Type)), warehouse.Schema.Select(f => (f.Name, f.Type)));
                foreach (var (query, n) in EngineParity.Questions().Select((q, i) => (q, i)))
                {
                    EngineParity.Same(file.Read(query, Token), warehouse.Read(query, Token), $"{name}, seed {seed}, question {n}");
                }

                Assert.Equal(EngineParity.Streamed(file, Token), EngineParity.Streamed(warehouse, Token));
                Assert.Equal(file.Identify(Token).Rows, warehouse.Identify(Token).Rows);
            }
        }
    }
}
