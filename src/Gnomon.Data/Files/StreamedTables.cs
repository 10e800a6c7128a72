using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>
/// Large plain text files among the tables of an engine. The first query reads such a file straight from its bytes, and no table is built; what is asked again becomes a table first,
/// where memory holds it. The types come from the head of the file, and the first pass holds every cell to them.
/// </summary>
/// <param name="session">The engine.</param>
/// <param name="fewestBytes">Smaller files are none of these.</param>
/// <param name="blockBytes">Bytes that are parsed at a time.</param>
internal sealed class StreamedTables(EngineSession session, long fewestBytes = StreamedTables.FewestBytes, int blockBytes = BlockSource.UsualBytes) : IDisposable
{
    /// <summary>Smaller files become tables at once: there is little to save.</summary>
    public const long FewestBytes = 32L << 20;

    private readonly List<Entry> _entries = [];
    private readonly List<RowFeed> _feeds = [];

    /// <summary>The file as a table that is read when it is asked; null when it is not plain, or small.</summary>
    /// <param name="options">How to read it.</param>
    /// <param name="name">The table's name, without quotes.</param>
    /// <param name="hash">Takes the file.</param>
    /// <param name="cancellation">Ends it.</param>
    public LoadedTable? TryAdd(SourceOptions options, string name, FileHash hash, CancellationToken cancellation)
    {
        if (!options.TrustsHead || !File.Exists(options.Path) || FollowedFile.At(options.Path).Length < fewestBytes || StreamedFileFinder.TryFind(options, cancellation, blockBytes) is not { } file)
        {
            return null;
        }

        hash.Add([options.Path]);
        var text = new TextFeed(file, FileFinder.Shown(options.Path), blockBytes);
        _entries.Add(new Entry(name, text));
        session.Execute($"CREATE OR REPLACE VIEW {SqlText.Identifier(name)} AS SELECT * FROM {Register(text)}()", cancellation);
        return new LoadedTable(file.Issues, hash);
    }

    /// <summary>Rows of a table that is still read from its file; null for all others.</summary>
    public long? Rows(string name, CancellationToken cancellation) => _entries.Find(e => e.Name == name && !e.IsTable)?.Text.Prove(cancellation);

    /// <summary>The file behind a table that is still read from it; null for all others.</summary>
    public TextFeed? Of(string name) => _entries.Find(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !e.IsTable)?.Text;

    /// <summary>Makes rows known to the engine; returns the function's name.</summary>
    public string Register(IRowSource rows)
    {
        using var connection = session.Connect();
        var feed = new RowFeed(connection, rows);
        _feeds.Add(feed);
        return feed.Name;
    }

    /// <summary>Runs a query that is asked once: a file that no query has read yet is not made a table for it. Afterwards every cell of all files has been seen.</summary>
    public T Once<T>(IProgress<double>? progress, CancellationToken cancellation, Func<T> ask)
    {
        var open = _entries.Where(e => !e.IsTable).ToList();
        open.Where(e => e.Text.WasRead).ToList().ForEach(e => Settle(e, cancellation));
        open.ForEach(e => e.Text.Progress = progress);
        try
        {
            var answer = ask();
            open.Where(e => !e.IsTable).ToList().ForEach(e => e.Text.Prove(cancellation));
            return answer;
        }
        finally
        {
            open.ForEach(e => e.Text.Progress = null);
        }
    }

    /// <summary>Makes tables of the files that a query names, where memory holds them.</summary>
    /// <param name="sql">The query; null for one that may name any.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Settle(string? sql, CancellationToken cancellation)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (!_entries[i].IsTable && (sql is null || Names(sql, _entries[i].Name) || (i == 0 && Names(sql, "data"))))
            {
                Settle(_entries[i], cancellation);
            }
        }
    }

    /// <summary>Throws what kept a file from being read while the engine asked for its rows.</summary>
    public void ThrowFailure() => _feeds.ForEach(f => f.ThrowFailure());

    /// <summary>Only when the engine is closed.</summary>
    public void Dispose() => _feeds.ForEach(f => f.Dispose());

    // As a word of its own, wherever it stands: a name too many costs time, and one too few nothing but a second reading.
    private static bool Names(string sql, string name)
    {
        for (var at = 0; (at = sql.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + name.Length;
            if ((at == 0 || !IsWord(sql[at - 1]) || !IsWord(name[0])) && (end == sql.Length || !IsWord(sql[end]) || !IsWord(name[^1])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Settle(Entry entry, CancellationToken cancellation)
    {
        if (!session.HoldsInMemory(entry.Text.File.Shape.Length))
        {
            entry.Text.Prove(cancellation);
            return;
        }

        var name = SqlText.Identifier(entry.Name);
        session.Execute($"CREATE OR REPLACE TABLE \"gnomon read\" AS SELECT * FROM {name}", cancellation);
        session.Execute($"DROP VIEW {name}", cancellation);
        session.Execute($"ALTER TABLE \"gnomon read\" RENAME TO {name}", cancellation);
        entry.IsTable = true;
    }

    private sealed class Entry(string name, TextFeed text)
    {
        public string Name => name;

        public TextFeed Text => text;

        public bool IsTable { get; set; }
    }
}
