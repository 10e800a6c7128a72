using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Columns beside a target that may hold what was not known at the time of their row.</summary>
public sealed record FutureColumns : IEvidence
{
    public required string Target { get; init; }

    public required string TimeColumn { get; init; }

    /// <summary>Rows with a time.</summary>
    public required long Rows { get; init; }

    /// <summary>Other columns of times, with how often they lie after the row's own.</summary>
    public required IReadOnlyList<LaterTimes> Later { get; init; }

    /// <summary>Columns that newer rows do not have yet.</summary>
    public required IReadOnlyList<FilledLater> Filled { get; init; }

    /// <summary>Columns that change within an entity when its target does.</summary>
    public required IReadOnlyList<ChangedWithTarget> Changed { get; init; }

    public string Subject => Target;
}

/// <param name="Column">The column of times.</param>
/// <param name="Rows">Rows with both times.</param>
/// <param name="After">Rows where it lies after the row's time.</param>
/// <param name="MedianLag">How much later in words, among those that are.</param>
public sealed record LaterTimes(string Column, long Rows, long After, string MedianLag);

/// <param name="Column">The column.</param>
/// <param name="OldMissing">Rows without a value among the older nine tenths.</param>
/// <param name="OldRows">Rows among the older nine tenths.</param>
/// <param name="NewMissing">Rows without a value among the newest tenth.</param>
/// <param name="NewRows">Rows of the newest tenth.</param>
/// <param name="LowestDifference">Lower 99.9 % limit of the difference of the two shares.</param>
public sealed record FilledLater(string Column, long OldMissing, long OldRows, long NewMissing, long NewRows, double LowestDifference);

/// <param name="Column">The column.</param>
/// <param name="With">Steps at which it changed, among those at which the target changed.</param>
/// <param name="WithSteps">Steps at which the target changed.</param>
/// <param name="Without">Steps at which it changed, among the others.</param>
/// <param name="WithoutSteps">The other steps.</param>
/// <param name="LowestDifference">Lower 99.9 % limit of the difference of the two shares.</param>
public sealed record ChangedWithTarget(string Column, long With, long WithSteps, long Without, long WithoutSteps, double LowestDifference);
