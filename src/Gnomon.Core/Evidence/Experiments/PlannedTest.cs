using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What can be asked for its power: a plan, or a result.</summary>
public interface IPoweredTest : IEvidence;

/// <summary>A test before its data: the size it will have and the effect that matters.</summary>
public sealed record PlannedTest : IPoweredTest
{
    public required string Metric { get; init; }

    /// <summary>Units in all, or clusters where those are randomised.</summary>
    public required long Total { get; init; }

    /// <summary>Smallest worthwhile effect in words, with its unit.</summary>
    public required string Worthwhile { get; init; }

    /// <summary>Chance of finding that effect with that size.</summary>
    public required double Power { get; init; }

    /// <summary>Units in all that would give the wanted power.</summary>
    public required long Needed { get; init; }

    string IEvidence.Subject => Metric;
}
