using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Conversion;

/// <summary>
/// Writes a source as Parquet in the pass that proves its types. What does not hold for all rows ends that pass; the rows are then surveyed, and written again under types that hold.
/// The target appears under its name only when it is whole.
/// </summary>
internal sealed class FileConverter(EngineSession session, ConversionOrder order, IProgress<double>? progress, CancellationToken cancellation)
{
    private bool _isCopied;

    private string Partial => order.Target.TrimEnd('/', '\\') + ".partial";

    private bool IsParted => order.PartitionBy.Count > 0;

    public Core.Tables.Conversion Run(SourceOptions options, Func<Stream> standardInput, out LoadedTable loaded)
    {
        Refuse();
        using var rejects = new RejectFile(order.Rejects);
        var loader = new SourceLoader(options with { Path = order.Path }, standardInput, cancellation) { Sink = Copy, Rejects = rejects };
        LoadedTable? read = null;
        try
        {
            loaded = read = loader.LoadInto(session, order.Name);
            if (!_isCopied)
            {
                Copy($"SELECT * FROM {SqlText.Identifier(order.Name)}");
            }

            Publish();
            var files = IsParted ? PartitionFolder.Files(order.Target)! : [order.Target];
            if (files.Count == 0)
            {
                throw new GnomonError("no-rows", $"{order.Path} has no rows, so there are no folders to write.", "--partition-by", "Leave --partition-by out.");
            }

            new ParquetLoader(session, [], cancellation).Load([.. files.Select(f => new SourceFile(FileFinder.Shown(f), f, f, FileKind.Parquet))], SqlText.Identifier(order.Name));
            return Result(files, rejects);
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            read?.Hash.Dispose();
            var shown = FileFinder.Shown(order.Path);
            throw new GnomonError("file-unreadable", $"{shown} could not be read to its end: {EngineMessages.Plain(e)}", shown, "Copy or write the file again; nothing was kept of it.", e);
        }
        catch
        {
            read?.Hash.Dispose();
            throw;
        }
        finally
        {
            Clear();
        }
    }

    private Core.Tables.Conversion Result(IReadOnlyList<string> files, RejectFile rejects)
    {
        var paths = SqlText.List(files);
        var stored = session.Read($"SELECT path_in_schema AS name, bool_or(contains(encodings, 'DICTIONARY')) AS dictionary, CAST(sum(total_compressed_size) AS BIGINT) AS bytes FROM parquet_metadata({paths}) GROUP BY path_in_schema", cancellation);
        var rows = session.Read($"SELECT CAST(COALESCE(sum(num_rows), 0) AS BIGINT) AS n FROM parquet_file_metadata({paths})", cancellation);
        var byName = Enumerable.Range(0, stored.Rows).ToDictionary(
            r => (string)stored["name"].Cell(r)!, r => (IsDictionary: (bool)stored["dictionary"].Cell(r)!, Bytes: (long)stored["bytes"].Cell(r)!), StringComparer.Ordinal);
        using var connection = session.Connect();
        using var statement = connection.Prepare($"SELECT * FROM {SqlText.Identifier(order.Name)}");
        return new Core.Tables.Conversion
        {
            Rows = ((IntegerColumn)rows["n"]).Values[0], SetAside = rejects.SetAside, Incomplete = rejects.Incomplete,
            BytesBefore = order.Path == "-" ? 0 : FileFinder.Find(order.Path).Sum(f => FollowedFile.At(f).Length), BytesAfter = files.Sum(f => FollowedFile.At(f).Length), Files = files.Count,
            Columns = [.. statement.Columns().Select(c => Column(c, byName))],
            Rejects = rejects.Publish(),
        };
    }

    // A nested column is stored in parts whose names begin with its own.
    private static StoredColumn Column(ColumnLayout column, Dictionary<string, (bool IsDictionary, long Bytes)> stored)
    {
        var parts = stored.Where(s => s.Key == column.Name || s.Key.StartsWith(column.Name + ", ", StringComparison.Ordinal)).Select(s => s.Value).ToList();
        return new StoredColumn(column.Name, column.NativeType, parts.Exists(p => p.IsDictionary), parts.Sum(p => p.Bytes));
    }

    // Called again when the first types did not hold: what was written so far is void.
    private void Copy(string select)
    {
        Clear();
        var columns = IsParted ? $", PARTITION_BY ({string.Join(", ", order.PartitionBy.Select(Known(select)))}), WRITE_PARTITION_COLUMNS true" : string.Empty;
        try
        {
            session.Execute($"COPY ({select}\n) TO {SqlText.Text(Partial)} (FORMAT parquet, COMPRESSION zstd{columns})", cancellation, progress);
        }
        catch (EngineException e) when (e.Message.Contains("IO Error", StringComparison.Ordinal))
        {
            throw new GnomonError("file-not-written", $"The result could not be written to {order.Target}: {EngineMessages.Plain(e)}", "--out", "Name a place in a folder that exists, can be written and has room.", e);
        }

        _isCopied = true;
    }

    private Func<string, string> Known(string select)
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare(select);
        var schema = new Schema(FileFinder.Shown(order.Path), [.. statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType))]);
        return name => SqlText.Identifier(schema.Require(name, "--partition-by").Name);
    }

    private void Publish()
    {
        try
        {
            if (Directory.Exists(Partial))
            {
                Directory.Move(Partial, order.Target);
            }
            else
            {
                File.Move(Partial, order.Target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"The result could not be given the name {order.Target}: {e.Message}", "--out", "Name a file that does not exist.", e);
        }
    }

    private void Refuse()
    {
        foreach (var (path, option) in new[] { (order.Target, "--out"), (order.Rejects, "--rejects") })
        {
            if (File.Exists(path) || Directory.Exists(path))
            {
                throw new GnomonError("file-exists", $"{path} exists; a result is not overwritten.", option, "Name another place, or move the old one away.");
            }
        }
    }

    private void Clear()
    {
        if (Directory.Exists(Partial))
        {
            Directory.Delete(Partial, recursive: true);
        }

        if (File.Exists(Partial))
        {
            File.Delete(Partial);
        }
    }
}
