using System.Runtime.InteropServices;

namespace Gnomon.Cli.Running;

/// <summary>Ctrl-C and SIGTERM cancel the run; what does not end by itself within a second is ended.</summary>
internal sealed class Interrupt : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private Timer? _watchdog;

    public Interrupt()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, Cli.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Cli.ExitCode.Terminated));
    }

    public CancellationToken Token => _source.Token;

    public int ExitCode { get; private set; } = Cli.ExitCode.Interrupted;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _watchdog?.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal, int code)
    {
        signal.Cancel = true;
        ExitCode = code;
        _watchdog ??= new Timer(_ => Environment.Exit(code), null, Patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }
}
