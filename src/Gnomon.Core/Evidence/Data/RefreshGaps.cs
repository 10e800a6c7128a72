namespace Gnomon.Core.Evidence.Data;

/// <summary>How often a column changes along a column of times, and how long ago it last did. Ages are measured against the newest row, never against the clock.</summary>
public sealed record RefreshGaps : Freshness
{
    public required string Column { get; init; }

    public required string TimeColumn { get; init; }

    /// <summary>Changes from one row to the next, in the order of time.</summary>
    public required long Changes { get; init; }

    /// <summary>Middle and longest time between two changes, in seconds.</summary>
    public required double MedianGapSeconds { get; init; }

    public required double LongestGapSeconds { get; init; }

    /// <summary>From the last change to the newest row, in seconds.</summary>
    public required double SinceLastChangeSeconds { get; init; }

    /// <summary>Rows since the last change: all of them hold its value.</summary>
    public required long RowsSinceLastChange { get; init; }

    public override string Subject => Column;
}
