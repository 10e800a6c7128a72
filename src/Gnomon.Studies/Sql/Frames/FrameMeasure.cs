using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Sql.Frames;

/// <summary>What was seen of the loop, of the files side by side and of the pass.</summary>
internal sealed record FrameMeasure
{
    /// <summary>Files that were taken one by one.</summary>
    public required int Files { get; init; }

    public required long Rows { get; init; }

    /// <summary>Cells that were compared.</summary>
    public required long Cells { get; init; }

    /// <summary>Cells in which the pass differs from the loop.</summary>
    public required long LoopDiffers { get; init; }

    /// <summary>Cells in which the parts differ from the loop.</summary>
    public required long MapDiffers { get; init; }

    /// <summary>The loop as it ran here, for one file.</summary>
    public required LoopTimes Here { get; init; }

    /// <summary>The same files in parts, side by side.</summary>
    public required double MapSeconds { get; init; }

    /// <summary>Reading all files at once.</summary>
    public required double LoadSeconds { get; init; }

    public required WorkDone Work { get; init; }

    /// <summary>The whole pass as some of the files predict it; null where it was not asked for, or the files are too few.</summary>
    public required ScalingForecast? Forecast { get; init; }

    /// <summary>Peak memory of the whole pass as the same files predict it, in bytes.</summary>
    public required ScalingForecast? Memory { get; init; }

    /// <summary>Reading and answering all files.</summary>
    public double PassSeconds => LoadSeconds + Work.Seconds;
}
