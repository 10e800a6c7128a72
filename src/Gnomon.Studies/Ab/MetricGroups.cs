using System.Runtime.ExceptionServices;

namespace Gnomon.Studies.Ab;

/// <summary>Many metrics in groups that are read at the same time. Each group meets all rows in their order, so the answer does not depend on how many groups there are.</summary>
internal static class MetricGroups
{
    // So many columns of a block of 2,048 rows stay in the cache of a core between the engine and the sums.
    private const int Largest = 40;
    private const int WorthSplitting = 16;

    /// <summary>The groups, in the order of the metrics.</summary>
    /// <param name="metrics">How many there are.</param>
    /// <param name="columnsAlone">Whether a scan reads no more than its own columns; otherwise one scan takes all.</param>
    /// <param name="threads">Scans that may run at once.</param>
    public static IReadOnlyList<Range> Of(int metrics, bool columnsAlone, int threads)
    {
        if (!columnsAlone || metrics < WorthSplitting || (threads == 1 && metrics <= Largest))
        {
            return [Range.EndAt(metrics)];
        }

        var least = (metrics + Largest - 1) / Largest;
        var groups = Math.Min((least + threads - 1) / threads * threads, metrics / (WorthSplitting / 2));
        return [.. Enumerable.Range(0, groups).Select(g => (int)((long)metrics * g / groups)..(int)((long)metrics * (g + 1) / groups))];
    }

    /// <summary>Runs one scan per group. The first that fails, or says that no more is needed, ends the rest; of several failures that of the first group is thrown.</summary>
    /// <param name="groups">How many.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="cancellation">Of the caller.</param>
    /// <param name="scan">Takes the group and the token that ends it; false when nothing more is needed of any group.</param>
    public static void Run(int groups, int threads, CancellationToken cancellation, Func<int, CancellationToken, bool> scan)
    {
        if (groups == 1)
        {
            scan(0, cancellation);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        var failures = new Exception?[groups];
        Parallel.For(0, groups, new ParallelOptions { MaxDegreeOfParallelism = threads }, g =>
        {
            try
            {
                if (!stop.IsCancellationRequested && !scan(g, stop.Token))
                {
                    stop.Cancel();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Another group ended the work, or the caller did.
            }
            catch (Exception e)
            {
                failures[g] = e;
                stop.Cancel();
            }
        });
        if (Array.Find(failures, f => f is not null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>One report of progress out of several that each go from 0 to 1.</summary>
    public static IProgress<double>[]? Shares(IProgress<double>? whole, int groups)
    {
        if (whole is null)
        {
            return null;
        }

        var shares = new double[groups];
        return [.. Enumerable.Range(0, groups).Select(g => new Share(value =>
        {
            lock (shares)
            {
                shares[g] = value;
                whole.Report(shares.Sum() / groups);
            }
        }))];
    }

    private sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
