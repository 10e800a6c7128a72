using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>A metric that is nothing for most units, such as revenue: who has any, how much they have, and the product.</summary>
/// <param name="Share">Share of units with a value other than 0, first minus second arm.</param>
/// <param name="Amount">Mean among those units, first minus second arm. It compares units that the treatment may have selected.</param>
/// <param name="Mean">Mean over all units, first minus second arm: the effect.</param>
/// <param name="LogShare">Log of the ratio of the shares.</param>
/// <param name="LogAmount">Log of the ratio of the amounts; null where a mean amount is not positive.</param>
/// <param name="LogMean">Log of the ratio of the means: the sum of the other two; null like <paramref name="LogAmount"/>.</param>
/// <param name="JointStatistic">Sum of the two parts' squared z.</param>
/// <param name="JointPValue">Chi-square with 2 degrees of freedom: did either part change?</param>
public sealed record TwoPartResult(
    ContrastResult Share, ContrastResult Amount, ContrastResult Mean, ContrastResult? LogShare, ContrastResult? LogAmount, ContrastResult? LogMean, double JointStatistic, double JointPValue)
{
    /// <summary>Denominator degrees of freedom where the joint statistic is F with 2 above; null where it is chi-square.</summary>
    public double? JointDegrees { get; init; }
}

/// <summary>Two-part analysis of a zero-inflated metric.</summary>
/// <remarks>
/// Sources: Duan et al. 1983, JBES 1 (the two parts); Lachenbruch 2001, Statistics in Medicine 20 (the chi-square of both). Given how many
/// units have a value, shares and amounts are independent, so their squared z add up. mean = share x amount in each arm, hence the logs of the ratios add up
/// exactly; their errors are the delta method's. Only the mean over all units, and the share, compare units as they were randomised.
/// </remarks>
public static class TwoPart
{
    /// <param name="x">First arm: moments of the values other than 0.</param>
    /// <param name="xUnits">Units of the first arm, those at 0 included.</param>
    /// <param name="y">Second arm, likewise.</param>
    /// <param name="yUnits">Units of the second arm.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 units with a value other than 0.</exception>
    /// <exception cref="NotEstimableException">Nothing varies.</exception>
    public static TwoPartResult Compare(Moments x, long xUnits, Moments y, long yUnits, double level = 0.95)
    {
        InferenceGuard.Level(level);
        InferenceGuard.Rows(x, 2, "The first arm");
        InferenceGuard.Rows(y, 2, "The second arm");
        ArgumentOutOfRangeException.ThrowIfLessThan(xUnits, x.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(yUnits, y.Count);
        var share = TwoProportions.Compare(x.Count, xUnits, y.Count, yUnits, level);
        var amount = WelchT.Test(x, y, level) with { Method = "mean among units with a value, Welch t" };
        var mean = WelchT.Test(Whole(x, xUnits), Whole(y, yUnits), level);
        var logShare = x.Count < xUnits || y.Count < yUnits ? Log(Share(x, xUnits), Share(y, yUnits), level, "log ratio of shares") : null;
        var isPositive = x.Mean > 0 && y.Mean > 0;
        var logAmount = isPositive ? Log(MeanEstimate.Of(x), MeanEstimate.Of(y), level, "log ratio of means among units with a value") : null;
        var logMean = isPositive ? Log(MeanEstimate.Of(Whole(x, xUnits)), MeanEstimate.Of(Whole(y, yUnits)), level, "log ratio of means") : null;
        var statistic = Square(Z(share)) + Square(Z(amount));
        return new(share, amount, mean, logShare, logAmount, logMean, statistic, ChiSquared.Sf(statistic, 2));
    }

    /// <summary>The moments of all units: those given and the ones at 0.</summary>
    static Moments Whole(Moments values, long units) => Moments.Merge(values, new Moments(units - values.Count, 0, 0));

    static MeanEstimate Share(Moments values, long units)
    {
        var share = (double)values.Count / units;
        return new(share, share * (1 - share) / units);
    }

    static ContrastResult Log(MeanEstimate x, MeanEstimate y, double level, string method)
    {
        var error = Math.Sqrt(x.Variance / (x.Mean * x.Mean) + y.Variance / (y.Mean * y.Mean));
        var value = Math.Log(x.Mean / y.Mean);
        if (!(error > 0))
        {
            throw new NotEstimableException("Neither arm varies, so the log ratio has no standard error.");
        }

        var reach = Normal.UpperQuantile(0.5 * (1 - level)) * error;
        return new(value, value - reach, value + reach, error, value / error, null, Math.Min(1, 2 * Normal.Sf(Math.Abs(value / error))), level, method);
    }

    // The same scale for both parts, whatever their test: from the p-value.
    static double Z(ContrastResult c) => Normal.UpperQuantile(Math.Max(c.PValue, 1e-300) / 2);

    static double Square(double value) => value * value;
}
