using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Postgres;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Data.Pushdown;
using Npgsql;
using NpgsqlTypes;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>Random tables, asked of the embedded engine and of a server: whole numbers and texts equal, doubles within 1e-9.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresParityTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_pushed_down_statistic_is_the_same_on_random_tables() => Compare(0, 40);

    [Fact]
    [Trait("speed", "slow")]
    public void And_on_a_hundred_and_sixty_more() => Compare(40, 200);

    private void Compare(int first, int end)
    {
        server.Require();
        for (var seed = first; seed < end; seed++)
        {
            var table = EngineParity.Draw(new Rng(seed).Stream("parity"));
            Store(table);
            using var here = new DuckDbEngine();
            using var there = new PostgresEngine();
            using var file = here.Open(new() { Memory = table }, Token);
            using var warehouse = there.Open(new() { Path = server.Address("Random Table") }, Token);
            Assert.Equal(file.Schema.Select(f => (f.Name, f.Type)), warehouse.Schema.Select(f => (f.Name, f.Type)));
            foreach (var (query, n) in EngineParity.Questions().Select((q, i) => (q, i)))
            {
                EngineParity.Same(file.Read(query, Token), warehouse.Read(query, Token), $"seed {seed}, question {n}");
            }

            Assert.Equal(EngineParity.Streamed(file, Token), EngineParity.Streamed(warehouse, Token));
            Assert.Equal(file.Identify(Token).Rows, warehouse.Identify(Token).Rows);
        }
    }

    private void Store(Table table)
    {
        using var connection = server.Connect();
        using (var create = new NpgsqlCommand("DROP TABLE IF EXISTS \"Random Table\"; CREATE TABLE \"Random Table\" (i bigint, x double precision, \"Größe \"\"x\"\"\" text, b boolean, day date, at timestamp)", connection))
        {
            create.ExecuteNonQuery();
        }

        using var copy = connection.BeginBinaryImport("COPY \"Random Table\" FROM STDIN (FORMAT BINARY)");
        NpgsqlDbType[] types = [NpgsqlDbType.Bigint, NpgsqlDbType.Double, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Date, NpgsqlDbType.Timestamp];
        for (var row = 0; row < table.Rows; row++)
        {
            copy.StartRow();
            for (var c = 0; c < types.Length; c++)
            {
                switch (table.Columns[c].Cell(row))
                {
                    case null:
                        copy.WriteNull();
                        break;
                    case DateTimeOffset at:
                        copy.Write(DateTime.SpecifyKind(at.UtcDateTime, DateTimeKind.Unspecified), types[c]);
                        break;
                    case var value:
                        copy.Write(value, types[c]);
                        break;
                }
            }
        }

        copy.Complete();
    }
}
