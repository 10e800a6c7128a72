using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Whether a row label tells the target on rows held out.</summary>
public sealed record IdentifierSignal : IEvidence
{
    public required string Column { get; init; }

    public required string Target { get; init; }

    /// <summary>Share of rows whose label occurs once.</summary>
    public required double UniqueShare { get; init; }

    /// <summary>Rows held out.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Held-out share of the target's variance that twenty bands of the label explain; below 0 when it hurts.</summary>
    public required double Gain { get; init; }

    /// <summary>The same for columns of random numbers, ascending.</summary>
    public required IReadOnlyList<double> Probes { get; init; }

    public string Subject => Column;
}
