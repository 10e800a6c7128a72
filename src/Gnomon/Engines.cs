using Gnomon.Core.Tables;
using Gnomon.Data.ClickHouse;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Postgres;

namespace Gnomon;

/// <summary>The engines that come with the library.</summary>
public static class Engines
{
    /// <summary>The embedded engine: files, standard input, SQL over files, tables in memory.</summary>
    public static IEngine Embedded() => new DuckDbEngine();

    /// <summary>A PostgreSQL server, named by <c>postgres://user@host/database?table=schema.name</c>.</summary>
    public static IEngine Postgres() => new PostgresEngine();

    /// <summary>A ClickHouse server or cluster, named by <c>clickhouse://user@host:8123/database?table=name</c>.</summary>
    public static IEngine ClickHouse() => new ClickHouseEngine();

    /// <summary>The engine that a source asks for by its address; the embedded one for everything that is no address.</summary>
    public static IEngine Any() => new AnyEngine();

    /// <summary>A word of a command as it may be shown and kept: an address loses its password.</summary>
    public static string WithoutPassword(string word) => PostgresEngine.WithoutPassword(word);

    // Known when the first source is opened.
    private sealed class AnyEngine : IEngine
    {
        private IEngine? _engine;

        public string Name => _engine?.Name ?? "none";

        public IDataset Open(SourceOptions source, CancellationToken cancellation)
        {
            _engine ??= PostgresEngine.Answers(source) ? Postgres() : ClickHouseEngine.Answers(source) ? ClickHouse() : Embedded();
            return _engine.Open(source, cancellation);
        }

        public void Dispose() => _engine?.Dispose();
    }
}
