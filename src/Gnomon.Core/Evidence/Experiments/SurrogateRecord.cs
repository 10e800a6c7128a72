using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What past experiments say about an early outcome that is decided on in place of a later one.</summary>
public sealed record SurrogateRecord : IEvidence
{
    /// <summary>The outcome that decides.</summary>
    public required string Proxy { get; init; }

    /// <summary>The outcome that is wanted.</summary>
    public required string Goal { get; init; }

    /// <summary>Past experiments that measured both; empty when none is known.</summary>
    public required IReadOnlyList<PairedEffects> Tests { get; init; }

    public string Subject => Proxy;
}

/// <summary>One past experiment's effects on two outcomes.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Proxy">Effect on the early outcome.</param>
/// <param name="Goal">Effect on the late one.</param>
/// <param name="ProxyVariance">Sampling variance of the early one, positive.</param>
/// <param name="GoalVariance">Sampling variance of the late one, positive.</param>
/// <param name="Covariance">Their sampling covariance: they share their units.</param>
public sealed record PairedEffects(string Experiment, double Proxy, double Goal, double ProxyVariance, double GoalVariance, double Covariance);
