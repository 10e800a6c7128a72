namespace Gnomon.Core.Evidence.Experiments;

/// <summary>One experiment's effect beside those of its programme.</summary>
public sealed record ProgrammeEffect : ISelectedEffect
{
    public required string Experiment { get; init; }

    public required double Difference { get; init; }

    public required double StandardError { get; init; }

    public required double PValue { get; init; }

    public required double Alpha { get; init; }

    public double? Shrunken { get; init; }

    public string? Unit { get; init; }

    public string Subject => Experiment;
}
