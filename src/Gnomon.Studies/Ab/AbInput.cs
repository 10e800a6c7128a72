using Gnomon.Core.Ledger;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>What was read or typed, reduced to moments: all that the estimates, the evidence and the words need.</summary>
internal sealed record AbInput
{
    /// <summary>Arms that were seen, control first.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>What was drawn by chance, per arm, where that is not the unit: whole groups of linked units. Null where units were drawn.</summary>
    public IReadOnlyList<long>? Drawn { get; init; }

    /// <summary>Units per arm, those without an outcome included.</summary>
    public required IReadOnlyList<long> Units { get; init; }

    /// <summary>One entry per metric of the design, in its order.</summary>
    public required IReadOnlyList<MetricInput> Metrics { get; init; }

    public required long Rows { get; init; }

    /// <summary>True when units repeat over rows and totals per unit were taken.</summary>
    public bool Repeated { get; init; }

    /// <summary>True when some unit has rows on several days: <see cref="FirstDay"/> and <see cref="LastDay"/> are those of the rows, days of <see cref="ArmMetric.ByDay"/> those on which units came first.</summary>
    public bool SeveralDays { get; init; }

    public long UnitsInSeveralArms { get; init; }

    public string OverlapTreatment { get; init; } = "set aside";

    public IReadOnlyList<Exclusion> Exclusions { get; init; } = [];

    public long? FirstDay { get; init; }

    public long? LastDay { get; init; }

    public int? Days => FirstDay is null ? null : (int)(LastDay!.Value - FirstDay.Value) + 1;

    /// <summary>Pre-period covariates per arm, over units that have all of them; empty without <c>--pre</c>.</summary>
    public IReadOnlyList<CoMoments> PrePeriod { get; init; } = [];

    /// <summary>Bottom-k hashes of the units, ascending; empty when there is no unit column.</summary>
    public IReadOnlyList<ulong> UnitSketch { get; init; } = [];

    /// <summary>Arm of each unit of the sketch, as a number; -1 for a unit in several arms.</summary>
    public IReadOnlyList<int> SketchArms { get; init; } = [];

    /// <summary>How clusters, blocks of time or linked units were assigned; null where units are taken as independent.</summary>
    public Touching.DesignedContrasts? Designed { get; init; }

    /// <summary>Differences adjusted by --predict or --post-stratify; null without either.</summary>
    public Metrics.Adjustments? Adjustments { get; init; }

    /// <summary>Times and curves behind --survival.</summary>
    public Metrics.SurvivalTimes? Survival { get; init; }

    /// <summary>What --surrogates rests on.</summary>
    public Metrics.SurrogateReport? Surrogates { get; init; }

    /// <summary>How the primary comparisons move together, for --family maxt.</summary>
    public Metrics.FamilyCorrelation? Correlation { get; init; }

    public long TotalUnits => Units.Sum();
}

/// <summary>One metric in every arm.</summary>
internal sealed record MetricInput
{
    public required MetricSpec Spec { get; init; }

    public required IReadOnlyList<ArmMetric> Arms { get; init; }

    /// <summary>All values are 0 or 1: compare proportions.</summary>
    public required bool Binary { get; init; }

    /// <summary>Totals per unit divided by totals per unit: the moments are those of the linearised ratio.</summary>
    public bool IsRatio { get; init; }

    /// <summary>Every row holds 0 or 1, although units repeat: the mean is a share.</summary>
    public bool IsShare { get; init; }

    /// <summary>The mean per row is told in the metric's own unit, although totals were divided.</summary>
    public bool InOwnUnit { get; init; }

    /// <summary>Differences and lifts by arm, where the arms' estimates are not independent.</summary>
    public IReadOnlyDictionary<int, Metrics.OwnContrast>? Own { get; init; }

    /// <summary>A derived metric that the design compares, as it does means.</summary>
    public bool ByDesign { get; init; }

    /// <summary>How a derived metric was computed.</summary>
    public string? Method { get; init; }

    public string Unit => Spec.Derived is { } derived ? IsShare ? "proportion" : derived.Unit : Binary || IsShare ? "proportion" : IsRatio && !InOwnUnit ? "ratio" : Spec.Name;
}

/// <summary>One metric in one arm.</summary>
internal sealed record ArmMetric
{
    /// <summary>Moments per unit; for a ratio those of its linearised values (mean = the ratio, spread = delta method).</summary>
    public required Moments Values { get; init; }

    /// <summary>Why a derived metric cannot be computed in this arm.</summary>
    public string? Refused { get; init; }

    /// <summary>Units without a value.</summary>
    public long Missing { get; init; }

    /// <summary>Outcome, or numerator and denominator, followed by covariates and their missing-value indicators; null when none is needed.</summary>
    public CoMoments? Joint { get; init; }

    /// <summary>Denominator per unit, for ratios.</summary>
    public Moments? Denominator { get; init; }

    /// <summary>Largest values, descending, at most 50.</summary>
    public IReadOnlyList<double> Top { get; init; } = [];

    /// <summary>By day, as days since 1970-01-01.</summary>
    public IReadOnlyDictionary<long, Moments> ByDay { get; init; } = new Dictionary<long, Moments>();

    /// <summary>By segment column and its value.</summary>
    public IReadOnlyDictionary<(int Segment, string Value), Moments> BySegment { get; init; } = new Dictionary<(int Segment, string Value), Moments>();

    /// <summary>Row-level moments where units repeat: what an analysis of rows would have used.</summary>
    public Moments? RowValues { get; init; }

    /// <summary>Units (trials for a rate) with a value.</summary>
    public long N => Values.Count;
}
