using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>The shape of a mean's data: is the normal approximation safe, do few units carry the total?</summary>
public sealed record TailShape : IEvidence
{
    public required string Metric { get; init; }

    public required IReadOnlyList<string> Arms { get; init; }

    public required IReadOnlyList<Moments> Values { get; init; }

    /// <summary>Share of the metric's total held by the largest 0.1 % of units, all arms together; null when the total is not positive or values can be negative.</summary>
    public double? TopShare { get; init; }

    public string Subject => Metric;
}
