using Gnomon.Trust.Paths;

namespace Gnomon.Trust;

/// <summary>The default paths whose error rates <c>gnomon trust</c> measures.</summary>
public static class TrustPaths
{
    public static IReadOnlyList<TrustPath> All { get; } = [.. MeanPaths.All, .. ProportionPaths.All, .. GroupPaths.All, .. RegressionPaths.All, .. DependencePaths.All, .. SurvivalPaths.All, .. ExperimentPaths.All, .. PeekingPaths.All];
}
