using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>One metric by cluster.</summary>
internal sealed record ClusterMetric
{
    public required string Name { get; init; }

    /// <summary>What every value was lowered by before it was summed.</summary>
    public required double Centre { get; init; }

    /// <summary>Clusters of each arm, in the order of the input's arms.</summary>
    public required IReadOnlyList<ClusterTotals> Arms { get; init; }

    /// <summary>Sum of squared centred values per arm; null for ratios, whose rows are not units of equal weight.</summary>
    public double[]? Squares { get; init; }

    /// <summary>Every value is 0 or 1.</summary>
    public bool IsShare { get; init; }

    /// <summary>For each arm, each covariate over its clusters; empty without <c>--pre</c>.</summary>
    public IReadOnlyList<double[][]> Before { get; init; } = [];

    /// <summary>An arm against control at a level, where the values rest on a model that was learned elsewhere; null where they were measured.</summary>
    public Func<int, double, ClusteredSurrogateResult>? Learned { get; init; }

    public Moments Rows(int arm)
    {
        var (n, sum) = (Math.Round(Arms[arm].Sizes.Sum()), Arms[arm].Sums.Sum());
        return n < 1 ? Moments.Empty : new Moments((long)n, Centre + sum / n, Math.Max(0, Squares![arm] - sum * (sum / n)));
    }
}

/// <summary>One metric in one arm against control, where clusters were assigned: re-assigned for few clusters, CR2 otherwise.</summary>
internal sealed record ClusterContrast : DesignedContrast
{
    public required ContrastResult BiasReduced { get; init; }

    /// <summary>Without adjustment for the pre-period; null where there was none.</summary>
    public ContrastResult? Unadjusted { get; init; }

    /// <summary>Null where there are too many clusters to re-assign.</summary>
    public RerandomisationResult? Rerandomised { get; init; }

    public ClusterVariationResult? Variation { get; init; }

    public required int Treated { get; init; }

    public required int Control { get; init; }

    public required double Units { get; init; }

    public required double LargestShare { get; init; }

    public int Clusters => Treated + Control;

    public bool IsRerandomised => Effect != BiasReduced;
}

/// <summary>The clusters that were assigned, with the comparison they allow.</summary>
internal sealed record ClusterSet(string Column, IReadOnlyList<ClusterMetric> Metrics) : DesignedContrasts
{
    /// <summary>Below this many clusters the test re-assigns them (Gerber and Green 2012; the design page of the product).</summary>
    public const int FewClusters = 12;

    private const int MostRerandomised = 20_000;

    /// <summary>Clusters that lie in several arms and were set aside.</summary>
    public int Mixed { get; init; }

    /// <summary>Differences are adjusted for what the clusters were before.</summary>
    public bool Adjusts { get; init; }

    /// <exception cref="NotEstimableException">Too few clusters for any test at this level.</exception>
    /// <exception cref="TooFewRowsException">An arm has one cluster.</exception>
    public override ClusterContrast Contrast(string metric, int arm, double level, ulong seed)
    {
        var m = Metrics.First(x => x.Name == metric);
        var (t, c) = (m.Arms[arm], m.Arms[0]);
        RequireClusters(t, c, 1 - level);
        var learned = m.Learned?.Invoke(arm, level);
        var plain = learned is null ? ClusterComparison.Compare(t, c, level) : new(learned.Difference, learned.X with { Mean = learned.X.Mean - m.Centre }, learned.Y with { Mean = learned.Y.Mean - m.Centre });
        double[][] before = [.. m.Before.Count == 0 ? [] : m.Before[arm].Zip(m.Before[0], (x, y) => x.Concat(y).ToArray())];
        var adjusted = before.Length > 0 ? ClusterAncova.Compare(t, c, before, level) : null;
        var cr2 = adjusted is null ? plain : new ClusterComparisonResult(adjusted.Difference, adjusted.First, adjusted.Second);
        var (all, options) = (t.Count + c.Count, new RerandomisationOptions { Seed = seed, Draws = adjusted is null ? 9_999 : 1_999, MostEnumerated = adjusted is null ? 200_000 : 20_000 });
        var again = all > MostRerandomised ? null : adjusted is null ? ClusterRandomisation.Test(t, c, options) : ClusterAncova.Test(t, c, before, options);
        var effect = all < FewClusters
            ? Rerandomised(cr2.Difference, again!, adjusted is null ? ClusterRandomisation.Invert(t, c, level, options) : ClusterAncova.Invert(t, c, before, level, options), all) : cr2.Difference;
        effect = learned is not null && effect != cr2.Difference ? Wider(effect, cr2.Difference) : effect;
        return new ClusterContrast
        {
            Effect = effect,
            BiasReduced = cr2.Difference,
            Unadjusted = adjusted is null ? null : plain.Difference,
            Rerandomised = again,
            Naive = m.Squares is null ? null : WelchT.TryTest(m.Rows(arm), m.Rows(0), level),
            Variation = Variation(m, arm, level),
            Lift = LiftOf(cr2, m.Centre, adjusted?.Covariance ?? learned?.Shared ?? 0, level),
            Treated = t.Count,
            Control = c.Count,
            Units = t.Sizes.Sum() + c.Sizes.Sum(),
            LargestShare = t.Sizes.Concat(c.Sizes).Max() / (t.Sizes.Sum() + c.Sizes.Sum()),
        };
    }

