using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Data;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>Everything that was measured about one substitute.</summary>
internal sealed record SubstituteFacts
{
    public required string Source { get; init; }

    /// <summary>Columns of the real rows that are compared.</summary>
    public required int Columns { get; init; }

    /// <summary>Columns of the real rows that it lacks or holds as another kind.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public required SubstituteQuality Quality { get; init; }

    public required RankShares Ranks { get; init; }

    public required LearningCurveFit? Curve { get; init; }
}
