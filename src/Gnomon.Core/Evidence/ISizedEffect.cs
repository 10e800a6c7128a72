using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence;

/// <summary>An effect whose size can be held against what is worth having.</summary>
public interface ISizedEffect : IEvidence
{
    /// <summary>The effect in its own unit, with its interval.</summary>
    double Difference { get; }

    double Low { get; }

    double High { get; }

    double PValue { get; }

    /// <summary>The p-value with the comparisons beside it counted: what significance is claimed by.</summary>
    double FamilyPValue => PValue;

    double Alpha { get; }

    /// <summary>Smallest worthwhile effect as an absolute difference (positive); null when none was declared.</summary>
    double? Worthwhile { get; }

    /// <summary>Standard deviation of the outcome, in the unit of the effect.</summary>
    double ControlDeviation { get; }
}
