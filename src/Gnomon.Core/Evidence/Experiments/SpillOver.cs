using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>A sign that the arm of one unit, market or period reaches the outcome of another.</summary>
public sealed record SpillOver : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>What was set against what, in words: <c>cells whose block before was treated against those whose block before was control</c>.</summary>
    public required string Compared { get; init; }

    /// <summary>How much outcomes answer, in the metric's unit or per unit of the treated share, as <see cref="Compared"/> says.</summary>
    public required double Response { get; init; }

    /// <summary>The response in words, with its unit.</summary>
    public required string ResponseText { get; init; }

    /// <summary>p of the test that assigns again; null where only links were counted.</summary>
    public double? PValue { get; init; }

    /// <summary>The smallest p the test could have given.</summary>
    public double SmallestP { get; init; }

    /// <summary>Units, cells or regions that were looked at.</summary>
    public required long Looked { get; init; }

    /// <summary>What mends it here; null for the check's own words.</summary>
    public string? Instead { get; init; }

    /// <summary>The answer given already allows for it: exposure was modelled.</summary>
    public bool IsModelled { get; init; }

    /// <summary>Why nothing was looked at; null where something was.</summary>
    public string? NotLooked { get; init; }

    /// <summary>With <see cref="NotLooked"/>: the data hold columns that units may share, so that not looking leaves a hole.</summary>
    public bool HasCause { get; init; }

    public string Subject => Metric;
}
