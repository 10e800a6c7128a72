using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How many units each arm received, against the plan.</summary>
public sealed record AssignmentCounts : IEvidence
{
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Units per arm; an arm of the plan that received nobody has 0.</summary>
    public required IReadOnlyList<long> Observed { get; init; }

    /// <summary>Planned shares, adding to 1; an arm that was to receive nobody has 0.</summary>
    public required IReadOnlyList<double> PlannedShares { get; init; }

    /// <summary>True when a person stated the split; false when equal shares were assumed.</summary>
    public required bool SplitDeclared { get; init; }

    /// <summary>Looks at this experiment so far, this one included.</summary>
    public int Looks { get; init; } = 1;

    /// <summary>Outcome of the primary metric per arm, for the worst bias an imbalance could cause; empty when there is none.</summary>
    public IReadOnlyList<Moments> Outcomes { get; init; } = [];

    /// <summary>Smallest worthwhile effect as an absolute difference, to judge that bias by; null when none was declared.</summary>
    public double? Worthwhile { get; init; }

    /// <summary>p of the split test as it was recorded, where the counts are no longer at hand; null where they are.</summary>
    public double? RecordedP { get; init; }

    /// <summary>Units per arm at the earlier looks, in the order of <see cref="Arms"/>, oldest first; null for a look whose units per arm are not on record.</summary>
    public IReadOnlyList<IReadOnlyList<long>?> Earlier { get; init; } = [];

    /// <summary>The experiment, where a finding speaks of several; empty when there is only one.</summary>
    public string Subject { get; init; } = string.Empty;
}
