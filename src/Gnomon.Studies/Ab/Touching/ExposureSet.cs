using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>One metric of units that are linked.</summary>
internal sealed record ExposureAnswer(string Name, bool IsShare, ExposureEffects? Effects, NeighbourResponseResult? Response, Moments Treated, Moments Control, int Missing, ContrastResult? ByClusters)
{
    // Where fewer units could have met both exposures, the answer would be about other units than those of the experiment.
    private const double FewestEligible = 0.5;

    /// <summary>Why the response to neighbours was not tested; null when it was.</summary>
    public string? NoResponse { get; init; }

    /// <summary>Value of each unit, as it is compared.</summary>
    public double[] Values { get; init; } = [];

    /// <summary>The total effect where all neighbours or none are treated; null where no line tells it.</summary>
    public FullExposureResult? Full { get; init; }

    /// <summary>Whether that line bends; null where nothing was carried on.</summary>
    public ExposureCurveResult? Curve { get; init; }

    /// <summary>How a metric that is no mean was computed.</summary>
    public string? Method { get; init; }

    /// <summary>Why it could not be computed; null when it was.</summary>
    public string? Refused { get; init; }

    /// <summary>The two pure exposures as they were met, where enough units could have met both.</summary>
    public ExposureContrast? Met => IsIdentified(Effects) ? Effects!.Total : null;

    /// <summary>Everybody against nobody, where the design identifies it: carried on to all neighbours where a line tells how, as met otherwise.</summary>
    public TotalEffect? Total => Met is not { } met ? null : Full is { } full ? new(full.Difference, full.FirstMean, full.SecondMean) : new(met.Difference, met.FirstMean, met.SecondMean);

    /// <summary>Whether enough units could have met both exposures.</summary>
    public static bool IsIdentified(ExposureEffects? effects) => effects?.Total is { } total && total.EligibleShare >= FewestEligible;

    /// <summary>The metric as levels are told: by exposure where the total effect is known, by arm otherwise.</summary>
    public MetricInput Input(MetricSpec spec) => new()
    {
        Spec = spec,
        Binary = false,
        IsShare = IsShare,
        IsRatio = true,
        InOwnUnit = spec.Denominator is null,
        ByDesign = spec.Derived is not null,
        Method = Method,
        Arms = Refused is { } why ? [new ArmMetric { Values = Moments.Empty, Refused = why }, new ArmMetric { Values = Moments.Empty, Refused = why }] : Total is { } t
            ? [Level(Control, t.Control), Level(Treated, t.Treated)]
            : [new ArmMetric { Values = Control }, new ArmMetric { Values = Treated }],
    };

    private static ArmMetric Level(Moments arm, double mean) => new() { Values = new Moments(arm.Count, mean, arm.M2) };
}

/// <summary>What exposure says of one metric.</summary>
internal sealed record ExposureContrastSet : DesignedContrast
{
    public required ExposureAnswer Answer { get; init; }
}

/// <summary>Linked units, the clusters that were assigned and what they met.</summary>
internal sealed record ExposureSet(IReadOnlyList<ExposureAnswer> Metrics) : DesignedContrasts
{
    public required ExposureAnalysis Analysis { get; init; }

    /// <summary>Column of the clusters; null where units were assigned one by one.</summary>
    public string? Cluster { get; init; }

    public required int Clusters { get; init; }

    public required long Edges { get; init; }

    public required long Strangers { get; init; }

    /// <summary>Share of edges whose ends lie in different arms.</summary>
    public required double CrossArms { get; init; }

    /// <summary>Share of edges whose ends lie in different clusters.</summary>
    public double? CrossClusters { get; init; }

    public required double Surrounded { get; init; }

    /// <summary>Communities one could randomise; null where clusters were.</summary>
    public (int Count, double Cross, double Modularity)? Suggested { get; init; }

    public override (ContrastResult Difference, ContrastResult? Log)? Ratio(string above, string? below, int arm, double level)
    {
        var (first, second) = (Of(above), Of(below ?? above));
        var means = Analysis.Means(first, second);
        ContrastResult Compare(LinearForm t, LinearForm c) => Analysis.Compare(first, second, t, c);
        return below is null ? LinearisedParts.Mean(means, Compare) : LinearisedParts.Ratio(means, Compare);
    }

    public override Parted? TwoPart(string value, string any, int arm, double level)
    {
        var means = Analysis.Means(Of(value), Of(any));
        return new Parted(LinearisedParts.TwoPart(means, (t, c) => Analysis.Compare(Of(value), Of(any), t, c)), means);
    }

    private double[] Of(string metric) => Metrics.First(m => m.Name == metric).Values;

    public override ExposureContrastSet Contrast(string metric, int arm, double level, ulong seed)
    {
        var a = Metrics.First(x => x.Name == metric);
        var naive = WelchT.TryTest(a.Treated, a.Control, level);
        var plain = (Cluster is null ? naive : a.ByClusters)
            ?? throw new NotEstimableException($"{metric} does not vary within the arms");
        var (effect, x, y) = a.Total is { } t
            ? (t.Difference, t.Treated, t.Control)
            : (plain with { Method = $"{plain.Method}; treated against control as they were mixed, not everybody against nobody" }, a.Treated.Mean, a.Control.Mean);
        var half = effect.StandardError * effect.StandardError / 2;
        return new ExposureContrastSet
        {
            Effect = effect,
            Naive = naive,
            Answer = a,
            Lift = y == 0 ? new LiftResult(null, null, "the control value is 0") : RelativeLift.Compare(new MeanEstimate(x, half), new MeanEstimate(y, half), 0, level),
        };
    }
}
