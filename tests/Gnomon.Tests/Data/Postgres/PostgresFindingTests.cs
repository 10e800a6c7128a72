using Gnomon.Core.Tables;
using Gnomon.Tests.Data.Parity;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>The study verbs give one finding, from a file and from a server.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFindingTests(PostgresServer server) : IDisposable
{
    private readonly Sources _sources = new();

    public static TheoryData<string> Names => FindingParity.Names;

    public void Dispose() => _sources.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_finding_is_that_of_the_file(string question)
    {
        server.Require();
        var name = FindingParity.Questions[question].Data;
        var table = FindingParity.Draw(name);
        var file = _sources.Write($"{name}.csv", FindingParity.Csv(table));
        var columns = table.Columns.Select(c => $"{c.Name} {c.Type switch { ColumnType.Integer => "bigint", ColumnType.Double => "double precision", ColumnType.Timestamp => "timestamptz", _ => "text" }}");
        _ = server.Script($"DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} ({string.Join(", ", columns)});\n\\copy {name} FROM '{file}' CSV HEADER\n");
        FindingParity.Same(question, file, server.Address(name));
    }
}
