namespace Gnomon.Core.Tables;

/// <summary>Several tables that can be questioned together, in the engine's own SQL. As a data set it stands for its first table.</summary>
public interface IDatabase : IDataset
{
    /// <summary>The tables that can be named in a query, in the order given.</summary>
    IReadOnlyList<DatabaseTable> Tables { get; }

    /// <summary>One line of provenance for each source, in the order given.</summary>
    IReadOnlyList<DataIdentity> Sources(CancellationToken cancellation);

    /// <summary>Makes tables of the files that a query names in quotes, read by the same rules as every file.</summary>
    /// <exception cref="Errors.GnomonError">A file is missing or is not a table.</exception>
    void LoadFilesOf(string sql, CancellationToken cancellation);

    /// <summary>The columns a SELECT would return; nothing is read.</summary>
    /// <exception cref="Errors.GnomonError"><c>not-a-select</c> or <c>bad-query</c>, with the place and the nearest name.</exception>
    IReadOnlyList<Field> Describe(string sql, CancellationToken cancellation);

    /// <summary>Runs a SELECT and holds its rows, in its order, under a name that later queries can use; rows that do not fit in memory spill to disk.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="Errors.GnomonError"><c>not-a-select</c> or <c>bad-query</c>.</exception>
    long Keep(string name, string sql, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>A small answer in memory.</summary>
    /// <exception cref="Errors.GnomonError"><c>bad-query</c>.</exception>
    Table Ask(string sql, CancellationToken cancellation);

    /// <summary>Writes the rows of a SELECT to a file: csv, json (one object per line) or parquet.</summary>
    /// <exception cref="Errors.GnomonError"><c>file-not-written</c>.</exception>
    void Write(string sql, string path, string format, CancellationToken cancellation);

    /// <summary>Runs a SELECT and reports what each step of its plan did, as the engine's JSON.</summary>
    string Profile(string sql, CancellationToken cancellation);

    /// <summary>The engine's syntax tree of a SELECT, as JSON; null when the text is not one.</summary>
    string? SyntaxTree(string sql, CancellationToken cancellation);
}

/// <param name="Name">The name in queries, without quotes.</param>
/// <param name="Source">What the user named.</param>
/// <param name="Schema">Its columns.</param>
public sealed record DatabaseTable(string Name, string Source, Schema Schema);

/// <summary>A file that becomes a table.</summary>
/// <param name="Name">The name in queries.</param>
/// <param name="Path">File, glob, or <c>-</c> for standard input.</param>
public sealed record SourceTable(string Name, string Path);
