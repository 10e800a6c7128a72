using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Inference;

/// <summary>Where a mean may lie when some outcomes are not known and nothing is assumed of them.</summary>
/// <param name="Lowest">The mean with every missing outcome at the smallest possible value.</param>
/// <param name="Highest">The mean with every one at the largest.</param>
/// <param name="Interval">Covers the mean itself, wherever between the two it lies, with the level's confidence.</param>
/// <param name="Level">Confidence level.</param>
public sealed record MissingOutcomeBoundsResult(double Lowest, double Highest, Interval Interval, double Level);

/// <summary>Worst-case bounds of a mean with missing outcomes, and the interval of the mean.</summary>
/// <remarks>
/// Sources: Manski 1989, Journal of Human Resources 24, and Horowitz and Manski 2000 for the bounds; Imbens and Manski 2004, Econometrica 72, for an interval of the mean and not of the whole
/// range: its reach falls from the two-sided to the one-sided quantile as the range opens.
/// </remarks>
public static class MissingOutcomeBounds
{
    /// <param name="known">Moments of the outcomes that are known, at least 2.</param>
    /// <param name="missing">Outcomes that are not.</param>
    /// <param name="smallest">Smallest possible outcome, for example 0 of a yes/no outcome.</param>
    /// <param name="largest">Largest possible outcome, above <paramref name="smallest"/>.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 known outcomes.</exception>
    public static MissingOutcomeBoundsResult Of(Moments known, long missing, double smallest, double largest, double level = 0.95)
    {
        InferenceGuard.Rows(known, 2, "The set of known outcomes");
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfNegative(missing);
        if (!(largest > smallest) || !double.IsFinite(largest - smallest))
            throw new ArgumentException("The largest possible outcome lies above the smallest, and both are finite.", nameof(largest));
        var (low, lowError) = Filled(known, missing, smallest);
        var (high, highError) = Filled(known, missing, largest);
        var worst = Math.Max(lowError, highError);
        var reach = Normal.UpperQuantile((1 - level) / 2);
        if (worst > 0 && high > low)
        {
            var gap = (high - low) / worst;
            reach = Brent.Root(c => Normal.Cdf(c + gap) - Normal.Cdf(-c) - level, 0, reach, tolerance: 1e-13).X;
        }
        return new(low, high, new Interval(Math.Max(smallest, low - reach * lowError), Math.Min(largest, high + reach * highError)), level);
    }

    // Mean and error of the outcomes with the missing ones put at one value.
    static (double Mean, double Error) Filled(Moments known, long missing, double at)
    {
        var all = Moments.Merge(known with { M3 = null, M4 = null }, new Moments(missing, missing > 0 ? at : 0, 0));
        return (all.Mean, all.StandardError);
    }
}
