using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Linked units under the design that drew their arms: what compares any value per unit, and what is made of several.</summary>
/// <param name="Graph">Who is linked to whom.</param>
/// <param name="Arms">Whether each unit was treated.</param>
/// <param name="Assigned">What was assigned: the unit's cluster, or the unit.</param>
/// <param name="Mapping">Exposures with their probabilities.</param>
/// <param name="IsClustered">Clusters were assigned.</param>
/// <param name="Level">Confidence level.</param>
/// <param name="Seed">Seed of the draws.</param>
internal sealed record ExposureAnalysis(UnitGraph Graph, bool[] Arms, int[] Assigned, ExposureDesign Mapping, bool IsClustered, double Level, ulong Seed)
{
    // Below these a unit could hardly have met an exposure; the mapping leaves it out as well.
    private static readonly double SmallestProbability = new ExposureOptions().SmallestProbability;
    private const int ResponseDraws = 999;
    private const int FewestGroups = 20;

    /// <param name="name">Of the metric.</param>
    /// <param name="isShare">Every value is 0 or 1.</param>
    /// <param name="y">Value of each unit; NaN where it has none.</param>
    public ExposureAnswer Answer(string name, bool isShare, double[] y)
    {
        ExposureEffects? effects = null;
        NeighbourResponseResult? response = null;
        FullExposureResult? full = null;
        string? why = null;
        try
        {
            effects = Mapping.Estimate(y, Level);
            full = ExposureAnswer.IsIdentified(effects) ? FullExposure.Of(Mapping, y, effects.Total!, Level) : null;
            response = NeighbourResponse.Test(Graph, Arms, Assigned, y, new RerandomisationOptions { Seed = Seed, Draws = ResponseDraws });
        }
        catch (NotEstimableException e)
        {
            why = e.Message;
        }

        return new ExposureAnswer(name, isShare, effects, response, Of(y, true), Of(y, false), y.Count(double.IsNaN), ByClusters(y)) { NoResponse = why, Values = y, Full = full, Curve = full is null ? null : ExposureCurve.Test(Mapping, y) };
    }

    /// <summary>A ratio of totals as the values of units near it: each unit's arm has the ratio of its exposure.</summary>
    /// <exception cref="NotEstimableException">The denominator adds to nothing in an arm.</exception>
    public double[] Ratio(double[] above, double[] below)
    {
        var m = Means(above, below);
        return m.SecondTreated == 0 || m.SecondControl == 0
            ? throw new NotEstimableException("The denominator adds to nothing in an arm.")
            : Formed(above, below, LinearForm.Ratio(m.FirstTreated, m.SecondTreated), LinearForm.Ratio(m.FirstControl, m.SecondControl));
    }

    /// <summary>A quantile as the contributions of units to it, weighted as their exposures are.</summary>
    /// <exception cref="NotEstimableException">No quantile with an error in an arm.</exception>
    /// <exception cref="TooFewRowsException">Too few clusters or units met an exposure.</exception>
    public double[] Quantile(double[] y, double share, IReadOnlyList<string> arms)
    {
        var known = Enumerable.Range(0, y.Length).Where(i => !double.IsNaN(y[i])).ToArray();
        var groups = Assigned.Max() + 1;
        WeightedQuantileResult Of(bool arm)
        {
            var weights = Weights(y, arm);
            return WeightedQuantile.Of([.. known.Select(i => y[i])], [.. known.Select(i => weights[i])], [.. known.Select(i => Assigned[i])], groups, share, $"arm {arms[arm ? 1 : 0]}", FewestGroups);
        }

        var (treated, control) = (Of(true), Of(false));
        return [.. y.Select((v, i) => double.IsNaN(v) ? v : (Arms[i] ? treated : control).Contribution(v))];
    }

    /// <summary>What units of an arm count: by exposure where the total effect is identified, alike otherwise; 0 for the other arm and where there is no value.</summary>
    public double[] Weights(double[] y, bool arm)
    {
        var isTotal = Met(y) is not null;
        var seen = Mapping.Observed();
        var (own, other) = arm ? (Exposure.TreatedAmongTreated, Exposure.ControlAmongControls) : (Exposure.ControlAmongControls, Exposure.TreatedAmongTreated);
        return [.. y.Select((v, i) => double.IsNaN(v) || Arms[i] != arm ? 0 : !isTotal ? 1
            : seen[i] == own && Mapping.Probability(i, other) >= SmallestProbability && Mapping.Probability(i, own) is var p && p >= SmallestProbability ? 1 / p : 0)];
    }

    /// <summary>Means of two values per arm, of everybody and of nobody where the design identifies the total effect.</summary>
    public PairedMeans Means(double[] first, double[] second) => Total(first) is { } a && Total(second) is { } b
        ? new(a.Treated, b.Treated, a.Control, b.Control)
        : new(Of(first, true).Mean, Of(second, true).Mean, Of(first, false).Mean, Of(second, false).Mean);

    /// <summary>The contrast of two forms, with the error of the design.</summary>
    public ContrastResult Compare(double[] first, double[] second, LinearForm treated, LinearForm control)
    {
        var z = Formed(first, second, treated, control);
        if (Total(z) is { } total)
        {
            return total.Difference;
        }

        return (IsClustered ? ByClusters(z) : WelchT.TryTest(Of(z, true), Of(z, false), Level)) ?? throw new NotEstimableException("Nothing varies within the arms");
    }

    /// <summary>Everybody against nobody; null where the design does not identify it. The same pattern of missing values gives the same exposures, whatever the values.</summary>
    public TotalEffect? Total(double[] y) => Met(y) is not { } met ? null
        : FullExposure.Of(Mapping, y, met, Level) is { } full ? new(full.Difference, full.FirstMean, full.SecondMean) : new(met.Difference, met.FirstMean, met.SecondMean);

    private ExposureContrast? Met(double[] y) => Try(() => Mapping.Estimate(y, Level)) is { } effects && ExposureAnswer.IsIdentified(effects) ? effects.Total : null;

    private double[] Formed(double[] first, double[] second, LinearForm treated, LinearForm control) =>
        [.. first.Select((v, i) => double.IsNaN(v) || double.IsNaN(second[i]) ? double.NaN : (Arms[i] ? treated : control).Of(v, second[i]))];

    private Moments Of(double[] y, bool arm) => Moments.Of([.. Enumerable.Range(0, y.Length).Where(i => Arms[i] == arm && !double.IsNaN(y[i])).Select(i => y[i])]);

    // The plain difference with errors by what was assigned.
    private ContrastResult? ByClusters(double[] y)
    {
        var groups = Enumerable.Range(0, y.Length).Where(i => !double.IsNaN(y[i])).GroupBy(i => Assigned[i]).Select(g => (Arm: Arms[g.First()], Sum: g.Sum(i => y[i]), Size: (double)g.Count())).ToList();
        ClusterTotals Totals(bool arm) => new([.. groups.Where(g => g.Arm == arm).Select(g => g.Sum)], [.. groups.Where(g => g.Arm == arm).Select(g => g.Size)]);
        return Try(() => ClusterComparison.Compare(Totals(true), Totals(false), Level).Difference);
    }

    private static T? Try<T>(Func<T> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}

/// <summary>Everybody treated against nobody, with the two means.</summary>
internal sealed record TotalEffect(ContrastResult Difference, double Treated, double Control);