    /// <summary>Covariates by arm over clusters, the units that were assigned; empty without <c>--pre</c>.</summary>
    public IReadOnlyList<CoMoments> PrePeriod() => !Adjusts ? [] : [.. Metrics[0].Before.Select(covariates =>
    {
        var sums = new CoMomentsAccumulator([.. covariates.Select(x => x.Length == 0 ? 0 : x[0])]);
        for (var i = 0; i < covariates[0].Length; i++)
        {
            sums.Add([.. covariates.Select(x => x[i])]);
        }

        return sums.ToCoMoments();
    })];

    private void RequireClusters(ClusterTotals t, ClusterTotals c, double alpha)
    {
        if (Math.Min(t.Count, c.Count) < 2)
        {
            throw new NotEstimableException($"an arm has {Math.Min(t.Count, c.Count)} {Column} with values: nothing tells the effect from that {Column}");
        }

        var smallest = ClusterRandomisation.SmallestP(t.Count, c.Count);
        if (t.Count + c.Count < FewClusters && smallest > alpha * (1 + 1e-9))
        {
            throw new NotEstimableException($"{t.Count} and {c.Count} values of {Column} could have been assigned in so few ways that the smallest p is {smallest:0.00}: no test at this level exists; randomise at least 8, half to each arm");
        }
    }

    private static ContrastResult Rerandomised(ContrastResult cr2, RerandomisationResult again, Interval? inverted, int clusters)
    {
        var interval = inverted
            ?? throw new NotEstimableException("re-assigning the clusters gives no bounded interval at this level");
        return cr2 with
        {
            Low = interval.Low,
            High = interval.High,
            PValue = again.PValue,
            Method = $"randomisation test over {(again.IsExact ? "all " : string.Empty)}{Gnomon.Core.Findings.Figures.Count(again.Assignments)} assignments of {clusters} clusters{(cr2.Method.StartsWith("analysis of covariance", StringComparison.Ordinal) ? ", adjusted for the pre-period" : string.Empty)}",
        };
    }

    // Assigning clusters again knows nothing of the history behind the values, so the wider of the two answers stands.
    private static ContrastResult Wider(ContrastResult again, ContrastResult both) => again with
    {
        Low = Math.Min(again.Low, both.Low), High = Math.Max(again.High, both.High), StandardError = both.StandardError, PValue = Math.Max(again.PValue, both.PValue),
        Method = $"{again.Method}, no narrower than with the error of the history",
    };

    /// <summary>The same with one more metric; of these clusters alone where none was read before.</summary>
    public static ClusterSet With(DesignedContrasts? before, string column, ClusterMetric metric) =>
        before is ClusterSet set ? set with { Metrics = [.. set.Metrics, metric] } : new ClusterSet(column, [metric]);

    private static ClusterVariationResult? Variation(ClusterMetric m, int arm, double level)
    {
        if (m.Squares is null)
        {
            return null;
        }

        try
        {
            return ClusterVariation.Estimate([m.Arms[arm], m.Arms[0]], m.Squares[arm] + m.Squares[0], level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // The lift's interval is built on a normal quantile: the level is moved so that it equals Student's with the degrees of freedom of the difference.
    private static LiftResult LiftOf(ClusterComparisonResult cr2, double centre, double covariance, double level)
    {
        var (x, y) = (cr2.First with { Mean = cr2.First.Mean + centre }, cr2.Second with { Mean = cr2.Second.Mean + centre });
        if (y.Mean == 0)
        {
            return new LiftResult(null, null, "the control value is 0");
        }

        var reach = StudentT.UpperQuantile(0.5 * (1 - level), cr2.Difference.DegreesOfFreedom!.Value);
        var lift = RelativeLift.Compare(x, y, covariance, Math.Min(1 - 1e-12, 1 - 2 * Normal.Sf(reach)));
        return lift.Contrast is { } found ? lift with { Contrast = found with { Level = level, Method = found.Method + ", clustered" } } : lift;
    }
}
