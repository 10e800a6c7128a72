using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bandits;

/// <summary>One estimate of what another policy would have earned per row.</summary>
/// <param name="Value">Reward per row.</param>
/// <param name="StandardError">Its error.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
public sealed record PolicyValue(double Value, double StandardError, double Low, double High);

/// <summary>What another policy would have earned, from a log of the one that ran.</summary>
/// <param name="Ips">Inverse propensity scoring: unbiased, and wild when weights are large.</param>
/// <param name="SelfNormalised">The same over the sum of weights: the one to read.</param>
/// <param name="DoublyRobust">A model of the reward, mended by weighted residuals; null without a model.</param>
/// <param name="Logged">What the policy that ran earned.</param>
/// <param name="Difference">The estimate that is read (doubly robust where there is one) less what the logged policy earned, rows paired.</param>
/// <param name="EffectiveRows">(sum of weights)^2 / sum of squares: rows drawn by the other policy itself that would be as precise.</param>
/// <param name="LargestWeight">The largest weight after clipping.</param>
/// <param name="ClippedShare">Share of rows whose weight was cut.</param>
/// <param name="MeanWeight">Mean weight before clipping: 1 when propensities are right and the log covers what the other policy does.</param>
/// <param name="MeanWeightError">Its standard error.</param>
public sealed record OffPolicyResult(
    PolicyValue Ips, PolicyValue SelfNormalised, PolicyValue? DoublyRobust, PolicyValue Logged, PolicyValue Difference, double EffectiveRows, double LargestWeight, double ClippedShare, double MeanWeight, double MeanWeightError);

/// <summary>Off-policy evaluation of a policy from another one's log.</summary>
/// <remarks>
/// Sources: Horvitz and Thompson 1952 (IPS); Swaminathan and Joachims 2015, NIPS (self-normalised); Dudik, Langford and Li 2011, ICML (doubly robust); Bottou et al. 2013, JMLR 14 (weights whose
/// mean is not 1 betray wrong propensities or missing support); Owen 2013 chapter 9 (errors by the delta method, effective sample size).
/// </remarks>
public static class OffPolicy
{
    /// <param name="reward">Reward of each row.</param>
    /// <param name="propensity">Probability with which the logged arm was chosen, in (0, 1].</param>
    /// <param name="target">Probability with which the other policy would have chosen it, in [0, 1].</param>
    /// <param name="predictedChosen">A model's reward of the logged arm, fitted without the row; empty without a model.</param>
    /// <param name="predictedPolicy">The model's reward under the other policy.</param>
    /// <param name="clip">Largest weight; infinity for none. Clipping trades a bias towards 0 for less variance.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than two rows.</exception>
    /// <exception cref="NotEstimableException">The other policy never does what the log holds.</exception>
    public static OffPolicyResult Evaluate(
        ReadOnlySpan<double> reward, ReadOnlySpan<double> propensity, ReadOnlySpan<double> target, ReadOnlySpan<double> predictedChosen = default, ReadOnlySpan<double> predictedPolicy = default,
        double clip = double.PositiveInfinity, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var n = reward.Length;
        if (n < 2)
        {
            throw new TooFewRowsException("The log", n, 2);
        }

        if (propensity.Length != n || target.Length != n || (!predictedChosen.IsEmpty && (predictedChosen.Length != n || predictedPolicy.Length != n)))
        {
            throw new ArgumentException("Rewards, propensities, targets and predictions must have one value per row.", nameof(target));
        }

        var w = new double[n];
        double sum = 0.0, squares = 0.0, raw = 0.0, rawSquares = 0.0, largest = 0.0, clipped = 0.0;
        for (var i = 0; i < n; i++)
        {
            if (!(propensity[i] > 0 && propensity[i] <= 1) || !(target[i] >= 0 && target[i] <= 1) || !double.IsFinite(reward[i]))
            {
                throw new ArgumentException($"Row {i + 1}: propensity {propensity[i]}, target {target[i]}, reward {reward[i]}.", nameof(propensity));
            }

            var plain = target[i] / propensity[i];
            raw += plain;
            rawSquares += plain * plain;
            clipped += plain > clip ? 1 : 0;
            w[i] = Math.Min(plain, clip);
            largest = Math.Max(largest, w[i]);
            sum += w[i];
            squares += w[i] * w[i];
        }

        if (!(sum > 0))
        {
            throw new NotEstimableException("the other policy never chooses what the log holds.");
        }

        var score = new double[n];
        for (var i = 0; i < n; i++)
        {
            score[i] = w[i] * reward[i];
        }

        var ips = Mean(score, level);
        var normalised = score.Sum() / sum;
        for (var i = 0; i < n; i++)
        {
            score[i] = normalised + w[i] * (reward[i] - normalised) * n / sum;
        }

        var own = Mean(score, level);
        var robust = default(PolicyValue);
        if (!predictedChosen.IsEmpty)
        {
            for (var i = 0; i < n; i++)
            {
                score[i] = predictedPolicy[i] + w[i] * (reward[i] - predictedChosen[i]);
            }

            robust = Mean(score, level);
        }

        var logged = Mean(reward.ToArray(), level);
        for (var i = 0; i < n; i++)
        {
            score[i] -= reward[i];
        }

        var mean = raw / n;
        return new OffPolicyResult(
            ips, own, robust, logged, Mean(score, level), sum * sum / squares, largest, clipped / n, mean, Math.Sqrt(Math.Max(0.0, (rawSquares / n - mean * mean) / (n - 1.0))));
    }

    static PolicyValue Mean(double[] score, double level)
    {
        var moments = Numerics.Moments.MeanVariance(score);
        var error = Math.Sqrt(moments.Variance / score.Length);
        var half = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new PolicyValue(moments.Mean, error, moments.Mean - half, moments.Mean + half);
    }
}
