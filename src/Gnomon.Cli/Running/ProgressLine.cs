using Gnomon.Core.Studies;

namespace Gnomon.Cli.Running;

/// <summary>One line on a terminal that says how far a run is, once it has taken a second; gone without a trace when it ends.</summary>
internal sealed class ProgressLine : IProgress<StudyProgress>, IDisposable
{
    private const int BarWidth = 24;
    private const double LeastShare = 0.03;
    private static readonly TimeSpan FirstShown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly Timer _timer;
    private readonly TimeProvider _clock;
    private StudyProgress _latest = new("working", null);
    private long _stepBegan;
    private bool _shown;
    private bool _ended;

    public ProgressLine(TextWriter writer, TimeProvider? clock = null)
    {
        _writer = writer;
        _clock = clock ?? TimeProvider.System;
        _stepBegan = _clock.GetTimestamp();
        _timer = new Timer(_ => Draw(), null, FirstShown, Every);
    }

    /// <summary>A line where a person watches, nothing elsewhere.</summary>
    public static ProgressLine? For(Surface surface, bool quiet) => surface.ErrorIsTerminal && !quiet ? new ProgressLine(surface.Error, surface.Clock) : null;

    public void Report(StudyProgress value)
    {
        lock (_gate)
        {
            _stepBegan = value.Step == _latest.Step ? _stepBegan : _clock.GetTimestamp();
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

    /// <summary>Rate and time left, once they can be told: <c>, 210 MiB/s, about 40 s left</c>.</summary>
    internal static string Pace(StudyProgress progress, TimeSpan elapsed)
    {
        if (progress.Share is not (> LeastShare and < 1) || elapsed < FirstShown)
        {
            return string.Empty;
        }

        var share = progress.Share.Value;
        var rate = progress.Bytes is { } bytes ? $", {bytes * share / elapsed.TotalSeconds / (1 << 20):0} MiB/s" : string.Empty;
        var left = elapsed.TotalSeconds * (1 - share) / share;
        return $"{rate}, about {(left < 90 ? $"{Math.Max(1, left):0} s" : left < 5400 ? $"{left / 60:0} min" : $"{left / 3600:0.0} h")} left";
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _shown = true;
                _writer.Write($"\r{Text(_latest)}{Pace(_latest, _clock.GetElapsedTime(_stepBegan))}\u001b[K");
                _writer.Flush();
            }
        }
    }
}
