using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Tests of a thing against itself: A/A tests, or arms drawn again at random.</summary>
public sealed record NullReplays : IEvidence
{
    /// <summary>Tests run.</summary>
    public required long Replays { get; init; }

    /// <summary>Of them with p below <see cref="Alpha"/>.</summary>
    public required long Significant { get; init; }

    public required double Alpha { get; init; }
}
