using System.Runtime.InteropServices;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Experiments;

/// <summary>The difference between two arms on one day of exposure.</summary>
/// <param name="ExposureDay">Days since the unit's first exposure, 0 for the first day.</param>
/// <param name="Difference">Difference of means on that day.</param>
/// <param name="Variance">Squared standard error of the difference, positive.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExposureDayEffect(double ExposureDay, double Difference, double Variance);

/// <summary>How an effect changes with exposure.</summary>
/// <param name="Slope">Change of the effect per unit of ln(1 + day), with its interval and p-value.</param>
/// <param name="Average">Inverse-variance weighted average effect over the observed days.</param>
/// <param name="Projected">Effect that the fitted line gives at the horizon.</param>
/// <param name="HorizonDay">The horizon, in days since first exposure.</param>
/// <param name="LackOfFit">Weighted sum of squared residuals; chi-square with <paramref name="LackOfFitDegreesOfFreedom"/> when the line and the variances hold and days are independent. Absent for clustered input.</param>
/// <param name="LackOfFitDegreesOfFreedom">Number of days minus two.</param>
public sealed record NoveltyResult(
    ContrastResult Slope, ContrastResult Average, ContrastResult Projected, double HorizonDay, double? LackOfFit, int LackOfFitDegreesOfFreedom);

/// <summary>Novelty and learning: weighted regression of the daily effect on ln(1 + exposure day).</summary>
/// <remarks>Source: Hohnhold, O'Brien and Tang, KDD 2015 (effects over exposure time). Standard errors use the known variances, not the residual spread.</remarks>
public static class Novelty
{
    const int FewestDays = 3;

    /// <summary>For daily differences of different units each day (independent days).</summary>
    /// <param name="days">At least three different days.</param>
    /// <param name="horizonDay">Day of exposure at which the effect is projected.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static NoveltyResult Slope(ReadOnlySpan<ExposureDayEffect> days, double horizonDay, double level = 0.95)
    {
        var effects = new double[days.Length];
        var time = new double[days.Length];
        var variances = new double[days.Length];
        for (var i = 0; i < days.Length; i++)
        {
            (effects[i], time[i], variances[i]) = (days[i].Difference, days[i].ExposureDay, days[i].Variance);
        }
        var fit = Fit(time, effects, variances, (i, j) => i == j ? variances[i] : 0, horizonDay, level);
        return fit;
    }

    /// <summary>For daily differences that share units, present on some days or all: the covariance between days is given.</summary>
    /// <param name="days">At least three different days.</param>
    /// <param name="covariance">Covariance of the differences, row by row, one row per day; its diagonal stands in place of the variances of <paramref name="days"/>.</param>
    /// <param name="horizonDay">Day of exposure at which the effect is projected.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static NoveltyResult Slope(ReadOnlySpan<ExposureDayEffect> days, ReadOnlySpan<double> covariance, double horizonDay, double level = 0.95)
    {
        var k = days.Length;
        if (covariance.Length != k * k)
            throw new ArgumentException($"{covariance.Length} covariances for {k} days; {k * k} are needed.", nameof(covariance));
        var (effects, time, variances, between) = (new double[k], new double[k], new double[k], covariance.ToArray());
        for (var i = 0; i < k; i++)
        {
            (effects[i], time[i], variances[i]) = (days[i].Difference, days[i].ExposureDay, between[(i * k) + i]);
        }

        return Fit(time, effects, variances, (i, j) => between[(i * k) + j], horizonDay, level) with { LackOfFit = null };
    }

