using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Survival;

/// <summary>How long units of each group were watched, the event aside.</summary>
public sealed record FollowUpBalance : IEvidence
{
    /// <summary>The follow-up time.</summary>
    public required string Outcome { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Units of each group.</summary>
    public required IReadOnlyList<long> Units { get; init; }

    /// <summary>Units of each group whose watch ended without the event before <see cref="Horizon"/>.</summary>
    public required IReadOnlyList<long> Lost { get; init; }

    /// <summary>Share of each group still watched at the horizon, by Kaplan and Meier with event and end of watch exchanged.</summary>
    public required IReadOnlyList<double> StillWatched { get; init; }

    /// <summary>Time up to which the groups are compared.</summary>
    public required double Horizon { get; init; }

    /// <summary>Log-rank test of the ends of watch.</summary>
    public required double PValue { get; init; }
}
