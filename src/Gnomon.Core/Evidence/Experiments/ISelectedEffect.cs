using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>An effect that is read because it was significant.</summary>
public interface ISelectedEffect : IEvidence
{
    /// <summary>The estimate, in its unit.</summary>
    double Difference { get; }

    double StandardError { get; }

    double PValue { get; }

    /// <summary>Two-sided size of the test that selected it.</summary>
    double Alpha { get; }

    /// <summary>The estimate shrunk by what alike experiments showed; null when there are none to learn from.</summary>
    double? Shrunken => null;

    /// <summary>Unit of the contract for sentences; null for a bare number.</summary>
    string? Unit => null;
}
