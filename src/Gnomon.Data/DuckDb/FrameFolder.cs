using System.Diagnostics;
using Gnomon.Core.Tables;
using Gnomon.Data.Files;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.DuckDb;

/// <summary>The files of a pattern, as one table or a few at a time.</summary>
internal sealed class FrameFolder(EngineSession session, SourceOptions options, string path, Action<SourceTable> addAll) : IFrameFolder
{
    private const long Block = 4096;

    private readonly IReadOnlyList<string> _files = FileFinder.Find(path);
    private (long Bytes, long InBlocks)? _sizes;

    public int Count => _files.Count;

    public long Bytes => Sizes().Bytes;

    public long BytesInBlocks => Sizes().InBlocks;

    public FrameWork LoadAll(string table, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        addAll(new SourceTable(table, path));
        return new FrameWork(Rows(table, cancellation), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public FrameWork Load(string table, IReadOnlyList<int> files, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var found = new SourceLoader(options with { Path = path, Tables = null, Memory = null, Sql = null, Where = null, TrustsHead = false }, Stream () => Stream.Null, cancellation)
        {
            Files = [.. files.Select(f => _files[f])], IsHashed = true,
        }.LoadInto(session, table).Hash;
        return new FrameWork(Rows(table, cancellation), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public double Fetch(int file)
    {
        var start = Stopwatch.GetTimestamp();
        _ = File.ReadAllBytes(_files[file]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public double TryWriting(string sql, CancellationToken cancellation)
    {
        var target = session.Scratch.NewFile(".out");
        var start = Stopwatch.GetTimestamp();
        session.Execute($"COPY ({sql}\n) TO {SqlText.Text(target)} (FORMAT csv, HEADER true)", cancellation);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.Delete(target);
        return seconds;
    }

    private long Rows(string table, CancellationToken cancellation) => ((IntegerColumn)session.Read($"SELECT count(*) AS n FROM {SqlText.Identifier(table)}", cancellation).Columns[0]).Values[0];

    private (long Bytes, long InBlocks) Sizes()
    {
        if (_sizes is null)
        {
            var (bytes, blocks) = (0L, 0L);
            foreach (var file in _files)
            {
                var length = new FileInfo(file).Length;
                (bytes, blocks) = (bytes + length, blocks + ((length + Block - 1) / Block * Block));
            }

            _sizes = (bytes, blocks);
        }

        return _sizes.Value;
    }
}
