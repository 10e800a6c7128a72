using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.DuckDb;

internal static class DatasetOpener
{
    public static DuckDbDataset Open(SourceOptions source, CancellationToken cancellation)
    {
        var session = new EngineSession(source);
        var reader = source.Path!.EndsWith(".parquet", StringComparison.Ordinal) ? "read_parquet" : "read_csv";
        session.Execute($"CREATE VIEW data AS SELECT * FROM {reader}({SqlText.Text(source.Path!)})", cancellation);
        using var connection = session.Connect();
        using var statement = connection.Prepare("SELECT * FROM data");
        var fields = statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType)).ToList();
        return new DuckDbDataset(session, "data", source.Path!, new Schema(source.Path!, fields), [], _ => null);
    }
}
