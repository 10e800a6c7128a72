using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>
/// Consumers of rows inside the engine: an aggregate function whose every partial state is one consumer, so that each of the engine's threads hands its blocks over
/// as it decodes them, without gathering a result first.
/// </summary>
internal sealed unsafe class RowSink : IDisposable
{
    private static int _made;

    private readonly Lock _gate = new();
    private readonly List<(VectorChunk Chunk, Func<VectorChunk, bool> Consume)> _consumers = [];
    private readonly IReadOnlyList<ColumnLayout> _columns;
    private readonly Func<Func<VectorChunk, bool>> _consumer;
    private GCHandle _self;
    private Exception? _failure;
    private volatile bool _isEnough;

    /// <param name="connection">Where the function is known from now on.</param>
    /// <param name="query">Prepared; its columns are what the consumers take.</param>
    /// <param name="columns">Of the query.</param>
    /// <param name="consumer">Makes a consumer for one thread at a time; it returns false when no more rows are needed by any.</param>
    public RowSink(Connection connection, Statement query, IReadOnlyList<ColumnLayout> columns, Func<Func<VectorChunk, bool>> consumer)
    {
        (_columns, _consumer) = (columns, consumer);
        Name = FormattableString.Invariant($"gnomon_rows_{Interlocked.Increment(ref _made)}");
        _self = GCHandle.Alloc(this);
        using var function = AggregateApi.Create();
        AggregateApi.SetName(function, Name);
        for (var i = 0; i < columns.Count; i++)
        {
            using var type = query.TypeOf(i);
            AggregateApi.AddParameter(function, type);
        }

        using var count = TypeApi.Create(TypeId.BigInt);
        AggregateApi.SetReturnType(function, count);
        AggregateApi.TakeNulls(function);
        AggregateApi.SetExtra(function, GCHandle.ToIntPtr(_self), 0);
        AggregateApi.SetFunctions(function, &StateSize, &Initialise, &Update, &Combine, &Finish);
        connection.Register(function);
    }

    /// <summary>What the function is called in SQL.</summary>
    public string Name { get; }

    /// <summary>A consumer needed no more, and ended the query by it.</summary>
    public bool IsEnough => _isEnough;

    /// <summary>Throws what a consumer threw.</summary>
    public void ThrowFailure()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    public void Dispose()
    {
        _consumers.ForEach(c => c.Chunk.Dispose());
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ulong StateSize(nint info) => sizeof(long);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Initialise(nint info, long* state) => *state = 0;

    // One state serves one thread at a time; it holds the number of its consumer.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Update(nint info, nint input, long** states)
    {
        var sink = (RowSink)GCHandle.FromIntPtr(AggregateApi.Extra(info)).Target!;
        if (!sink.Take(input, ref **states))
        {
            AggregateApi.SetError(info, "The rows that were read are enough.");
        }
    }

    // The consumers are all known here; whoever asked joins them.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Combine(nint info, long** source, long** target, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            if (*target[i] == 0)
            {
                *target[i] = *source[i];
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finish(nint info, long** source, nint result, ulong count, ulong offset)
    {
        var cells = (long*)VectorApi.Data(result);
        for (ulong i = 0; i < count; i++)
        {
            cells[offset + i] = *source[i];
        }
    }

    private bool Take(nint input, ref long number)
    {
        try
        {
            if (_isEnough || _failure is not null)
            {
                return false;
            }

            var (chunk, consume) = Consumer(ref number);
            chunk.Move(new ChunkHandle(input));
            if (chunk.Rows == 0 || consume(chunk))
            {
                return true;
            }

            _isEnough = true;
            return false;
        }
        catch (Exception e)
        {
            // Nothing may be thrown through the engine: it ends the query, and who asked throws.
            Interlocked.CompareExchange(ref _failure, e, null);
            return false;
        }
    }

    private (VectorChunk Chunk, Func<VectorChunk, bool> Consume) Consumer(ref long number)
    {
        lock (_gate)
        {
            if (number == 0)
            {
                _consumers.Add((new VectorChunk(_columns), _consumer()));
                number = _consumers.Count;
            }

            return _consumers[(int)number - 1];
        }
    }
}
