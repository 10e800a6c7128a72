using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable effect of the F test of several means: one-way, or an effect of a factorial design.</summary>
/// <remarks>
/// Exact by the noncentral F distribution, equal cells and equal spread (Cohen 1988, chapter 8; as R's power.anova.test). An effect is Cohen's f: the standard deviation
/// of the means it adds to the cells, over that within cells. Unequal spread: <see cref="PowerWelchAnova"/>.
/// </remarks>
public static class PowerAnova
{
    const double FewestUnits = 2;

    /// <param name="n">Units of each cell, at least 2; need not be whole.</param>
    /// <param name="effect">Cohen's f, at least 0.</param>
    /// <param name="cells">Cells of the design: groups, or the product of all factors' levels; at least 2.</param>
    /// <param name="numerator">Degrees of freedom of the effect: groups - 1, or the product of (levels - 1) over the factors of the effect.</param>
    /// <param name="alpha">Size of the test.</param>
    public static double Power(double n, double effect, int cells, int numerator, double alpha = 0.05)
    {
        Check(cells, numerator, alpha);
        SizeSearch.Units(n, FewestUnits);
        if (!(effect >= 0) || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "Cohen's f is finite and at least 0.");
        return Core(n, effect, cells, numerator, alpha);
    }

    /// <summary>Units of each cell for the wanted power, not rounded.</summary>
    public static double SampleSize(double effect, int cells, int numerator, double power, double alpha = 0.05)
    {
        Check(cells, numerator, alpha);
        PowerTwoProportions.Target(power, new PowerOptions { Alpha = alpha });
        if (!(effect > 0) || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "No sample size detects an effect of zero.");
        return SizeSearch.Units(n => Core(n, effect, cells, numerator, alpha), power, FewestUnits, 10 / (effect * effect * cells) + numerator);
    }

    /// <summary>The smallest Cohen's f that is detected with the wanted power.</summary>
    public static double MinimumDetectableEffect(double n, int cells, int numerator, double power, double alpha = 0.05)
    {
        Check(cells, numerator, alpha);
        SizeSearch.Units(n, FewestUnits);
        PowerTwoProportions.Target(power, new PowerOptions { Alpha = alpha });
        return SizeSearch.Effect(f => Core(n, f, cells, numerator, alpha), power, 4 * Math.Sqrt(numerator / (n * cells)))!.Value;
    }

    /// <summary>Cohen's f of group means, each of the same number of units.</summary>
    /// <param name="means">At least 2 means, in the metric's unit.</param>
    /// <param name="sd">Standard deviation within groups.</param>
    public static double EffectOfMeans(ReadOnlySpan<double> means, double sd)
    {
        SizeSearch.Spread(sd);
        if (means.Length < 2)
            throw new TooFewRowsException("The list of means", means.Length, 2);
        var centre = 0.0;
        foreach (var mean in means)
            centre += mean / means.Length;
        var squares = 0.0;
        foreach (var mean in means)
            squares += (mean - centre) * (mean - centre) / means.Length;
        return double.IsFinite(squares) ? Math.Sqrt(squares) / sd : throw new ArgumentOutOfRangeException(nameof(means), "Means must be finite.");
    }

    /// <summary>The least Cohen's f that a stated largest contrast allows: two levels that far apart and all others in the middle, so that a plan made with it serves every pattern.</summary>
    /// <param name="difference">Largest difference between two levels; for an interaction, the largest difference of differences (of three factors, of those).</param>
    /// <param name="sd">Standard deviation within cells.</param>
    /// <param name="levels">Levels of each factor of the effect: one number for groups or a main effect, two for an interaction of two factors.</param>
    public static double EffectOfLargestDifference(double difference, double sd, ReadOnlySpan<int> levels)
    {
        SizeSearch.Spread(sd);
        if (levels.IsEmpty)
            throw new ArgumentException("An effect has at least one factor.", nameof(levels));
        var variance = difference * difference;
        foreach (var count in levels)
        {
            // The contrast (1, -1) of each factor has squared length 2; spread over its levels.
            variance /= count >= 2 ? 2.0 * count : throw new ArgumentOutOfRangeException(nameof(levels), count, "A factor has at least 2 levels.");
        }
        return Math.Sqrt(variance) / sd;
    }

    /// <summary>The largest contrast that belongs to a Cohen's f: the inverse of <see cref="EffectOfLargestDifference"/>.</summary>
    public static double LargestDifferenceOf(double effect, double sd, ReadOnlySpan<int> levels) => effect / EffectOfLargestDifference(1, sd, levels);

    static double Core(double n, double effect, int cells, int numerator, double alpha)
    {
        var denominator = cells * (n - 1);
        return NoncentralF.Sf(FisherF.UpperQuantile(alpha, numerator, denominator), numerator, denominator, effect * effect * n * cells);
    }

    static void Check(int cells, int numerator, double alpha)
    {
        SequentialArguments.Alpha(alpha);
        if (cells < 2)
            throw new ArgumentOutOfRangeException(nameof(cells), cells, "A comparison of means has at least 2 cells.");
        if (numerator < 1 || numerator > cells - 1)
            throw new ArgumentOutOfRangeException(nameof(numerator), numerator, $"An effect of {cells} cells has between 1 and {cells - 1} degrees of freedom.");
    }
}
