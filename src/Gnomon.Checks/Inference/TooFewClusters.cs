using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Clustered errors rest on few clusters.</summary>
public sealed class TooFewClusters : Check<ClusterCount>
{
    private const long Enough = 40;
    private const long EnoughForBiasReduced = 12;
    private const double EnoughDegrees = 4;

    public override CheckCard Card { get; } = new(
        Id: "too-few-clusters",
        Asks: "Are there enough clusters for clustered errors?",
        FiresWhen: "fewer than 40 clusters with the usual clustered errors; with bias-reduced errors (CR2) fewer than 12, or fewer than 4 Satterthwaite degrees of freedom; the same for the groups of a mixed model",
        Means: "There are too few groups for the usual clustered errors to be honest.",
        Remedy: "Use bias-reduced errors with Satterthwaite degrees of freedom or the wild cluster bootstrap, and more clusters next time.",
        Source: "Cameron, Gelbach and Miller 2008; MacKinnon and Webb 2018; Pustejovsky and Tipton 2018")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, DetectionRate = 1 };

    public override CheckResult Evaluate(ClusterCount evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Clusters < 2)
        {
            return CheckResult.Skip($"{evidence.Clusters} cluster of {evidence.Column} leaves nothing to compare");
        }

        var says = $"{Figures.Count(evidence.Clusters)} clusters of {evidence.Column}, the largest with {Figures.Percent(evidence.LargestShare, 0)} of {Figures.Count(evidence.Rows)} rows{(evidence.SmallestDegrees is { } d ? $"; {(evidence.IsMixedModel ? "mixed model" : evidence.IsRerandomised ? "randomisation test, bias-reduced errors beside it" : "bias-reduced errors")} with {d:0.0} degrees of freedom or more" : string.Empty)}";
        if (evidence.SmallestDegrees is not { } degrees)
        {
            return evidence.Clusters < Enough ? CheckResult.Warn(says, evidence.Clusters, Enough) : CheckResult.Pass(says, evidence.Clusters, Enough);
        }

        return evidence.Clusters < EnoughForBiasReduced || degrees < EnoughDegrees
            ? CheckResult.Warn(says, evidence.Clusters, EnoughForBiasReduced) with { Remedy = evidence.IsRerandomised ? $"The test assigns the clusters again, which is right for any number of them, but so few see large effects only: randomise more next time." : evidence.IsMixedModel ? $"Observe more {evidence.Column} groups: with so few, how much groups differ is hardly known, and normality carries the intervals." : null }
            : CheckResult.Pass(says, evidence.Clusters, EnoughForBiasReduced);
    }

    public override ClusterCount Trap(int seed) => Simulate(seed, 10);

    public override ClusterCount Clean(int seed) => Simulate(seed, 60);

    public override ClusterCount? Tiny => new() { Column = "store", Rows = 20, Clusters = 1, LargestShare = 1 };

    private static ClusterCount Simulate(int seed, int about)
    {
        var rng = new Rng(seed).Stream("too-few-clusters");
        var clusters = about + rng.NextInt(20);
        return new ClusterCount { Column = "store", Rows = 50 * clusters, Clusters = clusters, LargestShare = 2.0 / clusters };
    }
}
