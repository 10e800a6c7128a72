using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>One cluster of a two-stage experiment.</summary>
/// <param name="Saturation">Share of its units that was to be treated, 0 to 1.</param>
/// <param name="Treated">Mean of its treated units; null where it has none.</param>
/// <param name="Control">Mean of its untreated units; null where it has none.</param>
/// <param name="All">Mean of all its units.</param>
public readonly record struct SaturatedCluster(double Saturation, double? Treated, double? Control, double All);

/// <summary>Effects at one saturation; those that need clusters without any treatment are against the lowest saturation.</summary>
/// <param name="Saturation">The share.</param>
/// <param name="Clusters">Clusters with it.</param>
/// <param name="Direct">Treated less untreated units of the same clusters; null where a cluster has only one kind, or fewer than 2 clusters have both.</param>
/// <param name="SpillOver">Untreated units here less untreated units of the lowest saturation.</param>
/// <param name="Total">Treated units here less untreated units of the lowest saturation.</param>
/// <param name="Overall">All units here less all units of the lowest saturation.</param>
public sealed record SaturationEffects(double Saturation, int Clusters, ContrastResult? Direct, ContrastResult? SpillOver, ContrastResult? Total, ContrastResult? Overall);

/// <summary>What a two-stage experiment says.</summary>
/// <param name="Base">The lowest saturation, which the others are held against.</param>
/// <param name="BaseClusters">Clusters with it.</param>
/// <param name="Effects">By saturation, the base first.</param>
/// <param name="Slope">Change of untreated units from none to all others treated, a line over all saturations; null with fewer than 2 of them, or fewer than 4 clusters.</param>
public sealed record TwoStageResult(double Base, int BaseClusters, IReadOnlyList<SaturationEffects> Effects, ContrastResult? Slope);

/// <summary>Direct, spill-over, total and overall effects where clusters were given a saturation by chance and then that share of their units was treated by chance.</summary>
/// <remarks>
/// Sources: Hudgens and Halloran 2008, JASA 103 (the four effects, as means over clusters of means within them, every cluster weighing the same); Liu and Hudgens 2014, JASA 109 (normal limits); Baird, Bohren,
/// McIntosh and Ozler 2018, Review of Economics and Statistics 100 (saturations against pure controls; the slope). Clusters are the units of evidence: the direct effect is a t test of differences within clusters, the
/// others Welch tests of clusters' means, the slope least squares of untreated means on the saturation with HC2 errors and Bell-McCaffrey degrees of freedom.
/// </remarks>
public static class TwoStage
{
    const int FewestForSlope = 4;

    /// <param name="clusters">All clusters.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 clusters, or fewer than 2 saturations.</exception>
    public static TwoStageResult Estimate(IReadOnlyList<SaturatedCluster> clusters, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        InferenceGuard.Level(level);
        if (clusters.Count < 4)
            throw new TooFewRowsException("The set of clusters", clusters.Count, 4);
        var groups = clusters.GroupBy(c => c.Saturation).OrderBy(g => g.Key).ToList();
        if (groups.Count < 2)
            throw new TooFewRowsException("The set of saturations", groups.Count, 2);
        var low = groups[0].ToList();
        var effects = groups.Select(g => new SaturationEffects(
            g.Key, g.Count(), Direct([.. g], level),
            g.Key == groups[0].Key ? null : Between(g.Select(c => c.Control), low.Select(c => c.Control), level, "untreated units of clusters of both saturations"),
            g.Key == groups[0].Key ? null : Between(g.Select(c => c.Treated), low.Select(c => c.Control), level, "treated units here, untreated units of the lowest saturation"),
            g.Key == groups[0].Key ? null : Between(g.Select(c => (double?)c.All), low.Select(c => (double?)c.All), level, "all units of clusters of both saturations")));
        return new(groups[0].Key, low.Count, [.. effects], Slope(clusters, level));
    }

    static ContrastResult? Direct(List<SaturatedCluster> clusters, double level)
    {
        var both = Moments.Of([.. clusters.Where(c => c is { Treated: not null, Control: not null }).Select(c => c.Treated!.Value - c.Control!.Value)]);
        if (both.Count < 2 || !(both.M2 > 0))
            return null;
        return OneSampleT.Test(both, 0.0, level) with { Method = $"differences within {both.Count} clusters, t test" };
    }

    static ContrastResult? Between(IEnumerable<double?> here, IEnumerable<double?> there, double level, string what)
    {
        var (x, y) = (Moments.Of([.. here.OfType<double>()]), Moments.Of([.. there.OfType<double>()]));
        return x.Count < 2 || y.Count < 2 || !(x.M2 + y.M2 > 0) ? null : WelchT.Test(x, y, level) with { Method = $"{what}, Welch over {x.Count} and {y.Count} clusters" };
    }

    static ContrastResult? Slope(IReadOnlyList<SaturatedCluster> clusters, double level)
    {
        var own = clusters.Where(c => c.Control is not null).ToList();
        double[] x = [.. own.Select(c => c.Saturation)], y = [.. own.Select(c => c.Control!.Value)];
        if (own.Count < FewestForSlope || x.Distinct().Count() < 2 || y.Distinct().Count() < 2)
            return null;
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x], ["saturation"]), y);
        var errors = BellMcCaffrey.Errors(fit, 1);
        var (value, error, degrees) = (fit.Coefficients[1], errors.StandardError(1), errors.DegreesOfFreedom[1]);
        if (!(error > 0))
            return null;
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        return new(value, value - reach, value + reach, error, value / error, degrees, Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(value / error), degrees)), level, $"line over the saturations of {own.Count} clusters, HC2 with Bell-McCaffrey degrees of freedom");
    }
}
