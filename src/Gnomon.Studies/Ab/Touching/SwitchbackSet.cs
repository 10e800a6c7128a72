using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>One metric of a switchback.</summary>
internal sealed record SwitchbackMetric(string Name, double Centre, SwitchbackCells Cells, ClusterTotals Treated, ClusterTotals Control, double? TreatedSquares, double? ControlSquares);

/// <summary>One metric over the blocks of a switchback.</summary>
internal sealed record SwitchbackContrast : DesignedContrast
{
    public required SwitchbackResult Result { get; init; }

    public required RerandomisationResult Test { get; init; }

    public CarryOverResult? CarryOver { get; init; }

    public ClusterVariationResult? Variation { get; init; }

    public required double Rows { get; init; }
}

/// <summary>A switchback: blocks of time that switched between two arms, in one series or several.</summary>
internal sealed record SwitchbackSet(IReadOnlyList<SwitchbackMetric> Metrics) : DesignedContrasts
{
    private const int MostCellDraws = 60_000_000;

    public required string Time { get; init; }

    public string? Zone { get; init; }

    public required int Series { get; init; }

    public required int BurnIn { get; init; }

    /// <summary>The burn-in as it was written: <c>30m</c>, <c>1</c>.</summary>
    public required string BurnInText { get; init; }

    public required double Share { get; init; }

    /// <summary>What the reader is to know of the block that was taken; null when it was given and nothing speaks against it.</summary>
    public string? BlockSays { get; init; }

    public override SwitchbackContrast Contrast(string metric, int arm, double level, ulong seed)
    {
        var m = Metrics.First(x => x.Name == metric);
        var options = new RerandomisationOptions { Seed = seed, Draws = Math.Clamp(MostCellDraws / Math.Max(1, m.Cells.Count), 199, 1_999), MostEnumerated = 20_000 };
        var (result, test, reach) = SwitchbackRandomisation.Estimate(m.Cells, BurnIn, Share, level, options);
        return new SwitchbackContrast
        {
            Effect = result.Hajek with { Method = $"{result.Hajek.Method}; interval and p by drawing the design again {Figures.Count(test.Assignments, "time")}" },
            Lift = LiftOf(result, m.Centre, reach, level),
            Naive = m.TreatedSquares is { } t && m.ControlSquares is { } c ? WelchT.TryTest(Rows(m.Treated, t, m.Centre), Rows(m.Control, c, m.Centre), level) : null,
            Result = result,
            Test = test,
            CarryOver = CarryOver(m.Cells, options),
            Variation = Variation(m, level),
            Rows = m.Treated.Sizes.Sum() + m.Control.Sizes.Sum(),
        };
    }

    public override (ContrastResult Difference, ContrastResult? Log)? Ratio(string above, string? below, int arm, double level)
    {
        var (means, compare) = Pair(above, below ?? above, level);
        return below is null ? LinearisedParts.Mean(means, compare) : LinearisedParts.Ratio(means, compare);
    }

    public override Parted? TwoPart(string value, string any, int arm, double level)
    {
        var (means, compare) = Pair(value, any, level);
        return new Parted(LinearisedParts.TwoPart(means, compare), means);
    }

    private (PairedMeans Means, Func<LinearForm, LinearForm, ContrastResult> Compare) Pair(string first, string second, double level)
    {
        var (a, b) = (Metrics.First(m => m.Name == first), Metrics.First(m => m.Name == second));
        var (x, y) = (Switchback.Estimate(a.Cells, BurnIn, Share, level), Switchback.Estimate(b.Cells, BurnIn, Share, level));

        // Cells hold values less their centre.
        LinearForm Moved(LinearForm f) => f with { Constant = f.Constant + f.First * a.Centre + f.Second * b.Centre };
        return (
            new(x.TreatedMean + a.Centre, y.TreatedMean + b.Centre, x.ControlMean + a.Centre, y.ControlMean + b.Centre),
            (treated, control) => Switchback.Estimate(a.Cells.Combine(b.Cells, Moved(treated), Moved(control)), BurnIn, Share, level).Hajek);
    }

    private CarryOverResult? CarryOver(SwitchbackCells cells, RerandomisationOptions options)
    {
        try
        {
            return SwitchbackRandomisation.CarryOver(cells, BurnIn, options);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static ClusterVariationResult? Variation(SwitchbackMetric m, double level)
    {
        if (m.TreatedSquares is null || m.ControlSquares is null)
        {
            return null;
        }

        try
        {
            return ClusterVariation.Estimate([m.Treated, m.Control], m.TreatedSquares.Value + m.ControlSquares.Value, level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static Moments Rows(ClusterTotals blocks, double squares, double centre)
    {
        var (n, sum) = (Math.Round(blocks.Sizes.Sum()), blocks.Sums.Sum());
        return n < 1 ? Moments.Empty : new Moments((long)n, centre + sum / n, Math.Max(0, squares - sum * (sum / n)));
    }

    private static LiftResult LiftOf(SwitchbackResult r, double centre, double reach, double level)
    {
        if (r.ControlMean + centre == 0)
        {
            return new LiftResult(null, null, "the control value is 0");
        }

        // As for clusters: the normal quantile of the lift is moved to that of the difference.
        var lift = RelativeLift.Compare(new MeanEstimate(r.TreatedMean + centre, r.TreatedVariance), new MeanEstimate(r.ControlMean + centre, r.ControlVariance), 0, Math.Min(1 - 1e-12, 1 - 2 * Normal.Sf(reach)));
        return lift.Contrast is { } found ? lift with { Contrast = found with { Level = level, Method = found.Method + ", by blocks" } } : lift;
    }
}
