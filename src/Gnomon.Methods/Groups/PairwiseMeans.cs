using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Groups;

/// <summary>One of several comparisons, its p-value and interval adjusted for all of them.</summary>
/// <param name="First">Index of the first group.</param>
/// <param name="Second">Index of the second group.</param>
/// <param name="Contrast">First minus second; the interval and p hold for the whole family.</param>
public sealed record PairContrast(int First, int Second, ContrastResult Contrast);

/// <summary>All pairs of groups, with intervals that hold together.</summary>
/// <remarks>Source: Games and Howell 1976, Journal of Educational Statistics 1: Tukey's range on Welch's error and degrees of freedom, pair by pair.</remarks>
public static class GamesHowell
{
    /// <param name="groups">At least 2 groups of at least 2 values.</param>
    /// <param name="level">Joint confidence level in (0, 1).</param>
    /// <returns>Every pair i below j, as j - i.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups, or a group with fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">Two groups do not vary.</exception>
    public static IReadOnlyList<PairContrast> Test(IReadOnlyList<Moments> groups, double level = 0.95)
    {
        InferenceGuard.Level(level);
        SumsOfSquares.Check(groups, 2);
        var range = new StudentizedRange(groups.Count);
        var pairs = new List<PairContrast>();
        for (var i = 0; i < groups.Count; i++)
        {
            for (var j = i + 1; j < groups.Count; j++)
            {
                pairs.Add(new(j, i, One(groups[j], groups[i], range, level)));
            }
        }

        return pairs;
    }

    static ContrastResult One(Moments x, Moments y, StudentizedRange range, double level)
    {
        var plain = WelchT.Test(x, y, level);
        var degrees = plain.DegreesOfFreedom ?? double.PositiveInfinity;
        var root = Math.Sqrt(2.0);
        var p = range.Sf(root * Math.Abs(plain.Statistic), degrees);
        var reach = range.UpperQuantile(1.0 - level, degrees) / root * plain.StandardError;
        return plain with { Low = plain.Value - reach, High = plain.Value + reach, PValue = p, Method = "Games-Howell" };
    }
}

/// <summary>Every group against one control, with intervals that hold together.</summary>
/// <remarks>
/// Sources: Dunnett 1955, JASA 50 (one spread for all); Hasler and Hothorn 2008, Biometrical Journal 50 (unequal spread: Welch's error and degrees of freedom per
/// comparison, correlations from the estimated variances). Both for any group sizes.
/// </remarks>
public static class Dunnett
{
    /// <summary>Without assuming equal spread. The default.</summary>
    /// <param name="groups">At least 2 groups of at least 2 values.</param>
    /// <param name="control">Index of the control.</param>
    /// <param name="level">Joint confidence level in (0, 1).</param>
    /// <returns>Each other group minus the control, in the order of the groups.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups, or a group with fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">A compared group does not vary.</exception>
    public static IReadOnlyList<PairContrast> Welch(IReadOnlyList<Moments> groups, int control, double level = 0.95)
    {
        Check(groups, control, level);
        var shared = groups[control].VarianceOfMean;
        var others = Others(groups, control);
        if (others.Any(g => !(groups[g].M2 > 0)))
        {
            throw new NotEstimableException("A group does not vary, so its comparison would be wholly tied to the control.");
        }

        var largest = new DunnettDistribution([.. others.Select(g => Math.Sqrt(shared / (shared + groups[g].VarianceOfMean)))]);
        return [.. others.Select(g => new PairContrast(g, control, Joint(WelchT.Test(groups[g], groups[control], level), largest, level, "Dunnett, unequal spread")))];
    }

    /// <summary>With one spread for all groups.</summary>
    /// <inheritdoc cref="Welch"/>
    public static IReadOnlyList<PairContrast> Pooled(IReadOnlyList<Moments> groups, int control, double level = 0.95)
    {
        Check(groups, control, level);
        var table = SumsOfSquares.Of(groups);
        if (!(table.Within > 0))
        {
            throw new NotEstimableException("No value differs from the mean of its group, so there is no error.");
        }

        var variance = table.Within / table.DegreesWithin;
        var others = Others(groups, control);
        var n0 = (double)groups[control].Count;
        var largest = new DunnettDistribution([.. others.Select(g => Math.Sqrt(groups[g].Count / (n0 + groups[g].Count)))]);
        return [.. others.Select(g =>
        {
            var value = groups[g].Mean - groups[control].Mean;
            var error = Math.Sqrt(variance * (1.0 / groups[g].Count + 1.0 / n0));
            var plain = new ContrastResult(value, value, value, error, value / error, table.DegreesWithin, 1.0, level, string.Empty);
            return new PairContrast(g, control, Joint(plain, largest, level, "Dunnett, one spread"));
        })];
    }

    static ContrastResult Joint(ContrastResult plain, DunnettDistribution largest, double level, string method)
    {
        var degrees = plain.DegreesOfFreedom ?? double.PositiveInfinity;
        var reach = largest.UpperQuantile(1.0 - level, degrees) * plain.StandardError;
        var p = largest.Sf(Math.Abs(plain.Statistic), degrees);
        return plain with { Low = plain.Value - reach, High = plain.Value + reach, PValue = p, Method = method };
    }

    static List<int> Others(IReadOnlyList<Moments> groups, int control) => [.. Enumerable.Range(0, groups.Count).Where(g => g != control)];

    static void Check(IReadOnlyList<Moments> groups, int control, double level)
    {
        InferenceGuard.Level(level);
        SumsOfSquares.Check(groups, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(control);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(control, groups.Count);
    }
}
