using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.DuckDb;

/// <summary>Asks a connection now and then how far its running statement is.</summary>
internal sealed class ProgressWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private bool _isOver;

    public ProgressWatch(Connection connection, IProgress<double> progress)
    {
        connection.Execute("SET enable_progress_bar = true");
        connection.Execute("SET enable_progress_bar_print = false");
        _timer = new Timer(
            _ =>
            {
                // The connection must outlive the question.
                lock (_gate)
                {
                    if (!_isOver && connection.Progress() is { } share)
                    {
                        progress.Report(share);
                    }
                }
            },
            null,
            Every,
            Every);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _timer.Dispose();
    }
}
