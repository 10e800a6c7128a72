using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Families;

/// <summary>What came of what was predicted.</summary>
/// <param name="Slope">Realised effect per unit of predicted effect: 1 when predictions hold on average, 0.3 when three tenths of them come.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="Heterogeneity">Weighted squares around the line; near <paramref name="DegreesOfFreedom"/> when errors of measurement explain them.</param>
/// <param name="DegreesOfFreedom">Predictions minus 1.</param>
public sealed record PredictionSlopeResult(double Slope, double StandardError, Interval Interval, double Heterogeneity, int DegreesOfFreedom);

/// <summary>How much of the effects that were predicted came: a line through the origin, weighted by the precision of each test.</summary>
/// <remarks>
/// Weighted least squares through the origin; where outcomes scatter more than their errors explain, the error is widened by the square root of the excess (Birge 1932), and the
/// interval uses t with the predictions minus one.
/// </remarks>
public static class PredictionSlope
{
    /// <param name="predicted">Predicted effects, not all 0.</param>
    /// <param name="realised">Estimated effects in the same unit.</param>
    /// <param name="standardErrors">Standard errors of the estimates, positive.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 predictions.</exception>
    /// <exception cref="NotEstimableException">Every prediction is 0.</exception>
    public static PredictionSlopeResult Of(ReadOnlySpan<double> predicted, ReadOnlySpan<double> realised, ReadOnlySpan<double> standardErrors, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (predicted.Length != realised.Length || realised.Length != standardErrors.Length)
            throw new ArgumentException("There must be one estimate and one standard error per prediction.", nameof(realised));
        if (predicted.Length < 3)
            throw new TooFewRowsException("The set of predictions", predicted.Length, 3);
        double xx = 0, xy = 0;
        for (var i = 0; i < predicted.Length; i++)
        {
            if (!double.IsFinite(predicted[i]) || !double.IsFinite(realised[i]) || !(standardErrors[i] > 0) || !double.IsFinite(standardErrors[i]))
                throw new ArgumentOutOfRangeException(nameof(predicted), predicted[i], $"Prediction {i}, its estimate or its standard error cannot be used.");
            var w = 1 / (standardErrors[i] * standardErrors[i]);
            xx += w * predicted[i] * predicted[i];
            xy += w * predicted[i] * realised[i];
        }
        if (xx == 0)
            throw new NotEstimableException("Every prediction is 0, so there is nothing to scale.");
        var slope = xy / xx;
        var scatter = 0.0;
        for (var i = 0; i < predicted.Length; i++)
        {
            var r = (realised[i] - slope * predicted[i]) / standardErrors[i];
            scatter += r * r;
        }
        var df = predicted.Length - 1;
        var error = Math.Sqrt(Math.Max(1, scatter / df) / xx);
        var half = StudentT.UpperQuantile((1 - level) / 2, df) * error;
        return new(slope, error, new Interval(slope - half, slope + half), scatter, df);
    }
}
