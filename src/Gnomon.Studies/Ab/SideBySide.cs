using System.Runtime.ExceptionServices;

namespace Gnomon.Studies.Ab;

/// <summary>Scans that run at the same time.</summary>
internal static class SideBySide
{
    /// <summary>Runs the scans. The first that fails, or says that no more is needed, ends the rest; of several failures that of the first scan is thrown.</summary>
    /// <param name="scans">How many.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="cancellation">Of the caller.</param>
    /// <param name="scan">Takes its number and the token that ends it; false when nothing more is needed of any scan.</param>
    public static void Run(int scans, int threads, CancellationToken cancellation, Func<int, CancellationToken, bool> scan)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var failures = new Exception?[scans];
        Parallel.For(0, scans, new ParallelOptions { MaxDegreeOfParallelism = threads }, g =>
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
                // Another scan ended the work, or the caller did.
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
    public static IProgress<double>[]? Shares(IProgress<double>? whole, int scans)
    {
        if (whole is null)
        {
            return null;
        }

        var shares = new double[scans];
        return [.. Enumerable.Range(0, scans).Select(g => new Share(value =>
        {
            lock (shares)
            {
                shares[g] = value;
                whole.Report(shares.Sum() / scans);
            }
        }))];
    }

    private sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
