using Gnomon.Core.Studies;

namespace Gnomon.Cli.Running;

/// <summary>One line on a terminal that says how far a run is, once it has taken a second; gone without a trace when it ends.</summary>
internal sealed class ProgressLine : IProgress<StudyProgress>, IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan FirstShown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly Timer _timer;
    private StudyProgress _latest = new("working", null);
    private bool _shown;
    private bool _ended;

    public ProgressLine(TextWriter writer)
    {
        _writer = writer;
        _timer = new Timer(_ => Draw(), null, FirstShown, Every);
    }

    /// <summary>A line where a person watches, nothing elsewhere.</summary>
    public static ProgressLine? For(Surface surface, bool quiet) => surface.ErrorIsTerminal && !quiet ? new ProgressLine(surface.Error) : null;

    public void Report(StudyProgress value)
    {
        lock (_gate)
        {
            _latest = value;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _ended = true;
            if (_shown)
            {
                _writer.Write("\r\u001b[K");
                _writer.Flush();
                _shown = false;
            }
        }
    }

    internal static string Text(StudyProgress progress)
    {
        if (progress.Share is not { } share)
        {
            return progress.Step;
        }

        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth, MidpointRounding.AwayFromZero);
        return $"[{new string('#', filled)}{new string('-', BarWidth - filled)}] {Math.Clamp(share, 0, 1) * 100,3:0} % {progress.Step}";
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _shown = true;
                _writer.Write($"\r{Text(_latest)}\u001b[K");
                _writer.Flush();
            }
        }
    }
}
