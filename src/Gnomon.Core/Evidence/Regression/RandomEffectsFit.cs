using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>How the random effects of a mixed model came out.</summary>
public sealed record RandomEffectsFit : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>Groups of the grouping with fewest.</summary>
    public required long Groups { get; init; }

    /// <summary>The random terms as they were asked for.</summary>
    public required string Asked { get; init; }

    /// <summary>What is singular, one sentence part each; empty when nothing is.</summary>
    public required IReadOnlyList<string> Singular { get; init; }

    /// <summary>The random terms of the refit without what is singular; empty when none was left.</summary>
    public string Refit { get; init; } = string.Empty;

    /// <summary>Largest change of a coefficient between the two fits, in its standard errors.</summary>
    public double LargestShift { get; init; }
}
