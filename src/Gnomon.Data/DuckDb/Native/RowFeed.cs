using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>
/// Rows of ours in the engine's FROM: a table function whose every call fills a chunk, on as many of the engine's threads as the source allows. A query that needs the rows in their
/// order asks on one thread, and gets them so.
/// </summary>
internal sealed unsafe class RowFeed : IDisposable
{
    private static int _made;

    private readonly IRowSource _source;
    private GCHandle _self;
    private Exception? _failure;

    public RowFeed(Connection connection, IRowSource source)
    {
        _source = source;
        Name = FormattableString.Invariant($"gnomon_feed_{Interlocked.Increment(ref _made)}");
        _self = GCHandle.Alloc(this);
        using var function = TableFunctionApi.Create();
        TableFunctionApi.SetName(function, Name);
        TableFunctionApi.SetExtra(function, GCHandle.ToIntPtr(_self), 0);
        TableFunctionApi.SetBind(function, &Bind);
        TableFunctionApi.SetBegin(function, &Begin);
        TableFunctionApi.SetBeginThread(function, &BeginThread);
        TableFunctionApi.SetFunction(function, &Fill);
        TableFunctionApi.TakeProjection(function, true);
        connection.Register(function);
    }

    /// <summary>What the function is called in SQL; it takes no arguments.</summary>
    public string Name { get; }

    /// <summary>Throws what the source threw while the engine asked it.</summary>
    public void ThrowFailure()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Only when the engine that knows it is closed.</summary>
    public void Dispose()
    {
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private static T Of<T>(nint handle) => (T)GCHandle.FromIntPtr(handle).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var source = Of<RowFeed>(TableFunctionApi.BindExtra(info))._source;
        foreach (var (name, id) in source.Columns)
        {
            using var type = TypeApi.Create(id);
            TableFunctionApi.AddColumn(info, name, type);
        }

        var (rows, isExact) = source.Expected;
        TableFunctionApi.SetRows(info, (ulong)rows, isExact);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info)
    {
        var feed = Of<RowFeed>(TableFunctionApi.BeginExtra(info));
        try
        {
            // A row number that nobody can have asked for stands where no column is needed.
            var columns = new int[(int)TableFunctionApi.ColumnCount(info)];
            for (var i = 0; i < columns.Length; i++)
            {
                var index = TableFunctionApi.ColumnIndex(info, (ulong)i);
                columns[i] = index < (ulong)feed._source.Columns.Count ? (int)index : -1;
            }

            var scan = feed._source.Begin(columns);
            TableFunctionApi.SetThreads(info, (ulong)feed._source.Threads);
            TableFunctionApi.SetData(info, GCHandle.ToIntPtr(GCHandle.Alloc(scan)), &EndScan);
        }
        catch (Exception e)
        {
            // Nothing may be thrown through the engine: it ends the query, and who asked throws.
            Interlocked.CompareExchange(ref feed._failure, e, null);
            TableFunctionApi.SetBeginError(info, "The rows could not be read.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void BeginThread(nint info) => TableFunctionApi.SetData(info, GCHandle.ToIntPtr(GCHandle.Alloc(new CursorBox())), &EndThread);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint output)
    {
        var feed = Of<RowFeed>(TableFunctionApi.Extra(info));
        try
        {
            var box = Of<CursorBox>(TableFunctionApi.ThreadData(info));
            var cursor = box.Cursor ??= Of<IRowScan>(TableFunctionApi.Data(info)).Cursor();
            var chunk = new FeedChunk(new ChunkHandle(output));
            chunk.SetRows(cursor.Fill(chunk));
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref feed._failure, e, null);
            TableFunctionApi.SetError(info, "The rows could not be read.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void EndScan(nint data)
    {
        var handle = GCHandle.FromIntPtr(data);
        ((IRowScan)handle.Target!).Dispose();
        handle.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void EndThread(nint data) => GCHandle.FromIntPtr(data).Free();

    private sealed class CursorBox
    {
        public IRowCursor? Cursor { get; set; }
    }
}
