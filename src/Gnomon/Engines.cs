using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;

namespace Gnomon;

/// <summary>The engines that come with the library.</summary>
public static class Engines
{
    /// <summary>The embedded engine: files, standard input, SQL over files, tables in memory.</summary>
    public static IEngine Embedded() => new DuckDbEngine();
}
