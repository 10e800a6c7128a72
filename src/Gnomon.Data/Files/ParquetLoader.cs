using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>Parquet is read where it lies: typed, by column, only what a query needs.</summary>
internal sealed class ParquetLoader(EngineSession session, List<ReadIssue> issues, CancellationToken cancellation)
{
    public void Load(IReadOnlyList<SourceFile> files, string table)
    {
        foreach (var file in files)
        {
            CheckWhole(file);
        }

        var paths = SqlText.List(files.Select(f => f.Path));
        try
        {
            session.Execute($"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet({paths}, union_by_name = {(files.Count > 1 ? "true" : "false")}, {PartitionFolder.ReaderOptions([.. files.Select(f => f.Original)], Columns(files[0]))})", cancellation);
            if (files.Count > 1)
            {
                CheckColumns(files, paths);
            }
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            throw new GnomonError("broken-parquet", $"{files[0].Shown} could not be read as Parquet: {EngineMessages.Plain(e)}", files[0].Shown, "Write the file again.", e);
        }
    }

    private List<string> Columns(SourceFile file)
    {
        var names = session.Read($"SELECT name FROM parquet_schema({SqlText.Text(file.Path)})", cancellation)["name"];
        return [.. Enumerable.Range(0, names.Length).Select(r => (string?)names.Cell(r)).OfType<string>()];
    }

    /// <summary>A Parquet file ends as it begins; a copy that stopped half way does not.</summary>
    private static void CheckWhole(SourceFile file)
    {
        using var stream = File.OpenRead(file.Path);
        Span<byte> mark = stackalloc byte[4];
        if (stream.Length >= 12)
        {
            stream.Seek(-4, SeekOrigin.End);
            stream.ReadExactly(mark);
        }

        if (!mark.SequenceEqual("PAR1"u8))
        {
            throw new GnomonError("broken-parquet", $"{file.Shown} is cut off: a Parquet file ends with PAR1.", file.Shown, "Copy the file again.");
        }
    }

    private void CheckColumns(IReadOnlyList<SourceFile> files, string paths)
    {
        var schemas = session.Read($"SELECT file_name, string_agg(name, ', ' ORDER BY name) AS columns FROM parquet_schema({paths}) WHERE num_children IS NULL GROUP BY file_name ORDER BY file_name", cancellation);
        var columns = (TextColumn)schemas["columns"];
        var different = Enumerable.Range(0, schemas.Rows).Count(r => columns.Codes[r] != columns.Codes[0]);
        if (different > 0)
        {
            issues.Add(new("different-columns", different, $"{different} of {files.Count} files have not the columns of {files[0].Shown}; files are matched by name and missing columns have no value."));
        }
    }
}