    /// <summary>For the same units seen on every day: errors clustered by unit through the covariance between days.</summary>
    /// <param name="exposureDays">The days, one per dimension of the moments.</param>
    /// <param name="first">Per-unit values of the first arm: one dimension per exposure day, units with every day complete.</param>
    /// <param name="second">The same for the second arm; effects are first minus second.</param>
    /// <param name="horizonDay">Day of exposure at which the effect is projected.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static NoveltyResult Slope(ReadOnlySpan<double> exposureDays, CoMoments first, CoMoments second, double horizonDay, double level = 0.95)
    {
        var k = exposureDays.Length;
        if (first.Dimension != k || second.Dimension != k)
            throw new ArgumentException("The moments need one dimension per exposure day.", nameof(first));
        if (first.Count < 2 || second.Count < 2)
            throw new TooFewRowsException("An arm, counting units with every day complete,", Math.Min(first.Count, second.Count), 2);
        var effects = new double[k];
        var variances = new double[k];
        for (var i = 0; i < k; i++)
        {
            effects[i] = first.Mean(i) - second.Mean(i);
            variances[i] = Covariance(i, i);
        }
        return Fit(exposureDays.ToArray(), effects, variances, Covariance, horizonDay, level) with { LackOfFit = null };

        double Covariance(int i, int j) => first.Covariance(i, j) / first.Count + second.Covariance(i, j) / second.Count;
    }

    static NoveltyResult Fit(double[] days, double[] effects, double[] variances, Func<int, int, double> covariance, double horizon, double level)
    {
        InferenceGuard.Level(level);
        if (!(horizon >= 0) || !double.IsFinite(horizon))
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be a day of exposure, 0 or later.");
        var k = days.Length;
        var x = new double[k];
        var w = new double[k];
        for (var i = 0; i < k; i++)
        {
            if (!(days[i] >= 0) || !double.IsFinite(effects[i]) || !(variances[i] > 0))
                throw new ArgumentException($"Day {days[i]}: the day must not be negative, the difference finite and its variance positive.", nameof(days));
            x[i] = Math.Log(1 + days[i]);
            w[i] = 1 / variances[i];
        }
        if (x.Distinct().Count() < FewestDays)
            throw new TooFewRowsException("The series of different exposure days", x.Distinct().Count(), FewestDays);
        var sumW = w.Sum();
        var meanX = 0.0;
        for (var i = 0; i < k; i++)
            meanX += w[i] * x[i] / sumW;
        var sxx = 0.0;
        for (var i = 0; i < k; i++)
            sxx += w[i] * (x[i] - meanX) * (x[i] - meanX);
        // Every quantity is a linear combination of the daily effects, so one quadratic form gives every error.
        var ahead = Math.Log(1 + horizon) - meanX;
        var average = new double[k];
        var slope = new double[k];
        var projected = new double[k];
        for (var i = 0; i < k; i++)
        {
            average[i] = w[i] / sumW;
            slope[i] = w[i] * (x[i] - meanX) / sxx;
            projected[i] = average[i] + ahead * slope[i];
        }
        var line = Contrast(slope, "weighted regression on ln(1 + exposure day)");
        var level0 = Contrast(average, "inverse-variance average over exposure days");
        var lack = 0.0;
        for (var i = 0; i < k; i++)
        {
            var residual = effects[i] - level0.Value - line.Value * (x[i] - meanX);
            lack += w[i] * residual * residual;
        }
        return new(line, level0, Contrast(projected, "weighted regression, projected to the horizon"), horizon, lack, k - 2);

        ContrastResult Contrast(double[] weights, string method)
        {
            double value = 0, variance = 0;
            for (var i = 0; i < k; i++)
            {
                value += weights[i] * effects[i];
                for (var j = 0; j < k; j++)
                    variance += weights[i] * weights[j] * covariance(i, j);
            }
            return NormalContrast.Of(value, Math.Sqrt(variance), level, method);
        }
    }
}

/// <summary>A contrast with a known standard error, by the normal distribution.</summary>
internal static class NormalContrast
{
    public static ContrastResult Of(double value, double standardError, double level, string method)
    {
        var z = value / standardError;
        var half = Normal.UpperQuantile((1 - level) / 2) * standardError;
        return new(value, value - half, value + half, standardError, z, null, 2 * Normal.Sf(Math.Abs(z)), level, method);
    }
}
