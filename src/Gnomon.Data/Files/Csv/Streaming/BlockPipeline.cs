using System.Runtime.ExceptionServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>How a pass over a file ended.</summary>
internal enum PassOutcome
{
    /// <summary>All blocks were taken.</summary>
    Complete,

    /// <summary>The consumer wanted no more.</summary>
    Stopped,

    /// <summary>A block was not what its shape and columns promise.</summary>
    Surprise,
}

/// <summary>
/// Blocks are read and parsed by worker tasks and given to a consumer on the calling thread strictly in file order, so that the outcome does not depend on the number
/// of workers. At most two blocks more than there are workers are in memory.
/// </summary>
internal sealed class BlockPipeline
{
    private const int WakeMilliseconds = 50;

    private readonly object _gate = new();
    private readonly Queue<ParsedBlock> _free = new();
    private readonly Dictionary<long, ParsedBlock> _done = [];
    private readonly BlockSource _source;
    private long? _total;
    private bool _isStopped;
    private Exception? _error;

    private BlockPipeline(BlockSource source) => _source = source;

    /// <param name="shape">The file.</param>
    /// <param name="lanes">What is read of it.</param>
    /// <param name="workers">Worker tasks, at least 1.</param>
    /// <param name="consume">Takes a block; false ends the pass.</param>
    /// <param name="cancellation">Ends the pass within a block.</param>
    /// <param name="blockBytes">Bytes of a block.</param>
    public static PassOutcome Run(
        StreamShape shape,
        IReadOnlyList<LanePlan> lanes,
        int workers,
        Func<ParsedBlock, bool> consume,
        CancellationToken cancellation,
        int blockBytes = BlockSource.UsualBytes)
    {
        cancellation.ThrowIfCancellationRequested();
        using var source = new BlockSource(shape, blockBytes);
        return new BlockPipeline(source).Run(shape, lanes, workers, consume, cancellation);
    }

    private PassOutcome Run(StreamShape shape, IReadOnlyList<LanePlan> lanes, int workers, Func<ParsedBlock, bool> consume, CancellationToken cancellation)
    {
        for (var i = 0; i < workers + 2; i++)
        {
            _free.Enqueue(new ParsedBlock(shape, lanes));
        }

        var tasks = new Task[workers];
        for (var i = 0; i < workers; i++)
        {
            tasks[i] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        try
        {
            return Deliver(consume, cancellation);
        }
        finally
        {
            Stop(null);
            Task.WaitAll(tasks, CancellationToken.None);
        }
    }

    private PassOutcome Deliver(Func<ParsedBlock, bool> consume, CancellationToken cancellation)
    {
        for (var next = 0L; Take(next, cancellation) is { } block; next++)
        {
            if (!block.IsGood)
            {
                return PassOutcome.Surprise;
            }

            if (!consume(block))
            {
                return PassOutcome.Stopped;
            }

            lock (_gate)
            {
                _free.Enqueue(block);
                Monitor.PulseAll(_gate);
            }
        }

        return PassOutcome.Complete;
    }

    /// <summary>Waits for a block; null behind the last.</summary>
    private ParsedBlock? Take(long index, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_error is not null)
                {
                    ExceptionDispatchInfo.Throw(_error);
                }

                if (_done.Remove(index, out var block))
                {
                    return block;
                }

                if (index >= _total)
                {
                    return null;
                }

                Monitor.Wait(_gate, WakeMilliseconds);
            }
        }
    }

    private void Work()
    {
        try
        {
            while (Free() is { } block)
            {
                var outcome = _source.Next(block.Raw);
                if (outcome == BlockOutcome.End)
                {
                    End();
                    return;
                }

                if (outcome == BlockOutcome.Block)
                {
                    block.Parse();
                }
                else
                {
                    block.MarkSurprise();
                }

                Done(block);
            }
        }
        catch (Exception e)
        {
            // Thrown again on the calling thread.
            Stop(e);
        }
    }

    private ParsedBlock? Free()
    {
        lock (_gate)
        {
            while (!_isStopped && _free.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            return _isStopped ? null : _free.Dequeue();
        }
    }

    private void Done(ParsedBlock block)
    {
        lock (_gate)
        {
            _done.Add(block.Raw.Index, block);
            Monitor.PulseAll(_gate);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _total = _source.Count;
            Monitor.PulseAll(_gate);
        }
    }

    private void Stop(Exception? error)
    {
        lock (_gate)
        {
            _isStopped = true;
            _error ??= error;
            Monitor.PulseAll(_gate);
        }
    }
}
