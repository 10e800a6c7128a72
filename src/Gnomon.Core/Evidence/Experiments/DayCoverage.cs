using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Which days the experiment covers.</summary>
public sealed record DayCoverage : IEvidence
{
    /// <summary>Calendar days from the first to the last, both included.</summary>
    public required int Days { get; init; }

    /// <summary>First day, as days since 1970-01-01.</summary>
    public required long FirstDay { get; init; }

    /// <summary>Days without a single unit.</summary>
    public int EmptyDays { get; init; }

    /// <summary>The primary metric by weekday, Monday first, all arms pooled; entries may be empty.</summary>
    public IReadOnlyList<Moments> ByWeekday { get; init; } = [];

    /// <summary>The primary metric by day, all arms pooled: the noise between days of one weekday.</summary>
    public IReadOnlyList<Moments> ByDay { get; init; } = [];
}
