using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Groups;

/// <summary>Outcome of a test that several groups share one centre.</summary>
/// <param name="Statistic">F, H or chi-square, as the method says.</param>
/// <param name="DegreesBetween">Numerator, or only, degrees of freedom.</param>
/// <param name="DegreesWithin">Denominator degrees of freedom; null for a chi-square.</param>
/// <param name="PValue">Upper tail.</param>
/// <param name="Method">Short phrase for people.</param>
public sealed record OmnibusResult(double Statistic, double DegreesBetween, double? DegreesWithin, double PValue, string Method);

/// <summary>Do several groups share one mean, without assuming equal spread?</summary>
/// <remarks>
/// Sources: Welch 1951, Biometrika 38; Fisher 1925 for the classical F. Agree with R <c>oneway.test</c> to 1e-10 relative. With two groups Welch's F is the
/// square of Welch's t.
/// </remarks>
public static class WelchAnova
{
    /// <param name="groups">At least 2 groups of at least 2 values.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups, or a group with fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">A group does not vary: its mean would have infinite weight.</exception>
    public static OmnibusResult Test(IReadOnlyList<Moments> groups)
    {
        SumsOfSquares.Check(groups, 2);
        for (var g = 0; g < groups.Count; g++)
        {
            if (!(groups[g].M2 > 0))
            {
                throw new NotEstimableException($"Group {g + 1} does not vary, so its mean would have infinite weight.");
            }
        }

        var weights = groups.Select(g => 1.0 / g.VarianceOfMean).ToArray();
        var total = weights.Sum();

        // Centred at the first mean: weighted means of values near 1e9 keep their differences.
        var origin = groups[0].Mean;
        var centre = groups.Select((g, i) => weights[i] / total * (g.Mean - origin)).Sum();
        var between = groups.Select((g, i) => weights[i] * Square(g.Mean - origin - centre)).Sum() / (groups.Count - 1.0);
        var looseness = groups.Select((g, i) => Square(1.0 - weights[i] / total) / (g.Count - 1.0)).Sum();
        double k = groups.Count;
        var f = between / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * looseness);
        var within = (k * k - 1.0) / (3.0 * looseness);
        return new(f, k - 1.0, within, FisherF.Sf(f, k - 1.0, within), "Welch ANOVA");
    }

    /// <summary>The classical F test, which assumes equal spread: shown beside Welch's, never instead of it.</summary>
    /// <param name="groups">At least 2 groups with a value each, together more values than groups.</param>
    /// <exception cref="TooFewRowsException">Too few groups or values.</exception>
    /// <exception cref="NotEstimableException">No value differs from its group's mean.</exception>
    public static OmnibusResult Classical(IReadOnlyList<Moments> groups)
    {
        var table = SumsOfSquares.Of(groups);
        return table.Within > 0
            ? new(table.F, table.DegreesBetween, table.DegreesWithin, FisherF.Sf(table.F, table.DegreesBetween, table.DegreesWithin), "one-way ANOVA, equal spread assumed")
            : throw new NotEstimableException("No value differs from the mean of its group, so F is not finite.");
    }

    /// <summary>Welch's test from the values: they are taken relative to the first one, so that a large common part costs no digits.</summary>
    /// <param name="groups">At least 2 groups of at least 2 finite values.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups, or a group with fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">A group does not vary.</exception>
    public static OmnibusResult Test(IReadOnlyList<double[]> groups) => Test(Shifted(groups));

    /// <summary>The classical F test from the values, taken relative to the first one.</summary>
    /// <param name="groups">At least 2 groups with a finite value each, together more values than groups.</param>
    /// <exception cref="TooFewRowsException">Too few groups or values.</exception>
    /// <exception cref="NotEstimableException">No value differs from its group's mean.</exception>
    public static OmnibusResult Classical(IReadOnlyList<double[]> groups) => Classical(Shifted(groups));

    static Moments[] Shifted(IReadOnlyList<double[]> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var origin = groups.FirstOrDefault(g => g.Length > 0)?[0] ?? 0.0;
        return [.. groups.Select(g => Moments.MeanVariance(Array.ConvertAll(g, v => v - origin)))];
    }

    static double Square(double value) => value * value;
}
