using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>The means of two values in both arms.</summary>
/// <param name="FirstTreated">Mean of the first value, treated.</param>
/// <param name="SecondTreated">Mean of the second value, treated.</param>
/// <param name="FirstControl">Mean of the first value, control.</param>
/// <param name="SecondControl">Mean of the second value, control.</param>
public sealed record PairedMeans(double FirstTreated, double SecondTreated, double FirstControl, double SecondControl);

/// <summary>Ratios of means, and two parts of a zero-inflated metric, under any design that compares means: blocks of time, units by what their neighbours were given.</summary>
/// <remarks>
/// A nonlinear function of an arm's means is a mean of linear forms near them (delta method), which the design compares with its own error: Taylor linearisation, Woodruff 1971, JASA 66. The covariance of two
/// contrasts is half of what the variance of their sum has over the sum of their variances; the test of both parts is Hotelling's with it, on F with the design's degrees of freedom.
/// </remarks>
public static class LinearisedParts
{
    /// <summary>Difference of the arms' ratios of two means, and of their logs; the log is null where a mean is not positive.</summary>
    /// <param name="means">Of both values; the second is not 0.</param>
    /// <param name="compare">Contrast of a form of the treated and one of control.</param>
    /// <exception cref="NotEstimableException">The second value has mean 0 in an arm, or nothing varies.</exception>
    public static (ContrastResult Difference, ContrastResult? Log) Ratio(PairedMeans means, Func<LinearForm, LinearForm, ContrastResult> compare)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(compare);
        if (means.SecondTreated == 0 || means.SecondControl == 0)
        {
            throw new NotEstimableException("The denominator adds to nothing in an arm.");
        }

        var difference = compare(LinearForm.Ratio(means.FirstTreated, means.SecondTreated), LinearForm.Ratio(means.FirstControl, means.SecondControl));
        var isPositive = means is { FirstTreated: > 0, SecondTreated: > 0, FirstControl: > 0, SecondControl: > 0 };
        return (difference, isPositive ? compare(LinearForm.LogRatio(means.FirstTreated, means.SecondTreated), LinearForm.LogRatio(means.FirstControl, means.SecondControl)) : null);
    }

    /// <summary>Difference of the arms' means of the first value, and of their logs; the log is null where a mean is not positive.</summary>
    /// <param name="means">Of the first value.</param>
    /// <param name="compare">Contrast of a form of the treated and one of control.</param>
    /// <exception cref="NotEstimableException">Nothing varies.</exception>
    public static (ContrastResult Difference, ContrastResult? Log) Mean(PairedMeans means, Func<LinearForm, LinearForm, ContrastResult> compare)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(compare);
        LinearForm all = new(0, 1, 0);
        return (compare(all, all), means is { FirstTreated: > 0, FirstControl: > 0 } ? compare(LinearForm.Log(means.FirstTreated), LinearForm.Log(means.FirstControl)) : null);
    }

    /// <summary>The two parts of a metric that is nothing for most units.</summary>
    /// <param name="means">Of the metric, and of whether a unit has any.</param>
    /// <param name="compare">Contrast of a form of the treated and one of control.</param>
    /// <exception cref="NotEstimableException">An arm has no unit with a value, or nothing varies.</exception>
    public static TwoPartResult TwoPart(PairedMeans means, Func<LinearForm, LinearForm, ContrastResult> compare)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(compare);
        var (amount, logAmount) = Ratio(means, compare);
        LinearForm any = new(0, 0, 1), all = new(0, 1, 0);
        var (share, mean) = (compare(any, any), compare(all, all));
        var isPositive = means is { FirstTreated: > 0, FirstControl: > 0 };
        LinearForm LogShare(double s) => new(Math.Log(s) - 1, 0, 1 / s);
        var (f, degrees) = Joint(means, share, amount, compare);
        return new(
            share, amount, mean, compare(LogShare(means.SecondTreated), LogShare(means.SecondControl)), logAmount,
            isPositive ? compare(LinearForm.Log(means.FirstTreated), LinearForm.Log(means.FirstControl)) : null,
            f, double.IsPositiveInfinity(degrees) ? ChiSquared.Sf(2 * f, 2) : FisherF.Sf(f, 2, degrees))
        { JointDegrees = degrees };
    }

    static (double F, double Degrees) Joint(PairedMeans m, ContrastResult share, ContrastResult amount, Func<LinearForm, LinearForm, ContrastResult> compare)
    {
        LinearForm any = new(0, 0, 1 / share.StandardError);
        LinearForm Both(double first, double second) => any + 1 / amount.StandardError * LinearForm.Ratio(first, second);
        var sum = compare(Both(m.FirstTreated, m.SecondTreated), Both(m.FirstControl, m.SecondControl));
        var correlation = 0.5 * (sum.StandardError * sum.StandardError - 2);
        if (!(Math.Abs(correlation) < 1 - 1e-9))
        {
            throw new NotEstimableException("The share with a value and the mean among those move as one, so there are no two parts to test.");
        }

        var (a, b) = (share.Value / share.StandardError, amount.Value / amount.StandardError);
        var squared = (a * a - 2 * correlation * a * b + b * b) / (1 - correlation * correlation);
        var degrees = Math.Min(share.DegreesOfFreedom ?? double.PositiveInfinity, amount.DegreesOfFreedom ?? double.PositiveInfinity);
        return double.IsPositiveInfinity(degrees) ? (squared / 2, degrees)
            : degrees > 1 ? ((degrees - 1) / (2 * degrees) * squared, degrees - 1)
            : throw new NotEstimableException("There are too few blocks or clusters to test both parts together.");
    }
}
